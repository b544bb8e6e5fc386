//! Models of [`RwLock`].
//!
//! What is locked is a [`Place`]: a writer visits it, a reader looks at it. It sees a writer beside anybody, and
//! one who does not see what the writers before him did; the library's own guards are seen in the same way, all
//! their life.
//!
//! Not covered: `SeqCst` accesses and load buffering, which loom does not model; more waiters than two batches of
//! two. The limit of the number of readers, which is out of reach.
#![cfg(loom)]
#![expect(
    clippy::std_instead_of_core,
    clippy::std_instead_of_alloc,
    clippy::unwrap_used,
    reason = "a model runs on a host, and ends where it fails"
)]

mod support;

use std::{
    collections::VecDeque,
    fmt::{self, Debug, Formatter},
    future::Future,
    pin::Pin,
    sync::{Arc, PoisonError},
};

use loom::thread;
use support::{
    Place, Task, Waiter, Work, block_on, exhaustive, leak, model,
    pairs::{Subject, pairs},
    pinned,
};
use sync_core::{
    RwLock, RwLockReadGuard, RwLockUpgradableReadGuard, RwLockWriteGuard,
    rwlock::OwnedRwLockUpgradableReadGuard,
};

type Lock = RwLock<Place>;
type Reader = RwLockReadGuard<'static, Place>;
type Upgradable = RwLockUpgradableReadGuard<'static, Place>;
type Writer = RwLockWriteGuard<'static, Place>;

/// Any way to hold the lock.
enum Any {
    Read(Reader),
    Upgradable(Upgradable),
    Write(Writer),
}

/// Says how somebody holds the lock, who has put his guard on the shelf.
struct Holds(&'static str);

impl Debug for Holds {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// A lock with a shelf for the guards of those who hold it. `FIRST` and those who come after it, in turn, ask
/// for: 0 write, 1 read, 2 upgradable; and `HELD` says in the same way who holds it when a model begins.
struct Shelf<const HELD: u8, const FIRST: u8> {
    lock: Lock,
    guards: std::sync::Mutex<VecDeque<Any>>,
}

impl<const HELD: u8, const FIRST: u8> Shelf<HELD, FIRST> {
    fn put(&self, guard: Any) -> Holds {
        let name = match &guard {
            Any::Read(guard) => (guard.look(), "reads").1,
            Any::Upgradable(guard) => (guard.look(), "reads, upgradable").1,
            Any::Write(guard) => (guard.visit(), "writes").1,
        };
        self.guards.lock().unwrap_or_else(PoisonError::into_inner).push_back(guard);
        Holds(name)
    }

    /// Takes the guard that was put there last, or the oldest of those that may be exchanged.
    fn take(&self, exchange: bool) -> Option<Any> {
        let mut guards = self.guards.lock().unwrap_or_else(PoisonError::into_inner);
        if exchange {
            let at = guards.iter().position(|guard| !matches!(guard, Any::Read(_)))?;
            return guards.remove(at);
        }
        guards.pop_back()
    }
}

impl<const HELD: u8, const FIRST: u8> Subject for Shelf<HELD, FIRST> {
    /// Beside those who read.
    const MAY_PASS: bool = true;

    type Wait = Pin<Box<dyn Future<Output = Holds> + Send>>;

    fn new() -> Self {
        Self { lock: RwLock::new(Place::new()), guards: std::sync::Mutex::default() }
    }

    fn ready(&'static self) {
        self.put(match HELD {
            0 => Any::Write(self.lock.try_write().unwrap()),
            1 => Any::Read(self.lock.try_read().unwrap()),
            _ => {
                self.put(Any::Upgradable(self.lock.try_upgradable_read().unwrap()));
                Any::Read(self.lock.try_read().unwrap())
            }
        });
    }

    fn wait(&'static self, key: u8) -> Pin<Box<Self::Wait>> {
        pinned(match (FIRST + key) % 3 {
            0 => {
                let wait = self.lock.write();
                Box::pin(async move { self.put(Any::Write(wait.await)) })
            }
            1 => {
                let wait = self.lock.read();
                Box::pin(async move { self.put(Any::Read(wait.await)) })
            }
            _ => {
                let wait = self.lock.upgradable_read();
                Box::pin(async move { self.put(Any::Upgradable(wait.await)) })
            }
        })
    }

    fn subscribe(&'static self, _: u8, _: &Task) -> Pin<Box<Self::Wait>> {
        unimplemented!("locks have no such thing")
    }

    /// Whoever has got it last lets go.
    fn wake(&'static self, _: u8, _: u8) -> String {
        // A separate step: the shelf itself orders nothing.
        let guard = self.take(false);
        String::from(if guard.is_some() { "lets go" } else { "finds nobody" })
    }

    /// The writer or the upgradable one holds it in another way, if he can.
    fn wake_all(&'static self, _: u8, _: u8) -> String {
        let Some(guard) = self.take(true) else { return String::from("finds nobody") };
        let now = self.put(match guard {
            Any::Write(writer) => Any::Upgradable(RwLockWriteGuard::downgrade_to_upgradable(writer)),
            Any::Read(reader) => Any::Read(reader),
            Any::Upgradable(upgradable) => match RwLockUpgradableReadGuard::try_upgrade(upgradable) {
                Ok(writer) => Any::Write(writer),
                Err(upgradable) => Any::Read(RwLockUpgradableReadGuard::downgrade(upgradable)),
            },
        });
        format!("now {now:?}")
    }

    /// Tries to get it, as the first of those who wait would, and holds it.
    fn close(&'static self) {
        let lock = &self.lock;
        let guard = match FIRST {
            0 => lock.try_write().map(Any::Write),
            1 => lock.try_read().map(Any::Read),
            _ => lock.try_upgradable_read().map(Any::Upgradable),
        };
        if let Some(guard) = guard {
            self.put(guard);
        }
    }

    fn rest(&'static self) -> String {
        let names = |guard: &Any| match guard {
            Any::Read(_) => "r",
            Any::Upgradable(_) => "u",
            Any::Write(_) => "w",
        };
        let guards = self.guards.lock().unwrap_or_else(PoisonError::into_inner);
        let mut names: Vec<_> = guards.iter().map(names).collect();
        names.sort_unstable();
        let open = [
            self.lock.try_read().is_some(),
            self.lock.try_upgradable_read().is_some(),
            self.lock.try_write().is_some(),
        ];
        format!("held by {names:?}, open to read, upgradable, write: {open:?}")
    }
}

// See `support/pairs.rs`: `wake` lets go, `wake_all` holds it in another way, `close` is a `try_` method. Each
// with the lock held in each way, and one who waits in another. Two operations are not for one guard.
// Fails if: `try_enter`, `release`, `exchange`, `try_upgrade` or the change of `hand_over` is Relaxed; `hand_over` does not clear
// `waiting`; an upgrade is granted beside a reader; the last reader does not hand over (each seen).
macro_rules! each_way {
    ($($module:ident $held:literal $first:literal $(and $release:ident)?;)+) => {
        $(mod $module {
            use super::*;
            use crate::support::pairs::{Op, pair};

            type Subject = Shelf<$held, $first>;

            pairs!(@of pairs pair Subject: release Wake, attempt Close, wait Wait, repoll Repoll,
                drop_queued DropQueued);

            each_way!(@exchange $($release Wake)? attempt Close wait Wait repoll Repoll drop_queued DropQueued);
        })+
    };
    (@exchange $($with:ident $op:ident)+) => {
        mod exchange {
            use super::*;

            $(#[test]
            fn $with() {
                pair::<Subject>(Op::WakeAll, Op::$op);
            })+
        }
    };
}
each_way! {
    a_writer_before_a_writer 0 0;
    a_writer_before_a_reader 0 1;
    a_writer_before_an_upgradable 0 2;
    a_reader_before_a_writer 1 0;
    an_upgradable_before_a_writer 2 0 and release;
    an_upgradable_before_another 2 2 and release;
}

fn fresh() -> &'static Lock {
    leak(RwLock::new(Place::new()))
}

/// Writes.
fn visit(lock: &'static Lock) -> usize {
    block_on(lock.write()).visit()
}

/// Reads.
fn look(lock: &'static Lock) -> usize {
    block_on(lock.read()).look()
}

/// Asks for upgradable, reads, upgrades and writes; nobody writes in between.
fn look_and_visit(lock: &'static Lock) {
    let upgradable = block_on(lock.upgradable_read());
    let before = upgradable.look();
    upgrade_and_visit(upgradable, before);
}

/// Upgrades and writes; nobody has written since there were `before` writers.
fn upgrade_and_visit(upgradable: Upgradable, before: usize) {
    assert_eq!(block_on(RwLockUpgradableReadGuard::upgrade(upgradable)).visit(), before);
}

/// Asserts that nobody holds the lock, and how many have written.
#[track_caller]
fn free_after(lock: &Lock, visits: usize) {
    assert_eq!(lock.try_write().expect("it is free").visit(), visits);
}

/// R1 exclusion.  Property: who reads and who writes are never there at once, each sees what the writer before
/// did, and both get the lock.
/// Threads: one writes, one reads twice; a hang is reported.
/// Interleavings that matter: the release before the other's first attempt, between that and the list's lock,
/// and after it has queued.
/// Bound: none.
/// Fails if: `try_enter`, `release`, or the change of `enter` is Relaxed; nobody hands over (seen).
#[test]
fn one_reads_one_writes() {
    exhaustive(|roles| {
        let lock = fresh();
        let (_, (first, second)) = roles.at_once(|| visit(lock), || (look(lock), look(lock)));
        assert!(first <= second);
        free_after(lock, 1);
    });
}

/// R2 exclusion.  Property: as R1 for two who write.
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

/// R3 readers beside each other.  Property: two readers need not wait for each other, and the writer for both.
/// Threads: two read without ever waiting, while nobody asked to write; a third, who waits, writes after both.
/// Interleavings that matter: both releases beside each other: one of them hands over, and has seen the other.
/// Bound: none.
/// Fails if: `release` of a reader is Relaxed, or both accesses of `hand_over` (the load, and the Acquire half
/// of the change); the last reader does not hand over (seen).
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

/// R4 three.  Property: as R1 for two who read and one who writes.
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

/// R5 upgradable beside each way.  Property: nobody writes between what the upgradable one reads and what it
/// writes; neither hangs.
/// Threads: one asks for upgradable and upgrades, one holds the lock in the way that is given.
/// Interleavings that matter: the other comes before the upgrade, while it waits, and after it; and its release
/// beside each.
/// Bound: none.
/// Fails if: `try_enter` is Relaxed, in either of its loops; a reader that leaves an upgradable one alone does not
/// hand over; an upgrade that could be had at once waits for those in line (seen).
fn upgradable_beside(other: fn(&'static Lock), visits: usize) {
    exhaustive(move |roles| {
        let lock = fresh();
        roles.at_once(|| look_and_visit(lock), move || other(lock));
        free_after(lock, visits);
    });
}

/// R5 with one who reads.
#[test]
fn upgradable_beside_a_reader() {
    upgradable_beside(|lock| _ = look(lock), 1);
}

/// R5 with another who upgrades.
#[test]
fn upgradable_beside_another() {
    upgradable_beside(look_and_visit, 2);
}

/// R5 with one who writes.
#[test]
fn upgradable_beside_a_writer() {
    upgradable_beside(|lock| _ = visit(lock), 2);
}

/// R6 upgrade beside the last reader.  Property: the upgrade is granted when the reader has gone, whoever waits
/// in line: those come after it.
/// Threads: one upgrades and writes, one is the reader and leaves.
/// Interleavings that matter: the reader leaves before the first attempt, between that and the list's lock, and
/// after the upgrade has queued.
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

type Behind = Pin<Box<dyn Future<Output = usize> + Send>>;

/// R6 with nobody in line.
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

/// R7 an upgrade gives up.  Property: the lock is free, or the next one's, if an upgrade that waits is dropped
/// while the last reader leaves.
/// Threads: one drops the upgrade, one the reader.
/// Interleavings that matter: the drop before, inside and after the hand-over to the upgrade.
/// Bound: none.
/// Fails if: `hand_over` stores the word instead of adding to it; `enter` or a `try_` method overtakes (seen).
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
/// Interleavings that matter: the poll before, inside and after the change back; between that and the release of
/// the guard in it.
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

/// R9 `try_upgrade` beside the last reader.  Property: it succeeds only after the reader, whose access it comes
/// after; if it fails, all is as before.
/// Threads: one tries, and writes or lets go; one is the reader and leaves.
/// Interleavings that matter: the reader leaves before the first attempt, between that and the one under the
/// list's lock; the attempt between the reader's release and its hand-over.
/// Bound: none.
/// Fails if: `try_upgrade` or `try_upgrade_locked` is Relaxed; the upgradable one leaves without handing over (seen).
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

/// R9 with nobody in line.
#[test]
fn try_upgrade_as_the_reader_leaves_alone() {
    try_upgrade_as_the_reader_leaves(false);
}

/// R9 with a writer in line.
#[test]
fn try_upgrade_as_the_reader_leaves_before_a_writer() {
    try_upgrade_as_the_reader_leaves(true);
}

/// R10 downgrade.  Property: readers in line come in beside the one that was the writer, and see what it wrote;
/// the writer behind them comes after all.
/// Threads: one writes, downgrades and reads on; one polls the reader in line as another task, and tries to read
/// as a newcomer.
/// Interleavings that matter: the poll before, inside and after the hand-over; the newcomer must not overtake.
/// Bound: none.
/// Fails if: `exchange` does not hand over while somebody waits; `try_read` overtakes; readers are handed the
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
        assert_eq!(write.calls(), 0, "a reader is still there");
        drop(reader);
        drop(write.yields());
        free_after(lock, 1);
    });
}

/// R11 downgrade with nobody in line.  Property: a newcomer reads beside it, and sees what it wrote.
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

/// R12 the upgradable one becomes a reader.  Property: the next upgradable one sees what it did before; those in
/// line are let in.
/// Threads: one works (Relaxed) and downgrades, one asks for upgradable, before a reader that waits for a queued
/// writer or with nobody there.
/// Interleavings that matter: the first attempt after the change, the look under the lock after it.
/// Bound: none.
/// Fails if: `exchange` is Relaxed; it does not hand over while somebody waits (seen).
fn upgradable_becomes_a_reader(waits: bool) {
    exhaustive(move |roles| {
        let (lock, work) = (fresh(), leak(Work::new()));
        let upgradable = lock.try_upgradable_read().unwrap();
        let mut next = Waiter::polled(usize::from(waits), lock.upgradable_read());
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

/// R12 with nobody in line.
#[test]
fn upgradable_becomes_a_reader_alone() {
    upgradable_becomes_a_reader(false);
}

/// R12 with the next one in line.
#[test]
fn upgradable_becomes_a_reader_before_another() {
    upgradable_becomes_a_reader(true);
}

/// R13 the writer gives up.  Property: readers behind a writer that is dropped come in, beside those who read or
/// after them.
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

/// R14 the writer gives up, and nobody leaves.  Property: the readers behind it come in beside the one who reads.
/// Threads: one drops the writer that waits, one polls the second of two behind it as another task.
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

/// R16 with nobody behind it.
/// Threads: one drops the writer that was let in and not polled, one reads.
/// Fails if: the word is left as it was if the line is empty (seen).
#[test]
fn a_granted_write_gives_up_for_nobody() {
    exhaustive(|roles| {
        let lock = fresh();
        let writer = lock.try_write().unwrap();
        let write = Waiter::queued(lock.write());
        drop(writer);
        roles.at_once(move || drop(write), || look(lock));
        free_after(lock, 0);
    });
}

/// R17 batches.  Property: three readers, one more than a batch holds, all come in after the writer and see what
/// it did; no newcomer writes in between, and the writer behind them comes last.
/// Threads: one writes and lets go; one tries to write, and polls the third reader as another task or drops the
/// second.
/// Interleavings that matter: both between the two batches.
/// Bound: two preemptions.
/// Fails if: only one batch is let in; the youngest is served first; `hand_over` does not clear `waiting` (seen).
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
        assert_eq!(last.calls(), 0, "readers are still there");
        drop(readers);
        drop(last.yields());
        free_after(lock, 1);
    });
}

/// R17 where nobody leaves.
#[test]
fn a_crowd_of_readers_is_let_in() {
    a_crowd_of_readers(false);
}

/// R17 where one leaves.
#[test]
fn a_crowd_of_readers_is_let_in_beside_a_drop() {
    a_crowd_of_readers(true);
}

/// R18 a newcomer after a hand-over.  Property: a newcomer that reads beside one that was handed the lock sees
/// what the writer before did.
/// Threads: one writes and lets go, with a reader in line; one tries to read.
/// Interleavings that matter: the attempt after the hand-over has emptied the line: only the word orders it.
/// Bound: none.
/// Fails if: the change of `hand_over` has no Release; `try_enter` is Relaxed (seen).
#[test]
fn a_newcomer_sees_what_the_writer_did_who_handed_over() {
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

/// R19 two leave, one comes.  Property: as R3 where the readers leave one after the other and a newcomer reads.
/// Threads: two are readers and leave, a third reads; the writer in line comes after the two and before or after
/// the third.
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

/// R20 polled early.  Property: a reader that is polled as soon as it was let in, before it is woken, and lets go
/// at once lets the writer behind it in.
/// Threads: one writes and lets go; one polls the reader, which leaves if it is ready.
/// Interleavings that matter: the reader is gone before the one who lets it in has finished.
/// Bound: none.
/// Fails if: readers are handed the lock before the word counts them (seen, a defect of the library that this found:
/// the reader found that it was not the last, and nobody let the writer in).
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

/// R20 dropped beside a reader.  Property: of two readers that were let in, one leaves and the other is dropped before
/// it was polled; the writer behind them is let in by one of the two.
/// Threads: one polls its reader and lets go; one drops the other's future.
/// Interleavings that matter: the one who reads leaves between the other's look at the word and its change of it: he is
/// not the last, and the other one has still seen him.
/// Bound: none.
/// Fails if: `settle` does not say that somebody has left meanwhile (seen, a defect of the library that a storm of
/// threads had found).
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

/// R20 downgraded beside a reader.  Property: as above, where the other one is upgradable and becomes a reader.
/// Threads: one reads and lets go; one downgrades, and lets go afterwards.
/// Interleavings that matter: as above.
/// Bound: none.
/// Not seen to fail: the one who downgrades stays, and lets the writer in when he goes. It is here for the assertions
/// about the word.
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
        assert!(weak.upgrade().is_none(), "somebody still has it");
    });
}

/// R22 the line leaves.  Property: if the only one in line is dropped while the writer lets go, the lock is free,
/// and who gets it then sees what the writer did.
/// Threads: one writes and lets go, one drops the one in line, one tries to read.
/// Interleavings that matter: the drop between the writer's look at the word and the list's lock; the attempt
/// after that: only the word orders it.
/// Bound: two preemptions.
/// Fails if: the change of a word without a line is not made, or has no Release (both seen; the second not by two threads, one
/// of which drops and then tries).
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
