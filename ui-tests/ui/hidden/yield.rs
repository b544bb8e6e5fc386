// `Yield` makes guards and permits of what a wait was given.
#![forbid(unsafe_code)]

use sync_core::{__private::Yield as _, engine::Yield as _, waiter::Yield as _};

fn main() {}
