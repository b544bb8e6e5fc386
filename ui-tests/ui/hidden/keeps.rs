// `Keeps` is how a guard finds its lock. One that found another lock would release that.
#![forbid(unsafe_code)]

use sync_core::{__private::Keeps as _, engine::Keeps as _, waiter::Keeps as _};

fn main() {}
