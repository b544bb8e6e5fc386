//! Running futures on threads, and giving them up.

use alloc::boxed::Box;
use core::{
    fmt,
    future::Future,
    pin::{Pin, pin},
    task::{Context, Poll},
};
#[cfg(not(loom))]
use std::thread;

#[cfg(loom)]
use loom::thread;

use crate::Hooks;

/// Runs `future` on this thread, which sleeps while it is pending; if it is not woken, loom reports a
/// deadlock.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let this = thread::current();
    let waker = Hooks::new().on_wake(move || this.unpark()).waker();
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

/// A future that is dropped, and yields `None`, when its `patience` is over.
///
/// After the poll that finds it pending for the last time, the task runs once more and drops it without
/// another poll: whatever was given to it between the two was given to no task.
pub struct GiveUp<F> {
    future: Option<Pin<Box<F>>>,
    patience: Option<usize>,
}

impl<F> GiveUp<F> {
    /// Gives `future` up after `patience` polls, or never.
    pub fn after(patience: Option<usize>, future: F) -> Self {
        Self { future: Some(Box::pin(future)), patience }
    }
}

impl<F: Future> Future for GiveUp<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if self.patience == Some(0) {
            // So that there is a while in which something may be given to it.
            thread::yield_now();
            self.future = None;
        }
        let Some(future) = &mut self.future else { return Poll::Ready(None) };
        let polled = future.as_mut().poll(cx);
        if polled.is_ready() {
            self.future = None;
        } else if let Some(patience) = &mut self.patience {
            *patience -= 1;
            if *patience == 0 {
                cx.waker().wake_by_ref();
            }
        }
        polled.map(Some)
    }
}

impl<F> fmt::Debug for GiveUp<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GiveUp").field("patience", &self.patience).finish_non_exhaustive()
    }
}

/// Numbers that look random and are the same in each run.
#[derive(Debug)]
pub struct Dice(u64);

impl Dice {
    /// Returns dice that differ for each `seed`.
    #[must_use]
    pub fn new(seed: usize) -> Self {
        Self(seed as u64 ^ 0x9e37_79b9_7f4a_7c15)
    }

    /// Returns a number less than `sides`.
    ///
    /// # Panics
    ///
    /// If `sides` is zero.
    pub fn roll(&mut self, sides: usize) -> usize {
        // An LCG whose upper half is good enough for this.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % sides
    }

    /// Returns how long to wait: mostly as long as it takes, else for a poll or two.
    pub fn patience(&mut self) -> Option<usize> {
        [None, None, Some(1), Some(2)][self.roll(4)]
    }
}
