// `Narrow` makes the pointer that a guard of a part keeps, which must keep the same lock.
#![forbid(unsafe_code)]

use sync_core::{__private::Narrow as _, engine::Narrow as _, waiter::Narrow as _};

fn main() {}
