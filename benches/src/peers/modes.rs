//! The modes of `#[wait_map]`, and what stands for them.

use sync_core::wait_map::WakeOutcome;
use tokio::sync::watch;

use super::{Events, Flags, Keyed, Positions};

/// `unique`, its keys in 4,096 buckets.
#[sync_core::wait_map(key = u16, value = u64, match = unique, buckets = 4096)]
pub struct UniqueInBuckets;

/// `fifo`.
#[sync_core::wait_map(key = u16, value = u64, match = fifo)]
pub struct Fifo;

/// `fifo`, its keys in 4,096 buckets.
#[sync_core::wait_map(key = u16, value = u64, match = fifo, buckets = 4096)]
pub struct FifoInBuckets;

/// `up_to`.
#[sync_core::wait_map(key = u64, match = up_to)]
pub struct UpTo;

/// `mask`.
#[sync_core::wait_map(key = u64, match = mask)]
pub struct Mask;

/// `predicate`, without a value.
#[sync_core::wait_map(key = u64, event = u64, match = predicate(is))]
pub struct Predicate;

/// `predicate`, whose tasks are given a value.
#[sync_core::wait_map(key = u64, event = u64, value = u64, match = predicate(is))]
pub struct PredicateWithValue;

/// Whether the event is the one that a task waits for.
#[inline]
#[expect(clippy::trivially_copy_pass_by_ref, reason = "what `predicate` asks for")]
fn is(key: &u64, event: &u64) -> bool {
    key == event
}

macro_rules! keyed {
    ($($map:ident::$wake:ident)*) => {$(
        impl Keyed for $map {
            #[inline]
            fn wait(&'static self, key: u16) -> impl Future {
                $map::wait(self, key)
            }

            #[inline]
            fn wake(&'static self, key: u16, value: u64) -> bool {
                matches!(self.$wake(&key, value), WakeOutcome::Woke)
            }
        }
    )*};
}
keyed! { UniqueInBuckets::wake Fifo::wake_one FifoInBuckets::wake_one }

impl Positions for UpTo {
    const WAKES_ALL: bool = false;

    #[inline]
    fn wait(&'static self, until: u64) -> impl Future {
        UpTo::wait(self, until)
    }

    #[inline]
    fn advance(&'static self, to: u64) {
        UpTo::advance(self, to);
    }
}

/// tokio's `watch`: each that waits looks whether the new position is far enough for it.
#[derive(Debug)]
pub struct Watched(watch::Sender<u64>);

impl Default for Watched {
    fn default() -> Self {
        Self(watch::Sender::new(0))
    }
}

impl Positions for Watched {
    const WAKES_ALL: bool = true;

    #[inline]
    fn wait(&'static self, until: u64) -> impl Future {
        let mut receiver = self.0.subscribe();
        async move { receiver.wait_for(|position| *position >= until).await.map(|position| *position) }
    }

    #[inline]
    fn advance(&'static self, to: u64) {
        self.0.send_replace(to);
    }
}

impl Flags for Mask {
    #[inline]
    fn wait_any(&'static self, mask: u64) -> impl Future {
        Mask::wait_any(self, mask)
    }

    #[inline]
    fn set(&'static self, bits: u64) -> usize {
        Mask::set(self, bits)
    }
}

impl Events for Predicate {
    #[inline]
    fn wait(&'static self, key: u64) -> impl Future {
        Predicate::wait(self, key)
    }

    #[inline]
    fn notify(&'static self, event: u64) -> usize {
        Predicate::notify(self, &event)
    }
}

impl Events for PredicateWithValue {
    #[inline]
    fn wait(&'static self, key: u64) -> impl Future {
        PredicateWithValue::wait(self, key)
    }

    #[inline]
    fn notify(&'static self, event: u64) -> usize {
        self.notify_with(&event, 1)
    }
}
