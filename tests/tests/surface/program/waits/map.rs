//! `WaitMap`, every method and outcome.

use alloc::{boxed::Box, sync::Arc};
use core::{
    pin::{Pin, pin},
    task::Poll,
};

use super::sync::{
    WaitMap,
    blocking::{ConstInit, DefaultMutex},
    spin::Spinlock,
    wait_map::{self, EnqueueWait, WaitError, WakeOutcome},
};
use tests::{poll, ready};

static MAP: WaitMap<u16, u32> = WaitMap::new();
static SPUN_MAP: WaitMap<u16, u32, Spinlock> = WaitMap::new_with_raw_mutex(Spinlock::INIT);

#[test]
fn a_map() {
    let map: WaitMap<u16, u32> = WaitMap::default();
    let mut wait: Pin<&mut wait_map::Wait<'_, u16, u32>> = pin!(map.wait(1));
    {
        let enqueue: EnqueueWait<'_, '_, u16, u32, DefaultMutex> = wait.as_mut().enqueue();
        assert!(!format!("{enqueue:?}").is_empty());
        assert_eq!(ready(enqueue), Ok(()));
    }
    assert!(poll(wait.as_mut()).is_pending());
    assert_eq!(ready(map.wait(1)), Err(WaitError::Duplicate));
    assert!(matches!(map.wake(&2, 20), WakeOutcome::NoMatch(20)));
    assert!(matches!(map.wake(&1, 10), WakeOutcome::Woke));
    assert_eq!(poll(wait.as_mut()), Poll::Ready(Ok(10)));
    assert_eq!(poll(wait.as_mut()), Poll::Ready(Err(WaitError::AlreadyConsumed)));
    assert!(!format!("{wait:?} {map:?}").is_empty());

    let shared = Arc::new(WaitMap::<u16, u32, Spinlock>::new_with_raw_mutex(Spinlock::new()));
    let mut owned: Pin<Box<wait_map::WaitOwned<u16, u32, Spinlock>>> = Box::pin(shared.wait_owned(1));
    assert!(poll(owned.as_mut()).is_pending());
    assert!(matches!(shared.wake(&1, 10), WakeOutcome::Woke));
    assert_eq!(poll(owned.as_mut()), Poll::Ready(Ok(10)));
    assert!(!format!("{owned:?}").is_empty());

    assert_eq!(ready(MAP.wait_for(5, || true)), Ok(()));
    assert_eq!(ready(SPUN_MAP.wait_for_value(5, || Some('x'))), Ok('x'));

    map.close();
    assert!(map.is_closed());
    let result: wait_map::WaitResult<u32> = ready(map.wait(1));
    assert_eq!(result, Err(WaitError::Closed));
    match map.wake(&1, 3) {
        WakeOutcome::Closed(value) => assert_eq!(value, 3),
        WakeOutcome::Woke | WakeOutcome::NoMatch(_) => panic!("it is closed"),
    }
    // A user's match has to have an arm for errors to come.
    for error in [WaitError::Closed, WaitError::Duplicate, WaitError::AlreadyConsumed, WaitError::NeverAdded]
    {
        let (known, copy) = (matches!(error, WaitError::Closed | WaitError::Duplicate), error);
        assert_eq!(known, copy == WaitError::Closed || copy == WaitError::Duplicate);
        assert!(!format!("{error} {error:?}").is_empty());
    }
}
