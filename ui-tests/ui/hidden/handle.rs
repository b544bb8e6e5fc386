// A `Handle` is how a future finds its queue. One that found another queue the second time would have a node
// unlinked from a list it is not in.
#![forbid(unsafe_code)]

use sync_core::{__private::Handle as _, engine::Handle as _, waiter::Handle as _};

fn main() {}
