//! One task waits for an interrupt; what it waits for is not stored in it.
#![no_std]
#![no_main]

use core::{future::poll_fn, task::Poll};
use embassy_sync::waitqueue::AtomicWaker;

static WAKER: AtomicWaker = AtomicWaker::new();

sizes::image! {
    task: poll_fn(|cx| {
        WAKER.register(cx.waker());
        if sizes::unknown(false) { Poll::Ready(()) } else { Poll::Pending }
    }),
    interrupt: WAKER.wake(),
}
