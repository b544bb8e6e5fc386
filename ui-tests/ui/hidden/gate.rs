// A `Gate` says who may pass, and is given the proof that a lock is held.
#![forbid(unsafe_code)]

use sync_core::{__private::Gate as _, waiter::Gate as _, waiter::gate::Gate as _};

fn main() {}
