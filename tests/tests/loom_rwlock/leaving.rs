//! A task that leaves the line, or leaves with the lock before it knows that it has it.

use loom::thread;
use sync_core::RwLockUpgradableReadGuard;

use super::{free_after, fresh, look};
use crate::support::{Waiter, exhaustive, model};

/// R13 the writer gives up.  Property: readers behind a writer that is dropped come in, beside those that
/// read or after them.
/// Threads: one drops the writer that waits, one is the reader and leaves.
/// Interleavings that matter: the drop before, inside and after the hand-over to the writer.
/// Bound: none.
/// Fails if: `hand_over` stores the word instead of adding to it (seen).
#[test]
fn a_writer_gives_up_as_the_reader_leaves() {
    exhaustive(|roles| {
        let lock = fresh();
        let reader = lock.try_read().unwrap();
        let write = Waiter::queued(lock.write());
        let behind = [Waiter::queued(lock.read()), Waiter::queued(lock.read())];
        roles.at_once(move || drop(write), move || drop(reader));
        for read in behind {
            drop(read.yields());
        }
        free_after(lock, 0);
    });
}

/// R14 the writer gives up, and no task leaves.  Property: the readers behind it come in beside the one that
/// reads. Threads: one drops the writer that waits, one polls the second of two behind it as another task.
/// Interleavings that matter: the poll inside the hand-over.
/// Bound: none.
/// Fails if: `abandon` does not look at those behind; the waker of the last poll is not stored (seen).
#[test]
fn a_writer_gives_up_beside_a_reader() {
    exhaustive(|roles| {
        let lock = fresh();
        let reader = lock.try_read().unwrap();
        let write = Waiter::queued(lock.write());
        let (first, second) = (Waiter::queued(lock.read()), Waiter::queued(lock.read()));
        let ((), second) = roles.at_once(move || drop(write), || second.moves());
        drop((first.yields(), second.yields()));
        drop(reader);
        free_after(lock, 0);
    });
}

/// R15 granted and dropped.  Property: what a reader was given goes on to the writer behind it.
/// Threads: one drops the reader that was let in and not polled, one polls the writer as another task.
/// Interleavings that matter: the poll before, inside and after the hand-over.
/// Bound: none.
/// Fails if: `abandon` forgets what it was given; `give` unlinks with Relaxed (seen).
#[test]
fn a_granted_read_gives_up() {
    exhaustive(|roles| {
        let lock = fresh();
        let writer = lock.try_write().unwrap();
        let (read, write) = (Waiter::queued(lock.read()), Waiter::queued(lock.write()));
        drop(writer);
        let ((), write) = roles.at_once(move || drop(read), || write.moves());
        drop(write.yields());
        free_after(lock, 0);
    });
}

/// R16 granted and dropped.  Property: what a writer was given goes on to the readers behind it.
/// Threads: one drops the writer that was let in and not polled, one polls a reader as another task.
/// Interleavings that matter: as R15.
/// Bound: none.
/// Fails if: the waker of the last poll is not stored; `give` unlinks with Relaxed (seen).
#[test]
fn a_granted_write_gives_up() {
    exhaustive(|roles| {
        let lock = fresh();
        let writer = lock.try_write().unwrap();
        let write = Waiter::queued(lock.write());
        let (first, second) = (Waiter::queued(lock.read()), Waiter::queued(lock.read()));
        drop(writer);
        let ((), second) = roles.at_once(move || drop(write), || second.moves());
        drop((first.yields(), second.yields()));
        free_after(lock, 0);
    });
}

/// R16 with no waiter behind it.
/// Threads: one drops the writer that was let in and not polled, one reads.
/// Fails if: the word is left as it was if the line is empty (seen).
#[test]
fn a_granted_write_does_not_give_up() {
    exhaustive(|roles| {
        let lock = fresh();
        let writer = lock.try_write().unwrap();
        let write = Waiter::queued(lock.write());
        drop(writer);
        roles.at_once(move || drop(write), || look(lock));
        free_after(lock, 0);
    });
}

/// R20 polled early.  Property: a reader that is polled as soon as it was let in, before it is woken, and
/// lets go at once lets the writer behind it in.
/// Threads: one writes and lets go; one polls the reader, which leaves if it is ready.
/// Interleavings that matter: the reader is gone before the one that lets it in has finished.
/// Bound: none.
/// Fails if: readers are handed the lock before the word counts them (seen, a defect of the library that this
/// found: the reader found that it was not the last, and no task let the writer in).
#[test]
fn a_reader_is_gone_before_it_is_woken() {
    exhaustive(|roles| {
        let lock = fresh();
        let writer = lock.try_write().unwrap();
        let (read, write) = (Waiter::queued(lock.read()), Waiter::queued(lock.write()));
        let ((), read) = roles.at_once(
            move || drop(writer),
            || {
                let read = read.polls();
                (!read.is_ready()).then_some(read)
            },
        );
        if let Some(read) = read {
            drop(read.yields());
        }
        drop(write.yields());
        free_after(lock, 0);
    });
}

/// R20 dropped beside a reader.  Property: of two readers that were let in, one leaves and the other is
/// dropped before it was polled; the writer behind them is let in by one of the two.
/// Threads: one polls its reader and lets go; one drops the other's future.
/// Interleavings that matter: the one that reads leaves between the other's look at the word and its change
/// of it: it is not the last, and the other one has still seen it.
/// Bound: none.
/// Fails if: `settle` does not say that a task has left meanwhile (seen, a defect of the library that a storm
/// of threads had found).
#[test]
fn a_reader_leaves_while_another_is_dropped() {
    exhaustive(|roles| {
        let lock = fresh();
        let writer = lock.try_write().unwrap();
        let [first, second] = [Waiter::queued(lock.read()), Waiter::queued(lock.read())];
        let write = Waiter::queued(lock.write());
        drop(writer);
        roles.at_once(move || drop(first.yields()), move || drop(second));
        drop(write.yields());
        free_after(lock, 0);
    });
}

/// R20 downgraded beside a reader.  Property: as above, where the other one is upgradable and becomes a
/// reader.
/// Threads: one reads and lets go; one downgrades, and lets go afterwards.
/// Interleavings that matter: as above.
/// Bound: none.
/// Not seen to fail: the one that downgrades stays, and lets the writer in when it goes. It is here for the
/// assertions about the word.
#[test]
fn a_reader_leaves_while_another_downgrades() {
    exhaustive(|roles| {
        let lock = fresh();
        let upgradable = lock.try_upgradable_read().unwrap();
        let read = lock.try_read().unwrap();
        let write = Waiter::queued(lock.write());
        roles.at_once(move || drop(read), move || drop(RwLockUpgradableReadGuard::downgrade(upgradable)));
        drop(write.yields());
        free_after(lock, 0);
    });
}

/// R22 the line leaves.  Property: if the only one in line is dropped while the writer lets go, the lock is
/// free, and who gets it then sees what the writer did.
/// Threads: one writes and lets go, one drops the one in line, one tries to read.
/// Interleavings that matter: the drop between the writer's look at the word and the list's lock; the attempt
/// after that: only the word orders it.
/// Bound: two preemptions.
/// Fails if: the change of a word without a line is not made, or has no Release (both seen; the second not by
/// two threads, one of which drops and then tries).
#[test]
fn the_last_in_line_leaves_as_the_writer_lets_go() {
    model(|roles| {
        let lock = fresh();
        let writer = lock.try_write().unwrap();
        let write = Waiter::queued(lock.write());
        let reader = thread::spawn(|| {
            if let Some(reader) = lock.try_read() {
                assert_eq!(reader.look(), 1);
            }
        });
        roles.at_once(
            move || {
                writer.visit();
            },
            || drop(write),
        );
        reader.join().unwrap();
        free_after(lock, 1);
    });
}

/// R23 one step.  Property: a writer that leaves lets all three readers in at once, one more than a batch:
/// when the first has come and gone, the others keep writers out.
/// Threads: the writer leaves; another task polls the first reader, which leaves at once, and tries to write.
/// Interleavings that matter: the poll before, inside and after the hold of the lock in which the readers are
/// let in; between the batches in which they are woken.
/// Bound: none.
/// Fails if: an admission ends where a batch is full, and goes on in another hold of the lock (seen).
#[test]
fn readers_in_a_crowd_are_let_in_at_once() {
    exhaustive(|roles| {
        let lock = fresh();
        let writer = lock.try_write().unwrap();
        let mut crowd: Vec<_> = (0..3).map(|_| Waiter::queued(lock.read())).collect();
        let first = crowd.remove(0);
        let ((), first) = roles.at_once(
            move || drop(writer),
            move || {
                let first = first.polls();
                if !first.is_ready() {
                    return Some(first);
                }
                drop(first);
                assert!(lock.try_write().is_none(), "two readers were not let in yet");
                assert!(lock.try_read().is_some(), "none waits any more");
                None
            },
        );
        if let Some(first) = first {
            first.yields().look();
        }
        for reader in crowd {
            reader.yields().look();
        }
        free_after(lock, 0);
    });
}
