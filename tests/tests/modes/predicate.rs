//! `match = predicate(…)`: which waiters an event is for.

use alloc::{boxed::Box, string::String, sync::Arc, vec::Vec};
use core::{cell::Cell, pin::pin};

use sync_core::{spin::Spinlock, wait_map};
use tests::{Count, SILENT, Task, leak, scaled, within};

use super::{Waiter, closed, panics, ready};

/// Where something lies. Neither `PartialEq` nor `Clone`.
struct Path(&'static str);

impl Path {
    fn is_prefix_of(&self, path: &str) -> bool {
        path.starts_with(self.0)
    }
}

/// The waiters for a change, and where.
#[wait_map(key = Path, event = str, match = predicate(Path::is_prefix_of))]
struct Watch;

/// The waiters for a change, and where, and gets what it is now.
#[wait_map(key = &'static str, value = String, event = str, match = predicate(str::eq))]
struct Settings;

#[test]
fn exactly_the_waiters_it_holds_of_are_woken() {
    let watch = Watch::new();
    let waits = ["/", "/etc", "/home", "/etc/hosts", "/etc/passwd"];
    let waiting: Vec<_> = waits.iter().map(|path| Waiter::queued(watch.wait(Path(path)))).collect();
    assert_eq!(watch.notify("nowhere"), 0);
    assert_eq!(watch.notify("/etc/hosts"), 3);
    let woken: Vec<_> = waiting.iter().map(Waiter::is_told).collect();
    assert_eq!(woken, [true, true, false, true, false]);
    assert_eq!(watch.notify("/etc/hosts"), 0, "once");
    assert_eq!(watch.notify("/etc/passwd"), 1);
    for (path, waiting) in waits.iter().zip(waiting) {
        if *path == "/home" {
            waiting.waits();
        } else {
            assert_eq!(waiting.yields_once(), Ok(()));
        }
    }
}

#[test]
fn an_event_without_waiters_is_not_kept() {
    let watch = Watch::<Spinlock>::default();
    assert_eq!(watch.notify("/etc"), 0);
    Waiter::queued(watch.wait(Path("/"))).waits();
}

#[test]
fn each_gets_a_clone_of_the_value() {
    let settings = Settings::new();
    let waiting: Vec<_> = (0..20).map(|_| Waiter::queued(settings.wait("colour"))).collect();
    let other = Waiter::queued(settings.wait("size"));
    assert_eq!(settings.notify_with("colour", "blue".into()), 20);
    for waiting in waiting {
        assert_eq!(waiting.yields_once().as_deref(), Ok("blue"));
    }
    other.waits();
}

/// A value whose clone runs what a test likes. What is given is cloned one time less than it is given.
struct Hooked(Arc<dyn Fn() + Send + Sync>);

impl Clone for Hooked {
    fn clone(&self) -> Self {
        (self.0)();
        Self(Arc::clone(&self.0))
    }
}

#[wait_map(key = u8, value = Hooked, event = u8, match = predicate(PartialEq::eq))]
struct Told;

#[test]
fn values_are_cloned_without_the_lock() {
    within(5, || {
        let told: &'static Told = leak(Told::new());
        let clones = Arc::new(Count::new());
        let count = Arc::clone(&clones);
        let waiting: Vec<_> = (0..10).map(|_| Waiter::queued(told.wait(1))).collect();
        let value = Hooked(Arc::new(move || {
            count.up();
            // Takes the lock.
            assert!(std::format!("{told:?}").contains("waiters: "));
            assert!(!std::format!("{told:?}").contains("locked"));
            assert_eq!(told.notify_with(&2, Hooked(Arc::new(|| ()))), 0);
        }));
        assert_eq!(told.notify_with(&1, value), 10);
        assert_eq!(clones.get(), 9);
        drop(waiting);
    });
}

/// A task that starts to wait while the values are cloned is not among those that waited.
#[test]
fn newcomers_are_not_notified() {
    within(5, || {
        let told: &'static Told = leak(Told::new());
        let newcomers = leak(tests::Shared::new(Vec::new()));
        let waiting: Vec<_> = (0..20).map(|_| Waiter::queued(told.wait(1))).collect();
        let value = Hooked(Arc::new(|| {
            let (task, mut wait) = (Task::new(), Box::pin(told.wait(1)));
            assert!(task.poll(wait.as_mut()).is_pending());
            newcomers.lock().push((task, wait));
        }));
        assert_eq!(told.notify_with(&1, value), 20);
        assert!(waiting.iter().all(Waiter::is_told));
        assert_eq!(newcomers.lock().len(), 19);
        for (task, wait) in newcomers.lock().iter_mut() {
            assert_eq!(task.woken(), 0);
            assert!(task.poll(wait.as_mut()).is_pending());
        }
    });
}

#[test]
fn a_clone_that_panics_leaves_waiters_that_were_given_nothing() {
    for patience in (0..12).step_by(scaled(1, 5)) {
        let told: &'static Told = leak(Told::new());
        let waiting: Vec<_> = (0..12).map(|_| Waiter::queued(told.wait(1))).collect();
        let left = Arc::new(Count::new());
        left.set(patience);
        let value = Hooked(Arc::new(move || {
            if !left.down() {
                std::panic::panic_any(SILENT);
            }
        }));
        if patience < 11 {
            panics(|| told.notify_with(&1, value));
        } else {
            assert_eq!(told.notify_with(&1, value), 12);
        }
        let woken = waiting.iter().filter(|waiting| waiting.is_told()).count();
        // The others are woken by what comes next.
        assert_eq!(told.notify_with(&1, Hooked(Arc::new(|| ()))), 12 - woken);
        assert!(waiting.into_iter().all(|waiting| waiting.yields_once().is_ok()));
    }
}

thread_local! {
    /// How many questions are answered.
    static PATIENCE: Cell<usize> = const { Cell::new(usize::MAX) };
}

fn touchy(key: &u8, event: &u8) -> bool {
    let left = PATIENCE.get().checked_sub(1).unwrap_or_else(|| std::panic::panic_any(SILENT));
    PATIENCE.set(left);
    key <= event
}

#[wait_map(key = u8, event = u8, match = predicate(touchy))]
struct Touchy;

#[wait_map(key = u8, value = u8, event = u8, match = predicate(touchy))]
struct TouchyWith;

#[test]
fn a_predicate_that_panics_loses_no_waiter() {
    for patience in (0..20).step_by(scaled(1, 9)) {
        let touchy = Touchy::new();
        let waiting: Vec<_> = (0..20).map(|at| Waiter::queued(touchy.wait(at % 2 * 2))).collect();
        PATIENCE.set(patience);
        panics(|| touchy.notify(&1));
        PATIENCE.set(usize::MAX);
        let woken = waiting.iter().filter(|waiting| waiting.is_told()).count();
        assert_eq!(woken, patience.div_ceil(2), "those before it of which it held");
        assert_eq!(touchy.notify(&1), 10 - woken);
        assert_eq!(touchy.notify(&2), 10);
        assert!(waiting.into_iter().all(|waiting| waiting.yields_once() == Ok(())));
    }
}

/// More than one batch of wakers: those that did not fit have been let go as well.
#[test]
fn a_predicate_that_panics_late_wakes_all_it_held_of() {
    let touchy = Touchy::new();
    let waiting: Vec<_> = (0..100).map(|_| Waiter::queued(touchy.wait(1))).collect();
    PATIENCE.set(80);
    panics(|| touchy.notify(&1));
    PATIENCE.set(usize::MAX);
    assert_eq!(waiting.iter().filter(|waiting| waiting.is_told()).count(), 80);
    assert_eq!(touchy.notify(&1), 20);
    assert!(waiting.into_iter().all(|waiting| waiting.yields_once() == Ok(())));
}

#[test]
fn a_predicate_that_panics_loses_no_waiter_where_there_is_a_value() {
    for patience in (0..20).step_by(scaled(1, 9)) {
        let touchy = TouchyWith::new();
        let waiting: Vec<_> = (0..20).map(|at| Waiter::queued(touchy.wait(at % 2 * 2))).collect();
        PATIENCE.set(patience);
        panics(|| touchy.notify_with(&1, 7));
        PATIENCE.set(usize::MAX);
        let woken = waiting.iter().filter(|waiting| waiting.is_told()).count();
        assert_eq!(touchy.notify_with(&1, 8), 10 - woken);
        assert_eq!(touchy.notify_with(&2, 9), 10);
        assert!(waiting.into_iter().all(|waiting| waiting.yields_once().is_ok()));
    }
}

/// A predicate that panics may leave no task that can be woken by `close` alone, nor the other way round.
#[test]
fn after_a_predicate_that_panics_close_reaches_all() {
    for patience in (0..20).step_by(scaled(1, 9)) {
        let touchy = TouchyWith::new();
        let waiting: Vec<_> = (0..20).map(|at| Waiter::queued(touchy.wait(at % 2 * 2))).collect();
        PATIENCE.set(patience);
        panics(|| touchy.notify_with(&1, 7));
        PATIENCE.set(usize::MAX);
        touchy.close();
        assert!(waiting.iter().all(Waiter::is_told));
        for waiting in waiting {
            assert!(matches!(waiting.yields_once(), Ok(7) | Err(_)));
        }
    }
}

#[test]
fn a_closed_map_wakes_no_waiter() {
    let settings = Settings::new();
    let (given, waiting) = (Waiter::queued(settings.wait("a")), Waiter::queued(settings.wait("b")));
    assert_eq!(settings.notify_with("a", "1".into()), 1);
    settings.close();
    assert_eq!(given.yields_once().as_deref(), Ok("1"), "what was given before");
    assert_eq!(waiting.yields_once(), Err(closed()));
    assert_eq!(settings.notify_with("b", "2".into()), 0);
    assert_eq!(ready(settings.wait("b")), Err(closed()));
}

#[test]
fn subscribing_takes_a_place() {
    let watch = Watch::new();
    let mut wait = pin!(watch.wait(Path("/")));
    assert_eq!(watch.notify("/etc"), 0);
    assert_eq!(ready(wait.as_mut().subscribe()), Ok(()));
    assert_eq!(watch.notify("/etc"), 1);
    assert_eq!(ready(wait), Ok(()));
    watch.close();
    let mut wait = pin!(watch.wait(Path("/")));
    assert_eq!(ready(wait.as_mut().subscribe()), Err(closed()));
}

#[test]
fn an_owned_wait_keeps_the_map() {
    let settings = Arc::new(Settings::new_with_raw_mutex(Spinlock::new()));
    let waiting: Waiter<SettingsWaitOwned<Spinlock>> = Waiter::queued(settings.wait_owned("a"));
    assert_eq!(settings.notify_with("a", "1".into()), 1);
    assert_eq!(waiting.yields_once().as_deref(), Ok("1"));
    assert_eq!(Arc::strong_count(&settings), 1);
}

#[test]
fn a_wait_that_is_dropped_takes_only_its_own_wake_up() {
    let watch = Watch::new();
    let (first, second) = (Waiter::queued(watch.wait(Path("/"))), Waiter::queued(watch.wait(Path("/"))));
    let third = Waiter::queued(watch.wait(Path("/")));
    drop(third);
    assert_eq!(watch.notify("/etc"), 2);
    drop(first);
    assert_eq!(second.yields_once(), Ok(()));
}
