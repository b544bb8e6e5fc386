//! One test per folder. One file is one mistake and is named after it; its `.stderr` is made by
//! `TRYBUILD=overwrite cargo test -p ui-tests` and then read.

use std::path::Path;

/// Counts the files that `trybuild` is about to compile, so that a lost folder is not a passed test.
fn at_least(minimum: usize, folder: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = std::fs::read_dir(&path).map_or(0, |entries| {
        entries.flatten().filter(|entry| entry.path().extension().is_some_and(|end| end == "rs")).count()
    });
    assert!(files >= minimum, "{} has {files} tests and must have {minimum}", path.display());
}

fn fails(folder: &str, minimum: usize) {
    at_least(minimum, folder);
    trybuild::TestCases::new().compile_fail(format!("{folder}/*.rs"));
}

#[test]
fn bitfield() {
    fails("ui/bitfield", 30);
}

#[test]
fn from_bits() {
    fails("ui/from_bits", 12);
}

#[test]
fn primitive() {
    fails("ui/primitive", 34);
}

#[test]
fn wait_map() {
    fails("ui/wait_map", 50);
}

#[test]
fn api() {
    fails("ui/api", 14);
}

#[test]
fn must_use() {
    fails("ui/must_use", 9);
}

#[test]
fn hidden() {
    fails("ui/hidden", 20);
}

#[test]
fn pass() {
    at_least(4, "pass");
    trybuild::TestCases::new().pass("pass/*.rs");
}
