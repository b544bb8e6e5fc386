// `Contains` says where in a lock its queue is.
#![forbid(unsafe_code)]

use sync_core::{__private::Contains as _, engine::Contains as _, waiter::Contains as _};

fn main() {}
