//! The futures of a [`WaitCell`].

use core::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use super::WaitCell;
use crate::{error::WaitResult, state::cell::Own};

/// The future of [`WaitCell::wait`].
///
/// Once it has completed, polling it again yields the same. While it waits, its task's waker is registered;
/// dropping it takes that back.
#[derive(Debug)]
#[must_use = "futures do nothing unless `.await`ed or polled"]
pub struct Wait<'a> {
    cell: &'a WaitCell,
    own: Own,
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
        Self { cell, own: Own::IDLE }
    }
}

impl Future for Wait<'_> {
    type Output = WaitResult<()>;

    // Always: what is rare is out of line already, and the rest is a few instructions around two exchanges.
    #[inline(always)]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let cell = self.cell;
        cell.poll(cx.waker(), &mut self.own)
    }
}

impl Drop for Wait<'_> {
    #[inline]
    fn drop(&mut self) {
        if self.own.is_registered() {
            self.cell.deregister(self.own);
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
        let mut own = Own::IDLE;
        let _ = self.cell.poll(cx.waker(), &mut own);
        if own == Own::IDLE {
            // Nothing is registered. Its task was woken, and comes back.
            return Poll::Pending;
        }
        Poll::Ready(Wait { cell: self.cell, own })
    }
}
