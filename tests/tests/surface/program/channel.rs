//! A bounded channel of many senders and one receiver, generic over the raw lock.
//!
//! The permits of a semaphore are the room that is left; a queue says that something has arrived.

use alloc::{
    boxed::Box,
    collections::VecDeque,
    string::{String, ToString},
    sync::Arc,
    vec::Vec,
};
use core::{
    fmt::Debug,
    future::Future,
    pin::{Pin, pin},
    task::{Context, Poll},
};

use super::{
    executor::{Executor, log, yield_now},
    sync::{
        Closed, Semaphore, WaitQueue,
        blocking::{ConstInit, Mutex, RawMutex},
        semaphore::{Acquire, Permit, TryAcquireError},
        spin::Spinlock,
    },
    waits::watched::Watched,
};

struct Channel<T, Lock: RawMutex> {
    room: Semaphore<Lock>,
    items: Mutex<VecDeque<T>, Lock>,
    arrived: WaitQueue<Lock>,
    senders: Mutex<usize, Lock>,
}

impl<T, Lock: RawMutex + ConstInit> Channel<T, Lock> {
    const fn new(room: usize) -> Self {
        Self {
            room: Semaphore::new_with_raw_mutex(room, Lock::INIT),
            items: Mutex::new_with_raw_mutex(VecDeque::new(), Lock::INIT),
            arrived: WaitQueue::new_with_raw_mutex(Lock::INIT),
            senders: Mutex::new_with_raw_mutex(1, Lock::INIT),
        }
    }
}

fn channel<T>(room: usize) -> (Sender<T>, Receiver<T>) {
    channel_with_lock::<T, Spinlock>(room)
}

fn channel_with_lock<T, Lock: RawMutex + ConstInit>(room: usize) -> (Sender<T, Lock>, Receiver<T, Lock>) {
    let channel = Arc::new(Channel::new(room));
    (Sender(Arc::clone(&channel)), Receiver(channel))
}

struct Sender<T, Lock: RawMutex = Spinlock>(Arc<Channel<T, Lock>>);

struct Receiver<T, Lock: RawMutex = Spinlock>(Arc<Channel<T, Lock>>);

#[derive(Debug, PartialEq, Eq)]
enum TrySendError<T> {
    Full(T),
    Closed(T),
}

impl<T, Lock: RawMutex> Sender<T, Lock> {
    fn reserve(&self) -> Reserve<'_, T, Lock> {
        Reserve { acquire: Box::pin(self.0.room.acquire(1)), channel: &self.0 }
    }

    async fn send(&self, item: T) -> Result<(), T> {
        match self.reserve().await {
            Ok(slot) => {
                slot.fill(item);
                Ok(())
            }
            Err(_) => Err(item),
        }
    }

    fn try_send(&self, item: T) -> Result<(), TrySendError<T>> {
        match self.0.room.try_acquire(1) {
            Ok(permit) => {
                Slot { permit, channel: &self.0 }.fill(item);
                Ok(())
            }
            Err(TryAcquireError::InsufficientPermits) => Err(TrySendError::Full(item)),
            Err(TryAcquireError::Closed) => Err(TrySendError::Closed(item)),
        }
    }
}

impl<T, Lock: RawMutex> Clone for Sender<T, Lock> {
    fn clone(&self) -> Self {
        self.0.senders.with_lock(|senders| *senders += 1);
        Self(Arc::clone(&self.0))
    }
}

impl<T, Lock: RawMutex> Drop for Sender<T, Lock> {
    fn drop(&mut self) {
        let left = self.0.senders.with_lock(|senders| {
            *senders -= 1;
            *senders
        });
        if left == 0 {
            self.0.arrived.close();
        }
    }
}

/// Waits for room.
#[must_use = "futures do nothing unless polled"]
struct Reserve<'a, T, Lock: RawMutex> {
    acquire: Pin<Box<Acquire<'a, Lock>>>,
    channel: &'a Channel<T, Lock>,
}

impl<'a, T, Lock: RawMutex> Future for Reserve<'a, T, Lock> {
    type Output = Result<Slot<'a, T, Lock>, Closed>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let channel = self.channel;
        self.acquire.as_mut().poll(cx).map_ok(|permit| Slot { permit, channel })
    }
}

/// Room for one item, given back if it is not filled.
struct Slot<'a, T, Lock: RawMutex> {
    permit: Permit<'a, Lock>,
    channel: &'a Channel<T, Lock>,
}

impl<T, Lock: RawMutex> Slot<'_, T, Lock> {
    fn fill(self, item: T) {
        assert_eq!(self.permit.permits(), 1);
        // It is the receiver that makes room again.
        self.permit.forget();
        self.channel.items.lock().push_back(item);
        self.channel.arrived.wake();
    }
}

impl<T, Lock: RawMutex> Receiver<T, Lock> {
    fn try_recv(&self) -> Option<T> {
        let item = self.0.items.lock().pop_front()?;
        self.0.room.add_permits(1);
        Some(item)
    }

    /// Returns `None` when nothing is left and no task can send any more.
    async fn recv(&self) -> Option<T> {
        loop {
            let mut arrival = pin!(self.0.arrived.wait());
            // From here on nothing arrives unseen.
            let _ = arrival.as_mut().subscribe();
            if let Some(item) = self.try_recv() {
                return Some(item);
            }
            if arrival.await.is_err() {
                return self.try_recv();
            }
        }
    }
}

impl<T, Lock: RawMutex> Drop for Receiver<T, Lock> {
    fn drop(&mut self) {
        self.0.room.close();
        // Without the lock.
        let left = self.0.items.with_lock(core::mem::take);
        drop(left);
    }
}

#[test]
fn senders_wait_for_room_and_keep_their_order() {
    fn run<Lock: RawMutex + ConstInit + Debug + Send + Sync + 'static>() {
        let (executor, log) = (Executor::new(), log());
        let (sender, receiver) = channel_with_lock::<u32, Lock>(2);
        for n in 0..4 {
            let (sender, log) = (sender.clone(), Arc::clone(&log));
            executor.spawn(async move {
                for item in [n, n + 10] {
                    sender.send(item).await.expect("a task receives");
                    log.lock().push(item);
                }
            });
        }
        drop(sender);
        executor.run_ready();
        // The first sends twice at once.
        assert_eq!(*log.lock(), [0, 10]);
        let got = executor.block_on(async move {
            let mut got = Vec::new();
            while let Some(item) = receiver.recv().await {
                got.push(item);
                yield_now().await;
            }
            got
        });
        assert_eq!(got, [0, 10, 1, 2, 3, 11, 12, 13]);
        assert_eq!(*log.lock(), got);
    }
    run::<Spinlock>();
    run::<Watched>();
}

#[test]
fn what_is_left_is_received_after_the_last_sender() {
    let executor = Executor::new();
    let (sender, receiver) = channel(3);
    assert_eq!(sender.try_send('a'), Ok(()));
    assert_eq!(sender.clone().try_send('b'), Ok(()));
    drop(sender);
    let got = executor.block_on(async move {
        (receiver.recv().await, receiver.recv().await, receiver.recv().await, receiver.recv().await)
    });
    assert_eq!(got, (Some('a'), Some('b'), None, None));
}

#[test]
fn no_task_sends_to_a_receiver_that_has_gone() {
    let executor = Executor::new();
    let (sender, receiver) = channel::<String>(1);
    assert_eq!(sender.try_send("kept".to_string()), Ok(()));
    assert_eq!(sender.try_send("full".to_string()), Err(TrySendError::Full("full".to_string())));
    let blocked = ["one", "two"].map(|item| {
        let sender = sender.clone();
        executor.spawn(async move { sender.send(item.to_string()).await })
    });
    executor.run_ready();
    assert!(blocked.iter().all(|task| !task.has_ended()));
    drop(receiver);
    executor.run();
    for (task, item) in blocked.into_iter().zip(["one", "two"]) {
        assert_eq!(executor.block_on(task), Ok(Err(item.to_string())));
    }
    assert_eq!(sender.try_send("late".to_string()), Err(TrySendError::Closed("late".to_string())));
    assert!(executor.block_on(async move { sender.reserve().await.is_err() }));
}

#[test]
fn room_that_is_not_used_goes_to_the_next() {
    let (executor, log) = (Executor::new(), log());
    let (sender, receiver) = channel(1);
    let holder = {
        let sender = sender.clone();
        let clock = Arc::clone(executor.clock());
        executor.spawn(async move {
            let slot = sender.reserve().await;
            clock.sleep(10).await;
            // Changed its mind.
            drop(slot);
        })
    };
    let mut tasks = Vec::new();
    for n in 1..=3 {
        let (sender, log) = (sender.clone(), Arc::clone(&log));
        tasks.push(executor.spawn(async move {
            sender.send(n).await.expect("a task receives");
            log.lock().push(n);
        }));
    }
    executor.run_ready();
    // Given up while it waits, in front of the others.
    tasks[0].abort();
    executor.run_ready();
    assert!(log.lock().is_empty());
    executor.run();
    assert!(holder.has_ended());
    assert_eq!(*log.lock(), [2]);
    // Given up when the room is on its way to it.
    assert_eq!(receiver.try_recv(), Some(2));
    tasks[2].abort();
    executor.run();
    assert_eq!(sender.try_send(4), Ok(()));
    assert_eq!(receiver.try_recv(), Some(4));
    assert_eq!(receiver.try_recv(), None);
    assert_eq!(*log.lock(), [2]);
}
