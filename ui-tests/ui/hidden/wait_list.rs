// Who has a `&mut WaitList` holds the queue's lock.
#![forbid(unsafe_code)]

use sync_core::{__private::WaitList as _, engine::list::WaitList as _, waiter::WaitList as _};

fn main() {}
