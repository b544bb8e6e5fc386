//! `request_reply`: every request gets its own reply, no more are in flight than may be, and no task waits on
//! after the connection has ended.

use std::{
    fs,
    net::{Ipv4Addr, TcpListener},
};

use tempfile::NamedTempFile;

use crate::support::{self, Run};

const EXECUTORS: [&str; 2] = ["tokio", "smol"];

fn run(args: &[&str]) -> Run {
    support::run("request_reply", args)
}

fn run_on(contents: impl AsRef<[u8]>, args: &[&str]) -> Run {
    support::run_on("request_reply", contents, args)
}

/// Lines of which some are empty, some equal, some not ASCII, and one longer than a read.
fn text(lines: usize) -> String {
    let line = |n: usize| match n % 5 {
        0 => "\n".to_owned(),
        1 => "again\r\n".to_owned(),
        2 => format!("línea número {n}, ← from right to left\n"),
        3 if n == 3 => format!("{}\n", "long ".repeat(40_000)),
        _ => format!("line {n}\n"),
    };
    (0..lines).map(line).collect()
}

#[test]
fn every_line_gets_its_reply() {
    for executor in EXECUTORS {
        for in_flight in [1, 4, 64] {
            let run = run_on(text(523), &["--executor", executor, "--in-flight", &in_flight.to_string()]);
            assert_eq!(run.figure("replies"), 523);
            assert!(run.figure("replies per second") > 0);
            for quantile in ["latency, median:", "latency, 99 of 100:"] {
                assert!(run.stdout.contains(quantile), "{run:?}");
            }
            // One at a time leaves the server no choice; with more, it takes the first that it gets.
            assert_eq!(run.figure("answered out of order") == 0, in_flight == 1, "{in_flight}: {run:?}");
        }
    }
}

#[test]
fn tasks_wait_for_their_turn_only_if_there_is_a_limit() {
    for executor in EXECUTORS {
        let waited = |in_flight| {
            run_on(text(2_000), &["--executor", executor, "--in-flight", in_flight])
                .figure("waited for a tag")
        };
        let (narrow, wide) = (waited("1"), waited("2000"));
        assert!(
            wide == 0 && 0 < narrow && narrow < 2_000,
            "{executor}: {narrow} with a limit, {wide} without"
        );
    }
}

#[test]
fn tags_are_used_again_when_there_are_more_requests_than_tags() {
    for executor in EXECUTORS {
        let run = run_on("one\ntwo\nthree\n", &["--executor", executor, "--repeat", "22000"]);
        assert_eq!(run.figure("replies"), 66_000);
    }
}

#[test]
fn as_many_in_flight_as_there_are_tags() {
    assert_eq!(run_on(text(100), &["--in-flight", "65536"]).figure("replies"), 100);
}

#[test]
fn a_last_line_without_an_end_counts() {
    assert_eq!(run_on("one\ntwo", &[]).figure("replies"), 2);
}

#[test]
fn an_empty_file_is_no_error() {
    for executor in EXECUTORS {
        let run = run_on("", &["--executor", executor]);
        assert_eq!(run.figure("replies"), 0);
        assert!(run.stdout.contains("has no lines: nothing to send"), "{run:?}");
    }
}

#[test]
fn a_missing_file() {
    run(&["--file", "/no/such/file.txt"]).fails_saying(&["cannot read", "/no/such/file.txt"]);
}

#[test]
fn a_directory() {
    let path = env!("CARGO_MANIFEST_DIR");
    run(&["--file", path]).fails_saying(&["cannot read", path]);
}

#[test]
#[cfg(unix)]
fn a_file_that_may_not_be_read() {
    use std::os::unix::fs::PermissionsExt as _;

    let file = NamedTempFile::new().unwrap();
    fs::set_permissions(file.path(), fs::Permissions::from_mode(0o0)).unwrap();
    if fs::read(file.path()).is_ok() {
        return; // Root may read everything.
    }
    run(&["--file", file.path().to_str().unwrap()]).fails_saying(&["cannot read", "denied"]);
}

#[test]
fn a_file_that_is_not_text() {
    run_on(b"\xff\xfe\x00", &[]).fails_saying(&["cannot read", "UTF-8"]);
}

#[test]
fn a_line_that_is_too_long() {
    let text = format!("short\n{}\n", "x".repeat(1 << 24));
    run_on(text, &[]).fails_saying(&["stopped after 1 replies", "too long", "at most 16777216"]);
}

#[test]
fn a_port_in_use() {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    for executor in EXECUTORS {
        run_on("one\n", &["--executor", executor, "--port", &port]).fails_saying(&["cannot listen", &port]);
    }
}

#[test]
fn a_port_of_ones_own_choice() {
    for executor in EXECUTORS {
        // It was free a moment ago, but another test may be faster.
        let worked = (0..5).any(|_| {
            let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
            run_on("one\n", &["--executor", executor, "--port", &free.to_string()]).code == Some(0)
        });
        assert!(worked, "{executor}");
    }
}

#[test]
fn numbers_out_of_range() {
    run_on("one\n", &["--in-flight", "0"]).fails_saying(&["--in-flight is 0"]);
    run_on("one\n", &["--in-flight", "65537"]).fails_saying(&["--in-flight is 65537"]);
    run_on("one\n", &["--repeat", "0"]).fails_saying(&["--repeat is 0"]);
}

/// Fails if: the server drops the connection with requests unread. The client then loses replies to the
/// reset, or stops with "Broken pipe" (tokio in nearly every run, smol in some).
#[test]
fn a_server_that_hangs_up_ends_every_wait() {
    for executor in EXECUTORS {
        for replies in [0, 1, 100] {
            for in_flight in [1, 64] {
                let (limit, at_a_time) = (replies.to_string(), in_flight.to_string());
                let args = ["--executor", executor, "--in-flight", &at_a_time, "--hang-up-after", &limit];
                let run = run_on(text(3_000), &args);
                assert_eq!(run.figure("replies"), replies);
                assert_eq!(run.figure("ended without a reply"), 3_000 - replies);
                let (with, without) = (run.figure("  had a tag"), run.figure("  had no tag"));
                assert!(with <= in_flight && with + without == 3_000 - replies, "{run:?}");
            }
        }
    }
}

/// More than there are tasks at a time: the rest is not begun.
#[test]
fn a_server_that_hangs_up_early_leaves_requests_that_are_not_begun() {
    for executor in EXECUTORS {
        let run = run_on("one\n", &["--executor", executor, "--repeat", "50000", "--hang-up-after", "7"]);
        let ended = run.figure("ended without a reply");
        assert_eq!((run.figure("replies"), 7 + ended + run.figure("not begun")), (7, 50_000));
    }
}

#[test]
fn a_server_that_hangs_up_after_the_last_reply_ends_no_wait() {
    for executor in EXECUTORS {
        for after in ["1", "2"] {
            let run = run_on("one\n", &["--executor", executor, "--hang-up-after", after]);
            assert_eq!((run.figure("replies"), run.figure("ended without a reply")), (1, 0));
            assert_eq!(run.stdout.contains("hung up:     never"), after == "2", "{run:?}");
        }
    }
}
