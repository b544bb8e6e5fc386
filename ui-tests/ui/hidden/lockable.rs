// `Lockable` says where in a lock its value is.
#![forbid(unsafe_code)]

use sync_core::{__private::Lockable as _, engine::Lockable as _, waiter::Lockable as _};

fn main() {}
