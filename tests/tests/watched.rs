//! The net that no test has to spread (`tests::watched`) catches something: user code under a lock is found,
//! whichever lock it is, and cannot pass by a panic that is swallowed.
//!
//! Seen to fail, each in its turn: `Holding` that does not count, a critical section that does not,
//! `not_held` left out of `Hooks`, of `Tracked` and of `fuse::call`, and `found` that only panics.
//!
//! Seen to find, planted in the library: the wakers of a round called inside the closure of its lock
//! (`WakeLoop::go_on`, found by 33 of the programs' tests); the waker cloned under the lock in
//! `keep_waiting`; the event of a cancellation made a local of the locked closure (`policy.rs`), when
//! `select` panics.
#![cfg(not(any(loom, shuttle)))]
#![expect(clippy::mem_forget, clippy::type_complexity, reason = "what is dropped when is the subject")]

extern crate alloc;

use alloc::vec::Vec;
use core::{panic::AssertUnwindSafe, task::Waker};
use std::{env, panic::catch_unwind, process::Command};

use sync_core::{blocking::ConstInit, blocking::Mutex};
use tests::{
    Hooks, SILENT, Task, Tracker, fuse, quiet,
    watched::{Watched, collect, is_held},
};

/// What user code is there, each run by a closure.
fn all() -> Vec<(&'static str, alloc::boxed::Box<dyn FnOnce()>)> {
    fn of<F: FnOnce() + 'static>(
        name: &'static str,
        f: F,
    ) -> (&'static str, alloc::boxed::Box<dyn FnOnce()>) {
        (name, alloc::boxed::Box::new(f))
    }
    // Each has what it needs before the lock is taken, and what is left of it goes after.
    let wakers: Vec<fn() -> Waker> =
        vec![|| Task::new().waker(), || fuse::task().waker(), || Hooks::new().waker()];
    let mut all = Vec::new();
    for make in wakers {
        let waker = make();
        all.push(of("clone of a waker", move || core::mem::forget((waker.clone(), waker))));
        let waker = make();
        all.push(of("wake", move || waker.wake()));
        let waker = make();
        all.push(of("wake by reference", move || {
            waker.wake_by_ref();
            core::mem::forget(waker);
        }));
        let waker = make();
        all.push(of("drop of a waker", move || drop(waker)));
    }
    let tracked = Tracker::new().value(1);
    all.push(of("clone of a value", move || core::mem::forget((tracked.clone(), tracked))));
    let tracked = Tracker::new().value(1);
    all.push(of("drop of a value", move || drop(tracked)));
    let value = fuse::Value::new();
    all.push(of("clone of a value that may panic", move || core::mem::forget((value.clone(), value))));
    let value = fuse::Value::new();
    all.push(of("drop of a value that may panic", move || drop(value)));
    let key = fuse::Key::new(1);
    all.push(of("drop of a key", move || drop(key)));
    all
}

/// What runs while `lock` runs it is found, and what runs without it is not.
fn finds(lock: &dyn Fn(&mut dyn FnMut())) {
    for (name, act) in all() {
        let ((), found) = collect(|| {
            let mut act = Some(act);
            lock(&mut || {
                assert!(is_held(), "{name}");
                act.take().expect("it runs once")();
            });
        });
        assert_eq!(found.len(), 1, "{name} under the lock: {found:?}");
    }
    for (name, act) in all() {
        let ((), found) = collect(act);
        assert!(found.is_empty(), "{name} without it: {found:?}");
    }
    assert!(!is_held());
}

#[test]
fn a_watched_lock_finds_what_runs_under_it() {
    static LOCK: Mutex<(), Watched> = Mutex::new_with_raw_mutex((), Watched::INIT);
    finds(&|f| LOCK.with_lock(|()| f()));
    finds(&|f| LOCK.try_with_lock(|()| f()).expect("it is free"));
}

/// All other tests of this crate rely on it: `cargo xtask unit` builds them with the feature.
#[cfg(all(feature = "watched", not(feature = "std")))]
#[test]
fn the_default_lock_is_watched() {
    static LOCK: Mutex<()> = Mutex::new(());
    finds(&|f| LOCK.with_lock(|()| f()));
    finds(&|f| LOCK.try_with_lock(|()| f()).expect("it is free"));

    // Of several threads, one at a time holds it, and each knows of itself.
    let count = Mutex::new(0);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..1000 {
                    count.with_lock(|count| *count += usize::from(is_held()));
                    assert!(!is_held());
                }
            });
        }
    });
    assert_eq!(count.with_lock(|count| *count), 4000);
}

#[test]
fn a_panic_under_the_lock_lets_go_of_it() {
    quiet();
    let lock = Mutex::<(), Watched>::default();
    let caught = catch_unwind(AssertUnwindSafe(|| lock.with_lock(|()| std::panic::panic_any(SILENT))));
    assert!(caught.is_err() && !is_held());
    let caught = catch_unwind(AssertUnwindSafe(|| lock.with_lock(|()| lock.with_lock(|()| ()))));
    let why = caught.expect_err("it would wait for itself");
    assert!(why.downcast_ref::<alloc::string::String>().is_some_and(|why| why.contains("foreign code")));
    assert!(!is_held());
}

/// In a program of its own, which is this one: a waker that is woken under the lock, where everything is
/// caught.
#[test]
fn what_is_found_ends_the_program() {
    const CHILD: &str = "TESTS_WATCHED_CHILD";
    if env::var_os(CHILD).is_some() {
        let lock = Mutex::<(), Watched>::default();
        let caught = catch_unwind(AssertUnwindSafe(|| lock.with_lock(|()| Task::new().waker().wake())));
        // It is not to come here.
        assert!(caught.is_ok());
        return;
    }
    let output = Command::new(env::current_exe().expect("this program"))
        .args(["--exact", "what_is_found_ends_the_program"])
        .env(CHILD, "1")
        .output()
        .expect("it starts");
    let errors = alloc::string::String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "it passed");
    // The thread is named after the test, and the trace leads to the waker.
    assert!(errors.contains("what_is_found_ends_the_program: user code runs under the lock"), "{errors}");
}
