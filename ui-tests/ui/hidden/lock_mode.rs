// A `LockMode` says what the holder of a lock may do, takes the lock, and makes the proof that it is held.
#![forbid(unsafe_code)]

use sync_core::{__private::LockMode as _, engine::LockMode as _, waiter::LockMode as _};

fn main() {}
