//! What stands for a `WaitQueue`.
#![expect(
    clippy::disallowed_types,
    reason = "the peers' users have core's atomics, and loom is not used here"
)]

use core::sync::atomic::{AtomicUsize, Ordering};
use core::task::Poll;

use tokio::sync::Notify;

use super::{Waits, WakeAll, WakeOne};

impl Waits for Notify {
    type Output = ();

    #[inline]
    fn wait(&'static self) -> impl Future<Output = ()> {
        self.notified()
    }
}

impl WakeOne for Notify {
    #[inline]
    fn wake(&'static self) {
        self.notify_one();
    }
}

impl WakeAll for Notify {
    #[inline]
    fn wake_all(&'static self) {
        self.notify_waiters();
    }
}

impl Waits for event_listener::Event {
    type Output = ();

    #[inline]
    fn wait(&'static self) -> impl Future<Output = ()> {
        self.listen()
    }
}

impl WakeOne for event_listener::Event {
    #[inline]
    fn wake(&'static self) {
        self.notify(1);
    }
}

impl WakeAll for event_listener::Event {
    #[inline]
    fn wake_all(&'static self) {
        self.notify(usize::MAX);
    }
}

/// futures-intrusive's fair semaphore: a permit that is not returned is a wake-up.
#[derive(Debug)]
pub struct Permits(futures_intrusive::sync::Semaphore);

impl Default for Permits {
    fn default() -> Self {
        Self(futures_intrusive::sync::Semaphore::new(true, 0))
    }
}

impl Waits for Permits {
    type Output = futures_intrusive::sync::SemaphoreReleaser<'static>;

    #[inline]
    fn wait(&'static self) -> impl Future<Output = Self::Output> {
        self.0.acquire(1)
    }

    #[inline]
    fn accept(mut output: Self::Output) {
        output.disarm();
    }
}

impl WakeOne for Permits {
    #[inline]
    fn wake(&'static self) {
        self.0.release(1);
    }
}

/// futures-intrusive's event, which wakes all.
#[derive(Debug)]
pub struct ManualReset(futures_intrusive::sync::ManualResetEvent);

impl Default for ManualReset {
    fn default() -> Self {
        Self(futures_intrusive::sync::ManualResetEvent::new(false))
    }
}

impl Waits for ManualReset {
    type Output = ();

    #[inline]
    fn wait(&'static self) -> impl Future<Output = ()> {
        self.0.wait()
    }
}

impl WakeAll for ManualReset {
    #[inline]
    fn wake_all(&'static self) {
        self.0.set();
    }

    #[inline]
    fn rearm(&'static self) {
        self.0.reset();
    }
}

/// Two read-modify-writes of one word, one to give a wake-up and one to take it: nothing that stores a
/// wake-up can cost less.
#[derive(Debug, Default)]
pub struct TwoRmws(AtomicUsize);

impl Waits for TwoRmws {
    type Output = ();

    #[inline]
    fn wait(&'static self) -> impl Future<Output = ()> {
        core::future::poll_fn(|_| {
            if self.0.swap(0, Ordering::AcqRel) == 1 { Poll::Ready(()) } else { Poll::Pending }
        })
    }
}

impl WakeOne for TwoRmws {
    #[inline]
    fn wake(&'static self) {
        self.0.swap(1, Ordering::AcqRel);
    }
}
