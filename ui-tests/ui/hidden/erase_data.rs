// `EraseData` makes the pointer that a guard of a part keeps, which must keep the same lock.
#![forbid(unsafe_code)]

use sync_core::{__private::EraseData as _, engine::EraseData as _, waiter::EraseData as _};

fn main() {}
