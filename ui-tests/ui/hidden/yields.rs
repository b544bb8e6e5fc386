// `Yields` is a `Rule` with more to say. A `Rule` is lent the list of those who wait.
#![forbid(unsafe_code)]

use sync_core::{__private::Yields as _, engine::Yields as _, waiter::Yields as _};

fn main() {}
