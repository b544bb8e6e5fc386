//! What consists of several steps: barriers, condition variables, and readers that become writers.

use alloc::{boxed::Box, vec::Vec};
use core::{future::Future, pin::Pin, task::Poll};

use sync_core::{Barrier, Condvar, Mutex, RwLock, RwLockUpgradableReadGuard};
use tests::{
    Task,
    fuse::{Call, Run, Value, act, call, task},
    watched::Watched,
};

use crate::scene::Sum;

/// More than two batches of wakers.
const MANY: usize = 70;

/// A future and its task. One whose poll panicked is not polled again: an `async fn` may not be.
struct Job<'f, T> {
    task: Task,
    future: Option<Pin<Box<dyn Future<Output = T> + 'f>>>,
}

impl<'f, T> Job<'f, T> {
    fn new(future: impl Future<Output = T> + 'f) -> Self {
        Self { task: task(), future: Some(Box::pin(future)) }
    }

    /// One that was polled and waits.
    fn waiting(future: impl Future<Output = T> + 'f) -> Self {
        let mut job = Self::new(future);
        assert!(job.poll(None).is_none(), "there is nothing to wait for");
        job
    }

    /// Polls it; what it yields is all that is left of it.
    fn poll(&mut self, run: Option<&Run>) -> Option<T> {
        let future = self.future.as_mut()?;
        match act(run, || self.task.poll(future.as_mut())) {
            Some(Poll::Pending) => None,
            Some(Poll::Ready(output)) => {
                self.future = None;
                Some(output)
            }
            None => {
                self.future = None;
                None
            }
        }
    }

    fn leave(&mut self, run: &Run) {
        let future = self.future.take();
        run.act(|| drop(future));
    }

    /// What it yields, having been woken.
    #[track_caller]
    fn yields(&mut self) -> T {
        assert!(self.task.woken() > 0, "it was not woken");
        self.poll(None).expect("it was woken, and waits on")
    }
}

fn jobs<'f, T, F: Future<Output = T> + 'f>(n: usize, mut make: impl FnMut() -> F) -> Vec<Job<'f, T>> {
    (0..n).map(|_| Job::waiting(make())).collect()
}

/// A barrier of two works.
fn meets(barrier: &Barrier<Watched>, parties: usize) {
    let mut others = jobs(parties - 1, || barrier.wait());
    let mut last = Job::new(barrier.wait());
    assert!(last.poll(None).expect("it is the last one").is_leader());
    for other in &mut others {
        assert!(!other.yields().is_leader());
    }
}

#[test]
fn a_barrier() {
    let mut sum = Sum::default();
    for parties in [2, 3, MANY] {
        sum.inject("come, not last", |run| {
            let barrier = Barrier::new_with_raw_mutex(parties, Watched::default());
            let mut comes = Job::new(barrier.wait());
            assert!(comes.poll(Some(run)).is_none());
            drop(comes);
            assert_eq!(barrier.arrived(), 0, "who panicked or left does not count");
            meets(&barrier, parties);
        });
        sum.inject("come, last", |run| {
            let barrier = Barrier::new_with_raw_mutex(parties, Watched::default());
            let mut others = jobs(parties - 1, || barrier.wait());
            let mut last = Job::new(barrier.wait());
            last.poll(Some(run));
            // It has come, even if a waker panics.
            for other in &mut others {
                assert!(!other.yields().is_leader());
            }
            meets(&barrier, parties);
        });
        sum.inject("leave", |run| {
            let barrier = Barrier::new_with_raw_mutex(parties, Watched::default());
            let mut others = jobs(parties - 1, || barrier.wait());
            others[0].leave(run);
            assert_eq!(barrier.arrived(), parties - 2);
            drop(others);
            meets(&barrier, parties);
        });
        sum.inject("poll again, as another task", |run| {
            let barrier = Barrier::new_with_raw_mutex(parties, Watched::default());
            let mut others = jobs(parties - 1, || barrier.wait());
            others[0].task = task();
            others[0].poll(Some(run));
            let stays = others[0].future.is_some();
            assert_eq!(stays, run.panicked().is_none());
            assert_eq!(barrier.arrived(), parties - 1 - usize::from(!stays));
            drop(others);
            meets(&barrier, parties);
        });
    }
    sum.at_least(80);
}

type Mutexed = Mutex<Value, Watched>;

async fn wait(condvar: &Condvar<Watched>, mutex: &Mutexed) {
    let guard = mutex.lock().await;
    drop(condvar.wait(guard).await);
}

#[test]
fn a_condition_variable() {
    let mut sum = Sum::default();
    let make = || {
        (
            Condvar::new_with_raw_mutex(Watched::default()),
            Mutexed::new_with_raw_mutex(Value::new(), Watched::default()),
        )
    };
    for n in [1, 3, MANY] {
        sum.inject("wait", |run| {
            let (condvar, mutex) = make();
            let mut others = jobs(n, || wait(&condvar, &mutex));
            let mut comes = Job::new(wait(&condvar, &mutex));
            comes.poll(Some(run));
            assert!(!mutex.is_locked(), "who panicked has unlocked it, too");
            drop(comes);
            assert_eq!(condvar.notify_all(), n);
            others.iter_mut().for_each(Job::yields);
        });
        // One that locks while a task waits to lock hands the mutex on.
        sum.inject("wait, and a task wants the mutex", |run| {
            let (condvar, mutex) = make();
            let held = mutex.try_lock().expect("no task has it");
            let mut others = jobs(n, || mutex.lock());
            let mut comes = Job::new(condvar.wait(held));
            comes.poll(Some(run));
            for other in &mut others {
                // One after the other.
                drop(other.yields());
            }
        });
        sum.inject("notify one", |run| {
            let (condvar, mutex) = make();
            let mut waiting = jobs(n, || wait(&condvar, &mutex));
            run.act(|| condvar.notify_one());
            waiting[0].yields();
            assert_eq!(condvar.notify_all(), n - 1);
            waiting[1..].iter_mut().for_each(Job::yields);
        });
        sum.inject("notify all", |run| {
            let (condvar, mutex) = make();
            let mut waiting = jobs(n, || wait(&condvar, &mutex));
            run.act(|| condvar.notify_all());
            waiting.iter_mut().for_each(Job::yields);
        });
        sum.inject("leave, and leave with a notification", |run| {
            let (condvar, mutex) = make();
            let mut waiting = jobs(n + 2, || wait(&condvar, &mutex));
            condvar.notify_one();
            waiting[0].leave(run);
            waiting[1].yields();
            drop(waiting.remove(2));
            assert_eq!(condvar.notify_all(), n - 1);
        });
        sum.inject("a condition that panics", |run| {
            let (condvar, mutex) = make();
            let held = mutex.try_lock().expect("no task has it");
            let mut looks = Job::new(condvar.wait_while(held, |_| {
                call(Call::Closure);
                true
            }));
            looks.poll(Some(run));
            assert!(!mutex.is_locked());
            assert_eq!(condvar.notify_all(), usize::from(run.panicked().is_none()));
        });
    }
    sum.at_least(90);
}

/// An upgrade that waits for other readers, with writers and readers behind it.
#[test]
fn an_upgrade() {
    let mut sum = Sum::default();
    let make = || RwLock::new_with_raw_mutex(Value::new(), Watched::default());
    for n in [1, 3, MANY] {
        sum.inject("ask for it", |run| {
            let lock = make();
            let reads = lock.try_read().expect("it is free");
            let upgradable = lock.try_upgradable_read().expect("no other task is");
            let mut others = jobs(n, || lock.write());
            let mut asks = Job::new(RwLockUpgradableReadGuard::upgrade(upgradable));
            asks.poll(Some(run));
            drop(reads);
            if run.panicked().is_none() {
                drop(asks.yields());
            }
            for other in &mut others {
                drop(other.yields());
            }
        });
        sum.inject("the last other reader goes", |run| {
            let lock = make();
            let reads = lock.try_read().expect("it is free");
            let upgradable = lock.try_upgradable_read().expect("no other task is");
            let mut asks = Job::waiting(RwLockUpgradableReadGuard::upgrade(upgradable));
            let mut others = jobs(n, || lock.read());
            run.act(|| drop(reads));
            drop(asks.yields());
            let read: Vec<_> = others.iter_mut().map(Job::yields).collect();
            assert_eq!(read.len(), n);
        });
        sum.inject("give it up", |run| {
            let lock = make();
            let reads = lock.try_read().expect("it is free");
            let upgradable = lock.try_upgradable_read().expect("no other task is");
            let mut asks = Job::waiting(RwLockUpgradableReadGuard::upgrade(upgradable));
            let mut others = jobs(n, || lock.read());
            asks.leave(run);
            let read: Vec<_> = others.iter_mut().map(Job::yields).collect();
            assert_eq!(read.len(), n);
            drop((reads, read));
            assert!(lock.try_write().is_some());
        });
        sum.inject("the writer that it was given to leaves", |run| {
            let lock = make();
            let reads = lock.try_read().expect("it is free");
            let upgradable = lock.try_upgradable_read().expect("no other task is");
            let mut asks = Job::waiting(RwLockUpgradableReadGuard::upgrade(upgradable));
            drop(reads);
            let mut others = jobs(n, || lock.read());
            asks.leave(run);
            let read: Vec<_> = others.iter_mut().map(Job::yields).collect();
            assert_eq!(read.len(), n);
        });
    }
    sum.at_least(150);
}
