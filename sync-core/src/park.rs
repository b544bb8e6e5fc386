//! Waiting on a thread that has no executor.

use alloc::{sync::Arc, task::Wake};
use core::{
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
};

use crate::shim::thread::{self, Thread};

/// Wakes a thread that sleeps in [`block_on`].
struct Unpark(Thread);

impl Wake for Unpark {
    // Locks wake by value; the default `wake_by_ref` is this with a clone.
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Returns what `future` yields; the thread sleeps while it waits for that.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut cx = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut cx) {
            Poll::Ready(output) => return output,
            // `park` may return spuriously; then the future is polled without effect.
            Poll::Pending => thread::park(),
        }
    }
}
