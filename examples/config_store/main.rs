//! A configuration that many tasks read and one task replaces: read-mostly data behind a lock.
//!
//! Requests are served by many readers, each with the configuration as it is. When there is a new one, it is
//! checked first, and that takes a while: no reader has to wait for it. Only the exchange keeps the readers
//! out.
//!
//! ```text
//! cargo run --release --example config_store                                   # versions that are made up
//! cargo run --release --example config_store -- --file pool.conf --versions 3  # edit the file meanwhile
//! ```
//!
//! What to read: this page, `offer` above all. `config.rs` says what a configuration is and when it is good,
//! and `source.rs` where the next one comes from.

#![expect(
    clippy::disallowed_types,
    clippy::std_instead_of_alloc,
    clippy::std_instead_of_core,
    reason = "it has an operating system, and no loom"
)]

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use config::Config;
use sync_core::{RwLock, RwLockUpgradableReadGuard as Upgradable};

/// A configuration that is in use.
#[derive(Debug)]
struct Store {
    config: RwLock<Config>,
    served: AtomicU64,
}

/// How a new configuration fared.
#[derive(Debug)]
struct Verdict {
    /// In place; or why not.
    outcome: anyhow::Result<()>,
    /// How many requests were served while it was checked.
    served_meanwhile: u64,
}

impl Store {
    fn new(config: Config) -> Self {
        Self { config: RwLock::new(config), served: AtomicU64::new(0) }
    }

    /// Serves one request by the configuration, which stays the same until that is done.
    async fn serve(&self, request: u64) -> anyhow::Result<()> {
        let config = self.config.read().await;
        config.serve(request).await?;
        self.served.fetch_add(1, Relaxed);
        Ok(())
    }

    /// Puts `next` in place, if it is a good successor of what there is.
    async fn offer(&self, next: Config, requests_per_check: u64) -> Verdict {
        // Reads alongside the readers, while no other writer gets in.
        let current = self.config.upgradable_read().await;
        let before = self.served.load(Relaxed);
        let good = next.check_against(&current, || self.served(before, requests_per_check)).await;
        let served_meanwhile = self.served.load(Relaxed) - before;
        if good.is_err() {
            return Verdict { outcome: good, served_meanwhile };
        }
        // What was found out about `current` still holds when this returns: no other task can write in
        // between. A reader that became a writer by unlocking and locking again would have to check again.
        let mut current = Upgradable::upgrade(current).await;
        current.replace_with(next).await;
        Verdict { outcome: Ok(()), served_meanwhile }
    }

    /// Whether at least `requests` have been served since there were `since`.
    fn served(&self, since: u64, requests: u64) -> bool {
        self.served.load(Relaxed) - since >= requests
    }
}

// That is all there is to it. Below: the program around it.

mod config;
mod source;

use std::{
    io::{self, Write as _},
    path::PathBuf,
    process::ExitCode,
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use anyhow::{Context as _, Result, bail, ensure};
use clap::Parser;
use source::Source;
use tokio::{runtime, task::JoinSet, time};

/// Longer than any check and exchange takes.
const PATIENCE: Duration = Duration::from_secs(10);

/// Serves requests by a configuration that is replaced again and again meanwhile.
///
/// Many tasks serve requests, each of them reading the configuration. One task takes the versions that come,
/// from a file that changes or made up, and checks each of them; then it exchanges the configuration, one
/// field after the other.
///
/// The example checks itself: a check of a version lasts until --requests-per-check requests have been
/// served, which would be never if it kept the readers out; and a request fails if it sees half of one
/// configuration and half of another, or if the configuration has changed when it is done.
#[derive(Debug, Parser)]
struct Options {
    /// The number of tasks that serve requests.
    #[arg(long, value_name = "N", default_value_t = 8)]
    readers: usize,

    /// The number of new versions after which the example ends.
    #[arg(long, value_name = "N", default_value_t = 10)]
    versions: u64,

    /// The number of requests that are served during each check. It must be more than the number of readers,
    /// each of which may have begun a request before the check.
    #[arg(long, value_name = "N", default_value_t = 1000)]
    requests_per_check: u64,

    /// A file with a configuration, which is read again and again.
    ///
    /// Lines like `version = 2` and `backend = name 30`. The version must grow, the weights must add up to
    /// 100. Without a file, versions are made up, and every third of them is bad.
    #[arg(long, value_name = "PATH")]
    file: Option<PathBuf>,

    /// The time from one look at the file to the next, in milliseconds.
    #[arg(long, value_name = "N", default_value_t = 100, requires = "file")]
    poll: u64,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let Err(error) = run(options) else { return ExitCode::SUCCESS };
    // Not `eprintln!`, which panics when stderr is closed.
    let _ = writeln!(io::stderr(), "error: {error:#}");
    ExitCode::FAILURE
}

fn run(options: Options) -> Result<()> {
    ensure!(options.readers > 0, "--readers is 0, but must be at least 1");
    let (readers, requests) = (options.readers, options.requests_per_check);
    ensure!(
        requests > readers as u64,
        "--requests-per-check is {requests}, but must be more than the {readers} readers"
    );
    let mut source = match &options.file {
        Some(file) => Source::file(file.clone(), Duration::from_millis(options.poll)),
        None => Source::made_up(),
    };
    let first = source.first()?;
    let runtime = runtime::Builder::new_multi_thread().enable_time().build().context("cannot start tokio")?;
    // A task like the readers, so that it is not the only one on a thread of its own.
    let main = runtime.spawn(serve_and_replace(first, source, options));
    runtime.block_on(main).context("the main task panicked")?
}

async fn serve_and_replace(first: Config, mut source: Source, options: Options) -> Result<()> {
    writeln!(io::stdout(), "version {}: serving", first.version())?;
    let store = Arc::new(Store::new(first));
    let stop = Arc::new(AtomicBool::new(false));
    let mut readers = JoinSet::new();
    for reader in 0..options.readers {
        readers.spawn(serve_until(Arc::clone(&store), reader as u64, Arc::clone(&stop)));
    }
    let tally = tokio::select! {
        // An error of a reader says more than what it led to.
        biased;
        failed = readers.join_next() => {
            failed.expect("there are readers").context("a reader panicked")??;
            bail!("a reader stopped too early");
        }
        tally = replace(&store, &mut source, &options) => tally?,
    };
    stop.store(true, Relaxed);
    while let Some(reader) = readers.join_next().await {
        reader.context("a reader panicked")??;
    }

    let Tally { accepted, rejected, served_during_checks } = tally;
    let mut out = io::stdout();
    writeln!(out, "\naccepted:               {accepted} versions")?;
    writeln!(out, "rejected:               {rejected} versions")?;
    writeln!(
        out,
        "requests served:        {}, each by one configuration from its start to its end",
        store.served.load(Relaxed)
    )?;
    writeln!(out, "  during the checks:    {served_during_checks}, so a check keeps no reader out")?;
    Ok(())
}

/// How many versions there were, of either kind.
#[derive(Debug, Default)]
struct Tally {
    accepted: u64,
    rejected: u64,
    served_during_checks: u64,
}

/// Offers what comes from `source`, and says how it fared.
async fn replace(store: &Store, source: &mut Source, options: &Options) -> Result<Tally> {
    let mut tally = Tally::default();
    for _ in 0..options.versions {
        let (name, Verdict { outcome, served_meanwhile }) = match source.next().await {
            Ok(next) => {
                let name = format!("version {}", next.version());
                let offer = store.offer(next, options.requests_per_check);
                let verdict = time::timeout(PATIENCE, offer).await;
                (name, verdict.context("a check, or an exchange, does not end: the readers are stuck")?)
            }
            Err(why) => ("the file".to_owned(), Verdict { outcome: Err(why), served_meanwhile: 0 }),
        };
        tally.served_during_checks += served_meanwhile;
        if let Err(why) = outcome {
            tally.rejected += 1;
            writeln!(io::stdout(), "{name}: rejected: {why:#}")?;
        } else {
            tally.accepted += 1;
            writeln!(io::stdout(), "{name}: accepted; {served_meanwhile} requests served during the check")?;
        }
    }
    Ok(tally)
}

async fn serve_until(store: Arc<Store>, reader: u64, stop: Arc<AtomicBool>) -> Result<()> {
    for request in 0.. {
        if stop.load(Relaxed) {
            break;
        }
        store.serve(reader + request).await?;
    }
    Ok(())
}
