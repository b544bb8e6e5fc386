//! Values that are made once, and closures under blocking locks.

use alloc::{boxed::Box, vec::Vec};
use core::{future::Future, pin::Pin, task::Poll};

use sync_core::{
    OnceCell, blocking,
    spin::{InitOnce, Lazy},
};
use tests::{
    Task,
    fuse::{Call, Value, call, task},
    watched::Watched,
};

use crate::scene::Sum;

fn make() -> Value {
    call(Call::Closure);
    Value::new()
}

type Job<'f, T> = (Task, Pin<Box<dyn Future<Output = T> + 'f>>);

fn poll<T>((task, future): &mut Job<'_, T>) -> Poll<T> {
    task.poll(future.as_mut())
}

/// Polls those that were told, until no task waits.
fn everybody_gets_it(mut jobs: Vec<Job<'_, &Value>>) {
    for _ in 0..4 {
        jobs.retain_mut(|job| job.0.woken() == 0 || poll(job).is_pending());
    }
    assert!(jobs.is_empty(), "{} wait forever", jobs.len());
}

/// More than two batches of wakers.
const MANY: usize = 70;

/// An initialiser that panics where it is called, where it is polled first, and where it is polled again;
/// with others that wait for its value.
#[test]
fn an_asynchronous_cell() {
    async fn slowly() -> Value {
        call(Call::Closure);
        let mut yielded = false;
        core::future::poll_fn(|cx| {
            call(Call::Closure);
            if core::mem::replace(&mut yielded, true) {
                return Poll::Ready(());
            }
            cx.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
        make()
    }
    let mut sum = Sum::default();
    for n in [0, 1, 3, MANY] {
        sum.inject("make the value", |run| {
            let cell = OnceCell::new_with_raw_mutex(Watched::default());
            let mut makes: Job<'_, &Value> = (
                task(),
                Box::pin(cell.get_or_init(|| {
                    call(Call::Closure);
                    slowly()
                })),
            );
            let mut others = Vec::<Job<'_, &Value>>::new();
            if let Some(Poll::Pending) = run.act(|| poll(&mut makes)) {
                for _ in 0..n {
                    let mut other: Job<'_, &Value> = (task(), Box::pin(cell.get_or_init(slowly)));
                    assert!(poll(&mut other).is_pending());
                    others.push(other);
                }
                run.act(|| assert!(poll(&mut makes).is_ready()));
            }
            drop(makes);
            // The value is there, or the first of those that waited has the turn to make it; then the rest.
            everybody_gets_it(others);
            let mut late: Job<'_, &Value> = (task(), Box::pin(cell.get_or_init(slowly)));
            while poll(&mut late).is_pending() {}
        });
        sum.inject("leave while making it", |run| {
            let cell = OnceCell::new_with_raw_mutex(Watched::default());
            let mut makes: Job<'_, &Value> = (task(), Box::pin(cell.get_or_init(slowly)));
            assert!(poll(&mut makes).is_pending());
            let mut others: Vec<Job<'_, &Value>> =
                (0..n).map(|_| -> Job<'_, &Value> { (task(), Box::pin(cell.get_or_init(slowly))) }).collect();
            for other in &mut others {
                assert!(poll(other).is_pending());
            }
            run.act(|| drop(makes));
            assert_eq!(others.iter().filter(|(task, _)| task.woken() > 0).count(), n.min(1));
            everybody_gets_it(others);
        });
    }
    sum.inject("set, and drop it with its value", |run| {
        let cell = OnceCell::new_with_raw_mutex(Watched::default());
        assert!(cell.set(Value::new()).is_ok());
        run.act(|| drop(cell));
    });
    sum.at_least(80);
}

#[test]
fn cells_that_are_filled_once() {
    let mut sum = Sum::default();
    sum.inject("Lazy: make the value", |run| {
        let lazy = Lazy::new(make);
        run.act(|| _ = &*lazy);
        assert_eq!(Lazy::get_if_present(&lazy).is_some(), run.panicked().is_none());
        // The next one that asks makes it.
        _ = &*lazy;
        assert!(Lazy::get_if_present(&lazy).is_some());
    });
    sum.inject("InitOnce: make the value", |run| {
        let once = InitOnce::uninitialized();
        run.act(|| _ = once.get_or_else(make));
        assert_eq!(once.try_get().is_some(), run.panicked().is_none());
        _ = once.get_or_else(make);
    });
    sum.inject("InitOnce: drop it with its value", |run| {
        let once = InitOnce::uninitialized();
        once.init(Value::new());
        run.act(|| drop(once));
    });
    sum.inject("InitOnce: fill it twice", |run| {
        let once = InitOnce::uninitialized();
        once.init(Value::new());
        run.act(|| drop(once.try_init(Value::new())));
        assert!(once.try_get().is_some());
    });
    sum.at_least(4);
}

#[test]
fn blocking_locks() {
    let mut sum = Sum::default();
    let touch = |value: &mut Value| {
        call(Call::Closure);
        *value = Value::new();
    };
    sum.inject("a mutex, by closure", |run| {
        let mutex = blocking::Mutex::new_with_raw_mutex(Value::new(), Watched::default());
        run.act(|| mutex.with_lock(|_| call(Call::Closure)));
        assert!(mutex.try_with_lock(|_| ()).is_some(), "it is locked");
        run.act(|| mutex.try_with_lock(|_| call(Call::Closure)));
        assert!(mutex.try_with_lock(|_| ()).is_some(), "it is locked");
    });
    sum.inject("a mutex, by guard", |run| {
        let mutex = blocking::Mutex::new_with_raw_mutex(Value::new(), sync_core::spin::Spinlock::new());
        run.act(|| touch(&mut mutex.lock()));
        assert!(mutex.try_lock().is_some(), "it is locked");
    });
    sum.inject("a lock for readers and writers", |run| {
        let lock = blocking::RwLock::new(Value::new());
        run.act(|| touch(&mut lock.write()));
        assert!(lock.try_write().is_some(), "it is locked");
        run.act(|| {
            let _reads = lock.read();
            call(Call::Closure);
        });
        assert!(lock.try_write().is_some(), "it is locked");
    });
    sum.at_least(6);
}
