//! `sync-core`, and `maitake-sync`, whose interface it has.

use super::{Keyed, Waits, WakeAll, WakeOne};

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
