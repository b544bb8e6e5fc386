//! Tags for requests, and with them a limit on how many are in flight.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use sync_core::{
    Closed, Semaphore,
    semaphore::{OwnedPermit, TryAcquireError},
};

/// The tags that no request uses now, and a line for them, first come first served.
///
/// Two things that look like one. The [`Semaphore`] says *how many* requests may be in flight, and which task
/// is next; the list says *which* tags are left. **There is never a permit without a tag in the list**: a
/// taker acquires the permit first and takes the tag second, and puts the tag back first and the permit
/// second. So the list needs only a plain lock, held for a moment, and no task ever waits for it to be
/// filled.
///
/// A task that is dropped in line needs no code here: the semaphore lets the next one through by itself.
#[derive(Debug)]
pub(crate) struct Tags {
    free: Mutex<VecDeque<u16>>,
    permits: Arc<Semaphore>,
}

/// A tag that one request has for itself, and the permit that came with it.
///
/// Dropped without having been [brought back](Tags::bring_back), it takes both along for good: the reply to a
/// request that was given up may still come, and would be taken for the reply to the next one with that tag.
#[derive(Debug)]
pub(crate) struct Tag {
    number: u16,
    /// An owned one borrows nothing, so that a tag may go wherever its request goes.
    permit: Option<OwnedPermit>,
}

impl Tag {
    pub(crate) fn number(&self) -> u16 {
        self.number
    }
}

impl Drop for Tag {
    fn drop(&mut self) {
        if let Some(permit) = self.permit.take() {
            permit.forget();
        }
    }
}

/// A tag, and whether its taker had to wait for it.
#[derive(Debug)]
pub(crate) struct Taken {
    pub(crate) tag: Tag,
    pub(crate) waited: bool,
}

impl Tags {
    /// Returns tags for `count` requests at a time.
    pub(crate) fn new(count: usize) -> Self {
        let free: VecDeque<u16> = (0..=u16::MAX).take(count).collect();
        let permits = Arc::new(Semaphore::new(free.len()));
        Self { free: Mutex::new(free), permits }
    }

    /// Takes a tag, when it is this task's turn and there is one.
    pub(crate) async fn take(&self) -> Result<Taken, Closed> {
        // It would be enough to acquire: the attempt only tells whether there is something to wait for.
        let (permit, waited) = match self.permits.try_acquire_owned(1) {
            Ok(permit) => (permit, false),
            Err(TryAcquireError::InsufficientPermits | TryAcquireError::Closed) => {
                (self.permits.acquire_owned(1).await?, true)
            }
        };
        let number = self.free().pop_front().expect("the list has a tag for each permit");
        Ok(Taken { tag: Tag { number, permit: Some(permit) }, waited })
    }

    /// Brings a tag back, once the reply to its request has come.
    pub(crate) fn bring_back(&self, mut tag: Tag) {
        self.free().push_back(tag.number);
        // Dropped only now: the task that this lets through finds the tag.
        drop(tag.permit.take());
    }

    /// Ends the wait of each task that waits for a tag, now or later, with an error.
    pub(crate) fn close(&self) {
        self.permits.close();
    }

    fn free(&self) -> MutexGuard<'_, VecDeque<u16>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
