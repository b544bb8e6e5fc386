//! A program that uses all of maitake-sync 0.3.0's waiting types and locks is compiled and run against it and against
//! this library: the same text, with another name at the top.

#![cfg(not(loom))]
#![expect(deprecated, reason = "old names are part of the surface")]

extern crate alloc;

mod with_maitake_sync {
    use maitake_sync as sync;
    include!("surface/program.rs");
}

mod with_sync_core {
    use sync_core as sync;
    include!("surface/program.rs");
}

/// The old library has this with a feature that does not compile any more.
#[test]
fn errors_are_errors() {
    fn error<E: core::error::Error + Send + Sync + 'static>() {}
    error::<sync_core::Closed>();
    error::<sync_core::wait_map::WaitError>();
}
