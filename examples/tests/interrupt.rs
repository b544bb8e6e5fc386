//! `interrupt`: no byte is lost, however they come, and the driver sleeps only when there is none.

use crate::support::{self, Run};

fn run(args: &[&str]) -> Run {
    support::run("interrupt", args)
}

#[test]
fn every_byte_arrives_however_long_the_bursts_are() {
    for burst in ["1", "10", "63", "64", "1000"] {
        for pause in ["0", "20"] {
            let run = run(&["--bytes", "5000", "--burst", burst, "--pause", pause]);
            assert_eq!(run.figure("bytes received"), 5000);
            let (bursts, interrupts) = (run.figure("bursts sent"), run.figure("interrupts"));
            assert!(bursts >= 5000 / burst.parse::<u64>().unwrap() && interrupts >= bursts, "{run:?}");
            // One wake-up may stand for several interrupts, but not the other way round.
            let (woken, for_nothing) = (run.figure("driver woken"), run.figure("  ring was empty"));
            assert!(for_nothing <= woken && woken <= interrupts, "{run:?}");
        }
    }
}

#[test]
fn bursts_that_do_not_fit_stay_in_the_device_for_a_while() {
    assert!(run(&["--bytes", "10000", "--burst", "500"]).figure("  ring was full") > 0);
    assert_eq!(run(&["--bytes", "500", "--burst", "1", "--pause", "500"]).figure("bursts sent"), 500);
}

#[test]
fn every_seed_makes_the_same_number_of_bytes() {
    for seed in ["0", "2", "18446744073709551615"] {
        assert_eq!(run(&["--bytes", "1000", "--seed", seed]).figure("bytes received"), 1000);
    }
}

#[test]
fn nothing_but_the_end() {
    let run = run(&["--bytes", "0"]);
    assert_eq!(
        (run.figure("bytes received"), run.figure("interrupts"), run.figure("driver woken")),
        (0, 0, 0)
    );
}

#[test]
fn numbers_out_of_range() {
    run(&["--burst", "0"]).fails_saying(&["--burst is 0"]);
    run(&["--pause", "1000001"]).fails_saying(&["--pause is 1000001"]);
}

#[test]
fn what_is_no_number() {
    let run = run(&["--bytes", "-1"]);
    assert_eq!(run.code, Some(2), "{run:?}");
}
