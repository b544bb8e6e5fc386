// `HasQueue` says where in a lock its queue is.
#![forbid(unsafe_code)]

use sync_core::{__private::HasQueue as _, engine::HasQueue as _, waiter::HasQueue as _};

fn main() {}
