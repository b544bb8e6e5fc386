//! The upgradable one, which becomes the writer, or a reader.

use sync_core::RwLockUpgradableReadGuard;

use super::{Behind, Lock, free_after, fresh, look, look_and_visit, upgrade_and_visit, visit};
use crate::support::{Waiter, Work, exhaustive, leak};

/// R5 upgradable beside each way.  Property: no task writes between what the upgradable one reads and what it
/// writes; neither hangs.
/// Threads: one asks for upgradable and upgrades, one holds the lock in the way that is given.
/// Interleavings that matter: the other comes before the upgrade, while it waits, and after it; and its
/// release beside each.
/// Bound: none.
/// Fails if: `try_enter` is Relaxed, in either of its loops; a reader that leaves an upgradable one alone
/// does not hand over; an upgrade that could be had at once waits for those in line (seen).
fn upgradable_beside(other: fn(&'static Lock), visits: usize) {
    exhaustive(move |roles| {
        let lock = fresh();
        roles.at_once(|| look_and_visit(lock), move || other(lock));
        free_after(lock, visits);
    });
}

/// R5 with one that reads.
#[test]
fn upgradable_beside_a_reader() {
    upgradable_beside(|lock| _ = look(lock), 1);
}

/// R5 with another that upgrades.
#[test]
fn upgradable_beside_another() {
    upgradable_beside(look_and_visit, 2);
}

/// R5 with one that writes.
#[test]
fn upgradable_beside_a_writer() {
    upgradable_beside(|lock| _ = visit(lock), 2);
}

/// R6 upgrade beside the last reader.  Property: the upgrade is granted when the reader has gone, whichever
/// task waits in line: those come after it.
/// Threads: one upgrades and writes, one is the reader and leaves.
/// Interleavings that matter: the reader leaves before the first attempt, between that and the list's lock,
/// and after the upgrade has queued.
/// Bound: none.
/// Fails if: an upgrade queues last; a reader that leaves an upgradable one alone does not hand over;
/// `try_upgrade` is Relaxed (seen).
fn upgrade_as_the_reader_leaves(line: fn(&'static Lock) -> Option<Waiter<Behind>>) {
    exhaustive(move |roles| {
        let lock = fresh();
        let (upgradable, reader) = (lock.try_upgradable_read().unwrap(), lock.try_read().unwrap());
        let behind = line(lock);
        roles.at_once(
            move || upgrade_and_visit(upgradable, 0),
            move || {
                reader.look();
                drop(reader);
            },
        );
        if let Some(behind) = behind {
            assert_eq!(behind.yields(), 1, "it came before the one that upgrades");
        }
        free_after(lock, 1);
    });
}

/// R6 with no waiter in line.
#[test]
fn upgrade_as_the_reader_leaves_alone() {
    upgrade_as_the_reader_leaves(|_| None);
}

/// R6 with a writer in line.
#[test]
fn upgrade_as_the_reader_leaves_before_a_writer() {
    upgrade_as_the_reader_leaves(|lock| {
        let wait = lock.write();
        Some(Waiter::queued(Box::pin(async { wait.await.look() })))
    });
}

/// R6 with an upgradable one in line.
#[test]
fn upgrade_as_the_reader_leaves_before_an_upgradable() {
    upgrade_as_the_reader_leaves(|lock| {
        let wait = lock.upgradable_read();
        Some(Waiter::queued(Box::pin(async { wait.await.look() })))
    });
}

/// R7 an upgrade gives up.  Property: the lock is free, or the next one's, if an upgrade that waits is
/// dropped while the last reader leaves.
/// Threads: one drops the upgrade, one the reader.
/// Interleavings that matter: the drop before, inside and after the hand-over to the upgrade.
/// Bound: none.
/// Fails if: `hand_over` stores the word instead of adding to it; `enter` or a `try_` method overtakes
/// (seen).
#[test]
fn an_upgrade_gives_up_as_the_reader_leaves() {
    exhaustive(|roles| {
        let lock = fresh();
        let (upgradable, reader) = (lock.try_upgradable_read().unwrap(), lock.try_read().unwrap());
        let upgrade = Waiter::queued(RwLockUpgradableReadGuard::upgrade(upgradable));
        let (read, write) = (Waiter::queued(lock.read()), Waiter::queued(lock.write()));
        roles.at_once(move || drop(upgrade), move || drop(reader));
        drop(read.yields());
        drop(write.yields());
        free_after(lock, 0);
    });
}

/// R8 an upgrade that was granted gives up.  Property: the line behind it goes on.
/// Threads: one drops the upgrade that was granted, one polls a reader behind it as another task.
/// Interleavings that matter: the poll before, inside and after the change back; between that and the release
/// of the guard in it.
/// Bound: none.
/// Fails if: `abandon` of an upgrade releases the writer only; an upgrade is granted beside a reader (seen).
#[test]
fn a_granted_upgrade_gives_up() {
    exhaustive(|roles| {
        let lock = fresh();
        let (upgradable, reader) = (lock.try_upgradable_read().unwrap(), lock.try_read().unwrap());
        let upgrade = Waiter::queued(RwLockUpgradableReadGuard::upgrade(upgradable));
        let (read, write) = (Waiter::queued(lock.read()), Waiter::queued(lock.write()));
        drop(reader);
        let ((), read) = roles.at_once(move || drop(upgrade), || read.moves());
        drop(read.yields());
        drop(write.yields());
        free_after(lock, 0);
    });
}

/// R9 `try_upgrade` beside the last reader.  Property: it succeeds only after the reader, whose access it
/// comes after; if it fails, all is as before.
/// Threads: one tries, and writes or lets go; one is the reader and leaves.
/// Interleavings that matter: the reader leaves before the first attempt, between that and the one under the
/// list's lock; the attempt between the reader's release and its hand-over.
/// Bound: none.
/// Fails if: `try_upgrade` or `try_upgrade_locked` is Relaxed; the upgradable one leaves without handing over
/// (seen).
fn try_upgrade_as_the_reader_leaves(waits: bool) {
    exhaustive(move |roles| {
        let lock = fresh();
        let (upgradable, reader) = (lock.try_upgradable_read().unwrap(), lock.try_read().unwrap());
        let behind = waits.then(|| Waiter::queued(lock.write()));
        let (written, ()) = roles.at_once(
            move || match RwLockUpgradableReadGuard::try_upgrade(upgradable) {
                Ok(writer) => writer.visit() + 1,
                Err(upgradable) => upgradable.look(),
            },
            move || {
                reader.look();
                drop(reader);
            },
        );
        if let Some(behind) = behind {
            assert_eq!(behind.yields().look(), written);
        }
        free_after(lock, written);
    });
}

/// R9 with no waiter in line.
#[test]
fn try_upgrade_as_the_reader_leaves_alone() {
    try_upgrade_as_the_reader_leaves(false);
}

/// R9 with a writer in line.
#[test]
fn try_upgrade_as_the_reader_leaves_before_a_writer() {
    try_upgrade_as_the_reader_leaves(true);
}

/// R12 the upgradable one becomes a reader.  Property: the next upgradable one sees what it did before; those
/// in line are let in.
/// Threads: one works (Relaxed) and downgrades, one asks for upgradable, before a reader that waits for a
/// queued writer or with no waiter there.
/// Interleavings that matter: the first attempt after the change, the look under the lock after it.
/// Bound: none.
/// Fails if: `exchange` is Relaxed; it does not hand over while a task waits (seen).
fn upgradable_becomes_a_reader(waits: bool) {
    exhaustive(move |roles| {
        let (lock, work) = (fresh(), leak(Work::new()));
        let upgradable = lock.try_upgradable_read().unwrap();
        let next = Waiter::polled(usize::from(waits), lock.upgradable_read());
        assert!(!next.is_ready());
        let (reader, next) = roles.at_once(
            move || {
                work.done();
                RwLockUpgradableReadGuard::downgrade(upgradable)
            },
            move || {
                next.poll();
                assert!(!next.is_ready() || work.seen());
                next
            },
        );
        let Err(upgradable) = RwLockUpgradableReadGuard::try_upgrade(next.yields()) else {
            panic!("a reader is still there");
        };
        drop(reader);
        upgrade_and_visit(upgradable, 0);
        free_after(lock, 1);
    });
}

/// R12 with no waiter in line.
#[test]
fn upgradable_becomes_a_reader_alone() {
    upgradable_becomes_a_reader(false);
}

/// R12 with the next one in line.
#[test]
fn upgradable_becomes_a_reader_before_another() {
    upgradable_becomes_a_reader(true);
}
