//! Requests and replies: a task that asks waits for its tag, and one that hears the reply hands it over.

use alloc::{
    boxed::Box,
    string::{String, ToString},
    sync::Arc,
    vec::Vec,
};
use core::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use super::{
    executor::{Executor, log},
    sync::{
        WaitMap,
        blocking::{DefaultMutex, Mutex},
        spin::{InitOnce, Spinlock},
        wait_map::{Subscribe, Wait, WaitError, WaitOwned, WakeOutcome},
    },
    timers::Clock,
};

type Tag = u16;

/// A line on which replies come back some time later.
struct Line {
    replies: Arc<WaitMap<Tag, String>>,
    tags: Mutex<Tag>,
    clock: Arc<Clock>,
    executor: Executor,
    unclaimed: InitOnce<String>,
}

impl Line {
    fn new(executor: &Executor) -> Arc<Self> {
        Arc::new(Self {
            replies: Arc::new(WaitMap::new()),
            tags: Mutex::new(0),
            clock: Arc::clone(executor.clock()),
            executor: executor.clone(),
            unclaimed: InitOnce::uninitialized(),
        })
    }

    fn next_tag(&self) -> Tag {
        self.tags.with_lock(|tags| {
            *tags += 1;
            *tags
        })
    }

    /// Sends; the reply comes after as many ticks as the text is long.
    fn send(self: &Arc<Self>, tag: Tag, text: &str) {
        let (line, text) = (Arc::clone(self), text.to_uppercase());
        self.executor.spawn(async move {
            line.clock.sleep(text.len() as u64).await;
            match line.replies.wake(&tag, text) {
                WakeOutcome::Woke | WakeOutcome::Closed(_) => {}
                WakeOutcome::NoMatch(text) => assert!(line.unclaimed.try_init(text).is_ok()),
            }
        });
    }

    async fn call(self: &Arc<Self>, text: &str) -> Result<String, WaitError> {
        let tag = self.next_tag();
        let mut reply = Box::pin(self.replies.wait(tag));
        // Before it is sent: the reply may be faster.
        reply.as_mut().subscribe().await?;
        self.send(tag, text);
        reply.await
    }

    /// A call that another task may finish.
    fn start(self: &Arc<Self>, text: &str) -> Call {
        let tag = self.next_tag();
        Call {
            line: Arc::clone(self),
            text: Some(text.to_string()),
            tag,
            reply: Box::pin(self.replies.wait_owned(tag)),
        }
    }
}

struct Call {
    line: Arc<Line>,
    text: Option<String>,
    tag: Tag,
    reply: Pin<Box<WaitOwned<Tag, String>>>,
}

impl Future for Call {
    type Output = Result<String, WaitError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let polled = self.reply.as_mut().poll(cx);
        if let (Poll::Pending, Some(text)) = (&polled, self.text.take()) {
            self.line.send(self.tag, &text);
        }
        polled
    }
}

#[test]
fn each_caller_gets_its_own_reply() {
    let (executor, log) = (Executor::new(), log());
    let line = Line::new(&executor);
    for text in ["three", "on", "fou!"] {
        let (line, log) = (Arc::clone(&line), Arc::clone(&log));
        executor.spawn(async move {
            let reply = line.call(text).await;
            log.lock().push((reply, line.clock.now()));
        });
    }
    executor.run();
    let expected = [("ON", 2), ("FOU!", 4), ("THREE", 5)];
    assert_eq!(*log.lock(), expected.map(|(reply, then)| (Ok(reply.to_string()), then)));
}

#[test]
fn a_call_moves_to_another_task() {
    let executor = Executor::new();
    let line = Line::new(&executor);
    let calls = ["a", "bb"].map(|text| line.start(text)).map(|call| executor.spawn(call));
    executor.run();
    let replies = calls.map(|call| executor.block_on(call));
    assert_eq!(replies, ["A", "BB"].map(|reply| Ok(Ok(reply.to_string()))));
}

#[test]
fn a_reply_that_comes_too_late_is_handed_back() {
    let executor = Executor::new();
    let line = Line::new(&executor);
    let theirs = Arc::clone(&line);
    let reply = executor.block_on(async move { theirs.clock.timeout(2, theirs.call("slow")).await });
    assert_eq!(reply, None);
    assert_eq!(line.unclaimed.try_get().map(String::as_str), Some("SLOW"));
}

#[test]
fn callers_hear_that_the_line_is_closed() {
    let executor = Executor::new();
    let line = Line::new(&executor);
    let calls = ["early", "call"].map(|text| {
        let line = Arc::clone(&line);
        executor.spawn(async move { line.call(text).await })
    });
    executor.run_ready();
    line.replies.close();
    assert!(line.replies.is_closed());
    executor.run();
    for call in calls {
        assert_eq!(executor.block_on(call), Ok(Err(WaitError::Closed)));
    }
    assert!(line.unclaimed.try_get().is_none());
    assert_eq!(executor.block_on(async move { line.call("late").await }), Err(WaitError::Closed));
}

/// Both futures of a map, one after the other, in a struct of the user's.
struct Exchange<'a, K: PartialEq, V> {
    wait: Pin<Box<Wait<'a, K, V, Spinlock>>>,
    map: &'a WaitMap<K, V, Spinlock>,
    request: Option<(K, V)>,
}

impl<K: PartialEq + Unpin, V: Unpin> Future for Exchange<'_, K, V> {
    type Output = Result<V, WaitError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        if let Some((key, value)) = this.request.take() {
            let mut first: Subscribe<'_, '_, K, V, Spinlock> = this.wait.as_mut().subscribe();
            ready!(Pin::new(&mut first).poll(cx))?;
            assert!(matches!(this.map.wake(&key, value), WakeOutcome::Woke));
        }
        this.wait.as_mut().poll(cx)
    }
}

static EXCHANGES: WaitMap<&str, u8, Spinlock> = WaitMap::new_with_raw_mutex(Spinlock::new());

#[test]
fn a_wait_is_a_field() {
    let exchange =
        Exchange { wait: Box::pin(EXCHANGES.wait("key")), map: &EXCHANGES, request: Some(("key", 7)) };
    assert_eq!(Executor::new().block_on(exchange), Ok(7));
}

/// Two tasks with one key, and one that looks for its own condition.
#[test]
fn a_key_is_for_one_task() {
    let executor = Executor::new();
    let map = Arc::new(WaitMap::<u8, (), DefaultMutex>::new());
    let tasks: Vec<_> = (0..2)
        .map(|_| {
            let map = Arc::clone(&map);
            executor.spawn(async move { map.wait(1).await })
        })
        .collect();
    executor.run();
    assert!(matches!(map.wake(&1, ()), WakeOutcome::Woke));
    let outputs: Vec<_> = tasks.into_iter().map(|task| executor.block_on(task)).collect();
    assert_eq!(outputs, [Ok(Ok(())), Ok(Err(WaitError::Duplicate))]);
    let value = executor.block_on(async move { map.wait_for_value(2, || Some("there already")).await });
    assert_eq!(value, Ok("there already"));
}
