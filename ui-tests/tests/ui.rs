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

/// Whether the folder is there at all: those of the later macros come with the macros.
fn exists(folder: &str) -> bool {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(folder).exists()
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
    if exists("ui/primitive") {
        fails("ui/primitive", 1);
    }
}

#[test]
fn wait_map() {
    if exists("ui/wait_map") {
        fails("ui/wait_map", 1);
    }
}

#[test]
fn api() {
    if exists("ui/api") {
        fails("ui/api", 1);
    }
}

#[test]
fn pass() {
    at_least(3, "pass");
    trybuild::TestCases::new().pass("pass/*.rs");
}
