//! Models of [`Mutex`].
//!
//! What is locked is a [`Place`], which sees two that hold the lock at once, and one that does not see what
//! the last one did; the library's own guards are seen in the same way, all their life.
//!
//! Not covered: `SeqCst` accesses and load buffering, which loom does not model; more waiters than two
//! batches of two.
#![cfg(loom)]
#![expect(
    clippy::std_instead_of_core,
    clippy::std_instead_of_alloc,
    clippy::unwrap_used,
    reason = "a model runs on a host, and ends where it fails"
)]

mod support;

use std::{
    fmt::{self, Debug, Formatter},
    future::Future,
    pin::Pin,
    sync::{Arc, PoisonError},
};

use loom::thread;
use support::{
    Place, Task, Waiter, Work, block_on, exhaustive, leak, model,
    pairs::{Linearizable, pairs},
    pinned,
};
use sync_core::{Mutex, MutexGuard};

/// A mutex that is held, and a task that gets it holds it until it is told to let go.
struct HeldMutex {
    mutex: Mutex<Place>,
    guards: std::sync::Mutex<Vec<MutexGuard<'static, Place>>>,
}

/// Says that a task holds the lock, and has put its guard on the shelf.
struct Holds;

impl Debug for Holds {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("holds")
    }
}

impl HeldMutex {
    fn put(&self, guard: MutexGuard<'static, Place>) {
        guard.visit();
        let mut guards = self.guards.lock().unwrap_or_else(PoisonError::into_inner);
        assert!(guards.is_empty(), "two hold it");
        guards.push(guard);
    }

    fn take(&self) -> Option<MutexGuard<'static, Place>> {
        self.guards.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }
}

impl Linearizable for HeldMutex {
    type Wait = Pin<Box<dyn Future<Output = Holds> + Send>>;

    fn new() -> Self {
        Self { mutex: Mutex::new(Place::new()), guards: std::sync::Mutex::default() }
    }

    fn ready(&'static self) {
        self.put(self.mutex.try_lock().unwrap());
    }

    fn wait(&'static self, _: u8) -> Pin<Box<Self::Wait>> {
        let lock = self.mutex.lock();
        pinned(Box::pin(async move {
            self.put(lock.await);
            Holds
        }))
    }

    fn subscribe(&'static self, _: u8, _: &Task) -> Pin<Box<Self::Wait>> {
        unreachable!("locks have no such thing, and no pair of `pairs!` below asks for it")
    }

    /// The holder lets go.
    fn wake(&'static self, _: u8, _: u8) -> String {
        // A separate step: the shelf itself orders nothing.
        let guard = self.take();
        String::from(if guard.is_some() { "lets go" } else { "finds no holder" })
    }

    /// Tries to lock, and holds it.
    fn wake_all(&'static self, _: u8, _: u8) -> String {
        match self.mutex.try_lock() {
            Some(guard) => {
                self.put(guard);
                String::from("has it")
            }
            None => String::from("has it not"),
        }
    }

    fn close(&'static self) {
        unreachable!("locks have no such thing, and no pair of `pairs!` below asks for it")
    }

    fn rest(&'static self) -> String {
        let held = self.take();
        let said = if held.is_some() { "held" } else { "not held" };
        assert!(held.is_none() || self.mutex.is_locked());
        if let Some(guard) = held {
            self.put(guard);
        }
        format!("{said}, locked: {}", self.mutex.is_locked())
    }
}

// See `support/pairs.rs`: `wake` lets go of the lock, `wake_all` is `try_lock`.
// Fails if: `hand_over` does not clear `waiting`, nor a wait that leaves; `try_lock`, `unlock` or `enter` is
// Relaxed; a new waker is not stored (each seen).
pairs!(@of pairs pair HeldMutex: unlock Wake, try_lock WakeAll, lock Wait, repoll Repoll, drop_queued DropQueued,
    drop_granted DropWoken);

/// Locks, visits and unlocks.
fn visit(mutex: &Mutex<Place>) {
    block_on(mutex.lock()).visit();
}

/// A mutex and its guard.
fn locked() -> (&'static Mutex<Place>, MutexGuard<'static, Place>) {
    let mutex = leak(Mutex::new(Place::new()));
    (mutex, mutex.try_lock().unwrap())
}

/// Asserts that no task holds the lock, and how many have visited.
#[track_caller]
fn free_after(mutex: &Mutex<Place>, visits: usize) {
    assert_eq!(mutex.try_lock().expect("it is free").visit(), visits);
}

/// M1 exclusion.  Property: of two that lock, each has the lock alone, sees what the other did, and gets it.
/// Threads: two, each of which locks, visits and unlocks; a hang is reported.
/// Interleavings that matter: the unlock before the second `try_lock`, between that and the list's lock,
/// under it, after the second has queued; its poll beside the hand-over.
/// Bound: none.
/// Fails if: `try_lock`, `unlock` or `enter` is Relaxed; `hand_over` does not clear `waiting` (seen).
#[test]
fn two_lock() {
    exhaustive(|roles| {
        let mutex = leak(Mutex::new(Place::new()));
        roles.at_once(|| visit(mutex), || visit(mutex));
        free_after(mutex, 2);
    });
}

/// M2 exclusion of three.  Property: as M1.
/// Threads: three.
/// Interleavings that matter: two in line, and the third before, between and behind them.
/// Bound: two preemptions.
/// Fails if: as M1; `try_lock` succeeds while a task waits (seen).
#[test]
fn three_lock() {
    model(|roles| {
        let mutex = leak(Mutex::new(Place::new()));
        let third = thread::spawn(|| visit(mutex));
        roles.at_once(|| visit(mutex), || visit(mutex));
        third.join().unwrap();
        free_after(mutex, 3);
    });
}

/// M3 order without a line.  Property: `try_lock` that succeeds comes after what the last holder did.
/// Threads: one tries, one unlocks. No task waits, so the word alone orders them.
/// Interleavings that matter: the unlock before the attempt.
/// Bound: none.
/// Fails if: `try_lock` or `unlock` is Relaxed (seen).
#[test]
fn try_lock_sees_what_the_holder_did() {
    exhaustive(|roles| {
        let (mutex, guard) = locked();
        let ((), ()) = roles.at_once(
            || {
                if let Some(guard) = mutex.try_lock() {
                    assert_eq!(guard.visit(), 1);
                }
            },
            move || {
                guard.visit();
            },
        );
        assert!(mutex.try_lock().is_some());
    });
}

/// M4 no overtaking.  Property: from an unlock while a task waits to its poll, neither `try_lock` nor a
/// newcomer gets the lock.
/// Threads: one unlocks, one tries to lock and gets in line behind the one that waits.
/// Interleavings that matter: both attempts between the unlock and the hand-over.
/// Bound: none.
/// Fails if: `try_lock`, or `enter`, succeeds while a task waits; an unlock frees the lock first and takes it
/// again for the waiter (seen).
#[test]
fn no_waiter_is_overtaken() {
    exhaustive(|roles| {
        let (mutex, guard) = locked();
        let waiter = Waiter::queued(mutex.lock());
        let ((), newcomer) = roles.at_once(
            move || drop(guard),
            || {
                assert!(mutex.try_lock().is_none(), "overtakes");
                let newcomer = Waiter::polled(1, mutex.lock());
                assert!(!newcomer.is_ready(), "overtakes");
                newcomer
            },
        );
        drop(waiter.yields());
        drop(newcomer.yields());
        free_after(mutex, 0);
    });
}

/// M5 order in line.  Property: the oldest gets the lock, though the second is polled first; and the second
/// comes after it.
/// Threads: one unlocks, and polls the first until it has visited; one polls the second.
/// Interleavings that matter: the second's poll beside each of the two hand-overs.
/// Bound: none.
/// Fails if: the youngest is served first; `try_lock` or `enter` succeeds while a task waits (seen).
#[test]
fn first_come_first_served() {
    exhaustive(|roles| {
        let (mutex, guard) = locked();
        let (first, second) = (Waiter::queued(mutex.lock()), Waiter::queued(mutex.lock()));
        let ((), second) = roles.at_once(
            move || {
                guard.visit();
                drop(guard);
                assert_eq!(first.yields().visit(), 1);
            },
            || {
                let second = second.polls();
                if second.is_ready() {
                    assert_eq!(second.yields().visit(), 2);
                    return None;
                }
                Some(second)
            },
        );
        if let Some(second) = second {
            assert_eq!(second.yields().visit(), 2);
        }
        free_after(mutex, 3);
    });
}

/// M6 the last one leaves.  Property: if the only one that waits is dropped while the holder unlocks, the
/// lock is free, or goes to one that has come meanwhile.
/// Threads: one unlocks, one drops the one that waits and polls a newcomer.
/// Interleavings that matter: the drop between the holder's look at the word and the list's lock; the
/// newcomer in the same gap; the drop after the hand-over.
/// Bound: none.
/// Fails if: `hand_over` does not free the lock when the line is empty; a wait that leaves does not clear
/// `waiting` (seen).
#[test]
fn the_last_waiter_leaves_as_the_holder_unlocks() {
    exhaustive(|roles| {
        let (mutex, guard) = locked();
        let waiter = Waiter::queued(mutex.lock());
        let ((), newcomer) = roles.at_once(
            move || drop(guard),
            || {
                drop(waiter);
                Waiter::polled(1, mutex.lock())
            },
        );
        drop(newcomer.yields());
        free_after(mutex, 0);
    });
}

/// M7 the same without a newcomer.  Property: the lock is free.
/// Threads: one unlocks, one drops the one that waits.
/// Interleavings that matter: as M6.
/// Bound: none.
/// Fails if: as M6; `abandon` forgets the lock it was given (seen).
#[test]
fn a_lock_without_waiters_is_free() {
    exhaustive(|roles| {
        let (mutex, guard) = locked();
        let waiter = Waiter::queued(mutex.lock());
        roles.at_once(move || drop(guard), move || drop(waiter));
        free_after(mutex, 0);
    });
}

/// M8 handed on.  Property: the lock goes to the second if the first is dropped, whether before or after it
/// was given it; and the second sees what the holder did.
/// Threads: one visits and unlocks, one drops the first and polls the second.
/// Interleavings that matter: the drop before, inside and after the hand-over.
/// Bound: none.
/// Fails if: `abandon` forgets the lock it was given; `give` unlinks with Relaxed (seen).
#[test]
fn a_waiter_that_is_dropped_hands_the_lock_on() {
    exhaustive(|roles| {
        let (mutex, guard) = locked();
        let (first, second) = (Waiter::queued(mutex.lock()), Waiter::queued(mutex.lock()));
        let ((), second) = roles.at_once(
            move || {
                guard.visit();
            },
            || {
                drop(first);
                second.polls()
            },
        );
        assert_eq!(second.yields().visit(), 1);
        free_after(mutex, 2);
    });
}

/// M9 handed on by one, taken by another.  Property: as M8, where the first has the lock already.
/// Threads: one drops the first, which was given the lock; one polls the second, as another task.
/// Interleavings that matter: the change of wakers inside the hand-over: the new task is woken, or ready.
/// Bound: none.
/// Fails if: as M8; the waker of the last poll is not stored (seen).
#[test]
fn a_waiter_that_was_given_the_lock_hands_it_on() {
    exhaustive(|roles| {
        let (mutex, guard) = locked();
        let (first, second) = (Waiter::queued(mutex.lock()), Waiter::queued(mutex.lock()));
        drop(guard);
        let ((), second) = roles.at_once(move || drop(first), || second.moves());
        drop(second.yields());
        free_after(mutex, 0);
    });
}

/// M10 another waker.  Property: a wait that is polled as another task is ready then, or that task is woken.
/// Threads: one unlocks, one polls.
/// Interleavings that matter: the poll inside the hand-over, before the old waker is called and after.
/// Bound: none.
/// Fails if: the waker of the last poll is not stored; `give` unlinks, or a future looks at its node, with
/// Relaxed (seen).
#[test]
fn the_task_that_polled_last_is_woken() {
    exhaustive(|roles| {
        let (mutex, guard) = locked();
        let waiter = Waiter::queued(mutex.lock());
        let ((), waiter) = roles.at_once(
            move || {
                guard.visit();
            },
            || {
                let waiter = waiter.moves();
                if waiter.is_ready() {
                    assert_eq!(waiter.yields().visit(), 1);
                    return None;
                }
                Some(waiter)
            },
        );
        if let Some(waiter) = waiter {
            drop(waiter.yields());
        }
        assert!(!mutex.is_locked());
    });
}

/// M11 guards travel.  Property: a guard, narrowed to a part, that is dropped in another thread than it was
/// made in releases the lock, and what that thread did is seen.
/// Threads: one narrows, visits and drops a guard that main made; one locks.
/// Interleavings that matter: as M1.
/// Bound: none.
/// Fails if: as M1; `hand_over` does not call the waker, or leaks a clone of it (seen).
#[test]
fn a_guard_is_dropped_elsewhere() {
    exhaustive(|roles| {
        let mutex = leak(Mutex::new((Place::new(), 7)));
        let guard = mutex.try_lock().unwrap();
        roles.at_once(
            move || {
                guard.0.visit();
                let mut number = MutexGuard::map(guard, |pair| &mut pair.1);
                *number += 1;
            },
            || {
                let guard = block_on(mutex.lock());
                assert_eq!((guard.0.visit(), guard.1), (1, 8));
            },
        );
        assert!(!mutex.is_locked());
    });
}

/// M12 owned.  Property: as M1 for `lock_owned`, and the mutex is gone with the last guard.
/// Threads: two, each of which locks an `Arc` of its own, visits and unlocks.
/// Interleavings that matter: as M1; the hand-over to one that drops the last `Arc` but the holder's.
/// Bound: none.
/// Fails if: as M1 (seen).
/// Not covered: the memory; the address sanitizer sees that.
#[test]
fn two_lock_owned() {
    exhaustive(|roles| {
        let mutex = Arc::new(Mutex::new(Place::new()));
        let weak = Arc::downgrade(&mutex);
        let visit = |mutex: Arc<Mutex<Place>>| move || block_on(mutex.lock_owned()).visit();
        let (one, two) = roles.at_once(visit(Arc::clone(&mutex)), visit(mutex));
        assert_eq!(one + two, 1);
        assert!(weak.upgrade().is_none(), "a task still has it");
    });
}

/// M13 blocking.  Property: as M1 between a thread that sleeps and a task.
/// Threads: one locks with `blocking_lock`, one as a task does.
/// Interleavings that matter: as M1; the wake-up before the thread sleeps.
/// Bound: none.
/// Fails if: no task unparks the thread (not tried: it hangs by construction).
/// Not covered: `park` that returns for no reason.
#[cfg(feature = "std")]
#[test]
fn a_thread_and_a_task_lock() {
    exhaustive(|roles| {
        let mutex = leak(Mutex::new(Place::new()));
        roles.at_once(|| mutex.blocking_lock().visit(), || visit(mutex));
        free_after(mutex, 2);
    });
}

/// M14 what the holder did.  Property: a task that is handed the lock sees all that the holder did, not only
/// in the value.
/// Threads: one works (Relaxed) and unlocks, one polls.
/// Interleavings that matter: as M10.
/// Bound: none.
/// Fails if: as M1 (seen).
#[test]
fn a_waiter_that_is_handed_the_lock_sees_the_work() {
    exhaustive(|roles| {
        let ((mutex, guard), work) = (locked(), leak(Work::new()));
        let waiter = Waiter::polled(0, mutex.lock());
        let (waiter, ()) = roles.at_once(
            || {
                let waiter = waiter.polls().polls();
                assert!(!waiter.is_ready() || work.seen());
                waiter
            },
            move || {
                work.done();
                drop(guard);
            },
        );
        drop(waiter.yields());
        free_after(mutex, 0);
    });
}
