//! A program that uses everything that maitake-sync 0.3.0 has is compiled and run against it and against this
//! library: the same text, with another name at the top.
//!
//! `surface/program` is the program, one file per part. Where the old library has a defect, the part
//! `differences` says what each of the two does; `surface/README.md` lists them all, also those that a test
//! cannot show.

#![cfg(not(loom))]
#![expect(deprecated, reason = "old names are part of the surface")]
#![expect(clippy::duplicate_mod, reason = "the program is compiled once for each library")]

extern crate alloc;

#[path = "surface"]
mod with_maitake_sync {
    use maitake_sync as sync;

    /// Whether this is the old library, which has its defects.
    const OLD: bool = true;

    mod program;
}

#[path = "surface"]
mod with_sync_core {
    use sync_core as sync;

    const OLD: bool = false;

    mod program;
}

/// The old library has this with a feature that does not compile any more.
#[test]
fn errors_are_errors() {
    fn error<E: core::error::Error + Send + Sync + 'static>() {}
    error::<sync_core::Closed>();
    error::<sync_core::semaphore::TryAcquireError>();
    error::<sync_core::wait_map::WaitError>();
}
