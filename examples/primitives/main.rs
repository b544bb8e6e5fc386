//! Primitives that the library's macros make of a page of plain Rust each.
//!
//! Each file beside this one is one of them, in less than sixty lines and without `unsafe`; this one shows them at
//! work. Most of them are in the library too (`sync_core::Barrier` and so on): there with more methods and all their
//! documentation, made in the same way.
//!
//! ```text
//! cargo run --example primitives
//! cargo run --example primitives -- --only condvar
//! ```
//!
//! | file | shows |
//! | --- | --- |
//! | `latch.rs`, `auto_event.rs` | `word = …`: a state that is one atomic word |
//! | `event.rs` | two ways to wait, events of two kinds, a state for which newcomers do not queue |
//! | `barrier.rs` | a method of one's own around the one that is made; what a cancelled wait takes back |
//! | `condvar.rs` | waking one, some or all; a notification that outlives the wait |
//! | `once_cell.rs` | a turn that is handed on, whatever ends it |
//! | `channel.rs` | a policy with a type parameter, and values that are not lost |

#![forbid(unsafe_code)]
#![expect(clippy::std_instead_of_alloc, clippy::std_instead_of_core, reason = "it has an operating system")]

mod auto_event;
mod barrier;
mod channel;
mod condvar;
mod event;
mod latch;
mod once_cell;

use std::{
    fmt::Debug,
    pin::{Pin, pin},
    process::ExitCode,
};

use anyhow::{Result, ensure};
use clap::{Parser, ValueEnum};
use futures_lite::future::{self, zip};
use sync_core::Mutex;

/// Shows primitives that are made by macros alone.
#[derive(Debug, Parser)]
struct Options {
    /// Shows this one alone.
    #[arg(long, value_enum, value_name = "NAME")]
    only: Option<Name>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Name {
    Latch,
    AutoEvent,
    Event,
    Barrier,
    Condvar,
    OnceCell,
    Channel,
}

fn main() -> ExitCode {
    match smol::block_on(show(Options::parse().only)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn show(only: Option<Name>) -> Result<()> {
    for name in Name::value_variants() {
        if only.is_none_or(|only| only == *name) {
            println!("{name:?}");
            match name {
                Name::Latch => latch().await?,
                Name::AutoEvent => auto_event().await?,
                Name::Event => event().await?,
                Name::Barrier => barrier().await?,
                Name::Condvar => condvar().await?,
                Name::OnceCell => once_cell().await?,
                Name::Channel => channel().await?,
            }
        }
    }
    Ok(())
}

/// Prints what happened, and fails if it is not what was to happen.
#[expect(clippy::needless_pass_by_value, reason = "so that the calls are short")]
fn check<T: Debug + PartialEq>(what: &str, is: T, should_be: T) -> Result<()> {
    ensure!(is == should_be, "{what}: {is:?}, and not {should_be:?}");
    println!("  {what}: {is:?}");
    Ok(())
}

/// Whether `wait` is still pending. It is polled, and so it is in line.
async fn waits<F: Future>(wait: &mut Pin<&mut F>) -> bool {
    future::poll_once(wait.as_mut()).await.is_none()
}

async fn latch() -> Result<()> {
    let latch = latch::Latch::new(2);
    let mut wait = pin!(latch.wait());
    latch.count_down(1);
    check("one of two is done, and it waits", waits(&mut wait).await, true)?;
    latch.count_down(1);
    check("both are, and it goes on", wait.await, Ok(()))?;
    check("who comes later passes", latch.wait().await, Ok(()))
}

async fn auto_event() -> Result<()> {
    let event = auto_event::AutoEvent::new();
    let mut first = Box::pin(event.wait());
    let mut second = pin!(event.wait());
    check("two wait", waits(&mut first.as_mut()).await && waits(&mut second).await, true)?;
    event.set();
    // It was let through, and does not know.
    drop(first);
    check("the first one is dropped, the second goes on", second.await, Ok(()))?;
    check("nothing is left", event.try_wait(), false)
}

async fn event() -> Result<()> {
    let event = event::Event::new();
    event.wait_off().await?;
    let mut on = [Box::pin(event.wait_on()), Box::pin(event.wait_on())];
    for wait in &mut on {
        ensure!(waits(&mut wait.as_mut()).await, "it is off");
    }
    check("a pulse wakes those who wait", event.pulse(), 2)?;
    let mut next = pin!(event.wait_on());
    check("and not the next one", waits(&mut next).await, true)?;
    check("turned on, it wakes that", event.set(true), 1)?;
    let mut off = pin!(event.wait_off());
    check("now one waits until it is off", waits(&mut off).await, true)?;
    check("and who wants it on passes", event.wait_on().await, Ok(()))
}

async fn barrier() -> Result<()> {
    let barrier = barrier::Barrier::new(2);
    let mut gone = Box::pin(barrier.wait());
    check("one waits for the other", waits(&mut gone.as_mut()).await, true)?;
    drop(gone);
    let mut wait = pin!(barrier.wait());
    check("it was dropped, and the next one waits in its place", waits(&mut wait).await, true)?;
    check("then both are there, and one of them came last", zip(wait, barrier.wait()).await, (false, true))
}

async fn condvar() -> Result<()> {
    let (stock, changed) = (Mutex::new(0), condvar::Condvar::new());
    let take = async || {
        let mut stock = stock.lock().await;
        while *stock == 0 {
            stock = changed.wait(stock).await;
        }
        *stock -= 1;
    };
    let mut tasks: Vec<_> = (0..4).map(|_| Box::pin(take())).collect();
    for task in &mut tasks {
        ensure!(waits(&mut task.as_mut()).await, "there is nothing to take");
    }
    *stock.lock().await = 1;
    check("one is notified", changed.notify_n(1), 1)?;
    drop(tasks.remove(0));
    tasks.remove(0).await;
    println!("  it is dropped, and the next one takes it");
    *stock.lock().await = 2;
    check("all are notified", changed.notify_n(usize::MAX), 2)?;
    for task in tasks {
        task.await;
    }
    check("and take the rest", *stock.lock().await, 0)
}

async fn once_cell() -> Result<()> {
    let cell = once_cell::OnceCell::new();
    let mut first = Box::pin(cell.get_or_init(async || future::pending().await));
    let mut second = pin!(cell.get_or_init(async || "made by the second"));
    let both_wait = waits(&mut first.as_mut()).await && waits(&mut second).await;
    check("one makes the value, and one waits for it", both_wait, true)?;
    drop(first);
    check("the first one is dropped", second.await, &"made by the second")?;
    check("and the value stays", cell.get_or_init(async || "made by a third").await, &"made by the second")
}

async fn channel() -> Result<()> {
    let channel = channel::Channel::new(1);
    let mut receive = Box::pin(channel.receive());
    ensure!(waits(&mut receive.as_mut()).await, "nothing was sent");
    check("one is sent to the one who waits", channel.send(1).await, Ok(()))?;
    // It has the item, and does not know.
    drop(receive);
    let mut send = Box::pin(channel.send(2));
    check("which is dropped; the item is there, and no room", waits(&mut send.as_mut()).await, true)?;
    drop(send);
    check("it is received by another one", channel.receive().await, Some(1))?;
    check("and what was not sent has taken no room", channel.send(3).await, Ok(()))?;
    channel.close();
    check("closed, nothing more is sent", channel.send(4).await, Err(4))?;
    check("and the rest is received", (channel.receive().await, channel.receive().await), (Some(3), None))
}
