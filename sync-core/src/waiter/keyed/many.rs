//! Waking many with clones of one value.

use mutex_traits::ScopedRawMutex;

use crate::{
    raw::{Queue, Rule, WakeBatch},
    state::{node::NodeState, queue::AtomicQueueState},
    waiter::Rounds,
};

/// How many values are cloned, without the lock, for one round of wake-ups.
const CLONES: usize = if cfg!(any(loom, shuttle)) { 2 } else { 8 };

/// A rule whose waiters say what they wait for, and are given values.
pub(super) trait Keyed: Rule<Word = AtomicQueueState, State = ()> {}

impl<R: Rule<Word = AtomicQueueState, State = ()>> Keyed for R {}

/// Gives a clone of `value` to each of the at most `n` oldest tasks that wait now of whom `is` holds.
///
/// Returns how many were woken.
pub(super) fn wake<R, Lock>(
    queue: &Queue<R, Lock>,
    n: usize,
    is: impl Fn(&R::Waiter) -> bool,
    value: R::Value,
) -> usize
where
    R: Keyed<Value: Clone>,
    Lock: ScopedRawMutex,
{
    trace!(n, "wake by key");
    if n == 0 {
        return 0;
    }
    // Those who wait now come together at the front, where the rounds find them, and are marked as ours
    // by the epoch that begins here.
    let (left, now) = queue.with_list(|list| {
        let now = queue.word().bump();
        // Those who are left in a closed map are waiting for `close` to come to them.
        let left = if queue.is_closed() { 0 } else { list.claim(now, n, &is) };
        (left, now)
    });
    let mut many = Many { queue, is, now, left, original: Some(value), woken: 0, interrupted: false };
    many.go_on();
    many.woken
}

/// Waking many with clones of one value: cloned without the lock, given under it, and again.
///
/// A waker that panics does not end it, as in [`Rounds`]; a clone or a comparison that panics does, since
/// there is then nothing to give to the rest, who wait on.
struct Many<'q, R, Lock, F>
where
    R: Keyed<Value: Clone>,
    Lock: ScopedRawMutex,
    F: Fn(&R::Waiter) -> bool,
{
    queue: &'q Queue<R, Lock>,
    /// Whom it is for.
    is: F,
    /// Who is claimed for this epoch is ours; who came in it, or later, is a newcomer.
    now: usize,
    /// How many are still to be woken, if they wait on.
    left: usize,
    /// The value, until the last one gets it.
    original: Option<R::Value>,
    woken: usize,
    /// Whether user code runs that may panic, or has.
    interrupted: bool,
}

impl<R, Lock, F> Many<'_, R, Lock, F>
where
    R: Keyed<Value: Clone>,
    Lock: ScopedRawMutex,
    F: Fn(&R::Waiter) -> bool,
{
    fn go_on(&mut self) {
        while self.left > 0 {
            // Zero while user code runs that may panic: then the rest is not tried again.
            let left = core::mem::take(&mut self.left);
            self.interrupted = true;
            let count = left.min(CLONES);
            let mut values = [const { None }; CLONES];
            for value in &mut values[..count - 1] {
                value.clone_from(&self.original);
            }
            values[count - 1] = if count == left { self.original.take() } else { self.original.clone() };

            self.left = left - count;
            self.interrupted = false;
            let mut values = values.into_iter().take(count).flatten().peekable();
            let queue = self.queue;
            Rounds::run(queue, |list, batch| {
                while values.peek().is_some() {
                    let now = self.now;
                    let mut found = list.find(|word, _| word.get() == NodeState::claimed(now));
                    if found.is_none() && !queue.is_closed() {
                        // Somebody has cancelled: who came before we did takes the place.
                        let left = core::mem::take(&mut self.left);
                        self.interrupted = true;
                        found = list.find(|word, other| {
                            let state = word.get();
                            !state.is_claimed() && state.is_before(now) && (self.is)(other)
                        });
                        self.interrupted = false;
                        self.left = left;
                    }
                    let Some(found) = found else {
                        self.left = 0;
                        break;
                    };
                    if let Some(value) = values.next() {
                        batch.add(found.wake(value));
                        self.woken += 1;
                    }
                }
                queue.left(list.is_empty());
                // There was room for all of them.
                const { assert!(CLONES <= WakeBatch::CAPACITY, "a batch has room for all clones") };
                false
            });
        }
    }
}

impl<R, Lock, F> Drop for Many<'_, R, Lock, F>
where
    R: Keyed<Value: Clone>,
    Lock: ScopedRawMutex,
    F: Fn(&R::Waiter) -> bool,
{
    fn drop(&mut self) {
        self.go_on();
        if self.interrupted {
            self.queue.with_list(|list| list.unclaim(self.now));
            // A close has passed them over meanwhile.
            if self.queue.is_closed() {
                self.queue.close();
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
    use crate::{blocking, raw::Wait, shim::atomic::Ordering::Relaxed, waiter::Fifo};

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

    /// Each `wake_n` begins an epoch. Whom it has chosen is marked by that, and who was there before it takes the place of
    /// one who leaves meanwhile, also where the count of epochs goes round; who came since does not.
    /// Seen to fail with: `is_before` that compares the epochs as numbers.
    #[test]
    fn claims_across_the_edges() {
        let last = NodeState::EPOCH.max_value();
        let cx = &mut Context::from_waker(Waker::noop());
        for start in [0xffff, last >> 28, last / 2, last - 2] {
            let queue: &'static Mail = Box::leak(Box::new(Queue::new((), blocking::DefaultMutex::new())));
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
