//! Primitives that the library's macros make of a page of plain Rust each.
//!
//! Each file next to this one is one of them, in fewer than sixty lines of code and without `unsafe`; this
//! one shows them at work. Most of them are in the library too (`sync_core::Barrier` and so on): there with
//! more methods and all their documentation, made in the same way.
//!
//! ```text
//! cargo run --example primitives
//! cargo run --example primitives -- --only condvar
//! ```
//!
//! | file | shows |
//! | --- | --- |
//! | `latch.rs`, `auto_event.rs` | `word = …`: a state that is one atomic word |
//! | `event.rs` | two ways to wait, two kinds of event, and newcomers that do not queue |
//! | `barrier.rs` | a method of one's own around the generated one; what a cancelled wait takes back |
//! | `condvar.rs` | waking one, some or all waiters; a notification that outlives the wait |
//! | `once_cell.rs` | a turn that goes to the next task, however it ends |
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

use anyhow::{Context as _, Result, ensure};
use clap::{Parser, ValueEnum};
use futures_lite::future::{self, zip};
use sync_core::Mutex;

/// Shows seven primitives, each of which is `#[primitive]` and a page of plain Rust.
///
/// A few tasks wait, are woken, and are dropped. Each line says what is done and what comes of it; the
/// example checks that, and fails at the first line that does not hold.
#[derive(Debug, Parser)]
struct Options {
    /// Shows only this one.
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
    for (number, name) in Name::value_variants().iter().enumerate() {
        if only.is_none_or(|only| only == *name) {
            let space = if only.is_none() && number > 0 { "\n" } else { "" };
            println!("{space}{name:?}: {}", name.what_it_is());
            let shown = match name {
                Name::Latch => latch().await,
                Name::AutoEvent => auto_event().await,
                Name::Event => event().await,
                Name::Barrier => barrier().await,
                Name::Condvar => condvar().await,
                Name::OnceCell => once_cell().await,
                Name::Channel => channel().await,
            };
            shown.with_context(|| format!("{name:?}"))?;
        }
    }
    Ok(())
}

impl Name {
    fn what_it_is(self) -> &'static str {
        match self {
            Self::Latch => "opens once it has been counted down to zero, and stays open",
            Self::AutoEvent => "lets one task through each time it is set",
            Self::Event => "is on or off; tasks wait for either, and a pulse wakes those that wait for on",
            Self::Barrier => "tasks wait for each other until all are there; here, two",
            Self::Condvar => "tasks wait for a change of what a mutex guards",
            Self::OnceCell => "a value that the first task that needs it makes, once",
            Self::Channel => "tasks send and receive items; here, there is room for one",
        }
    }
}

/// Prints what is done and what comes of it, and fails if something else does.
#[expect(clippy::needless_pass_by_value, reason = "so that the calls are short")]
fn check<T: Debug + PartialEq>(what: &str, is: T, should_be: T) -> Result<()> {
    ensure!(is == should_be, "not so: {what}: {is:?} instead of {should_be:?}");
    println!("  {what}");
    Ok(())
}

/// Whether `wait` is still pending. It is polled for that, and so it is in line.
async fn waits<F: Future>(wait: &mut Pin<&mut F>) -> bool {
    future::poll_once(wait.as_mut()).await.is_none()
}

async fn latch() -> Result<()> {
    let latch = latch::Latch::new(2);
    let mut wait = pin!(latch.wait());
    latch.count_down(1);
    check("one of two counts is done: a task that waits goes on waiting", waits(&mut wait).await, true)?;
    latch.count_down(1);
    check("both are done: that task passes", wait.await, Ok(()))?;
    check("a task that comes later passes at once", latch.wait().await, Ok(()))
}

async fn auto_event() -> Result<()> {
    let event = auto_event::AutoEvent::new();
    let mut first = Box::pin(event.wait());
    let mut second = pin!(event.wait());
    check(
        "it is not set: two tasks wait",
        waits(&mut first.as_mut()).await && waits(&mut second).await,
        true,
    )?;
    event.set();
    // The first one was let through, and has not been polled since.
    drop(first);
    check(
        "set once, and the first task is dropped before it runs: the second one passes",
        second.await,
        Ok(()),
    )?;
    check("the event is used up: `try_wait` returns false", event.try_wait(), false)
}

async fn event() -> Result<()> {
    let event = event::Event::new();
    check("it is off: a task that waits for off passes", event.wait_off().await, Ok(()))?;
    let mut on = [Box::pin(event.wait_on()), Box::pin(event.wait_on())];
    for wait in &mut on {
        ensure!(waits(&mut wait.as_mut()).await, "it is off");
    }
    check("two tasks wait for on: a pulse wakes 2", event.pulse(), 2)?;
    let mut next = pin!(event.wait_on());
    check("it is still off: a third task, which came after the pulse, waits", waits(&mut next).await, true)?;
    check("turned on: that wakes 1", event.set(true), 1)?;
    let mut off = pin!(event.wait_off());
    check("a fourth task waits for off", waits(&mut off).await, true)?;
    check(
        "a fifth one waits for on: it passes, without queueing behind the fourth",
        event.wait_on().await,
        Ok(()),
    )
}

async fn barrier() -> Result<()> {
    let barrier = barrier::Barrier::new(2);
    let mut gone = Box::pin(barrier.wait());
    check("the first task waits", waits(&mut gone.as_mut()).await, true)?;
    drop(gone);
    let mut wait = pin!(barrier.wait());
    check("it is dropped, and no longer counts: the second task waits too", waits(&mut wait).await, true)?;
    let both = zip(wait, barrier.wait()).await;
    check("a third task comes: both pass, and the third learns that it was the last", both, (false, true))
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
    println!("  four tasks want to take an item, and wait: there is none");
    *stock.lock().await = 1;
    check("one item is there: `notify_n(1)` wakes 1", changed.notify_n(1), 1)?;
    drop(tasks.remove(0));
    tasks.remove(0).await;
    check("that task is dropped before it runs: the next one takes the item", *stock.lock().await, 0)?;
    *stock.lock().await = 2;
    check("two items are there: `notify_n(usize::MAX)` wakes the other 2", changed.notify_n(usize::MAX), 2)?;
    for task in tasks {
        task.await;
    }
    check("each takes one: 0 items are left", *stock.lock().await, 0)
}

async fn once_cell() -> Result<()> {
    let cell = once_cell::OnceCell::new();
    let mut first = Box::pin(cell.get_or_init(async || future::pending().await));
    let mut second = pin!(cell.get_or_init(async || "made by the second"));
    let both_wait = waits(&mut first.as_mut()).await && waits(&mut second).await;
    check("the first task is busy making the value, and the second one waits for it", both_wait, true)?;
    drop(first);
    check(
        "the first task is dropped before it is done: the second one makes it",
        second.await,
        &"made by the second",
    )?;
    let third = cell.get_or_init(async || "made by a third").await;
    check("a third task gets the value that the second one made", third, &"made by the second")
}

async fn channel() -> Result<()> {
    let channel = channel::Channel::new(1);
    let mut receive = Box::pin(channel.receive());
    check("the channel is empty: a task that receives waits", waits(&mut receive.as_mut()).await, true)?;
    check("item 1 is sent to it", channel.send(1).await, Ok(()))?;
    // It was given the item, and has not been polled since.
    drop(receive);
    let mut send = Box::pin(channel.send(2));
    check(
        "it is dropped before it runs: item 1 takes the room, and a task that sends item 2 waits",
        waits(&mut send.as_mut()).await,
        true,
    )?;
    drop(send);
    check("that task is dropped too; another one receives item 1", channel.receive().await, Some(1))?;
    check("there is room again: item 3 is sent", channel.send(3).await, Ok(()))?;
    channel.close();
    check("the channel is closed: item 4 comes back to its sender", channel.send(4).await, Err(4))?;
    let rest = (channel.receive().await, channel.receive().await);
    check("item 3 is still received, and then there is nothing", rest, (Some(3), None))
}
