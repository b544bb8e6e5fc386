//! Waking all while those that were woken wait again.

use alloc::{sync::Arc, vec::Vec};

use sync_core::{Semaphore, WaitQueue};
use tests::{
    Count, Hooks, Shared, Waiter, leak,
    subjects::{Gate, Mailboxes, Subject},
    within,
};

use super::MANY;

// 3 and 4: `wake_all` while those it woke wait again.

/// How many of [`MANY`] wait again: more than a batch, and none of the last one.
const AGAIN: usize = 40;

/// Has [`MANY`] wait, the first [`AGAIN`] with wakers that wait again at once, and wakes all of them; returns
/// the number of wake-ups, and those that wait now.
fn wake_all_who_wait_again<S: Subject>(subject: &'static S) -> (usize, Vec<Arc<Waiter>>) {
    let woken: &'static Count = leak(Count::new());
    let again: &'static Shared<Vec<Arc<Waiter>>> = leak(Shared::new(Vec::new()));
    let waiters: Vec<_> = (0..MANY).map(|_| subject.waiter()).collect();
    for (n, waiter) in waiters.iter().enumerate() {
        let hooks = Hooks::new().on_wake(move || {
            assert!(woken.up() < 10 * MANY, "those are woken that came since, and again, and again");
            if n < AGAIN {
                let waiter = subject.waiter();
                waiter.poll();
                again.lock().push(waiter);
            }
        });
        waiter.poll_with(&hooks.waker());
    }
    subject.wake_all();
    for waiter in &waiters {
        waiter.poll();
        assert!(waiter.was_woken());
    }
    (woken.get(), again.lock().clone())
}

/// Fails if `wake_all` notes that no task waits before the list is empty.
/// Seen to fail with: `queue.left(true)` in the rounds of `WaitQueue::wake_all`.
#[test]
fn p03_the_word_says_whether_a_task_waits_after_a_wake_all_in_batches() {
    fn check<S: Subject>() {
        let subject = S::make();
        let (_, again) = wake_all_who_wait_again(subject);
        // Each of them is found by one wake-up, oldest first, and the next one finds no waiter.
        for waiter in &again {
            assert_eq!(waiter.task.woken(), 0);
            subject.wake();
            assert_eq!(waiter.task.woken(), 1);
        }
        assert_eq!(again.len(), AGAIN);
        subject.wake();
        let late = subject.waiter();
        late.poll();
        assert_eq!(late.was_woken(), S::STORES);
    }
    within(20, check::<WaitQueue>);
    within(20, check::<Mailboxes>);
    within(20, check::<Gate>);
    within(20, check::<Semaphore>);
}

/// Fails if `wake_all` goes on until no task waits.
/// Seen to fail with: `NodeState::is_before` saying that every task is.
#[test]
fn p04_wake_all_wakes_the_waiters_there_were_when_it_was_called() {
    fn check<S: Subject>() {
        let (woken, again) = wake_all_who_wait_again(S::make());
        assert_eq!(woken, MANY);
        assert!(again.iter().all(|waiter| waiter.task.woken() == 0));
    }
    within(20, check::<WaitQueue>);
    within(20, check::<Mailboxes>);
    within(20, check::<Gate>);
    within(20, check::<Semaphore>);
}
