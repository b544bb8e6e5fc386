//! Readers, writers, and newcomers.

use std::sync::Arc;

use loom::thread;
use sync_core::{RwLock, rwlock::OwnedRwLockUpgradableReadGuard};

use super::{free_after, fresh, look, visit};
use crate::support::{Place, Waiter, block_on, exhaustive, model};

/// R1 exclusion.  Property: a task that reads and who writes are never there at once, each sees what the
/// writer before did, and both get the lock.
/// Threads: one writes, one reads twice; a hang is reported.
/// Interleavings that matter: the release before the other's first attempt, between that and the list's lock,
/// and after it has queued.
/// Bound: none.
/// Fails if: `try_enter`, `release`, or the change of `enter` is Relaxed; no task hands over (seen).
#[test]
fn one_reads_one_writes() {
    exhaustive(|roles| {
        let lock = fresh();
        let (_, (first, second)) = roles.at_once(|| visit(lock), || (look(lock), look(lock)));
        assert!(first <= second);
        free_after(lock, 1);
    });
}

/// R2 exclusion.  Property: as R1 for two that write.
/// Threads: two.
/// Interleavings that matter: as R1.
/// Bound: none.
/// Fails if: `try_enter` or `release` of a writer is Relaxed; the writer lets go without handing over (seen).
#[test]
fn two_write() {
    exhaustive(|roles| {
        let lock = fresh();
        let (one, two) = roles.at_once(|| visit(lock), || visit(lock));
        assert_eq!(one + two, 1);
        free_after(lock, 2);
    });
}

/// R3 readers beside each other.  Property: two readers need not wait for each other, and the writer for
/// both.
/// Threads: two read without ever waiting, while no task asked to write; a third, which waits, writes after
/// both. Interleavings that matter: both releases beside each other: one of them hands over, and has seen the
/// other. Bound: none.
/// Fails if: `release` of a reader is Relaxed, or both accesses of `hand_over` (the load, and the Acquire
/// half of the change); the last reader does not hand over (seen).
#[test]
fn the_last_reader_lets_the_writer_in() {
    exhaustive(|roles| {
        let lock = fresh();
        let readers = [lock.try_read().unwrap(), lock.try_read().unwrap()];
        let writer = Waiter::queued(lock.write());
        let [first, second] = readers;
        let ((), writer) = roles.at_once(
            move || {
                first.look();
                drop(first);
            },
            move || {
                second.look();
                drop(second);
                let writer = writer.polls();
                if writer.is_ready() {
                    assert_eq!(writer.yields().visit(), 0);
                    return None;
                }
                Some(writer)
            },
        );
        if let Some(writer) = writer {
            writer.yields().visit();
        }
        free_after(lock, 1);
    });
}

/// R4 three.  Property: as R1 for two that read and one that writes.
/// Threads: three.
/// Interleavings that matter: a reader behind the writer in line, while the other holds the lock.
/// Bound: two preemptions.
/// Fails if: as R1 and R3 (seen).
#[test]
fn two_read_one_writes() {
    model(|roles| {
        let lock = fresh();
        let writer = thread::spawn(|| visit(lock));
        roles.at_once(|| look(lock), || look(lock));
        writer.join().unwrap();
        free_after(lock, 1);
    });
}

/// R17 batches.  Property: three readers, one more than a batch holds, all come in after the writer and see
/// what it did; no newcomer writes in between, and the writer behind them comes last.
/// Threads: one writes and lets go; one tries to write, and polls the third reader as another task or drops
/// the second.
/// Interleavings that matter: both between the two batches.
/// Bound: two preemptions.
/// Fails if: only one batch is let in; the youngest is served first; `hand_over` does not clear `waiting`
/// (seen).
fn a_crowd_of_readers(leaves: bool) {
    model(move |roles| {
        let lock = fresh();
        let writer = lock.try_write().unwrap();
        let [first, second, third] = [(); 3].map(|()| Waiter::queued(lock.read()));
        let last = Waiter::queued(lock.write());
        let ((), (second, third)) = roles.at_once(
            move || {
                writer.visit();
            },
            move || {
                assert!(lock.try_write().is_none(), "overtakes");
                if leaves { (None, third) } else { (Some(second), third.moves()) }
            },
        );
        // All at once: if one left first, that would let the others in.
        let readers: Vec<_> =
            [Some(first), second, Some(third)].into_iter().flatten().map(Waiter::yields).collect();
        for reader in &readers {
            assert_eq!(reader.look(), 1);
        }
        assert_eq!(last.woken(), 0, "readers are still there");
        drop(readers);
        drop(last.yields());
        free_after(lock, 1);
    });
}

/// R17 where no task leaves.
#[test]
fn a_crowd_of_readers_is_let_in() {
    a_crowd_of_readers(false);
}

/// R17 where one leaves.
#[test]
fn a_crowd_of_readers_is_let_in_beside_a_drop() {
    a_crowd_of_readers(true);
}

/// R18 a newcomer after a hand-over.  Property: a newcomer that reads beside one that was handed the lock
/// sees what the writer before did.
/// Threads: one writes and lets go, with a reader in line; one tries to read.
/// Interleavings that matter: the attempt after the hand-over has emptied the line: only the word orders it.
/// Bound: none.
/// Fails if: the change of `hand_over` has no Release; `try_enter` is Relaxed (seen).
#[test]
fn a_newcomer_sees_what_the_writer_did_that_handed_over() {
    exhaustive(|roles| {
        let lock = fresh();
        let writer = lock.try_write().unwrap();
        let read = Waiter::queued(lock.read());
        roles.at_once(
            move || {
                writer.visit();
            },
            || {
                if let Some(newcomer) = lock.try_read() {
                    assert_eq!(newcomer.look(), 1);
                }
            },
        );
        assert_eq!(read.yields().look(), 1);
        free_after(lock, 1);
    });
}

/// R19 two leave, one comes.  Property: as R3 where the readers leave one after the other and a newcomer
/// reads.
/// Threads: two are readers and leave, a third reads; the writer in line comes after the two and before or
/// after the third.
/// Interleavings that matter: the newcomer's attempts, which must not overtake, beside each release.
/// Bound: two preemptions.
/// Fails if: `enter` or `try_read` overtakes; the last reader does not hand over (seen).
#[test]
fn readers_leave_and_a_newcomer_queues() {
    model(|roles| {
        let lock = fresh();
        let (first, second) = (lock.try_read().unwrap(), lock.try_read().unwrap());
        let write = Waiter::queued(lock.write());
        let other = thread::spawn(move || drop(first));
        let ((), newcomer) = roles.at_once(
            move || drop(second),
            || {
                assert!(lock.try_read().is_none(), "overtakes");
                Waiter::queued(lock.read())
            },
        );
        other.join().unwrap();
        write.yields().visit();
        assert_eq!(newcomer.yields().look(), 1);
        free_after(lock, 1);
    });
}

/// R21 owned.  Property: as R1, R5 through `Arc`s; the lock is gone with the last guard.
/// Threads: one reads and writes, one upgrades.
/// Interleavings that matter: as R5.
/// Bound: none.
/// Fails if: as R5 (seen).
/// Not covered: the memory; the address sanitizer sees that.
#[test]
fn owned_guards_keep_the_lock() {
    exhaustive(|roles| {
        let lock = Arc::new(RwLock::new(Place::new()));
        let weak = Arc::downgrade(&lock);
        let other = Arc::clone(&lock);
        roles.at_once(
            move || {
                let read = lock.read_owned();
                drop(lock);
                block_on(read).look();
            },
            move || {
                let upgradable = block_on(other.upgradable_read_owned());
                drop(other);
                assert_eq!(block_on(OwnedRwLockUpgradableReadGuard::upgrade(upgradable)).visit(), 0);
            },
        );
        assert!(weak.upgrade().is_none(), "a task still has it");
    });
}
