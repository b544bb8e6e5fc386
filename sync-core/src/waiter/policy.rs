//! The rule that users write.

use mutex_traits::ScopedRawMutex;

use super::{
    queue::ClearsWaiting,
    wait::{Departure, withdraw},
};
use crate::{
    engine::{
        Admission, Failure, LentWait, Rule, Yields,
        list::{Select, Step, WaitList},
    },
    error::Closed,
    state::queue::{AtomicQueueState, Enter},
};

/// The rule of a primitive of your own; `#[primitive]` makes the type around it.
///
/// Every function runs under the lock of the wait list, one at a time, so it needs no synchronization of its
/// own. For the same reason it must not use its own primitive, should not block, and should leave the state
/// consistent before it calls anything that may panic.
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
///     // An acquire that was woken and then dropped: put its tokens back, and check which waiters fit now.
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
    message = "`{Self}` has no policy: nothing says which tasks may go on and which have to wait",
    label = "write `impl Policy for {Self}`",
    note = "`#[primitive]` makes the type; its `sync_core::Policy` says what it does"
)]
pub trait Policy: Sized {
    /// The state of the primitive, guarded by the lock.
    type State;
    /// What one waiting task asks for. It lives in the task's own future.
    type Waiter;
    /// What a waiter is given.
    type Value;
    /// What happened, which [`select`](Self::select) is given.
    type Event<'e>;

    /// Whether a newcomer queues behind the tasks that wait already, even if there is something for it.
    ///
    /// `true` is first come, first served. With `false` a newcomer may overtake.
    const FAIR: bool = true;

    /// Takes what this waiter asks for out of the state and returns it, if it is available now.
    ///
    /// Asked about a newcomer before it queues, and about the first in line after the one before it was
    /// cancelled.
    fn try_ready(state: &mut Self::State, waiter: &Self::Waiter) -> Option<Self::Value>;

    /// Decides about one waiter after an event.
    ///
    /// Asked about the waiters, oldest first, all under one hold of the lock: each sees the state as the one
    /// before it left it. What a waiter is given belongs to it until its future is dropped, even if its task
    /// does not poll it any more ("futurelock").
    fn select(
        state: &mut Self::State,
        waiter: &mut Self::Waiter,
        event: &mut Self::Event<'_>,
    ) -> Select<Self::Value>;

    /// A wait was dropped, after it was given a value that it never yielded (`given` is `Some`), or while it
    /// was still waiting (`None`).
    ///
    /// Return an event to have the others asked about it, for instance after putting back what was given.
    /// What is left in `given` is dropped once the lock is free. By default nothing is put back, which is
    /// right where the value has no further use.
    fn on_cancel<'e>(
        state: &mut Self::State,
        waiter: &'e mut Self::Waiter,
        given: &mut Option<Self::Value>,
    ) -> Option<Self::Event<'e>> {
        let _ = (state, waiter, given);
        None
    }
}

/// Every policy is the rule of a queue.
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
    ) -> Admission<P::Value, P::Waiter> {
        if word.is_closed() {
            return Admission::Fail(Failure::Closed);
        }
        if !(P::FAIR && list.has_queued()) {
            if let Some(value) = P::try_ready(list.state(), waiter) {
                return Admission::Ready(value);
            }
        }
        match word.enter(None) {
            Enter::Queue(epoch) => Admission::PushBack(epoch),
            Enter::Closed => Admission::Fail(Failure::Closed),
            Enter::Woken | Enter::Missed => unreachable!("a policy's queue stores no wake-ups"),
        }
    }

    fn abandon<Lock: ScopedRawMutex>(wait: LentWait<'_, P, Lock>) {
        // Outside what runs under the lock: its drop is foreign code.
        let mut event = None;
        withdraw(wait, |Departure { queue, list, waiter, given, was_first }| {
            let left = ClearsWaiting { queue, list };
            let list = &mut *left.list;
            let was_given = given.is_some();
            event = P::on_cancel(list.state(), waiter, given);
            if queue.is_closed() {
                // The waiters that are left belong to `close`, which has yet to reach them.
            } else if let Some(event) = &mut event {
                return list.select_each(|state, waiter| P::select(state, waiter, event));
            } else if was_first && !was_given {
                // It may have been too large for what is available, where the next one is not.
                return list.select_each(|state, waiter| match P::try_ready(state, waiter) {
                    Some(value) => Select::Wake(value),
                    None => Select::Stop,
                });
            }
            Step::of(0)
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
