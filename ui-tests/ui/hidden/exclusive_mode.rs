// `ExclusiveMode` says that the holder of a lock may change its value.
#![forbid(unsafe_code)]

use sync_core::{__private::ExclusiveMode as _, engine::ExclusiveMode as _, waiter::ExclusiveMode as _};

fn main() {}
