//! Requests and replies over one connection: what a driver or an RPC client does.
//!
//! Every line of a file becomes a request, sent by a task of its own under a 16-bit tag. The server answers
//! in an order of its own, and each reply finds the task that waits for its tag.
//!
//! ```text
//! cargo run --release --example request_reply -- --file README.md --in-flight 64 --executor smol
//! ```
//!
//! What to read: this page; then `tags.rs`, where a semaphore limits how many requests are in flight, and
//! `client.rs`, which puts the two together. The rest is the program around them.

#![expect(clippy::std_instead_of_alloc, clippy::std_instead_of_core, reason = "it has an operating system")]

use std::pin::pin;

use sync_core::wait_map::{WaitError, WakeOutcome};

/// The tasks that wait for a reply, each under the tag of its request.
#[sync_core::wait_map(key = u16, value = Vec<u8>, match = unique)]
struct Replies;

/// Sends a request, and waits for the reply to it.
async fn ask(replies: &Replies, tag: u16, send: impl FnOnce()) -> Result<Vec<u8>, WaitError> {
    let mut reply = pin!(replies.wait(tag));
    // Get in line first, send second. The other way round, the reply could come before a task waits for it,
    // and the map keeps nothing for a task that comes later: this one would wait for a reply that has come
    // and gone.
    reply.as_mut().subscribe().await?;
    send();
    reply.await
}

/// Hands a reply to the task that waits for it.
fn deliver(replies: &Replies, tag: u16, reply: Vec<u8>) -> anyhow::Result<()> {
    match replies.wake(&tag, reply) {
        // Closed: the connection is about to end, and no task waits any more.
        WakeOutcome::Woke | WakeOutcome::Closed(_) => Ok(()),
        WakeOutcome::NoMatch(_) => anyhow::bail!("a reply came with tag {tag}, which no task waits for"),
    }
}

// That is all there is to it. Below: the program around it.

mod client;
mod options;
mod outbox;
mod report;
mod runtime;
mod server;
mod tags;
mod wire;

use std::{
    collections::VecDeque,
    fs,
    io::{self, Write as _},
    path::Path,
    process::ExitCode,
    sync::Arc,
    time::Instant,
};

use anyhow::{Context as _, Result, ensure};
use clap::Parser as _;
use client::{Client, Outcome, Served};
use options::{Executor, Options};
use report::Report;
use runtime::{Runtime, Smol, Tokio};

/// How many tasks exist at a time, unless twice as many may be in flight: enough to keep the line for a tag
/// long, while memory does not grow with the file.
const CROWD: usize = 10_000;

fn main() -> ExitCode {
    let options = Options::parse();
    let Err(error) = run(&options) else { return ExitCode::SUCCESS };
    // Not `eprintln!`, which panics when stderr is closed.
    let _ = writeln!(io::stderr(), "error: {error:#}");
    ExitCode::FAILURE
}

fn run(options: &Options) -> Result<()> {
    options.check()?;
    let lines = read_lines(&options.file)?;
    let mut out = io::stdout();
    if lines.is_empty() {
        writeln!(out, "{} has no lines: nothing to send", options.file.display())?;
    }
    let report = match options.executor {
        Executor::Tokio => on(&Tokio::new().context("cannot start tokio")?, options, &lines)?,
        Executor::Smol => on(&Smol, options, &lines)?,
    };
    write!(out, "{report}")?;
    Ok(())
}

fn read_lines(file: &Path) -> Result<Vec<String>> {
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(text.lines().map(str::to_owned).collect())
}

/// The whole job on one executor. Nothing in it knows which.
fn on<R: Runtime>(runtime: &R, options: &Options, lines: &[String]) -> Result<Report> {
    runtime.block_on(async {
        let listener = runtime
            .listen(options.port)
            .await
            .with_context(|| format!("cannot listen on port {}", options.port))?;
        let address = R::address(&listener)?;
        let server = runtime.spawn(server::serve::<R>(listener, options.hang_up_after));

        let client = Arc::new(Client::new(options.in_flight));
        let (reader, writer) = runtime.connect(address).await.context("cannot connect to the server")?;
        let sending = runtime.spawn(Arc::clone(&client).send(writer));
        let receiving = runtime.spawn(Arc::clone(&client).receive(reader));

        let started = Instant::now();
        let mut report = Report::new(options, lines.len());
        let asked = ask_everything(runtime, &client, options, lines, &mut report).await;
        report.elapsed = started.elapsed();

        client.close();
        let (server, sending, receiving) = (server.await, sending.await, receiving.await);
        // A task that got no reply knows only that the connection ended. The tasks at the connection know
        // why.
        let stopped = || format!("stopped after {} replies", report.replies());
        let out_of_turn = server.context("the server failed").with_context(stopped)?;
        receiving.and(sending).and(asked).with_context(stopped)?;
        ensure!(
            options.hang_up_after.is_some() || report.unanswered() == 0,
            "{}: the server hung up",
            stopped()
        );
        report.out_of_turn = out_of_turn;
        Ok(report)
    })
}

/// One task per request, and the outcome of each in the report; or the error of the first that failed.
async fn ask_everything<R: Runtime>(
    runtime: &R,
    client: &Arc<Client>,
    options: &Options,
    lines: &[String],
    report: &mut Report,
) -> Result<()> {
    let crowd = CROWD.max(2 * options.in_flight);
    let bar = report::progress_bar(lines.len() as u64 * u64::from(options.repeat));
    let mut running = VecDeque::new();
    let mut outcome = Ok(());

    for (number, line) in (0..options.repeat).flat_map(|_| lines).enumerate() {
        if running.len() == crowd {
            let oldest = running.pop_front().expect("a crowd is not empty");
            outcome = report.add(oldest.await, &bar);
        }
        if outcome.is_err() || report.unanswered() > 0 {
            break;
        }
        // The number makes every request another one, so that no reply can pass for a different request's.
        let request = format!("{number}: {line}");
        running.push_back(runtime.spawn(checked_request(Arc::clone(client), request)));
    }
    // After a failure as well: all of them end, because the map and the tags are closed with the connection.
    for task in running {
        outcome = outcome.and(report.add(task.await, &bar));
        if outcome.is_err() {
            client.close();
        }
    }
    bar.finish_and_clear();
    outcome
}

/// Asks, and makes sure that the reply is the one to this request: the request spelled backwards.
async fn checked_request(client: Arc<Client>, request: String) -> Result<Outcome> {
    let outcome = client.request(request.as_bytes()).await?;
    if let Outcome::Served(Served { reply, .. }) = &outcome {
        let is_ours = reply.iter().rev().eq(request.as_bytes());
        ensure!(is_ours, "the reply to {request:?} is {:?}", String::from_utf8_lossy(reply));
    }
    Ok(outcome)
}
