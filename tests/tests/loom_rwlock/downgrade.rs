//! The writer becomes a reader.

use sync_core::RwLockWriteGuard;

use super::{Lock, Writer, free_after, fresh};
use crate::support::{Waiter, exhaustive};

/// R10 downgrade.  Property: readers in line come in beside the one that was the writer, and see what it
/// wrote; the writer behind them comes after all.
/// Threads: one writes, downgrades and reads on; one polls the reader in line as another task, and tries to
/// read as a newcomer.
/// Interleavings that matter: the poll before, inside and after the hand-over; the newcomer must not
/// overtake.
/// Bound: none.
/// Fails if: `exchange` does not hand over while a task waits; `try_read` overtakes; readers are handed the
/// lock before the word counts them (seen).
#[test]
fn downgrade_lets_readers_in() {
    exhaustive(|roles| {
        let lock = fresh();
        let writer = lock.try_write().unwrap();
        let (read, write) = (Waiter::queued(lock.read()), Waiter::queued(lock.write()));
        let (reader, read) = roles.at_once(
            move || {
                writer.visit();
                let reader = RwLockWriteGuard::downgrade(writer);
                assert_eq!(reader.look(), 1);
                reader
            },
            || {
                assert!(lock.try_read().is_none(), "overtakes");
                let read = read.moves();
                if read.is_ready() {
                    assert_eq!(read.yields().look(), 1);
                    return None;
                }
                Some(read)
            },
        );
        if let Some(read) = read {
            assert_eq!(read.yields().look(), 1);
        }
        assert_eq!(write.woken(), 0, "a reader is still there");
        drop(reader);
        drop(write.yields());
        free_after(lock, 1);
    });
}

/// R11 downgrade with no waiter in line.  Property: a newcomer reads beside it, and sees what it wrote.
/// Threads: one writes, downgrades and reads on; one tries to read, to become upgradable, and to upgrade.
/// Interleavings that matter: the attempts after the change, and after the release.
/// Bound: none.
/// Fails if: `exchange` or `try_enter` is Relaxed (seen).
fn downgrade_beside_a_newcomer<D: Send + 'static>(downgrade: fn(Writer) -> D, attempt: fn(&'static Lock)) {
    exhaustive(move |roles| {
        let lock = fresh();
        let writer = lock.try_write().unwrap();
        let (reader, ()) = roles.at_once(
            move || {
                writer.visit();
                downgrade(writer)
            },
            move || attempt(lock),
        );
        drop(reader);
        free_after(lock, 1);
    });
}

/// R11 to a reader.
#[test]
fn downgrade_to_a_reader_beside_a_newcomer() {
    downgrade_beside_a_newcomer(RwLockWriteGuard::downgrade, |lock| {
        if let Some(newcomer) = lock.try_upgradable_read() {
            assert_eq!(newcomer.look(), 1);
        }
    });
}

/// R11 to upgradable.
#[test]
fn downgrade_to_upgradable_beside_a_newcomer() {
    downgrade_beside_a_newcomer(RwLockWriteGuard::downgrade_to_upgradable, |lock| {
        assert!(lock.try_upgradable_read().is_none(), "two are upgradable");
        if let Some(newcomer) = lock.try_read() {
            assert_eq!(newcomer.look(), 1);
        }
    });
}
