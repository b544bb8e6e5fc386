//! What only the word shows; the black-box tests are in the `tests` crate.

use alloc::{boxed::Box, sync::Arc, task::Wake, vec::Vec};
use core::{
    future::Future,
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
};

use super::{PollWaitError, Wait, WaitCell, call};
use crate::{
    error::WaitResult,
    shim::atomic::{
        AtomicUsize,
        Ordering::{Relaxed, SeqCst},
    },
    state::cell::{ALONE, Commit, Note, Own, Settle, WaitId},
    waker_slot::{Notified, Outcome, Registered},
};

/// How often a task was woken. `SeqCst`, so that a test of threads fails for the cell's orderings and never
/// for its own.
#[derive(Default)]
struct Count(AtomicUsize);

impl Wake for Count {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}

fn counted() -> (Arc<Count>, Waker) {
    let count = Arc::new(Count::default());
    (Arc::clone(&count), Waker::from(count))
}

/// Every state that one thread can bring about, and what each query says of it.
#[test]
fn the_queries_in_each_state() {
    let cell = WaitCell::new();
    let word = || cell.slot.word().load(Relaxed);
    assert!(word().is_vacant() && !cell.is_closed());

    let mut wait = pin!(cell.wait());
    assert!(wait.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    assert!(word().registered() && !word().is_vacant() && !cell.is_closed());

    assert!(cell.wake());
    assert!(word().woken() && !word().registered() && !word().registering() && !word().is_vacant());

    assert!(!cell.close());
    assert!(word().woken() && word().closed() && cell.is_closed());

    assert_eq!(wait.as_mut().poll(&mut Context::from_waker(Waker::noop())), Poll::Ready(Ok(())));
    assert!(!word().woken() && cell.is_closed());
    assert!(!cell.wake(), "a closed cell is left as it is");
    assert!(!word().woken());
}

/// Fails if a wait that finds its own waker wakes it: an executor whose wakers never compare equal would
/// poll on and on. (Found by a model: loom's wakers are such.)
#[test]
fn a_wait_replaces_its_own_waker_without_waking_it() {
    let cell = WaitCell::new();
    let (first, first_waker) = counted();
    let (second, second_waker) = counted();
    let mut wait = pin!(cell.wait());
    assert!(wait.as_mut().poll(&mut Context::from_waker(&first_waker)).is_pending());
    assert!(wait.as_mut().poll(&mut Context::from_waker(&second_waker)).is_pending());
    assert_eq!(first.0.load(SeqCst), 0);
    assert_eq!(Arc::strong_count(&first), 2, "the replaced clone is gone");
    assert!(cell.wake());
    assert_eq!((first.0.load(SeqCst), second.0.load(SeqCst)), (0, 1));
}

/// Fails if the evicted waker is dropped: its task would sleep on without being registered.
#[test]
fn another_wait_wakes_the_one_it_evicts() {
    let cell = WaitCell::new();
    let (first, first_waker) = counted();
    let (second, second_waker) = counted();
    let mut a = pin!(cell.wait());
    let mut b = pin!(cell.wait());
    assert!(a.as_mut().poll(&mut Context::from_waker(&first_waker)).is_pending());
    assert!(b.as_mut().poll(&mut Context::from_waker(&second_waker)).is_pending());
    assert_eq!((first.0.load(SeqCst), second.0.load(SeqCst)), (1, 0));
}

/// Fails if `deregister` does not compare tickets: the second wait would be deaf.
#[test]
fn a_dropped_wait_takes_back_its_own_waker_only() {
    let cell = WaitCell::new();
    let (first, first_waker) = counted();
    let (second, second_waker) = counted();
    let mut b = pin!(cell.wait());
    {
        let mut a = pin!(cell.wait());
        assert!(a.as_mut().poll(&mut Context::from_waker(&first_waker)).is_pending());
        assert!(b.as_mut().poll(&mut Context::from_waker(&second_waker)).is_pending());
    }
    assert_eq!(Arc::strong_count(&first), 2);
    assert!(cell.wake());
    assert_eq!(second.0.load(SeqCst), 1);
    assert!(b.as_mut().poll(&mut Context::from_waker(&second_waker)).is_ready());
    drop(first_waker);
    assert_eq!(Arc::strong_count(&first), 1, "nothing holds the dropped wait's waker");
}

/// A stored wake-up is for one `poll_wait`. Fails if it is not taken: a loop around `poll_wait` would not
/// wait. Seen to fail with: `poll_wait` returning where a wake-up is stored, and leaving it there.
#[test]
fn a_stored_wake_up_is_for_one_poll() {
    let cell = WaitCell::new();
    let cx = &mut Context::from_waker(Waker::noop());
    assert!(!cell.wake(), "it is stored");
    assert_eq!(cell.poll_wait(cx), Poll::Ready(Ok(())));
    assert_eq!(cell.poll_wait(cx), Poll::Pending);
    assert!(cell.wake());
    assert_eq!(cell.poll_wait(cx), Poll::Ready(Ok(())));
    assert_eq!(cell.poll_wait(cx), Poll::Pending);
}

fn poll(wait: Pin<&mut Wait<'_>>, waker: &Waker) -> Poll<WaitResult<()>> {
    wait.poll(&mut Context::from_waker(waker))
}

/// A task that has its turn between two steps of another party, for as long as it is woken: what a preemptive
/// executor of a higher priority gives it. Fails if it is polled on and on.
///
/// Returns what its wait has yielded.
fn has_its_turn(mut wait: Pin<&mut Wait<'_>>, task: &Count, waker: &Waker) -> Option<WaitResult<()>> {
    for _ in 0..2 {
        let woken = task.0.load(SeqCst);
        if let Poll::Ready(result) = poll(wait.as_mut(), waker) {
            return Some(result);
        }
        if task.0.load(SeqCst) == woken {
            return None;
        }
    }
    panic!("polled on and on");
}

/// Fails if a registrant that finds another one at the slot is not registered, or if the other one puts its
/// waker in afterwards, or sleeps on. Seen to fail with: `begin` answering `Busy` where there is a
/// registrant; `commit` not looking whether it was overtaken.
#[test]
fn a_stopped_registrant_is_overtaken() {
    if ALONE {
        return;
    }
    let cell = WaitCell::new();
    let (low, low_waker) = counted();
    let (high, high_waker) = counted();
    let mut wait = pin!(cell.wait());

    let Ok(mut slot) = cell.slot.begin(WaitId::NONE) else { panic!("nothing is there") };
    slot.put(low_waker.clone());
    assert_eq!(has_its_turn(wait.as_mut(), &high, &high_waker), None);
    assert!(cell.wake());
    assert_eq!(high.0.load(SeqCst), 1, "what has overtaken is registered");
    assert_eq!(has_its_turn(wait.as_mut(), &high, &high_waker), Some(Ok(())));
    // The one that is stopped has one of the slots all the time, and another wait the other.
    let mut wait = pin!(cell.wait());
    assert_eq!(has_its_turn(wait.as_mut(), &high, &high_waker), None);

    assert_eq!(cell.slot.word().commit(slot.begun, WaitId::NONE, true), Commit::Overtaken);
    slot.give_up().expect("its waker is there").wake();
    assert!(!cell.slot.word().load(Relaxed).overtaken());
    assert!(cell.wake());
    assert_eq!((low.0.load(SeqCst), high.0.load(SeqCst)), (1, 2));
    assert_eq!(Arc::strong_count(&low), 2, "no clone is left");
    assert!(poll(wait.as_mut(), &high_waker).is_ready());
    assert!(cell.slot.word().load(Relaxed).is_vacant());
}

/// Three registrants at the same time: what is left of `Busy`.
#[test]
fn a_third_registrant_finds_no_slot() {
    if ALONE {
        return;
    }
    let cell = WaitCell::new();
    let (task, waker) = counted();
    let Ok(first) = cell.slot.begin(WaitId::NONE) else { panic!("nothing is there") };
    let Ok(second) = cell.slot.begin(WaitId::NONE) else { panic!("it overtakes") };
    let cx = &mut Context::from_waker(&waker);
    assert_eq!(cell.poll_wait(cx), Poll::Ready(Err(PollWaitError::Busy)));
    let mut wait = pin!(cell.wait());
    assert!(wait.as_mut().poll(cx).is_pending());
    assert_eq!(task.0.load(SeqCst), 1, "nothing else would wake it");
    assert!(pin!(cell.subscribe()).poll(cx).is_pending());
    // One slot is enough.
    assert!(first.give_up().is_none());
    assert!(wait.as_mut().poll(cx).is_pending());
    assert_eq!(task.0.load(SeqCst), 2);
    assert!(second.give_up().is_none());
    assert!(cell.wake());
    assert_eq!(task.0.load(SeqCst), 3);
}

/// A notifier stops at the slot; the wake-up is taken, and the task waits again, at once and without being
/// polled more often. Seen to fail with: `begin` answering `Busy` where a notifier has a claim; `settle` not
/// looking whose the claim is.
#[test]
fn a_stopped_notifier_does_not_block_a_registration() {
    if ALONE {
        return;
    }
    let cell = WaitCell::new();
    let (first, first_waker) = counted();
    let (second, second_waker) = counted();
    let mut wait = pin!(cell.wait());
    assert!(poll(wait.as_mut(), &first_waker).is_pending());

    let claim = cell.slot.word().claim(Note::Wake).expect("one is registered");
    assert_eq!(has_its_turn(wait.as_mut(), &first, &first_waker), Some(Ok(())));
    let mut wait = pin!(cell.wait());
    assert_eq!(has_its_turn(wait.as_mut(), &second, &second_waker), None);
    assert_eq!(first.0.load(SeqCst), 1, "called in the notifier's stead");
    // So it is not asked for a second one.
    assert_eq!(cell.slot.word().settle(claim), Settle::Lost);

    // And one that has it takes it.
    let claim = cell.slot.word().claim(Note::Wake).expect("one is registered");
    assert!(call(cell.slot.take(claim)));
    assert_eq!((first.0.load(SeqCst), second.0.load(SeqCst)), (1, 1));
    assert_eq!(has_its_turn(wait.as_mut(), &second, &second_waker), Some(Ok(())));
    assert!(cell.slot.word().load(Relaxed).is_vacant());
}

/// As many notifiers stop as there are ids, each of which has lost its waker; one more leaves the waker to
/// them. Seen to fail with: `settle` not looking for a waker that is owed a call.
#[test]
fn a_notifier_without_an_id_leaves_the_waker_to_the_others() {
    if ALONE {
        return;
    }
    for closes in [false, true] {
        let cell = WaitCell::new();
        let (task, waker) = counted();
        let mut claims = Vec::new();
        for _ in 0..4 {
            let mut wait = pin!(cell.wait());
            assert!(poll(wait.as_mut(), &waker).is_pending());
            claims.push(cell.slot.word().claim(Note::Wake).expect("there are four"));
            assert!(poll(wait.as_mut(), &waker).is_ready());
        }
        let mut wait = pin!(cell.wait());
        assert!(poll(wait.as_mut(), &waker).is_pending());
        let calls = task.0.load(SeqCst);
        assert!(!if closes { cell.close() } else { cell.wake() });
        assert_eq!(task.0.load(SeqCst), calls, "it is not called yet");
        // One of the four calls it, and is the only one.
        let mut called = 0;
        for claim in claims {
            called += usize::from(call(cell.slot.take(claim)));
            assert_eq!(task.0.load(SeqCst), calls + 1);
        }
        assert_eq!(called, 4, "each had found a waker");
        assert!(poll(wait.as_mut(), &waker).is_ready());
        assert_eq!(cell.is_closed(), closes);
    }
}

/// The same where the waker that is owed a call is in the other slot than the one that was claimed. Fails if
/// the first one is read again: it holds the waker of a registrant that is stopped. Seen to fail with:
/// `settle` keeping `second` of the claim.
#[test]
fn what_is_owed_a_call_may_be_in_the_second_slot() {
    if ALONE {
        return;
    }
    let cell = WaitCell::new();
    let (low, low_waker) = counted();
    let (task, waker) = counted();
    let mut claims = Vec::new();
    for _ in 0..4 {
        let mut wait = pin!(cell.wait());
        assert!(poll(wait.as_mut(), &waker).is_pending());
        claims.push(cell.slot.word().claim(Note::Wake).expect("there are four"));
        assert!(poll(wait.as_mut(), &waker).is_ready());
    }
    // The waker of the last one is there still, and is called in the notifier's stead.
    let Ok(slot) = cell.slot.begin(WaitId::NONE) else { panic!("no registrant is there") };
    slot.give_up().expect("the last notifier has not taken it").wake();
    let Ok(mut slot) = cell.slot.begin(WaitId::NONE) else { panic!("no registrant is there") };
    slot.put(low_waker.clone());
    let mut wait = pin!(cell.wait());
    assert!(poll(wait.as_mut(), &waker).is_pending());
    let calls = task.0.load(SeqCst);
    assert!(!cell.wake());
    for claim in claims {
        assert!(call(cell.slot.take(claim)));
    }
    assert_eq!((task.0.load(SeqCst), low.0.load(SeqCst)), (calls + 1, 0));
    assert_eq!(cell.slot.word().commit(slot.begun, WaitId::NONE, true), Commit::Overtaken);
    drop(slot.give_up());
    assert!(poll(wait.as_mut(), &waker).is_ready());
    assert_eq!((Arc::strong_count(&task), Arc::strong_count(&low)), (2, 2), "no clone is left");
}

/// The same, but the task looks before any of them goes on: then nothing is owed to it.
#[test]
fn what_is_owed_a_call_may_look_first() {
    if ALONE {
        return;
    }
    let cell = WaitCell::new();
    let (task, waker) = counted();
    let (_, other) = counted();
    let mut claims = Vec::new();
    for _ in 0..4 {
        let mut wait = pin!(cell.wait());
        assert!(poll(wait.as_mut(), &waker).is_pending());
        claims.push(cell.slot.word().claim(Note::Wake).expect("there are four"));
        assert!(poll(wait.as_mut(), &waker).is_ready());
    }
    let mut wait = pin!(cell.wait());
    assert!(poll(wait.as_mut(), &waker).is_pending());
    cell.wake();
    // It takes its own waker back, whichever it is polled with.
    assert!(poll(wait.as_mut(), &other).is_ready());
    assert!(!cell.slot.word().load(Relaxed).registered());
    let calls = task.0.load(SeqCst);
    for claim in claims {
        assert!(matches!(cell.slot.take(claim), Notified::Lost));
    }
    assert_eq!(task.0.load(SeqCst), calls);
    assert!(cell.slot.word().load(Relaxed).is_vacant());
}

/// Waits beyond those that get an id, each of its own task: one that leaves takes back its own waker, or
/// makes another look again, and no waker is left. Seen to fail with: a wait without an id that drops the
/// waker that it finds, or leaves its own.
#[test]
fn more_waits_than_ids() {
    let cell = WaitCell::new();
    let tasks: Vec<_> = (0..7).map(|_| counted()).collect();
    let mut waits: Vec<_> = tasks.iter().map(|_| Some(Box::pin(cell.wait()))).collect();
    let poll_one = |waits: &mut [Option<Pin<Box<Wait<'_>>>>], which: usize| {
        poll(waits[which].as_mut().expect("it is there").as_mut(), &tasks[which].1)
    };
    for which in 0..7 {
        assert!(poll_one(&mut waits, which).is_pending());
    }
    // The last one is registered, without an id, as the two before it.
    for gone in [4, 0, 5] {
        waits[gone] = None;
        if tasks[6].0.0.load(SeqCst) > 0 {
            assert!(poll_one(&mut waits, 6).is_pending());
        }
        let woken = tasks[6].0.0.load(SeqCst);
        assert!(cell.wake(), "without {gone}");
        assert_eq!(tasks[6].0.0.load(SeqCst), woken + 1);
        assert!(poll_one(&mut waits, 6).is_ready());
        waits[6] = Some(Box::pin(cell.wait()));
        assert!(poll_one(&mut waits, 6).is_pending());
    }
    drop(waits);
    for (task, _) in &tasks {
        assert_eq!(Arc::strong_count(task), 2, "nothing holds a waker of a wait that is gone");
    }
    assert!(cell.slot.word().load(Relaxed).is_vacant());
}

/// One wait more than there are ids, which is registered when it leaves, or not. Fails if its waker is left
/// behind, or if it makes the task look again whose wait is registered with an id. Seen to fail with: `claim`
/// refusing `Note::Nothing` where the owner has no id, and only there.
#[test]
fn a_wait_without_an_id_leaves_no_waker_and_wakes_no_other() {
    for others_is_registered in [false, true] {
        let cell = WaitCell::new();
        let tasks: Vec<_> = (0..5).map(|_| counted()).collect();
        let mut waits: Vec<_> = tasks.iter().map(|_| Box::pin(cell.wait())).collect();
        for (wait, (_, waker)) in waits.iter_mut().zip(&tasks) {
            assert!(poll(wait.as_mut(), waker).is_pending());
        }
        if others_is_registered {
            assert!(poll(waits[0].as_mut(), &tasks[0].1).is_pending());
        }
        let before = tasks[0].0.0.load(SeqCst);
        drop(waits.pop());
        assert_eq!(Arc::strong_count(&tasks[4].0), 2, "its waker is left");
        assert_eq!(tasks[0].0.0.load(SeqCst), before, "it is registered still");
        assert_eq!(cell.wake(), others_is_registered);
        assert_eq!(tasks[0].0.0.load(SeqCst), before + usize::from(others_is_registered));
    }
}

/// However many waits come and go, the word is as it was: it counts nothing.
/// Seen to fail with: `begin` not giving the id back; `leave` not doing so.
#[test]
fn the_word_does_not_count() {
    let cell = WaitCell::new();
    let (_, waker) = counted();
    for round in 0..1000 {
        let mut wait = pin!(cell.wait());
        assert!(poll(wait.as_mut(), &waker).is_pending());
        if round % 2 == 0 {
            assert!(cell.wake());
            assert!(poll(wait.as_mut(), &waker).is_ready());
        } else {
            drop(Box::pin(cell.wait()));
            wait.set(cell.wait());
        }
        assert!(cell.slot.word().load(Relaxed).is_vacant(), "round {round}");
    }
}

/// Two waits of one task: the second takes over the waker of the first. Fails if it takes it away without a
/// call when it is dropped: the first would not be registered any more, and would not know. Seen to fail
/// with: `is_shared` that is never so.
#[test]
fn a_wait_that_took_over_calls_the_waker_when_it_leaves() {
    let cell = WaitCell::new();
    let (task, waker) = counted();
    let mut first = pin!(cell.wait());
    let mut second = Box::pin(cell.wait());
    assert!(poll(first.as_mut(), &waker).is_pending());
    assert!(poll(second.as_mut(), &waker).is_pending());
    if task.0.load(SeqCst) > 0 {
        // Clones of a waker need not compare equal, and under Miri they do not always: then it was evicted.
        return;
    }
    drop(second);
    assert_eq!(task.0.load(SeqCst), 1);
    assert!(poll(first.as_mut(), &waker).is_pending());
    assert!(cell.wake());
    assert_eq!(task.0.load(SeqCst), 2);
}

/// Fails if a wait that has evicted another task's waker counts as one that took over its own task's: it
/// would wake its task for nothing when it is dropped. Seen to fail with: `register` saying `shared` of each
/// that evicts.
#[test]
fn a_wait_that_has_evicted_another_task_leaves_without_a_call() {
    let cell = WaitCell::new();
    let (first, first_waker) = counted();
    let (second, second_waker) = counted();
    let mut a = pin!(cell.wait());
    let mut b = Box::pin(cell.wait());
    assert!(poll(a.as_mut(), &first_waker).is_pending());
    assert!(poll(b.as_mut(), &second_waker).is_pending());
    drop(b);
    assert_eq!((first.0.load(SeqCst), second.0.load(SeqCst)), (1, 0));
    assert_eq!(Arc::strong_count(&second), 2, "no clone is left");
}

/// Fails if a registrant takes a wake-up that came meanwhile for another registrant: it would end its poll as
/// if it were registered, and miss the wake-up. Seen to fail with: `register` taking `Notified` for
/// `Overtaken`.
#[test]
fn a_registrant_that_a_wake_up_meets_looks_again() {
    if ALONE {
        return;
    }
    let cell = WaitCell::new();
    let (task, waker) = counted();
    let Ok(slot) = cell.slot.begin(WaitId::NONE) else { panic!("nothing is there") };
    assert!(!cell.wake(), "no waker is registered yet");
    let Registered { outcome, old, ours } = slot.register(&waker, Some(waker.clone()), Own::IDLE, true);
    assert!(matches!(outcome, Outcome::Again));
    drop((old, ours));
    assert_eq!(task.0.load(SeqCst), 0, "it is running");
    assert_eq!(Arc::strong_count(&task), 2, "no clone is left");
    assert!(poll(pin!(cell.wait()), &waker).is_ready());
}

/// The same where the waker in the slot is that of another wait of the task. Fails if it is not called: the
/// other wait would not be registered any more, and would not know. Seen to fail with: `register` calling it
/// only if it was overtaken, too.
#[test]
fn a_registrant_that_a_wake_up_meets_calls_the_waker_that_it_shared() {
    if ALONE {
        return;
    }
    let cell = WaitCell::new();
    let (task, waker) = counted();
    let mut other = pin!(cell.wait());
    assert!(poll(other.as_mut(), &waker).is_pending());
    let Ok(slot) = cell.slot.begin(WaitId::NONE) else { panic!("the slot is free") };
    cell.wake();
    let called = task.0.load(SeqCst);
    let Registered { outcome, old, ours } = slot.register(&waker, None, Own::IDLE, true);
    assert!(matches!(outcome, Outcome::Again));
    drop((old, ours));
    assert_eq!(task.0.load(SeqCst), called + 1);
    assert_eq!(Arc::strong_count(&task), 2, "no clone is left");
}

/// Fails if the waker of a registrant that was overtaken is dropped: it would sleep on without being
/// registered. Seen to fail with: `register` calling it only if it is shared, too.
#[test]
fn a_registrant_that_was_overtaken_calls_its_own_waker() {
    if ALONE {
        return;
    }
    let cell = WaitCell::new();
    let (low, low_waker) = counted();
    let (high, high_waker) = counted();
    let Ok(slot) = cell.slot.begin(WaitId::NONE) else { panic!("nothing is there") };
    let mut wait = pin!(cell.wait());
    assert!(poll(wait.as_mut(), &high_waker).is_pending());
    let Registered { outcome, old, ours } =
        slot.register(&low_waker, Some(low_waker.clone()), Own::IDLE, true);
    assert!(matches!(outcome, Outcome::Done(Own::IDLE)));
    drop((old, ours));
    assert_eq!((low.0.load(SeqCst), high.0.load(SeqCst)), (1, 0));
    assert!(cell.wake());
    assert_eq!((low.0.load(SeqCst), high.0.load(SeqCst)), (1, 1));
}

/// Threads that meet at the slots, for Miri and the sanitizers above all: one registers, as another task each
/// time, and takes wake-ups or gives up; two wake. No waker is left, or freed twice.
#[test]
fn threads_meet_at_the_slots() {
    let rounds = if cfg!(miri) { 12 } else { 2000 };
    let cell = WaitCell::new();
    let mut counts = Vec::new();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..rounds {
                    cell.wake();
                    std::thread::yield_now();
                }
            });
        }
        for round in 0..rounds {
            let (count, waker) = counted();
            let mut wait = pin!(cell.wait());
            for _ in 0..=round % 3 {
                if poll(wait.as_mut(), &waker).is_ready() {
                    break;
                }
            }
            counts.push(count);
        }
    });
    while poll(pin!(cell.wait()), Waker::noop()).is_ready() {}
    for count in counts {
        assert_eq!(Arc::strong_count(&count), 1, "a waker is left");
    }
}
