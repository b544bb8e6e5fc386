//! The rule that users write.

use core::pin::Pin;

use mutex_traits::ScopedRawMutex;

use super::{
    Entry, Failure, Handle, Rule, Subscribe, Wait, Yields,
    wait::{Gone, withdraw},
};
use crate::{
    Closed,
    raw::{Step, WaitList},
    state::queue::{AtomicQueueState, Enter},
};

/// What to do with one waiter when something happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Select<V> {
    /// Wake it with this value, and ask about the next one.
    Wake(V),
    /// Wake it with this value; those behind it wait on.
    WakeAndStop(V),
    /// It waits on; ask about the next one.
    Skip,
    /// It waits on, and so does everybody behind it.
    Stop,
}

/// The rule of a primitive of your own; `#[primitive]` makes the type around it.
///
/// Every function runs under the lock of the wait list, one at a time, so it needs no synchronization
/// of its own. For the same reason it must not touch its own primitive, should not block, and should
/// leave the state as it wants it kept before it calls anything that may panic.
///
/// ```
/// use sync_core::{Policy, ScopedRawMutex, Select};
///
/// /// A counting semaphore in which each task asks for its own number of tokens.
/// #[sync_core::primitive(method = acquire, future = Acquire)]
/// pub struct Tokens;
///
/// impl Policy for Tokens {
///     type State = usize;
///     type Waiter = usize;
///     type Value = ();
///     type Event<'e> = ();
///     fn try_ready(available: &mut usize, need: &usize) -> Option<()> {
///         (*available >= *need).then(|| *available -= *need)
///     }
///     fn select(available: &mut usize, need: &mut usize, _: &mut ()) -> Select<()> {
///         match Self::try_ready(available, need) {
///             Some(()) => Select::Wake(()),
///             None => Select::Stop,
///         }
///     }
///     // An acquire that was woken and then dropped: put its tokens back, and look who fits now.
///     fn on_cancel(available: &mut usize, need: &mut usize, given: &mut Option<()>) -> Option<()> {
///         given.take().map(|()| *available += *need)
///     }
/// }
///
/// impl<Lock: ScopedRawMutex> Tokens<Lock> {
///     pub fn add(&self, n: usize) {
///         self.notify((), |available| *available += n);
///     }
/// }
/// # pollster::block_on(async {
/// let tokens = Tokens::new(1);
/// tokens.acquire(1).await?;
/// tokens.add(3);
/// tokens.acquire(2).await?;
/// # Ok::<(), sync_core::Closed>(()) }).unwrap();
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no policy: nothing says who may go on and who has to wait",
    label = "write `impl Policy for {Self}`",
    note = "`#[primitive]` makes the type; its `sync_core::Policy` says what it does"
)]
pub trait Policy: Sized {
    /// What the primitive is, guarded by the lock.
    type State;
    /// What one waiting task asks for. It lives in the task's own future.
    type Waiter;
    /// What a waiter is given.
    type Value;
    /// What happened, for [`select`](Self::select) to look at.
    type Event<'e>;

    /// Whether a newcomer queues behind those who wait already, even if there is something for it.
    ///
    /// `true` is first come, first served. With `false` a newcomer may overtake.
    const FAIR: bool = true;

    /// Is there something for this waiter right now? Then take it out of the state and return it.
    ///
    /// Asked of a newcomer before it queues, and of the first in line after the one before it has
    /// cancelled.
    fn try_ready(state: &mut Self::State, waiter: &Self::Waiter) -> Option<Self::Value>;

    /// Something happened: what becomes of this waiter?
    ///
    /// Asked of those who wait, oldest first, all under one hold of the lock: they see one state, and
    /// what one takes out of it the next one does not find. What a waiter is given is its own until its
    /// future is dropped, also if its task does not poll it any more ("futurelock").
    fn select(
        state: &mut Self::State,
        waiter: &mut Self::Waiter,
        event: &mut Self::Event<'_>,
    ) -> Select<Self::Value>;

    /// A wait was dropped, after it was given a value that nobody will see (`given` is `Some`), or while
    /// it was still waiting (`None`).
    ///
    /// Return an event to have the others asked about it, for instance after putting back what was
    /// given. What is left in `given` is dropped once the lock is free. By default nothing is put back,
    /// which is right where the value has no further use.
    fn on_cancel<'e>(
        state: &mut Self::State,
        waiter: &'e mut Self::Waiter,
        given: &mut Option<Self::Value>,
    ) -> Option<Self::Event<'e>> {
        let _ = (state, waiter, given);
        None
    }
}

/// Every policy runs a queue.
impl<P: Policy> Rule for P {
    type Word = AtomicQueueState;
    type State = P::State;
    type Waiter = P::Waiter;
    type Value = P::Value;

    fn enter(
        word: &AtomicQueueState,
        list: &mut WaitList<P::State, P::Waiter, P::Value>,
        waiter: &mut P::Waiter,
        _: usize,
    ) -> Entry<P::Value, P::Waiter> {
        if word.is_closed() {
            return Entry::Fail(Failure::Closed);
        }
        if !(P::FAIR && list.has_queued()) {
            if let Some(value) = P::try_ready(list.state(), waiter) {
                return Entry::Pass(value);
            }
        }
        match word.enter(None) {
            Enter::Queue(epoch) => Entry::Queue(epoch),
            Enter::Closed => Entry::Fail(Failure::Closed),
            Enter::Woken | Enter::Missed => unreachable!("a policy's queue stores no wake-ups"),
        }
    }

    fn abandon<Lock: ScopedRawMutex, H: Handle<P, Lock>>(wait: Pin<&mut Wait<P, Lock, H>>) {
        // Outside what runs under the lock: its drop is foreign code.
        let mut event = None;
        withdraw(wait, |Gone { queue, list, waiter, given, was_first }| {
            let was_given = given.is_some();
            event = P::on_cancel(list.state(), waiter, given);
            if queue.is_closed() {
                // Those that are left are waiting for `close` to come to them.
            } else if let Some(event) = &mut event {
                return list.select_each(|state, waiter| P::select(state, waiter, event));
            } else if was_first && !was_given {
                // It may have been too large for what is there, and the next one is not.
                return list.select_each(|state, waiter| match P::try_ready(state, waiter) {
                    Some(value) => Select::Wake(value),
                    None => Select::Stop,
                });
            }
            Step { result: 0, waker: None }
        });
    }
}

impl<P: Policy> Yields for P {
    type Item = P::Value;
    type Error = Closed;

    fn item(value: P::Value) -> P::Value {
        value
    }

    fn error(_: Failure) -> Closed {
        Closed::new()
    }

    fn spent() -> Result<P::Value, Closed> {
        panic!("a wait was polled again after it had completed: it yields once")
    }
}

impl<P: Policy, Lock: ScopedRawMutex, H: Handle<P, Lock>> Wait<P, Lock, H> {
    /// Queues this wait before it is polled for its value: what happens after the returned future has
    /// completed is not missed.
    ///
    /// # Errors
    ///
    /// The returned future yields [`Closed`] if the primitive is closed.
    pub fn subscribe(self: Pin<&mut Self>) -> Subscribe<'_, P, Lock, H> {
        Subscribe::new(self)
    }
}
