//! `config_store`: readers go on while a version is checked, and never see half of one.

use std::{fs, path::Path};

use crate::support::{self, Run};

fn run(args: &[&str]) -> Run {
    support::run("config_store", args)
}

fn run_on(contents: &str, args: &[&str]) -> Run {
    support::run_on("config_store", contents, args)
}

fn version(number: u64, weights: [u64; 2]) -> String {
    let [tom, ann] = weights;
    format!("version = {number}\nbackend = tom {tom}\nbackend = ann {ann}\n")
}

/// Exchanges a file in one piece: no reader sees half of it.
fn put(file: &Path, contents: &str) {
    let new = file.with_extension("new");
    fs::write(&new, contents).unwrap();
    fs::rename(new, file).unwrap();
}

#[test]
fn readers_serve_requests_during_every_check() {
    for readers in ["1", "2", "20"] {
        let run = run(&["--readers", readers, "--versions", "9", "--requests-per-check", "200"]);
        assert_eq!((run.figure("accepted"), run.figure("rejected")), (6, 3));
        assert!(run.figure("  during the checks") >= 9 * 200, "{run:?}");
        assert!(run.figure("requests served") >= run.figure("  during the checks"), "{run:?}");
        assert!(run.stdout.contains("version 3: rejected: the weights add up to 21"), "{run:?}");
    }
}

#[test]
fn many_exchanges_and_hardly_a_check() {
    let run = run(&["--versions", "300", "--readers", "2", "--requests-per-check", "3"]);
    assert_eq!((run.figure("accepted"), run.figure("rejected")), (200, 100));
}

#[test]
fn no_versions_but_the_first() {
    let run = run(&["--versions", "0"]);
    assert_eq!((run.figure("accepted"), run.figure("rejected")), (0, 0));
    assert!(run.stdout.starts_with("version 1: serving\n"), "{run:?}");
}

#[test]
fn a_file_that_changes() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pool.conf");
    put(&file, &version(1, [30, 70]));
    let args = ["--file", file.to_str().unwrap(), "--poll", "1", "--versions", "8"];
    let mut started = support::start("config_store", &args);
    started.wait_for_line();
    let mut number = 1;
    let run = support::finish(started, || {
        number += 1;
        let contents = match number % 4 {
            0 => version(number, [30, 71]),
            1 => format!("version = {number}\nbackend = tom\n"),
            _ => version(number, [number % 100, 100 - number % 100]),
        };
        put(&file, &contents);
    });
    assert_eq!(run.figure("accepted") + run.figure("rejected"), 8);
    assert!(run.figure("accepted") > 0, "{run:?}");
}

#[test]
fn what_is_bad_or_old_is_rejected_and_the_first_stays() {
    for (contents, why) in [
        (version(7, [40, 60]), "version 7: rejected: there is version 7 already"),
        (version(8, [40, 61]), "version 8: rejected: the weights add up to 101"),
        (version(8, [1, u64::MAX]), "version 8: rejected: the weights are too large"),
        ("version = 8\nbackend = tom\n".to_owned(), "the file: rejected: line 2: a backend is"),
        ("backend = tom 100\n".to_owned(), "the file: rejected: there is no version"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("pool.conf");
        put(&file, &version(7, [50, 50]));
        let args = ["--file", file.to_str().unwrap(), "--poll", "1", "--versions", "1"];
        let mut started = support::start("config_store", &args);
        started.wait_for_line();
        put(&file, &contents);
        let run = support::finish(started, || ());
        assert_eq!((run.figure("accepted"), run.figure("rejected")), (0, 1));
        assert!(run.stdout.contains(why), "no {why:?} in {run:?}");
    }
}

#[test]
fn a_first_configuration_that_makes_no_sense() {
    run_on("", &[]).fails_saying(&["there is no version"]);
    run_on("version = one\n", &[]).fails_saying(&["line 1", "\"one\" is no number"]);
    run_on("version = 1 2\n", &[]).fails_saying(&["line 1", "a version is one number"]);
    run_on("# fine\nversion 1\n", &[]).fails_saying(&["line 2", "no ="]);
    run_on("colour = red\n", &[]).fails_saying(&["line 1", "\"colour\" is nothing"]);
    run_on("version = 1\nbackend = tom 99\n", &[]).fails_saying(&["add up to 99"]);
    run_on("version = 1\n", &[]).fails_saying(&["add up to 0"]);
}

#[test]
fn a_missing_file() {
    run(&["--file", "/no/such/pool.conf"]).fails_saying(&["cannot read", "/no/such/pool.conf"]);
}

#[test]
fn no_readers() {
    run(&["--readers", "0"]).fails_saying(&["--readers is 0"]);
}

#[test]
fn a_check_that_would_show_nothing() {
    run(&["--readers", "5", "--requests-per-check", "5"]).fails_saying(&["--requests-per-check is 5"]);
}
