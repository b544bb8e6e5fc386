// A `QueueRef` is how a future finds its queue. One that found another queue the second time would have a node
// unlinked from a list it is not in.
#![forbid(unsafe_code)]

use sync_core::{__private::QueueRef as _, engine::QueueRef as _, waiter::QueueRef as _};

fn main() {}
