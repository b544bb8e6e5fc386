// `Given` says whether a future still has its `QueueRef`.
#![forbid(unsafe_code)]

use sync_core::{__private::Given as _, engine::handle::Given as _, waiter::Given as _};

fn main() {}
