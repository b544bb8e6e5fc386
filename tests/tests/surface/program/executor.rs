//! An executor for one thread, whose time passes when no task has anything to do.

use alloc::{
    boxed::Box,
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Weak},
    task::Wake,
};
use core::{
    future::Future,
    mem,
    pin::Pin,
    task::{Context, Poll, Waker, ready},
};

use super::{
    sync::{
        WaitCell, WaitQueue,
        blocking::{DefaultMutex, Mutex, MutexGuard},
        spin::{Lazy, Spinlock},
        util::CachePadded,
        wait_cell::PollWaitError,
    },
    timers::Clock,
};

type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A list that several tasks write to.
pub(crate) type Log<T> = Arc<Mutex<alloc::vec::Vec<T>, Spinlock>>;

pub(crate) fn log<T>() -> Log<T> {
    Arc::default()
}

#[derive(Clone)]
pub(crate) struct Executor(Arc<Inner>);

struct Inner {
    ready: CachePadded<Mutex<VecDeque<Arc<Task>>, Spinlock>>,
    /// Those that have not ended: a waker alone does not keep a task.
    tasks: Mutex<BTreeMap<u64, Arc<Task>>>,
    ended: WaitQueue,
    clock: Arc<Clock>,
}

struct Task {
    id: u64,
    state: Mutex<State, Spinlock>,
    executor: Weak<Inner>,
}

#[derive(Default)]
struct State {
    work: Option<Work>,
    is_queued: bool,
    is_aborted: bool,
}

/// Numbers tasks, for all executors.
static IDS: Lazy<Mutex<u64>> = Lazy::new(|| Mutex::new(0));

impl Executor {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Inner {
            ready: CachePadded::default(),
            tasks: Mutex::new(BTreeMap::new()),
            ended: WaitQueue::new(),
            clock: Arc::default(),
        }))
    }

    pub(crate) fn clock(&self) -> &Arc<Clock> {
        &self.0.clock
    }

    pub(crate) fn spawn<F>(&self, work: F) -> JoinHandle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        let slot = Arc::new(Slot { output: Mutex::default(), ended: WaitCell::new() });
        let ending = Ending(Arc::clone(&slot));
        let id = IDS.with_lock(|ids| {
            *ids += 1;
            *ids
        });
        let work: Work = Box::pin(async move {
            // Dropped at the end, and also when the task is aborted.
            let ending = ending;
            let output = work.await;
            ending.0.output.with_lock(|slot| *slot = Some(output));
        });
        let task = Arc::new(Task {
            id,
            state: Mutex::new_with_raw_mutex(State { work: Some(work), ..State::default() }, Spinlock::new()),
            executor: Arc::downgrade(&self.0),
        });
        self.0.tasks.with_lock(|tasks| tasks.insert(id, Arc::clone(&task)));
        Arc::clone(&task).wake();
        JoinHandle { slot, task: Arc::downgrade(&task) }
    }

    /// Runs what is ready, and no time passes.
    pub(crate) fn run_ready(&self) {
        loop {
            let Some(task) = self.0.ready.lock().pop_front() else { break };
            task.run();
        }
    }

    /// Runs until no task is ready, and no task sleeps.
    pub(crate) fn run(&self) {
        self.run_ready();
        while self.0.clock.advance_to_next() {
            self.run_ready();
        }
    }

    /// Runs until `main` ends.
    #[track_caller]
    pub(crate) fn block_on<F>(&self, main: F) -> F::Output
    where
        F: Future<Output: Send> + Send + 'static,
    {
        let mut main = self.spawn(main);
        self.run();
        match tests::poll(Pin::new(&mut main)) {
            Poll::Ready(Ok(output)) => output,
            Poll::Ready(Err(Aborted)) => panic!("no task has aborted it"),
            Poll::Pending => panic!("it waits forever"),
        }
    }

    /// Waits until `n` tasks or fewer are left.
    pub(crate) async fn until_left(&self, n: usize) {
        let left = || self.0.tasks.with_lock(|tasks| tasks.len() <= n);
        self.0.ended.wait_for(left).await.expect("never closed");
    }
}

impl Task {
    fn run(self: Arc<Self>) {
        let work = {
            let mut state: MutexGuard<'_, State, Spinlock> = self.state.lock();
            state.is_queued = false;
            state.work.take()
        };
        let Some(mut work) = work else { return };
        let waker = Waker::from(Arc::clone(&self));
        let polled = work.as_mut().poll(&mut Context::from_waker(&waker));
        let mut state = self.state.lock();
        if polled.is_pending() && !state.is_aborted {
            state.work = Some(work);
            return;
        }
        drop(state);
        drop(work);
        self.end();
    }

    fn end(&self) {
        let Some(executor) = self.executor.upgrade() else { return };
        executor.tasks.with_lock(|tasks| tasks.remove(&self.id));
        executor.ended.wake_all();
    }

    fn abort(&self) {
        let work = self.state.with_lock(|state| {
            state.is_aborted = true;
            state.work.take()
        });
        // Without the lock: it may drop anything.
        if work.is_some() {
            drop(work);
            self.end();
        }
    }
}

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        let Some(executor) = self.executor.upgrade() else { return };
        if !self.state.with_lock(|state| mem::replace(&mut state.is_queued, true)) {
            executor.ready.lock().push_back(self);
        }
    }
}

/// What a task yields: a future that can be moved around.
pub(crate) struct JoinHandle<T> {
    slot: Arc<Slot<T>>,
    task: Weak<Task>,
}

struct Slot<T> {
    output: Mutex<Option<T>, DefaultMutex>,
    ended: WaitCell,
}

struct Ending<T>(Arc<Slot<T>>);

impl<T> Drop for Ending<T> {
    fn drop(&mut self) {
        self.0.ended.close();
    }
}

/// The task was aborted before it had an output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Aborted;

impl<T> JoinHandle<T> {
    pub(crate) fn abort(&self) {
        if let Some(task) = self.task.upgrade() {
            task.abort();
        }
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.task.upgrade().is_none()
    }
}

impl<T> Future for JoinHandle<T> {
    type Output = Result<T, Aborted>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        loop {
            if let Some(output) = self.slot.output.with_lock(Option::take) {
                return Poll::Ready(Ok(output));
            }
            match ready!(self.slot.ended.poll_wait(cx)) {
                Ok(()) => {}
                // It may have ended between the two.
                Err(PollWaitError::Closed) => {
                    return Poll::Ready(self.slot.output.with_lock(Option::take).ok_or(Aborted));
                }
                Err(PollWaitError::Busy) => {
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
            }
        }
    }
}

#[test]
fn tasks_run_in_the_order_in_which_they_became_ready() {
    let (executor, log) = (Executor::new(), log());
    for n in 0..3 {
        let log = Arc::clone(&log);
        executor.spawn(async move {
            log.lock().push(n);
            yield_now().await;
            log.lock().push(n + 10);
        });
    }
    executor.run();
    assert_eq!(*log.lock(), [0, 1, 2, 10, 11, 12]);
}

#[test]
fn outputs_arrive_and_aborted_tasks_say_so() {
    let executor = Executor::new();
    let inner = executor.clone();
    let main = executor.block_on(async move {
        let early = inner.spawn(async { 1 });
        let late = inner.spawn(async {
            yield_now().await;
            2
        });
        let never = inner.spawn(core::future::pending::<()>());
        yield_now().await;
        assert!(early.has_ended() && !never.has_ended());
        never.abort();
        (early.await, late.await, never.await)
    });
    assert_eq!(main, (Ok(1), Ok(2), Err(Aborted)));
}

#[test]
fn the_end_of_tasks_can_be_waited_for() {
    let executor = Executor::new();
    let (inner, log) = (executor.clone(), log());
    for n in [30, 10, 20] {
        let (clock, log) = (Arc::clone(executor.clock()), Arc::clone(&log));
        executor.spawn(async move {
            clock.sleep(n).await;
            log.lock().push(n);
        });
    }
    let seen = Arc::clone(&log);
    let left = executor.block_on(async move {
        // This one, and the last.
        inner.until_left(2).await;
        seen.lock().clone()
    });
    assert_eq!(left, [10, 20]);
    assert_eq!(*log.lock(), [10, 20, 30]);
}

/// Lets the other tasks run.
pub(crate) async fn yield_now() {
    let mut is_first = true;
    core::future::poll_fn(|cx| {
        if mem::replace(&mut is_first, false) {
            cx.waker().wake_by_ref();
            Poll::Pending
        } else {
            Poll::Ready(())
        }
    })
    .await;
}
