// `QueueWord` is the word of a queue, beside its list.
#![forbid(unsafe_code)]

use sync_core::{__private::QueueWord as _, state::QueueWord as _, waiter::QueueWord as _};

fn main() {}
