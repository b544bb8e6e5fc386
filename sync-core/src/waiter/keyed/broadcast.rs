//! Waking several waiters with clones of one value.

use mutex_traits::ScopedRawMutex;

use crate::{
    engine::{Queue, Rule, WakeLoop, list::WakeBatch},
    state::queue::AtomicQueueState,
};

/// The number of values that are cloned, without the lock, for one round of wake-ups.
const CLONES: usize = if WakeBatch::CAPACITY < 8 { WakeBatch::CAPACITY } else { 8 };

/// A rule with waiters that can be claimed: they say what they wait for, and are given values.
pub(super) trait Claimed: Rule<Word = AtomicQueueState> {
    /// Whether `waiter` came before `other`, of two that a claim has moved past each other and that one later
    /// call may wake.
    fn is_before(waiter: &Self::Waiter, other: &Self::Waiter) -> bool;
}

/// Gives a clone of `value` to each of the at most `n` oldest tasks that wait now and for which `is` holds.
///
/// Returns the number of woken tasks. A reserve that one of them held and has no use for goes to `spare`.
pub(super) fn wake<R, Lock>(
    queue: &Queue<R, Lock>,
    n: usize,
    is: impl Fn(&R::Waiter) -> bool,
    value: R::Value,
    spare: impl Fn(R::Value),
) -> usize
where
    R: Claimed<Value: Clone>,
    Lock: ScopedRawMutex,
{
    trace!(n, "wake by key");
    if n == 0 {
        return 0;
    }
    // The waiters of now are collected at the front, where the rounds find them, and are marked as ours by
    // the epoch that begins here.
    let (left, now) = queue.with_list(|list| {
        let now = queue.word().bump();
        // The waiters that are left in a closed map belong to `close`, which has yet to reach them.
        let left = if queue.is_closed() { 0 } else { list.claim(now, n, &is) };
        (left, now)
    });
    let mut many =
        Broadcast { queue, is, spare, now, left, original: Some(value), woken: 0, interrupted: false };
    many.go_on();
    many.woken
}

/// Waking several with clones of one value: clone without the lock, give under it, and repeat.
///
/// A waker that panics does not end it, as in [`WakeLoop`]; a clone or a comparison that panics does, since
/// there is then nothing to give to the rest, which keep waiting.
struct Broadcast<'q, R, Lock, F, S>
where
    R: Claimed<Value: Clone>,
    Lock: ScopedRawMutex,
    F: Fn(&R::Waiter) -> bool,
    S: Fn(R::Value),
{
    queue: &'q Queue<R, Lock>,
    /// The waiters that it is for.
    is: F,
    /// Takes a reserve that was not needed.
    spare: S,
    /// A waiter that is claimed for this epoch is ours; one that joined in it, or later, is a newcomer.
    now: usize,
    /// The number still to be woken, if they keep waiting.
    left: usize,
    /// The value, until the last waiter gets it.
    original: Option<R::Value>,
    woken: usize,
    /// Whether user code runs that may panic, or has.
    interrupted: bool,
}

impl<R, Lock, F, S> Broadcast<'_, R, Lock, F, S>
where
    R: Claimed<Value: Clone>,
    Lock: ScopedRawMutex,
    F: Fn(&R::Waiter) -> bool,
    S: Fn(R::Value),
{
    fn go_on(&mut self) {
        while self.left > 0 {
            // Zero while user code runs that may panic: then the rest is not tried again.
            let left = core::mem::take(&mut self.left);
            self.interrupted = true;
            let count = left.min(CLONES);
            // Outside the closure that runs under the lock; a value that was not given, or was a reserve, is
            // dropped or passed on without the lock.
            let mut values = Values { all: [const { None }; CLONES], given: 0, spare: &self.spare };
            for value in &mut values.all[..count - 1] {
                value.clone_from(&self.original);
            }
            values.all[count - 1] = if count == left { self.original.take() } else { self.original.clone() };

            self.left = left - count;
            self.interrupted = false;
            let queue = self.queue;
            WakeLoop::run(queue, |list, batch| {
                while let Some(value) = values.all[..count].get_mut(values.given) {
                    let now = self.now;
                    let mut found = list.find(|word, _| word.get().is_claimed_for(now));
                    if found.is_none() && !queue.is_closed() {
                        // One was cancelled: the oldest waiter that came before this call takes its place.
                        let left = core::mem::take(&mut self.left);
                        self.interrupted = true;
                        found = list.find(|word, other| {
                            let state = word.get();
                            state.is_unclaimed() && state.is_before(now) && (self.is)(other)
                        });
                        self.interrupted = false;
                        self.left = left;
                    }
                    let Some(found) = found else {
                        self.left = 0;
                        break;
                    };
                    batch.add(found.wake_and_take_reserve(value));
                    values.given += 1;
                    self.woken += 1;
                }
                queue.clear_waiting_if(list.is_empty());
                // There was room for all of them.
                const { assert!(CLONES <= WakeBatch::CAPACITY, "a batch has room for all clones") };
                false
            });
        }
    }
}

/// The values of one round.
struct Values<'s, V, S: Fn(V)> {
    all: [Option<V>; CLONES],
    /// The number of them that were given: in their place is what their waiters held in reserve.
    given: usize,
    spare: &'s S,
}

impl<V, S: Fn(V)> Drop for Values<'_, V, S> {
    fn drop(&mut self) {
        self.all[..self.given].iter_mut().filter_map(Option::take).for_each(self.spare);
    }
}

impl<R, Lock, F, S> Drop for Broadcast<'_, R, Lock, F, S>
where
    R: Claimed<Value: Clone>,
    Lock: ScopedRawMutex,
    F: Fn(&R::Waiter) -> bool,
    S: Fn(R::Value),
{
    fn drop(&mut self) {
        self.go_on();
        if self.interrupted {
            let (queue, now) = (self.queue, self.now);
            WakeLoop::run(queue, |list, batch| {
                let more = list.unclaim(now, batch, R::is_before);
                queue.clear_waiting_if(list.is_empty());
                more
            });
            // A close has passed them over meanwhile.
            if queue.is_closed() {
                queue.close();
            }
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use alloc::{boxed::Box, sync::Arc, task::Wake, vec::Vec};
    use core::{
        future::Future,
        pin::Pin,
        task::{Context, Waker},
    };

    use super::*;
    use crate::{
        blocking, engine::Wait, shim::atomic::Ordering::Relaxed, state::node::NodeState, waiter::Fifo,
    };

    type Mail = Queue<Fifo<u8, usize>, blocking::DefaultMutex>;
    type Mails = Wait<Fifo<u8, usize>, blocking::DefaultMutex, &'static Mail>;

    /// A waker that has another wait leave.
    struct Leaves(blocking::Mutex<Option<Pin<Box<Mails>>>>);

    impl Wake for Leaves {
        fn wake(self: Arc<Self>) {
            let wait = self.0.with_lock(Option::take);
            drop(wait);
        }
    }

    /// Each `wake_n` begins an epoch, which marks the waiters that it has chosen. A waiter that was there
    /// before takes the place of one that leaves meanwhile, also where the count of epochs wraps; one that
    /// came since does not. Seen to fail with: `is_before` that compares the epochs as numbers.
    #[test]
    fn claims_across_the_edges() {
        // Interpreted, one of them takes seconds.
        const EDGES: usize = if cfg!(miri) { 1 } else { 4 };
        static QUEUES: [Mail; EDGES] = [const { Queue::new((), blocking::DefaultMutex::new()) }; EDGES];
        let last = NodeState::EPOCH.max_value();
        let cx = &mut Context::from_waker(Waker::noop());
        for (queue, start) in QUEUES.iter().zip([last - 2, 0xffff, last >> 28, last / 2]) {
            queue.word().update(Relaxed, Relaxed, |word| word.with_wake_alls(start));
            for round in 0..4 {
                let mut waits: Vec<_> = (0..40).map(|_| Box::pin(queue.wait(1))).collect();
                let leaves = Arc::new(Leaves(blocking::Mutex::new(None)));
                let waker = Waker::from(Arc::clone(&leaves));
                assert!(waits[0].as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
                assert!(waits[1..].iter_mut().all(|wait| wait.as_mut().poll(cx).is_pending()));
                // Among the first 20, and not in the first round.
                leaves.0.with_lock(|wait| *wait = Some(waits.remove(15)));
                assert_eq!(queue.wake_n(&1, 20, round), 20, "from {start}, round {round}");
                let ready: Vec<_> = waits.iter_mut().map(|wait| wait.as_mut().poll(cx).is_ready()).collect();
                assert!(ready.iter().enumerate().all(|(at, ready)| *ready == (at < 20)));
                assert_eq!(queue.wake_all(&1, round), 19);
            }
        }
    }
}
