//! Requests on their way to the one task that writes to the connection.

use std::{
    mem,
    sync::{Mutex, PoisonError},
};

use sync_core::{Closed, WaitCell};

use crate::wire;

/// Frames that are to be written, in one piece.
///
/// There is one task that takes them, so a [`WaitCell`] is enough to wake it: it has room for one waiter.
/// What piles up while that task writes goes out with its next write.
///
/// It needs no limit of its own: [`Tags`](crate::tags::Tags) limits how many requests get here.
#[derive(Debug)]
pub(crate) struct Outbox {
    frames: Mutex<Vec<u8>>,
    filled: WaitCell,
}

impl Outbox {
    pub(crate) fn new() -> Self {
        Self { frames: Mutex::new(Vec::new()), filled: WaitCell::new() }
    }

    /// Adds a frame. It is dropped if the outbox is closed.
    pub(crate) fn add(&self, tag: u16, body: wire::Body<'_>) {
        wire::put(&mut self.frames.lock().unwrap_or_else(PoisonError::into_inner), tag, body);
        self.filled.wake();
    }

    /// Waits until there are frames, and exchanges them for the emptied `batch`.
    pub(crate) async fn take(&self, batch: &mut Vec<u8>) -> Result<(), Closed> {
        batch.clear();
        let exchange = || {
            mem::swap(&mut *self.frames.lock().unwrap_or_else(PoisonError::into_inner), batch);
            !batch.is_empty()
        };
        self.filled.wait_for(exchange).await
    }

    /// Ends the task that writes.
    pub(crate) fn close(&self) {
        self.filled.close();
    }
}
