//! `worker_pool`: never more than the pool carries, no job is overtaken, and closing it loses no job.

use crate::support::{self, Run};

fn run(args: &[&str]) -> Run {
    support::run("worker_pool", args)
}

fn run_on(contents: &str, args: &[&str]) -> Run {
    support::run_on("worker_pool", contents, args)
}

#[test]
fn every_job_is_done_and_the_pool_is_never_overfull() {
    for permits in [1, 2, 7, 100] {
        let run = run(&["--jobs", "60", "--permits", &permits.to_string()]);
        assert_eq!((run.figure("done"), run.figure("turned away")), (60, 0));
        // Some jobs need the whole pool.
        assert_eq!(run.figure("most in use"), permits);
    }
}

#[test]
fn a_heavy_job_among_light_ones_gets_its_turn() {
    let light = "light 1 2\n".repeat(40);
    let run = run_on(&format!("{light}heavy 4 1\n{light}"), &["--permits", "4"]);
    assert_eq!(run.figure("done"), 81);
    let rows: Vec<Vec<_>> = run.stdout.lines().map(|line| line.split_whitespace().collect()).collect();
    for (weight, jobs) in [("1", "80"), ("4", "1")] {
        assert!(rows.iter().any(|row| row.starts_with(&[weight, jobs])), "{run:?}");
    }
}

#[test]
fn light_jobs_use_only_what_they_need() {
    let run = run_on(&"light 1 1\n".repeat(3), &["--permits", "8"]);
    assert_eq!((run.figure("done"), run.figure("most in use")), (3, 3));
}

#[test]
fn closing_the_pool_finishes_what_runs_and_turns_the_others_away() {
    for close_after in ["0", "1", "10"] {
        let run = run(&["--jobs", "50", "--permits", "4", "--close-after", close_after]);
        let (done, away) = (run.figure("done"), run.figure("turned away"));
        assert_eq!(done + away, 50);
        assert!(done >= close_after.parse().unwrap() && away > 0, "{run:?}");
    }
}

#[test]
#[cfg(unix)]
fn ctrl_c_closes_the_pool() {
    use std::process::Command;

    // They would take far longer than a test may.
    let jobs = "slow 1 50\n".repeat(20_000);
    let mut file = tempfile::NamedTempFile::new().unwrap();
    std::io::Write::write_all(&mut file, jobs.as_bytes()).unwrap();
    let mut started =
        support::start("worker_pool", &["--permits", "2", "--file", file.path().to_str().unwrap()]);
    // Until it listens for it, Ctrl-C just ends it; it does so before its first line.
    started.wait_for_line();
    assert!(Command::new("kill").args(["-INT", &started.id()]).status().unwrap().success());
    let run = support::finish(started, || ());
    let (done, away) = (run.figure("done"), run.figure("turned away"));
    assert!(done + away == 20_000 && away > 0, "{run:?}");
}

#[test]
fn comments_and_blank_lines_are_no_jobs() {
    assert_eq!(run_on("# name weight ms\n\none 1 0\n  \ntwo 2 1", &[]).figure("done"), 2);
}

#[test]
fn no_jobs_are_no_error() {
    assert_eq!(run(&["--jobs", "0"]).figure("done"), 0);
    assert_eq!(run_on("", &[]).figure("done"), 0);
}

#[test]
fn jobs_that_make_no_sense() {
    let fails = |line: &str, parts: &[&str]| {
        let run = run_on(&format!("fine 1 1\n{line}\n"), &["--permits", "8"]);
        run.fails_saying(&[&["line 2"], parts].concat());
    };
    fails("one", &["expected a name, a weight and milliseconds", "one"]);
    fails("one 1 1 1", &["expected a name, a weight and milliseconds"]);
    fails("one two 1", &["\"two\" is no weight"]);
    fails("one -1 1", &["\"-1\" is no weight"]);
    fails("one 1 soon", &["\"soon\" is no time"]);
    fails("one 0 1", &["one weighs 0"]);
    // It could never start.
    fails("one 9 1", &["one weighs 9", "only 8 permits"]);
    fails("one 1 600001", &["one takes 600001", "at most 600000"]);
}

#[test]
fn a_missing_file() {
    run(&["--file", "/no/such/file.txt"]).fails_saying(&["cannot read", "/no/such/file.txt"]);
}

#[test]
fn numbers_out_of_range() {
    run(&["--permits", "0"]).fails_saying(&["--permits is 0"]);
    run(&["--permits", &u64::MAX.to_string()]).fails_saying(&["--permits is", "must be from 1"]);
}

#[test]
fn made_up_jobs_and_a_file_exclude_each_other() {
    let run = run_on("one 1 1\n", &["--jobs", "7"]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stderr.contains("cannot be used with"), "{run:?}");
}
