// `Alone` says that the holder of a lock may change its value.
#![forbid(unsafe_code)]

use sync_core::{__private::Alone as _, engine::Alone as _, waiter::Alone as _};

fn main() {}
