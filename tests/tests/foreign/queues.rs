//! Queues and semaphores: wakers are all the user code there is.

use alloc::{sync::Arc, vec::Vec};
use core::task::Poll;

use sync_core::{Semaphore, WaitQueue};
use tests::{
    fuse::{Waiting, task},
    watched::Watched,
};

use crate::scene::{Act, SOME, WithUserCode, all, none, one, some, wait};

struct Queue(Arc<WaitQueue<Watched>>);

/// The same, by waits that own it.
struct Owned(Queue);

impl Queue {
    fn take_stored(&self) {
        while let Poll::Ready(Ok(())) = self.0.try_wait() {}
    }
}

impl WithUserCode for Queue {
    type Kept<'s> = ();

    fn make() -> Self {
        Self(Arc::new(WaitQueue::new_with_raw_mutex(Watched::default())))
    }
    fn keep(&self) {
        self.take_stored();
    }
    fn wait(&self, _: usize) -> Waiting<'_> {
        wait(self.0.wait(), Result::ok)
    }
    fn give(&self, _: &mut Option<()>) {
        self.0.wake();
    }
    fn acts() -> Vec<Act<Self>> {
        vec![
            Act::new("wake", one, |queue, _| queue.0.wake()),
            Act::new("wake_n", some, |queue, _| _ = queue.0.wake_n(SOME)),
            Act::new("wake_n(0)", none, |queue, _| _ = queue.0.wake_n(0)),
            Act::new("wake_all", all, |queue, _| queue.0.wake_all()),
            Act::close(|queue, _| queue.0.close()),
        ]
    }
    fn is_alone(&self) -> bool {
        Arc::strong_count(&self.0) == 1
    }
}

impl WithUserCode for Owned {
    type Kept<'s> = ();

    fn make() -> Self {
        Self(Queue::make())
    }
    fn keep(&self) {
        self.0.keep();
    }
    fn wait(&self, _: usize) -> Waiting<'_> {
        wait(self.0.0.wait_owned(), Result::ok)
    }
    fn give(&self, _: &mut Option<()>) {
        self.0.0.wake();
    }
    fn acts() -> Vec<Act<Self>> {
        vec![
            Act::new("wake", one, |queue, _| queue.0.0.wake()),
            Act::new("wake_all", all, |queue, _| queue.0.0.wake_all()),
            Act::close(|queue, _| queue.0.0.close()),
        ]
    }
    fn is_alone(&self) -> bool {
        self.0.is_alone()
    }
}

/// Each asks for one permit, of none.
struct Permits(Semaphore<Watched>);

/// The first asks for two and one is there, so that the next can go on when it leaves.
struct Large(Arc<Semaphore<Watched>>);

impl WithUserCode for Permits {
    type Kept<'s> = ();

    fn make() -> Self {
        Self(Semaphore::new_with_raw_mutex(0, Watched::default()))
    }
    fn keep(&self) {
        self.0.forget_permits(usize::MAX);
    }
    fn wait(&self, _: usize) -> Waiting<'_> {
        wait(self.0.acquire(1), Result::ok)
    }
    fn give(&self, _: &mut Option<()>) {
        self.0.add_permits(1);
    }
    fn acts() -> Vec<Act<Self>> {
        vec![
            Act::new("add_permits(1)", one, |semaphore, _| semaphore.0.add_permits(1)),
            Act::new("add_permits", some, |semaphore, _| semaphore.0.add_permits(SOME)),
            Act::close(|semaphore, _| semaphore.0.close()),
        ]
    }
}

impl WithUserCode for Large {
    type Kept<'s> = ();
    const FRONT_LEAVES: usize = 1;
    const PASSES_ON: usize = 2;

    fn make() -> Self {
        Self(Arc::new(Semaphore::new_with_raw_mutex(0, Watched::default())))
    }
    fn keep(&self) {
        self.0.forget_permits(usize::MAX);
        self.0.add_permits(1);
    }
    fn wait(&self, nth: usize) -> Waiting<'_> {
        // Those of the rounds at the end are all the first of their line.
        let first = nth == 0 || self.0.waiters() == 0;
        wait(self.0.clone().acquire_owned(if first { 2 } else { 1 }), |permit| {
            permit.ok().map(sync_core::semaphore::OwnedPermit::forget)
        })
    }
    fn give(&self, _: &mut Option<()>) {
        self.0.add_permits(1);
    }
    fn acts() -> Vec<Act<Self>> {
        vec![
            Act::new("add_permits(1)", one, |semaphore, _| semaphore.0.add_permits(1)),
            Act::new("add_permits", some, |semaphore, _| {
                semaphore.0.add_permits(SOME);
            }),
            Act::close(|semaphore, _| semaphore.0.close()),
        ]
    }
    fn is_alone(&self) -> bool {
        Arc::strong_count(&self.0) == 1
    }
}

crate::tables! {
    a_queue: Queue, 250;
    a_queue_by_owned_waits: Owned, 180;
    a_semaphore: Permits, 180;
    a_semaphore_with_a_large_request_in_front: Large, 180;
}

/// A wait that gets in line without a waker, and those behind it.
#[test]
fn a_wait_without_a_waker() {
    let mut sum = crate::scene::Sum::default();
    sum.inject("subscribed, then polled", |run| {
        let queue = WaitQueue::new_with_raw_mutex(Watched::default());
        let mut wait = core::pin::pin!(queue.wait());
        assert!(wait.as_mut().subscribe().is_pending());
        let task = task();
        run.act(|| task.poll(wait.as_mut()));
        queue.wake();
        assert_eq!(task.woken(), usize::from(run.panicked().is_none()));
        assert!(wait.as_mut().subscribe().is_ready());
    });
    sum.at_least(1);
}
