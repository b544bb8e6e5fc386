//! Tasks that are polled by hand.

use alloc::sync::Arc;
use alloc::task::Wake;
use core::task::{Context, Poll, Waker};
use std::sync::mpsc::{self, Sender};

use benches::ops::ready;
use benches::slot::Slot;

/// A waker that reports its number.
struct Numbered(usize, Sender<usize>);

impl Wake for Numbered {
    fn wake(self: Arc<Self>) {
        let _ = self.1.send(self.0);
    }
}

/// A number of waiting tasks, and which of them were woken.
pub(crate) struct Crowd<F: 'static> {
    slots: Vec<Option<Slot<F>>>,
    wakers: Vec<Waker>,
    woken: mpsc::Receiver<usize>,
}

impl<F: Future> Crowd<F> {
    pub(crate) fn new(futures: impl Iterator<Item = F>) -> Self {
        let (report, woken) = mpsc::channel();
        let (mut slots, mut wakers) = (Vec::new(), Vec::new());
        for (number, future) in futures.enumerate() {
            let waker = Waker::from(Arc::new(Numbered(number, report.clone())));
            let mut slot = Slot::new(future);
            assert!(slot.poll(&mut Context::from_waker(&waker)).is_pending(), "{number} does not wait");
            slots.push(Some(slot));
            wakers.push(waker);
        }
        Self { slots, wakers, woken }
    }

    pub(crate) fn poll(&mut self, number: usize) -> Poll<F::Output> {
        let slot = self.slots[number].as_mut().expect("not cancelled");
        slot.poll(&mut Context::from_waker(&self.wakers[number]))
    }

    /// What a task has that is woken: its future is dropped as soon as it is ready.
    pub(crate) fn complete(&mut self, number: usize) -> F::Output {
        let output = ready(self.poll(number));
        self.cancel(number);
        output
    }

    pub(crate) fn cancel(&mut self, number: usize) {
        self.slots[number].take().expect("not cancelled before").cancel();
    }

    pub(crate) fn woken(&self) -> Vec<usize> {
        self.woken.try_iter().collect()
    }
}
