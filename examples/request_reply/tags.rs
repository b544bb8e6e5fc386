//! Tags for requests, and with them a limit on how many are on their way.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    task::Poll,
};

use sync_core::{Closed, WaitQueue};

/// The tags that no request uses now, and the tasks that wait for one, first come first served.
///
/// A [`WaitQueue`] stores one wake-up while nobody waits, and hands it to the oldest who does. That makes it
/// a turnstile: whoever holds the one wake-up may take a tag, and then lets the next one through. The rule
/// is that **the wake-up exists exactly while a tag is free**:
///
/// - who takes a tag and leaves others behind passes the wake-up on; who takes the last keeps it to itself;
/// - who brings a tag back where none was makes a new one.
///
/// So no wake-up is lost, and nobody overtakes: a newcomer only gets through when nobody is in line. A task
/// that is dropped in line needs no code here, because the queue hands its wake-up to the next by itself.
///
/// "Take a tag or else wait", in a loop, would be shorter. But a newcomer could then snatch the tag from
/// under a task that had been woken for it, time and again.
#[derive(Debug)]
pub(crate) struct Tags {
    free: Mutex<VecDeque<u16>>,
    turnstile: WaitQueue,
}

/// A tag, and whether its taker had to wait for it.
#[derive(Debug)]
pub(crate) struct Taken {
    pub(crate) tag: u16,
    pub(crate) waited: bool,
}

impl Tags {
    /// Returns tags for `count` requests at a time.
    pub(crate) fn new(count: usize) -> Self {
        let free: VecDeque<u16> = (0..=u16::MAX).take(count).collect();
        let turnstile = WaitQueue::new();
        if !free.is_empty() {
            turnstile.wake();
        }
        Self { free: Mutex::new(free), turnstile }
    }

    /// Takes a tag, when it is this task's turn and there is one.
    pub(crate) async fn take(&self) -> Result<Taken, Closed> {
        let waited = match self.turnstile.try_wait() {
            Poll::Ready(turn) => turn.map(|()| false)?,
            Poll::Pending => self.turnstile.wait().await.map(|()| true)?,
        };
        // The wake-up is ours, and there is no `.await` on which we could be dropped with it.
        let mut free = self.free();
        let tag = free.pop_front().expect("who is let through finds a tag");
        let left_some = !free.is_empty();
        drop(free);
        if left_some {
            self.turnstile.wake();
        }
        Ok(Taken { tag, waited })
    }

    /// Brings a tag back, once the reply to its request has come.
    ///
    /// Not earlier, and so not in a destructor: the reply to a request that was given up may still come, and
    /// would be taken for the reply to the next one with that tag.
    pub(crate) fn bring_back(&self, tag: u16) {
        let mut free = self.free();
        let was_empty = free.is_empty();
        free.push_back(tag);
        drop(free);
        if was_empty {
            self.turnstile.wake();
        }
    }

    /// Sends everybody away who waits for a tag, or will.
    pub(crate) fn close(&self) {
        self.turnstile.close();
    }

    fn free(&self) -> MutexGuard<'_, VecDeque<u16>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
