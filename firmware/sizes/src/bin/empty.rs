//! What every image has.
#![no_std]
#![no_main]

use core::task::Poll;

sizes::image! {
    task: core::future::poll_fn(|cx| {
        cx.waker().wake_by_ref();
        if sizes::unknown(false) { Poll::Ready(()) } else { Poll::Pending }
    }),
    interrupt: critical_section::with(|_| sizes::unknown(0)),
}
