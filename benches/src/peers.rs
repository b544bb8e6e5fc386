//! One trait per kind of primitive, implemented for this library and for its peers.
//!
//! A primitive is measured as `&'static`, as in a kernel or in firmware, so that no reference count is part of
//! a figure.
#![expect(unsafe_code, reason = "diatomic-waker's borrowed interface without a sink object")]
#![expect(
    clippy::disallowed_types,
    reason = "the peers' users have core's atomics, and loom is not used here"
)]

use core::hash::BuildHasherDefault;
use core::marker::PhantomData;
use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use core::task::{Context, Poll};
use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;

use std::sync::{Mutex, PoisonError};

use atomic_waker::AtomicWaker;
use diatomic_waker::DiatomicWaker;
use tokio::sync::{Notify, oneshot};

/// What tasks can wait on.
pub trait Waits: Default + 'static {
    /// What a wait yields.
    type Output;

    /// A future that completes when it is woken.
    fn wait(&'static self) -> impl Future<Output = Self::Output>;

    /// Does with the output of a wait what its user has to.
    #[inline]
    fn accept(_: Self::Output) {}
}

/// What can wake one of those that wait.
pub trait WakeOne: Waits {
    /// Wakes one, or remembers the wake-up where the library does so.
    fn wake(&'static self);
}

/// What can wake all that wait.
pub trait WakeAll: Waits {
    /// Wakes all.
    fn wake_all(&'static self);

    /// Makes new waiters wait again, where that is not so anyhow.
    #[inline]
    fn rearm(&'static self) {}
}

/// What tasks can wait on under a key, for a value.
pub trait Keyed: Default + 'static {
    /// A future that completes when `key` is woken.
    fn wait(&'static self, key: u16) -> impl Future;

    /// Gives `value` to the task that waits under `key`; says whether there was one.
    fn wake(&'static self, key: u16, value: u64) -> bool;
}

/// `sync-core` has the interface of `maitake-sync`, so both have this implementation.
macro_rules! same_interface {
    ($library:ident) => {
        impl Waits for $library::WaitQueue {
            type Output = Result<(), $library::Closed>;

            #[inline]
            fn wait(&'static self) -> impl Future<Output = Self::Output> {
                $library::WaitQueue::wait(self)
            }
        }

        impl WakeOne for $library::WaitQueue {
            #[inline]
            fn wake(&'static self) {
                $library::WaitQueue::wake(self);
            }
        }

        impl WakeAll for $library::WaitQueue {
            #[inline]
            fn wake_all(&'static self) {
                $library::WaitQueue::wake_all(self);
            }
        }

        impl Waits for $library::WaitCell {
            type Output = Result<(), $library::Closed>;

            #[inline]
            fn wait(&'static self) -> impl Future<Output = Self::Output> {
                $library::WaitCell::wait(self)
            }
        }

        impl WakeOne for $library::WaitCell {
            #[inline]
            fn wake(&'static self) {
                $library::WaitCell::wake(self);
            }
        }

        impl Waits for Polled<$library::WaitCell> {
            type Output = bool;

            #[inline]
            fn wait(&'static self) -> impl Future<Output = Self::Output> {
                core::future::poll_fn(|cx| self.0.poll_wait(cx).map(|outcome| outcome.is_ok()))
            }
        }

        impl WakeOne for Polled<$library::WaitCell> {
            #[inline]
            fn wake(&'static self) {
                self.0.wake();
            }
        }

        impl Keyed for $library::WaitMap<u16, u64> {
            #[inline]
            fn wait(&'static self, key: u16) -> impl Future {
                $library::WaitMap::wait(self, key)
            }

            #[inline]
            fn wake(&'static self, key: u16, value: u64) -> bool {
                matches!($library::WaitMap::wake(self, &key, value), $library::wait_map::WakeOutcome::Woke)
            }
        }
    };
}

/// A `WaitCell` that its task polls by itself, with `poll_wait`.
#[derive(Debug, Default)]
pub struct Polled<T>(T);

same_interface!(sync_core);
same_interface!(maitake_sync);

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

/// futures-intrusive's fair semaphore: a permit that nobody gives back is a wake-up.
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

/// diatomic-waker with the flag that its users keep beside it. A task waits with `wait_until`.
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

/// atomic-waker with the flag that its users keep beside it, checked as in its documentation.
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

/// Two read-modify-writes of one word, one to give a wake-up and one to take it: nothing that stores a wake-up
/// can cost less.
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

/// What a server without a wait map does: a tokio oneshot per request, found through a hash map.
///
/// The hasher is the standard one with fixed keys: as slow, and the same in every run.
#[derive(Debug, Default)]
pub struct OneshotMap(Mutex<HashMap<u16, oneshot::Sender<u64>, BuildHasherDefault<DefaultHasher>>>);

impl Keyed for OneshotMap {
    #[inline]
    fn wait(&'static self, key: u16) -> impl Future {
        let (sender, receiver) = oneshot::channel();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key, sender);
        receiver
    }

    #[inline]
    fn wake(&'static self, key: u16, value: u64) -> bool {
        let sender = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&key);
        sender.is_some_and(|sender| sender.send(value).is_ok())
    }
}
