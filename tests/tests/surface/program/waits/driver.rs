//! A user's type around the wait types, generic over their lock.

use alloc::vec::Vec;
use core::{fmt::Debug, pin::pin};

use super::sync::{
    WaitCell, WaitMap, WaitQueue, WaitResult,
    blocking::{ConstInit, DefaultMutex, Mutex, ScopedRawMutex},
    spin::Spinlock,
    wait_map::{self, WaitError, WakeOutcome},
};
use tests::ready;

struct Driver<Lock: ScopedRawMutex = DefaultMutex> {
    done: WaitCell,
    room: WaitQueue<Lock>,
    replies: WaitMap<u16, Vec<u8>, Lock>,
    sent: Mutex<usize, Lock>,
}

impl<Lock: ScopedRawMutex + ConstInit> Driver<Lock> {
    const fn new() -> Self {
        Self {
            done: WaitCell::new(),
            room: WaitQueue::new_with_raw_mutex(Lock::INIT),
            replies: WaitMap::new_with_raw_mutex(Lock::INIT),
            sent: Mutex::new_with_raw_mutex(0, Lock::INIT),
        }
    }

    async fn request(&self, tag: u16) -> Result<Vec<u8>, WaitError> {
        let reply: wait_map::Wait<'_, u16, Vec<u8>, Lock> = self.replies.wait(tag);
        let mut reply = pin!(reply);
        let registered: wait_map::Subscribe<'_, '_, u16, Vec<u8>, Lock> = reply.as_mut().subscribe();
        registered.await?;
        self.sent.with_lock(|sent| *sent += 1);
        let outcome: WakeOutcome<Vec<u8>> = self.replies.wake(&tag, vec![1, 2]);
        assert!(matches!(outcome, WakeOutcome::Woke));
        reply.await
    }

    async fn slot(&self) -> WaitResult<()> {
        self.room.wait_for(|| self.sent.with_lock(|sent| *sent > 0)).await?;
        self.done.wake();
        self.done.wait().await
    }
}

impl<Lock: ScopedRawMutex + ConstInit> Debug for Driver<Lock>
where
    WaitQueue<Lock>: Debug,
{
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Driver")
            .field("done", &self.done)
            .field("room", &self.room)
            .field("replies", &self.replies)
            .field("sent", &self.sent)
            .finish()
    }
}

#[test]
fn a_driver() {
    fn run<Lock: ScopedRawMutex + ConstInit + Debug>() {
        let driver = Driver::<Lock>::new();
        assert_eq!(ready(driver.request(3)), Ok(vec![1, 2]));
        assert_eq!(ready(driver.slot()), Ok(()));
        assert!(format!("{driver:?}").contains("room"));
    }
    run::<DefaultMutex>();
    run::<Spinlock>();
}
