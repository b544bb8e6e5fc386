// A `Mode` says what the holder of a lock may do, takes the lock, and makes the proof that it is held.
#![forbid(unsafe_code)]

use sync_core::{__private::Mode as _, engine::Mode as _, waiter::Mode as _};

fn main() {}
