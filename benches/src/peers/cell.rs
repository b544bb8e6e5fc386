//! What stands for a `WaitCell`.
#![expect(unsafe_code, reason = "diatomic-waker's borrowed interface without a sink object")]
#![expect(
    clippy::disallowed_types,
    reason = "the peers' users have core's atomics, and loom is not used here"
)]

use core::marker::PhantomData;
use core::sync::atomic::{AtomicBool, Ordering};
use core::task::{Context, Poll};

use atomic_waker::AtomicWaker;
use diatomic_waker::DiatomicWaker;

use super::{Waits, WakeOne};

/// diatomic-waker with the flag that its users keep next to it. A task waits with `wait_until`.
#[derive(Debug, Default)]
pub struct Diatomic {
    waker: DiatomicWaker,
    flag: AtomicBool,
    /// Not `Sync`: only one thread may register.
    _one_thread: PhantomData<*const ()>,
}

impl Waits for Diatomic {
    type Output = ();

    #[inline]
    fn wait(&'static self) -> impl Future<Output = ()> {
        let take = || self.flag.swap(false, Ordering::Relaxed).then_some(());
        // SAFETY: `Diatomic` is not `Sync`, and the future borrows it, so nothing registers on two threads.
        unsafe { self.waker.wait_until(take) }
    }
}

impl WakeOne for Diatomic {
    #[inline]
    fn wake(&'static self) {
        self.flag.store(true, Ordering::Relaxed);
        self.waker.notify();
    }
}

/// diatomic-waker without a flag: a poll registers or unregisters, as `wait_until` does around its predicate.
#[derive(Debug, Default)]
pub struct BareDiatomic(Diatomic);

impl Waits for BareDiatomic {
    type Output = ();

    #[inline]
    fn wait(&'static self) -> impl Future<Output = ()> {
        let mut registered = false;
        core::future::poll_fn(move |cx| {
            if registered {
                // SAFETY: see `Diatomic`, which is not `Sync` either.
                unsafe { self.0.waker.unregister() };
                return Poll::Ready(());
            }
            registered = true;
            // SAFETY: as above.
            unsafe { self.0.waker.register(cx.waker()) };
            Poll::Pending
        })
    }
}

impl WakeOne for BareDiatomic {
    #[inline]
    fn wake(&'static self) {
        self.0.waker.notify();
    }
}

/// atomic-waker without a flag: a first poll registers, a second one completes.
#[derive(Debug, Default)]
pub struct BareAtomicWaker(AtomicWaker);

impl Waits for BareAtomicWaker {
    type Output = ();

    #[inline]
    fn wait(&'static self) -> impl Future<Output = ()> {
        let mut registered = false;
        core::future::poll_fn(move |cx: &mut Context<'_>| {
            if registered {
                return Poll::Ready(());
            }
            registered = true;
            self.0.register(cx.waker());
            Poll::Pending
        })
    }
}

impl WakeOne for BareAtomicWaker {
    #[inline]
    fn wake(&'static self) {
        self.0.wake();
    }
}

/// atomic-waker with the flag that its users keep next to it, checked as in its documentation.
#[derive(Debug, Default)]
pub struct FlaggedAtomicWaker {
    waker: AtomicWaker,
    flag: AtomicBool,
}

impl Waits for FlaggedAtomicWaker {
    type Output = ();

    #[inline]
    fn wait(&'static self) -> impl Future<Output = ()> {
        core::future::poll_fn(|cx: &mut Context<'_>| {
            if self.flag.swap(false, Ordering::Relaxed) {
                return Poll::Ready(());
            }
            self.waker.register(cx.waker());
            if self.flag.swap(false, Ordering::Relaxed) { Poll::Ready(()) } else { Poll::Pending }
        })
    }
}

impl WakeOne for FlaggedAtomicWaker {
    #[inline]
    fn wake(&'static self) {
        self.flag.store(true, Ordering::Relaxed);
        self.waker.wake();
    }
}
