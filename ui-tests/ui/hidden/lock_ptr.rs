// `LockPtr` is how a guard finds its lock. One that found another lock would release that.
#![forbid(unsafe_code)]

use sync_core::{__private::LockPtr as _, engine::LockPtr as _, waiter::LockPtr as _};

fn main() {}
