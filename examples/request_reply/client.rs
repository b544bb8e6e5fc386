//! A client: many tasks ask, one task writes, one task reads.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};
use futures_lite::{AsyncRead, AsyncWrite, AsyncWriteExt as _};

use sync_core::{Closed, wait_map::WaitError};

use crate::{
    Replies, ask, deliver,
    outbox::Outbox,
    tags::{Tags, Taken},
    wire::{Body, Frames, MAX_BODY},
};

/// A connection that many tasks send requests over.
#[derive(Debug)]
pub(crate) struct Client {
    replies: Replies,
    tags: Tags,
    outbox: Outbox,
}

/// A reply and how it went.
#[derive(Debug)]
pub(crate) struct Served {
    pub(crate) reply: Vec<u8>,
    /// From having a tag to having the reply.
    pub(crate) latency: Duration,
    /// Whether as many requests as are allowed were in flight, so that this one had to wait.
    pub(crate) waited: bool,
}

/// The outcome of a request.
#[derive(Debug)]
pub(crate) enum Outcome {
    Served(Served),
    /// The connection ended while the task was in line for a tag.
    NoTag(Closed),
    /// The connection ended while the task waited for the reply.
    NoReply(WaitError),
}

impl Client {
    pub(crate) fn new(in_flight: usize) -> Self {
        Self { replies: Replies::new(), tags: Tags::new(in_flight), outbox: Outbox::new() }
    }

    /// Sends `request`, and waits for the reply to it.
    pub(crate) async fn request(&self, request: &[u8]) -> Result<Outcome> {
        let body = Body::new(request)
            .with_context(|| format!("a line of {} bytes is too long: at most {MAX_BODY}", request.len()))?;
        // The tags and the map are closed when no reply can come any more: this task does not wait forever.
        let Taken { tag, waited } = match self.tags.take().await {
            Ok(taken) => taken,
            Err(closed) => return Ok(Outcome::NoTag(closed)),
        };
        let started = Instant::now();
        let reply = match ask(&self.replies, tag.number(), || self.outbox.add(tag.number(), body)).await {
            Ok(reply) => reply,
            Err(closed) => return Ok(Outcome::NoReply(closed)),
        };
        let latency = started.elapsed();
        self.tags.bring_back(tag);
        Ok(Outcome::Served(Served { reply, latency, waited }))
    }

    /// Writes the requests to the connection, until the client is closed.
    pub(crate) async fn send(self: Arc<Self>, mut to: impl AsyncWrite + Unpin) -> Result<()> {
        let mut batch = Vec::new();
        let mut outcome = Ok(());
        while outcome.is_ok() && self.outbox.take(&mut batch).await.is_ok() {
            outcome = to.write_all(&batch).await.context("cannot send");
        }
        self.close();
        // The server learns from it that this is the end. If that fails, the connection is gone anyhow.
        let _ = to.close().await;
        outcome
    }

    /// Reads the replies and hands them out, until the server ends the connection.
    pub(crate) async fn receive(self: Arc<Self>, from: impl AsyncRead + Unpin) -> Result<()> {
        let outcome = self.hand_out(Frames::new(from)).await;
        // No reply will come any more: no task may go on waiting for one.
        self.close();
        outcome
    }

    async fn hand_out(&self, mut frames: Frames<impl AsyncRead + Unpin>) -> Result<()> {
        while frames.fill().await.context("cannot receive")? {
            while let Some((tag, reply)) = frames.next().context("cannot receive")? {
                deliver(&self.replies, tag, reply.to_vec())?;
            }
        }
        Ok(())
    }

    /// Ends everything: each task that waits for a reply or for a tag gets an error, and the writing task
    /// hangs up.
    pub(crate) fn close(&self) {
        self.tags.close();
        self.replies.close();
        self.outbox.close();
    }
}
