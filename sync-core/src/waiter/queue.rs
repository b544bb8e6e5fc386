//! The operations of every queue, and those of a policy's queue.

use core::fmt;

use mutex_traits::ScopedRawMutex;

use super::Policy;
use crate::{
    engine::{
        ListOf, Queue, Rule, Wait, WakeLoop, Yields, in_one_step,
        list::{Empty, Step},
    },
    state::{QueueWord, node::NodeState, queue::AtomicQueueState},
};

impl<R: Yields, Lock: ScopedRawMutex> Queue<R, Lock> {
    /// Returns a future that waits here for what `waiter` describes.
    ///
    /// The future joins the line when it is first polled. What it yields, and what becomes of it when it is
    /// dropped, the rule decides.
    ///
    /// # Examples
    ///
    /// ```
    /// /// Replies by request tag.
    /// #[sync_core::wait_map(key = u16, value = &'static str, match = fifo)]
    /// pub struct Replies;
    ///
    /// static REPLIES: Replies = Replies::new();
    ///
    /// # pollster::block_on(async {
    /// let mut reply = std::pin::pin!(REPLIES.wait(7));
    /// reply.as_mut().subscribe().await?;
    /// assert_eq!(REPLIES.wake_all(&7, "pong"), 1);
    /// assert_eq!(reply.await?, "pong");
    /// # Ok::<(), sync_core::Closed>(()) }).unwrap();
    /// ```
    #[inline(always)]
    pub fn wait(&self, waiter: R::Waiter) -> Wait<R, Lock, &Self> {
        Wait::new(self, waiter)
    }
}

impl<R: Rule<Word = AtomicQueueState>, Lock: ScopedRawMutex> Queue<R, Lock> {
    /// Closes the queue: every waiting future, and every later one, gets an error.
    ///
    /// A waiter that was given something before still gets it. Closing again does nothing.
    ///
    /// # Memory ordering
    ///
    /// Everything done before this call is visible to the tasks that get the error.
    ///
    /// # Interrupts
    ///
    /// One read-modify-write if no task waits; otherwise it takes the raw lock for a batch of wakers at a
    /// time, and calls them without it.
    ///
    /// # Panics
    ///
    /// If a waker does; all other waiters are woken all the same.
    ///
    /// # Examples
    ///
    /// ```
    /// #[sync_core::wait_map(key = u16, match = fifo)]
    /// pub struct Replies;
    ///
    /// static REPLIES: Replies = Replies::new();
    ///
    /// let client = std::thread::spawn(|| pollster::block_on(REPLIES.wait(7)));
    /// REPLIES.close(); // shut down
    /// assert!(client.join().unwrap().is_err());
    /// ```
    pub fn close(&self) {
        self.close_with(|_, _| None);
    }

    /// As [`close`](Self::close), where another call may be about to wake the waiters: `coming` says what a
    /// waiter with this epoch then gets.
    pub(crate) fn close_with(&self, coming: impl Fn(&AtomicQueueState, usize) -> Option<R::Value>) {
        if self.word().close().waiting() {
            self.tell_closed_with(coming);
        }
    }

    /// Closes the queue and wakes no waiter yet; returns whether there is a waiter to
    /// [tell](Self::tell_closed_with).
    pub(crate) fn close_quietly(&self) -> bool {
        self.word().close().waiting()
    }

    /// Tells the waiters of a closed queue that it is closed; `coming` is as for
    /// [`close_with`](Self::close_with).
    pub(crate) fn tell_closed_with(&self, coming: impl Fn(&AtomicQueueState, usize) -> Option<R::Value>) {
        trace!("close: a task waits");
        WakeLoop::run(self, |list, batch| {
            let full = batch.fill(|| {
                let front = list.front().ok_or(Empty)?;
                if front.is_claimed() {
                    return Err(Empty);
                }
                // Another call may be about to wake it, which came first.
                let coming = if front.is_queued() { coming(self.word(), front.epoch()) } else { None };
                match coming {
                    Some(value) => list.wake_front(value).map_err(|_| Empty),
                    None => list.close_front(),
                }
            });
            let more = match list.front() {
                // Its value came first, and is on its way.
                Some(front) if front.is_claimed() => list.close_unclaimed(batch),
                front => full && front.is_some(),
            };
            self.clear_waiting_if(!list.has_queued());
            more
        });
    }

    /// Returns whether the queue was closed. `true` is final.
    ///
    /// # Memory ordering
    ///
    /// Everything done before the queue was closed is visible to the caller that sees `true`.
    ///
    /// # Interrupts
    ///
    /// One load: callable from everywhere.
    ///
    /// # Examples
    ///
    /// ```
    /// #[sync_core::wait_map(key = u16, match = fifo)]
    /// pub struct Replies;
    ///
    /// let replies = Replies::new();
    /// assert!(!replies.is_closed());
    /// replies.close();
    /// assert!(replies.is_closed());
    /// ```
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.word().is_closed()
    }

    /// Writes the queue as a struct called `name`.
    ///
    /// The number of waiters is left out if the raw lock is taken: it never waits.
    ///
    /// # Errors
    ///
    /// Those of the formatter.
    ///
    /// # Examples
    ///
    /// ```
    /// #[sync_core::wait_map(key = u16, match = fifo)]
    /// pub struct Replies;
    ///
    /// assert_eq!(format!("{:?}", Replies::new()), "Replies { closed: false, waiters: 0, .. }");
    /// ```
    pub fn debug(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct(name);
        out.field("closed", &self.is_closed());
        match self.try_with_list(|list| list.waiting(is_promised)) {
            Some(waiters) => out.field("waiters", &waiters),
            None => out.field("waiters", &format_args!("<locked>")),
        };
        out.finish_non_exhaustive()
    }
}

/// Whether a linked node has what it waits for, or has it coming.
fn is_promised(node: NodeState) -> bool {
    node.is_granted() || node.is_claimed()
}

impl<R: Rule, Lock: ScopedRawMutex> Queue<R, Lock> {
    /// Returns the number of waiters, for diagnostics: it may be stale by the time it is read.
    ///
    /// A waiter that a call has let go does not wait any more, even while its waker is still to be called.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock, for at most as many steps as there are waiters.
    ///
    /// # Examples
    ///
    /// ```
    /// use core::pin::pin;
    /// use sync_core::Semaphore;
    ///
    /// # pollster::block_on(async {
    /// let semaphore = Semaphore::new(0);
    /// let mut acquire = pin!(semaphore.acquire(1));
    /// acquire.as_mut().subscribe().await?;
    /// assert_eq!(semaphore.waiters(), 1);
    /// # Ok::<(), sync_core::Closed>(()) }).unwrap();
    /// ```
    #[must_use]
    pub fn waiters(&self) -> usize {
        self.with_list(|list| list.waiting(is_promised))
    }

    /// Tells the waiters of a closed queue that it is closed.
    ///
    /// For rules that neither claim waiters nor count epochs.
    pub(crate) fn tell_closed(&self) {
        trace!("close: a task waits");
        WakeLoop::run(self, |list, batch| {
            let more = batch.fill(|| list.close_front()) && !list.is_empty();
            self.clear_waiting_if(!list.has_queued());
            more
        });
    }
}

impl<R: Rule<Word = AtomicQueueState>, Lock: ScopedRawMutex> Queue<R, Lock> {
    /// Runs `select` under the lock, which selects some of the waiters, and wakes those, oldest first.
    /// Returns their number.
    ///
    /// If `select` panics, the waiters that it has selected have what it gave them, and are woken.
    pub(crate) fn wake_selected(&self, select: impl FnOnce(&mut ListOf<R>) -> Step<usize>) -> usize {
        in_one_step(self, |list| {
            let left = ClearsWaiting { queue: self, list };
            select(&mut *left.list)
        })
    }
}

impl<P: Policy, Lock: ScopedRawMutex> Queue<P, Lock> {
    /// Changes the state, asks the policy about every waiter, and wakes those it selects.
    ///
    /// Changing and selecting is one step under the lock; the wakers are called after it, oldest first, in
    /// batches. Returns the number of waiters that were selected, which is zero if the queue is closed.
    ///
    /// # Memory ordering
    ///
    /// Everything done before this call is visible to the tasks that it wakes.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock, for as many steps as it asks about waiters, and then once per batch of wakers,
    /// which are called without it.
    ///
    /// # Panics
    ///
    /// If `change`, the policy or a waker does; the waiters that were selected before are woken.
    ///
    /// # Examples
    ///
    /// ```
    /// use sync_core::{Policy, ScopedRawMutex, Select};
    ///
    /// /// Tasks that wait until a level is high enough.
    /// #[sync_core::primitive(method = reached, future = Reached)]
    /// pub struct Level;
    ///
    /// impl Policy for Level {
    ///     type State = u32;
    ///     type Waiter = u32;
    ///     type Value = ();
    ///     type Event<'e> = ();
    ///     fn try_ready(level: &mut u32, wanted: &u32) -> Option<()> {
    ///         (*level >= *wanted).then_some(())
    ///     }
    ///     fn select(level: &mut u32, wanted: &mut u32, (): &mut ()) -> Select<()> {
    ///         Self::try_ready(level, wanted).map_or(Select::Skip, Select::Wake)
    ///     }
    /// }
    ///
    /// impl<Lock: ScopedRawMutex> Level<Lock> {
    ///     pub fn rise(&self, by: u32) {
    ///         self.notify((), |level| *level += by);
    ///     }
    /// }
    ///
    /// static LEVEL: Level = Level::new(0);
    ///
    /// # pollster::block_on(async {
    /// LEVEL.rise(3); // by an interrupt handler, say
    /// LEVEL.reached(2).await?;
    /// # Ok::<(), sync_core::Closed>(()) }).unwrap();
    /// ```
    pub fn notify(&self, mut event: P::Event<'_>, change: impl FnOnce(&mut P::State)) -> usize {
        trace!("notify");
        self.wake_selected(|list| {
            change(list.state());
            // The waiters that are left in a closed queue belong to `close`, which has yet to reach them.
            if self.is_closed() {
                return Step::of(0);
            }
            list.select_each(|state, waiter| P::select(state, waiter, &mut event))
        })
    }
}

impl<R: Rule, Lock> Queue<R, Lock> {
    /// Clears `waiting` in the word if it is set and `none_queued` is true; the caller holds the lock.
    #[inline(always)]
    pub(crate) fn clear_waiting_if(&self, none_queued: bool) {
        // The lock is held, so `waiting` cannot come or go meanwhile.
        if none_queued && self.word().is_waiting() {
            self.word().leave();
        }
    }
}

/// A locked list. When this is dropped, also because a policy's function has panicked, it makes the word say
/// whether any node of the list is queued.
pub(crate) struct ClearsWaiting<'l, 'q, R: Rule, Lock> {
    pub(crate) queue: &'q Queue<R, Lock>,
    pub(crate) list: &'l mut ListOf<R>,
}

impl<R: Rule, Lock> Drop for ClearsWaiting<'_, '_, R, Lock> {
    #[inline(always)]
    fn drop(&mut self) {
        self.queue.clear_waiting_if(!self.list.has_queued());
    }
}

impl<R: Rule<Word = AtomicQueueState>, Lock: ScopedRawMutex> fmt::Debug for Queue<R, Lock> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.debug("Queue", f)
    }
}
