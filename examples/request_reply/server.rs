//! A server that does not keep the order.

use anyhow::{Context as _, Result};
use futures_lite::AsyncWriteExt as _;

use crate::{
    runtime::Runtime,
    wire::{self, Body, Frames},
};

/// Serves one connection until the client ends it, answering no more than `hang_up_after` requests.
///
/// The reply to a request is the request spelled backwards. Of the requests that have come in together, the
/// latest is answered first. Returns how many were answered out of turn.
pub(crate) async fn serve<R: Runtime>(listener: R::Listener, hang_up_after: Option<u64>) -> Result<u64> {
    let (reader, mut writer) = R::accept(listener).await.context("cannot accept a connection")?;
    let mut frames = Frames::new(reader);
    let mut replies_left = hang_up_after.unwrap_or(u64::MAX);
    let mut out_of_turn = 0;

    let (mut requests, mut out) = (Vec::new(), Vec::new());
    while replies_left > 0 && frames.fill().await.context("cannot read")? {
        while let Some((tag, request)) = frames.next()? {
            requests.push((tag, request.to_vec()));
        }
        for (turn, (place, (tag, mut body))) in requests.drain(..).enumerate().rev().enumerate() {
            if replies_left == 0 {
                break;
            }
            replies_left -= 1;
            // All but the one in the middle of an odd number change places.
            out_of_turn += u64::from(turn != place);
            body.reverse();
            wire::put(&mut out, tag, Body::new(&body).context("a reply is too long")?);
        }
        writer.write_all(&out).await.context("cannot write")?;
        out.clear();
    }
    // Hang up by saying that no more replies come, and read on until the client has hung up as well. A
    // connection that is dropped with requests unread is reset: the client would lose replies that are on
    // their way to it, or fail to send, depending on which it notices first.
    writer.close().await.context("cannot hang up")?;
    while frames.fill().await.context("cannot read")? {
        while frames.next()?.is_some() {}
    }
    Ok(out_of_turn)
}
