//! What a readers-writer lock has that others do not: holders beside each other, and changes from one way of holding to
//! another. What it has in common with the other locks is in `turns.rs`.

#![cfg(not(loom))]

extern crate alloc;

use alloc::{boxed::Box, sync::Arc, vec::Vec};
use core::{
    future::Future,
    panic::AssertUnwindSafe,
    pin::{Pin, pin},
    task::{Context, Poll},
};
use std::panic::catch_unwind;

use sync_core::{
    OwnedRwLockUpgradableReadGuard, OwnedRwLockWriteGuard, RwLock, RwLockReadGuard,
    RwLockUpgradableReadGuard as Upgradable, RwLockWriteGuard as Write, rwlock,
};
use tests::{Count, Hooks, SILENT, Task, leak, quiet, scaled, within};

/// More than two batches.
const MANY: usize = scaled(70, 7);

/// A wait, with its task.
struct Waits<F> {
    task: Task,
    wait: Pin<Box<F>>,
}

impl<F: Future> Waits<F> {
    /// One that was polled once, in vain.
    #[track_caller]
    fn new(wait: F) -> Self {
        let mut this = Self { task: Task::new(), wait: Box::pin(wait) };
        assert!(this.poll().is_pending(), "it need not wait");
        this
    }

    fn poll(&mut self) -> Poll<F::Output> {
        self.task.poll(self.wait.as_mut())
    }

    /// What it has been let in with.
    #[track_caller]
    fn take(mut self) -> F::Output {
        assert_eq!(self.task.woken(), 1, "it was not told, or twice");
        match self.poll() {
            Poll::Ready(output) => output,
            Poll::Pending => panic!("it was woken and waits on"),
        }
    }

    fn told(&self) -> bool {
        self.task.woken() > 0
    }
}

#[track_caller]
fn ready<F: Future>(future: F) -> F::Output {
    match Task::new().poll(pin!(future)) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("not ready"),
    }
}

/// Whether one that comes now need not wait.
fn lets_in<F: Future>(wait: F) -> bool {
    Task::new().poll(pin!(wait)).is_ready()
}

/// Who else may come in: another reader, one that may upgrade, a writer.
fn open_for<T>(lock: &RwLock<T>) -> [bool; 3] {
    // One after the other: each guard goes before the next is asked for.
    let reader = lock.try_read().is_some();
    let upgradable = lock.try_upgradable_read().is_some();
    let writer = lock.try_write().is_some();
    [reader, upgradable, writer]
}

/// The table in the documentation; for `try_` methods, for newcomers that wait, and for the owned ones.
#[test]
fn who_holds_it_beside_whom() {
    let lock = Arc::new(RwLock::new(0));
    let check = |expected: [bool; 3]| {
        assert_eq!(open_for(&lock), expected);
        for (n, is_open) in expected.into_iter().enumerate() {
            let owned = match n {
                0 => lock.try_read_owned().is_some(),
                1 => lock.try_upgradable_read_owned().is_some(),
                _ => lock.try_write_owned().is_some(),
            };
            let polled = match n {
                0 => lets_in(lock.read()),
                1 => lets_in(lock.upgradable_read()),
                _ => lets_in(lock.write()),
            };
            let owner_polled = match n {
                0 => lets_in(lock.read_owned()),
                1 => lets_in(lock.upgradable_read_owned()),
                _ => lets_in(lock.write_owned()),
            };
            assert_eq!([owned, polled, owner_polled], [is_open; 3]);
        }
    };
    check([true, true, true]);
    let reader = ready(lock.read());
    check([true, true, false]);
    let other = ready(lock.read_owned());
    check([true, true, false]);
    let upgradable = ready(lock.upgradable_read());
    check([true, false, false]);
    drop((reader, other));
    check([true, false, false]);
    drop(upgradable);
    let writer = ready(lock.write());
    check([false, false, false]);
    drop(writer);
    check([true, true, true]);
}

/// Fails if readers are let in one at a time, or past a writer, or if a writer is let in beside one of them.
#[test]
#[expect(clippy::many_single_char_names, reason = "readers, in the order in which they came")]
fn those_at_the_front_go_together_and_no_further() {
    let lock = RwLock::new(0);
    let writer = lock.try_write().unwrap();
    let (a, b) = (Waits::new(lock.read()), Waits::new(lock.read()));
    let up = Waits::new(lock.upgradable_read());
    let c = Waits::new(lock.read());
    let second_up = Waits::new(lock.upgradable_read());
    let d = Waits::new(lock.read());
    let w = Waits::new(lock.write());
    let e = Waits::new(lock.read());
    drop(writer);
    assert!(a.told() && b.told() && up.told() && c.told());
    // It does not fit beside the other, and nobody overtakes it though he would fit.
    assert!(!second_up.told() && !d.told() && !w.told() && !e.told());
    let (a, b, up, c) = (a.take(), b.take(), up.take(), c.take());
    drop((a, b));
    assert!(!second_up.told());
    drop(up);
    // Beside the reader that is left.
    assert!(second_up.told() && d.told() && !w.told() && !e.told());
    let (second_up, d) = (second_up.take(), d.take());
    drop((c, second_up));
    assert!(!w.told());
    drop(d);
    assert!(w.told() && !e.told());
    drop(w.take());
    drop(e.take());
    assert_eq!(open_for(&lock), [true; 3]);
}

/// Newcomers queue behind a writer that waits, though those who hold it would not mind them.
#[test]
fn readers_do_not_starve_a_writer() {
    let lock = RwLock::new(0);
    let reader = lock.try_read().unwrap();
    let writer = Waits::new(lock.write());
    assert_eq!(open_for(&lock), [false; 3]);
    let late = Waits::new(lock.read());
    drop(reader);
    assert!(writer.told() && !late.told());
    let last = Waits::new(lock.write());
    drop(writer.take());
    assert!(late.told() && !last.told());
    // And neither do writers starve a reader.
    drop(late.take());
    drop(last.take());
    assert_eq!(open_for(&lock), [true; 3]);
}

/// Several batches of them, all told by one release, in order.
#[test]
fn many_readers_are_let_in_at_once() {
    let lock = RwLock::new(0);
    let writer = lock.try_write().unwrap();
    let readers: Vec<_> = (0..MANY).map(|_| Waits::new(lock.read())).collect();
    let next = Waits::new(lock.write());
    drop(writer);
    assert!(readers.iter().all(|reader| reader.task.woken() == 1));
    let mut guards: Vec<_> = readers.into_iter().map(Waits::take).collect();
    while let Some(guard) = guards.pop() {
        assert!(!next.told());
        drop(guard);
    }
    assert!(next.told());
}

/// Pitfall 19. The first, who kept them out, gives up while he waits; and in the middle nothing changes.
/// Seen to fail with: `abandon` not calling `round`.
#[test]
fn those_behind_a_writer_go_on_when_it_leaves() {
    let lock = RwLock::new(0);
    let reader = lock.try_read().unwrap();
    let first = Waits::new(lock.write());
    let second = Waits::new(lock.write());
    let (a, up, b) = (Waits::new(lock.read()), Waits::new(lock.upgradable_read()), Waits::new(lock.read()));
    let third = Waits::new(lock.write());
    drop(second);
    assert!(!a.told());
    drop(first);
    assert!(a.told() && up.told() && b.told() && !third.told());
    assert_eq!(open_for(&lock), [false; 3]);
    drop((a, b, reader));
    assert!(!third.told());
    drop(up);
    assert!(third.told());
    drop(third);
    assert_eq!(open_for(&lock), [true; 3]);
}

/// The same with one that may upgrade, beside which others that may wait.
#[test]
fn those_behind_one_that_may_upgrade_go_on_when_it_leaves() {
    let lock = RwLock::new(0);
    let up = lock.try_upgradable_read().unwrap();
    let second = Waits::new(lock.upgradable_read());
    let reader = Waits::new(lock.read());
    drop(second);
    assert!(reader.told());
    drop(reader.take());
    assert_eq!(open_for(&lock), [true, false, false]);
    drop(up);
}

/// Pitfall 11. Those who were let in and give up before they know.
#[test]
fn those_who_were_let_in_and_give_up_make_room() {
    let lock = RwLock::new(0);
    let writer = lock.try_write().unwrap();
    let (a, b) = (Waits::new(lock.read()), Waits::new(lock.read()));
    let next = Waits::new(lock.write());
    let last = Waits::new(lock.read());
    drop(writer);
    assert!(a.told() && b.told());
    drop(a);
    assert!(!next.told());
    drop(b);
    assert!(next.told());
    drop(next);
    assert!(last.told());
    drop(last);
    assert_eq!(open_for(&lock), [true; 3]);
}

/// A downgrade lets those in who fit beside a reader, and nobody writes in between.
#[test]
fn a_writer_becomes_a_reader() {
    let lock = RwLock::new(1);
    // Nobody waits.
    let reader = Write::downgrade(lock.try_write().unwrap());
    assert_eq!(open_for(&lock), [true, true, false]);
    drop(reader);
    // Some do.
    let mut writer = lock.try_write().unwrap();
    let (a, up, second_up) =
        (Waits::new(lock.read()), Waits::new(lock.upgradable_read()), Waits::new(lock.upgradable_read()));
    let next = Waits::new(lock.write());
    *writer = 2;
    let reader: RwLockReadGuard<'_, _> = Write::downgrade(writer);
    assert!(a.told() && up.told() && !second_up.told() && !next.told());
    let a = a.take();
    assert_eq!((*a, *reader), (2, 2));
    drop((a, up, reader));
    drop(second_up.take());
    drop(next.take());
    // First in line is one that does not fit: nobody is let in.
    let writer = lock.try_write().unwrap();
    let (next, behind) = (Waits::new(lock.write()), Waits::new(lock.read()));
    let reader = Write::downgrade(writer);
    assert!(!next.told() && !behind.told());
    drop(reader);
    assert!(next.told() && !behind.told());
}

#[test]
fn a_writer_becomes_one_that_may_upgrade() {
    let lock = RwLock::new(1);
    let up = Write::downgrade_to_upgradable(lock.try_write().unwrap());
    assert_eq!(open_for(&lock), [true, false, false]);
    drop(up);
    let writer = lock.try_write().unwrap();
    let (reader, up) = (Waits::new(lock.read()), Waits::new(lock.upgradable_read()));
    let upgradable = Write::downgrade_to_upgradable(writer);
    assert!(reader.told() && !up.told());
    drop(reader.take());
    // And back, with somebody waiting.
    let Ok(writer) = Upgradable::try_upgrade(upgradable) else { panic!("nobody else reads") };
    drop(writer);
    drop(up.take());
    assert_eq!(open_for(&lock), [true; 3]);
}

#[test]
fn one_that_may_upgrade_becomes_a_reader() {
    let lock = RwLock::new(1);
    let reader = Upgradable::downgrade(lock.try_upgradable_read().unwrap());
    assert_eq!(open_for(&lock), [true, true, false]);
    drop(reader);
    let up = lock.try_upgradable_read().unwrap();
    let (second_up, third_up) = (Waits::new(lock.upgradable_read()), Waits::new(lock.upgradable_read()));
    let reader = Upgradable::downgrade(up);
    assert!(second_up.told() && !third_up.told());
    drop(reader);
    drop(second_up.take());
    drop(third_up.take());
    assert_eq!(open_for(&lock), [true; 3]);
}

#[test]
fn an_upgrade_succeeds_at_once_or_gives_the_guard_back() {
    let lock = RwLock::new(1);
    let up = lock.try_upgradable_read().unwrap();
    let reader = lock.try_read().unwrap();
    let Err(up) = Upgradable::try_upgrade(up) else { panic!("one reads") };
    assert_eq!(*up, 1);
    assert_eq!(open_for(&lock), [true, false, false]);
    drop(reader);
    let Ok(mut writer) = Upgradable::try_upgrade(up) else { panic!("nobody reads") };
    assert_eq!(open_for(&lock), [false; 3]);
    *writer = 2;
    drop(writer);
    // It goes before those who wait, and they get their turn afterwards.
    let up = lock.try_upgradable_read().unwrap();
    let (next, reader) = (Waits::new(lock.write()), Waits::new(lock.read()));
    let Ok(writer) = Upgradable::try_upgrade(up) else { panic!("nobody reads") };
    assert!(!next.told());
    drop(writer);
    drop(next.take());
    drop(reader.take());
    // The future does the same.
    let up = lock.try_upgradable_read().unwrap();
    let (next, late) = (Waits::new(lock.write()), Waits::new(lock.read()));
    let writer = ready(Upgradable::upgrade(up));
    assert!(!next.told());
    drop(writer);
    drop(next.take());
    drop(late.take());
    assert_eq!(open_for(&lock), [true; 3]);
}

/// It waits for the readers, keeps newcomers out, and goes before all who wait in line.
/// Seen to fail with: `Entry::Queue` for one that upgrades.
#[test]
fn an_upgrade_goes_first() {
    let lock = RwLock::new(1);
    let up = lock.try_upgradable_read().unwrap();
    let readers = [lock.try_read().unwrap(), lock.try_read().unwrap()];
    let next = Waits::new(lock.write());
    let upgrade = Waits::new(Upgradable::upgrade(up));
    let late = Waits::new(lock.read());
    assert_eq!(open_for(&lock), [false; 3]);
    let [a, b] = readers;
    drop(a);
    assert!(!upgrade.told());
    drop(b);
    assert!(upgrade.told() && !next.told() && !late.told());
    assert_eq!(open_for(&lock), [false; 3]);
    drop(upgrade.take());
    assert!(next.told() && !late.told());
    drop(next.take());
    drop(late.take());
}

/// The last reader but the upgradable one makes room, also if nobody else waits.
#[test]
fn an_upgrade_that_waits_alone_keeps_newcomers_out() {
    let lock = RwLock::new(1);
    let (up, reader) = (lock.try_upgradable_read().unwrap(), lock.try_read().unwrap());
    let upgrade = Waits::new(Upgradable::upgrade(up));
    assert_eq!(open_for(&lock), [false; 3]);
    drop(reader);
    let writer = upgrade.take();
    assert_eq!(open_for(&lock), [false; 3]);
    drop(writer);
    assert_eq!(open_for(&lock), [true; 3]);
}

/// Dropped in every stage, it releases what its guard had; those whom it kept out come in.
#[test]
fn an_upgrade_that_gives_up_releases_the_lock() {
    let lock = RwLock::new(1);
    // Not polled.
    drop(Upgradable::upgrade(lock.try_upgradable_read().unwrap()));
    assert_eq!(open_for(&lock), [true; 3]);
    // Queued.
    let (up, reader) = (lock.try_upgradable_read().unwrap(), lock.try_read().unwrap());
    let upgrade = Waits::new(Upgradable::upgrade(up));
    let (late, second_up) = (Waits::new(lock.read()), Waits::new(lock.upgradable_read()));
    drop(upgrade);
    assert!(late.told() && second_up.told());
    drop((late, second_up, reader));
    assert_eq!(open_for(&lock), [true; 3]);
    // Queued before a writer.
    let (up, reader) = (lock.try_upgradable_read().unwrap(), lock.try_read().unwrap());
    let upgrade = Waits::new(Upgradable::upgrade(up));
    let next = Waits::new(lock.write());
    drop(upgrade);
    assert!(!next.told());
    drop(reader);
    drop(next.take());
    assert_eq!(open_for(&lock), [true; 3]);
    // Let in, and not polled since.
    let (up, reader) = (lock.try_upgradable_read().unwrap(), lock.try_read().unwrap());
    let upgrade = Waits::new(Upgradable::upgrade(up));
    let (late, next) = (Waits::new(lock.read()), Waits::new(lock.write()));
    drop(reader);
    assert!(upgrade.told() && !late.told());
    drop(upgrade);
    drop(late.take());
    drop(next.take());
    assert_eq!(open_for(&lock), [true; 3]);
}

/// Pitfall 5.
#[test]
fn an_upgrade_yields_one_guard() {
    for waits in [false, true] {
        let lock = RwLock::new(1);
        let task = Task::new();
        let (up, reader) = (lock.try_upgradable_read().unwrap(), lock.try_read().unwrap());
        let mut upgrade = Box::pin(Upgradable::upgrade(up));
        if waits {
            assert!(task.poll(upgrade.as_mut()).is_pending());
        }
        drop(reader);
        let Poll::Ready(writer) = task.poll(upgrade.as_mut()) else { panic!("nobody reads") };
        let Err(panic) = catch_unwind(AssertUnwindSafe(|| task.poll(upgrade.as_mut()).is_ready())) else {
            panic!("it yields again")
        };
        let message = panic.downcast_ref::<&str>().copied().unwrap_or_default();
        assert!(message.contains("an upgrade was polled again after it was ready"), "{message}");
        drop(upgrade);
        assert_eq!(open_for(&lock), [false; 3]);
        drop(writer);
        assert_eq!(open_for(&lock), [true; 3]);
    }
}

/// The task of an upgrade may change, and no waker is kept.
#[test]
fn an_upgrade_goes_from_task_to_task() {
    let lock = RwLock::new(1);
    let (up, reader) = (lock.try_upgradable_read().unwrap(), lock.try_read().unwrap());
    let mut upgrade = Waits::new(Upgradable::upgrade(up));
    let other = Task::new();
    assert!(other.poll(upgrade.wait.as_mut()).is_pending());
    assert_eq!((upgrade.task.wakers(), other.wakers()), (0, 1));
    drop(reader);
    assert_eq!((upgrade.task.woken(), other.woken(), other.wakers()), (0, 1, 0));
    assert!(upgrade.poll().is_ready());
}

/// What borrows and what owns are the same thing (pitfall 15).
#[test]
fn owned_guards_change_as_borrowed_ones_do() {
    let lock = Arc::new(RwLock::new(1));
    let up = lock.try_upgradable_read_owned().unwrap();
    let reader = lock.try_read_owned().unwrap();
    let Err(up) = OwnedRwLockUpgradableReadGuard::try_upgrade(up) else { panic!("one reads") };
    let upgrade: Waits<rwlock::UpgradeOwned<_>> = Waits::new(OwnedRwLockUpgradableReadGuard::upgrade(up));
    drop(reader);
    let mut writer = upgrade.take();
    *writer += 1;
    let up = OwnedRwLockWriteGuard::downgrade_to_upgradable(writer);
    let Ok(writer) = OwnedRwLockUpgradableReadGuard::try_upgrade(up) else { panic!("nobody reads") };
    let reader = OwnedRwLockWriteGuard::downgrade(writer);
    assert_eq!(*reader, 2);
    drop(reader);
    let up = ready(lock.upgradable_read_owned());
    let reader = OwnedRwLockUpgradableReadGuard::downgrade(up);
    assert_eq!(open_for(&lock), [true, true, false]);
    drop(reader);
    assert_eq!(open_for(&lock), [true; 3]);
    // It is freed by the last one.
    let writer = ready(lock.write_owned());
    let weak = Arc::downgrade(&lock);
    drop(lock);
    assert!(weak.upgrade().is_some());
    drop(writer);
    assert!(weak.upgrade().is_none());
}

/// Pitfall 8, where a change of the way of holding lets others in: the caller gets a panic instead of a guard, so the lock
/// must not be held by one that nobody has.
/// Seen to fail with: the guard made after the hand-over.
#[test]
fn a_waker_that_panics_during_a_change_leaves_nothing_held() {
    fn check(change: fn(&'static RwLock<u64>, &mut dyn FnMut())) {
        let lock: &'static RwLock<u64> = leak(RwLock::new(0));
        let others: Vec<Task> = (0..MANY).map(|_| Task::new()).collect();
        let mut odd = Box::pin(lock.upgradable_read());
        let mut readers: Vec<_> = (0..MANY).map(|_| Box::pin(lock.read())).collect();
        let mut wait = || {
            let waker = Hooks::new().on_wake(|| panic!("{}", SILENT)).waker();
            assert!(odd.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
            for (reader, task) in readers.iter_mut().zip(&others) {
                assert!(task.poll(reader.as_mut()).is_pending());
            }
        };
        let changed = catch_unwind(AssertUnwindSafe(|| change(lock, &mut wait)));
        assert!(changed.is_err(), "the panic is not passed on");
        // All of them are in, and when they have gone it is free.
        assert!(others.iter().all(|task| task.woken() == 1), "one was not told");
        for (reader, task) in readers.iter_mut().zip(&others) {
            assert!(task.poll(reader.as_mut()).is_ready());
        }
        assert!(Task::new().poll(odd.as_mut()).is_ready());
        drop((odd, readers));
        assert_eq!(open_for(lock), [true; 3], "it is held by nobody, for ever");
    }
    quiet();
    check(|lock, wait| {
        let writer = lock.try_write().unwrap();
        wait();
        drop(Write::downgrade(writer));
    });
    check(|lock, wait| {
        let up = lock.try_upgradable_read().unwrap();
        wait();
        drop(Upgradable::downgrade(up));
    });
    check(|lock, wait| {
        let writer = lock.try_write().unwrap();
        wait();
        drop(writer);
    });
    check(|lock, wait| {
        let writer = lock.try_write().unwrap();
        let first = Waits::new(lock.write());
        wait();
        drop(writer);
        drop(first);
    });
    check(|lock, wait| {
        let (up, _reader) = (lock.try_upgradable_read().unwrap(), lock.try_read().unwrap());
        wait();
        let upgrade = Waits::new(Upgradable::upgrade(up));
        // It releases its guard while the panic unwinds.
        drop(upgrade);
    });
}

/// Pitfall 7, for the changes: the waker of one that is let in comes back into the lock.
#[test]
fn a_waker_comes_back_during_a_change() {
    /// What a waker does beside whoever changed and the reader that is let in.
    fn come_back(lock: &'static RwLock<u64>) {
        drop(lock.try_read());
        if let Some(up) = lock.try_upgradable_read() {
            let Err(up) = Upgradable::try_upgrade(up) else { panic!("beside a reader") };
            let upgrade = Waits::new(Upgradable::upgrade(up));
            let late = Waits::new(lock.read());
            drop(upgrade);
            drop(late.take());
            drop(lock.try_upgradable_read().map(Upgradable::downgrade));
        }
        assert!(lock.try_write().is_none());
        let (next, late) = (Waits::new(lock.write()), Waits::new(lock.read()));
        drop(next);
        drop(late.take());
    }
    fn check(change: fn(&'static RwLock<u64>, &mut dyn FnMut())) {
        let lock: &'static RwLock<u64> = leak(RwLock::new(0));
        let calls: &'static Count = leak(Count::new());
        let mut reader = Box::pin(lock.read());
        let mut wait = || {
            let hooks = Hooks::new().on_wake(move || {
                calls.up();
                come_back(lock);
            });
            assert!(reader.as_mut().poll(&mut Context::from_waker(&hooks.waker())).is_pending());
        };
        change(lock, &mut wait);
        assert_eq!(calls.get(), 1);
        assert!(Task::new().poll(reader.as_mut()).is_ready());
        drop(reader);
        assert_eq!(open_for(lock), [true; 3]);
    }
    within(20, || {
        check(|lock, wait| {
            let writer = lock.try_write().unwrap();
            wait();
            drop(Write::downgrade(writer));
        });
        check(|lock, wait| {
            let writer = lock.try_write().unwrap();
            wait();
            drop(Write::downgrade_to_upgradable(writer));
        });
        check(|lock, wait| {
            let up = lock.try_upgradable_read().unwrap();
            let second = Waits::new(lock.upgradable_read());
            wait();
            drop(Upgradable::downgrade(up));
            drop(second.take());
        });
        check(|lock, wait| {
            let (up, reader) = (lock.try_upgradable_read().unwrap(), lock.try_read().unwrap());
            let upgrade = Waits::new(Upgradable::upgrade(up));
            wait();
            drop(upgrade);
            drop(reader);
        });
        check(|lock, wait| {
            let writer = lock.try_write().unwrap();
            wait();
            drop(writer);
        });
    });
}

/// Pitfall 18: what a lock prints in each state, without waiting for it.
#[test]
fn it_prints_what_it_can_see() {
    let lock = RwLock::new(5);
    let shown = |has: bool| {
        let text = format!("{lock:?}");
        assert!(text.contains("RwLock"), "{text}");
        assert_eq!(text.contains('5'), has, "{text}");
        assert_eq!(text.contains("<locked>"), !has, "{text}");
    };
    shown(true);
    let reader = lock.try_read().unwrap();
    assert_eq!(format!("{reader:?} {reader}"), "5 5");
    shown(true);
    let next = Waits::new(lock.write());
    assert!(!format!("{:?}", next.wait).is_empty());
    // One more reader would overtake.
    shown(false);
    drop(reader);
    shown(false);
    let writer = next.take();
    assert_eq!(format!("{writer:?} {writer}"), "5 5");
    shown(false);
    let up = Write::downgrade_to_upgradable(writer);
    assert_eq!(format!("{up:?} {up}"), "5 5");
    shown(true);
    drop(up);
    shown(true);
}
