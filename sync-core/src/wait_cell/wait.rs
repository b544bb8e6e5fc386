//! The futures of a [`WaitCell`].

use core::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use super::{Attempt, Registration, WaitCell};
use crate::{Closed, WaitResult};

/// The future of [`WaitCell::wait`].
///
/// Once it has completed, polling it again yields the same. While it waits, its task's waker is registered;
/// dropping it takes that back.
#[derive(Debug)]
#[must_use = "futures do nothing unless `.await`ed or polled"]
pub struct Wait<'a> {
    cell: &'a WaitCell,
    state: State,
}

#[derive(Clone, Copy, Debug)]
enum State {
    /// Not registered.
    Idle,
    /// Registered, when last polled.
    Registered(Registration),
    /// Completed.
    Done(WaitResult<()>),
}

/// The future of [`WaitCell::subscribe`], which yields a [`Wait`] that is registered already.
#[derive(Debug)]
#[must_use = "futures do nothing unless `.await`ed or polled"]
pub struct Subscribe<'a> {
    cell: &'a WaitCell,
}

impl<'a> Wait<'a> {
    #[inline]
    pub(super) fn new(cell: &'a WaitCell) -> Self {
        Self { cell, state: State::Idle }
    }

    #[inline(always)]
    fn advance(&mut self, cx: &mut Context<'_>) -> Poll<WaitResult<()>> {
        let attempt = match self.state {
            State::Idle => self.cell.attempt(cx.waker()),
            State::Registered(own) => self.cell.attempt_again(cx.waker(), own),
            State::Done(result) => return Poll::Ready(result),
        };
        let result = match attempt {
            Attempt::Registered(registration) => {
                self.state = State::Registered(registration);
                return Poll::Pending;
            }
            Attempt::Busy => {
                // Not registered, so nobody else would wake us.
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            Attempt::Woken => Ok(()),
            Attempt::Closed => Err(Closed::new()),
        };
        self.state = State::Done(result);
        Poll::Ready(result)
    }
}

impl Future for Wait<'_> {
    type Output = WaitResult<()>;

    // Always: what is rare is out of line already, and the rest is a few instructions around two exchanges.
    #[inline(always)]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.advance(cx)
    }
}

impl Drop for Wait<'_> {
    #[inline]
    fn drop(&mut self) {
        if let State::Registered(registration) = self.state {
            self.cell.deregister(registration);
        }
    }
}

impl<'a> Subscribe<'a> {
    pub(super) fn new(cell: &'a WaitCell) -> Self {
        Self { cell }
    }
}

impl<'a> Future for Subscribe<'a> {
    type Output = Wait<'a>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut wait = Wait::new(self.cell);
        match wait.advance(cx) {
            // Busy: come back, since nothing is registered.
            Poll::Pending if matches!(wait.state, State::Idle) => Poll::Pending,
            _ => Poll::Ready(wait),
        }
    }
}
