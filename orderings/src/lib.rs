//! Weakens each memory ordering of a crate by itself, and finds the loom model that fails. `README.md` says
//! how to use it.
//!
//! The library is compiled once: in a copy of its workspace, every ordering is a question to a small module
//! that only the copy has (the module `copy`), and the answer comes from the environment of the process that runs a
//! model. So a weaker ordering costs the running time of the models that reach it, and nothing else.
//!
//! The layers, each of which uses only those below it:
//!
//! 1. `table`: the result as a file, and what is wrong with it;
//! 2. `search`: which model fails with which weaker ordering;
//! 3. `models`, `store`, `copy`: runs a model, keeps what a run has shown, makes the copy;
//! 4. `sources`: the files of the library;
//! 5. `find`, `reasons`: the orderings of one file, and why one stays although no model fails;
//! 6. `site`: one ordering.
#![expect(
    clippy::std_instead_of_alloc,
    reason = "a program for the host; the lint is there for the no_std library"
)]

mod copy;
mod find;
mod models;
mod reasons;
mod search;
mod site;
mod sources;
mod store;
mod table;

use core::time::Duration;
use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use clap::Parser;

use crate::reasons::Reasons;
use crate::search::{Search, Weakening};
use crate::site::Site;
use crate::sources::Source;
use crate::store::Store;
use crate::table::Figures;

/// Weaken each memory ordering of a crate by itself, and find the loom model that fails.
#[derive(Debug, Clone, Parser)]
#[command(name = "orderings", max_term_width = 100)]
pub struct Config {
    /// The folder of the library's `lib.rs`, below the root.
    #[arg(long, value_name = "DIR", default_value = "src")]
    library: PathBuf,
    /// The root of the workspace.
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
    /// Where the copy, what is built from it, and the results are kept.
    #[arg(long, value_name = "DIR", default_value = "target/orderings")]
    work: PathBuf,
    /// What selects the models for `cargo test`, such as `-p tests --test loom_*`; may be repeated.
    #[arg(long, value_name = "OPTIONS", default_value = "--tests", allow_hyphen_values = true)]
    models: Vec<String>,
    /// The profile to build the models with: optimised, if it exists.
    #[arg(long, value_name = "NAME", default_value = "release")]
    profile: String,
    /// The flags for rustc that turn the library into one for loom.
    #[arg(long, default_value = "--cfg loom", allow_hyphen_values = true)]
    rustflags: String,
    /// The module that has `Ordering` and `fence`, as a path in the library.
    #[arg(long, value_name = "PATH", default_value = "loom::sync::atomic")]
    atomics: String,
    /// A macro of the library's in whose invocations a name such as `Acquire` is a type; may be repeated.
    #[arg(long, value_name = "NAME")]
    ignore_macro: Vec<String>,
    /// A file or folder, below the root, that a model's execution depends on, besides the library and the
    /// models' own files; may be repeated. A result is kept until one of them changes.
    #[arg(long, value_name = "PATH")]
    source: Vec<PathBuf>,
    /// A package that an execution depends on, by its version in `Cargo.lock`; may be repeated.
    #[arg(long, value_name = "PACKAGE", default_value = "loom")]
    dependency: Vec<String>,
    /// The list of the orderings that no model needs, with the reason for each.
    #[arg(long, value_name = "FILE")]
    reasons: Option<PathBuf>,
    /// Where the table is written.
    #[arg(long, value_name = "FILE", default_value = "ORDERINGS.md")]
    table: PathBuf,
    /// The command that the table says it was written by.
    #[arg(long, value_name = "TEXT", default_value = "orderings")]
    command: String,
    /// Only those whose line in `--list` contains TEXT; the table is then printed and not written.
    #[arg(long, value_name = "TEXT")]
    site: Option<String>,
    /// List the weakenings, and run nothing.
    #[arg(long)]
    list: bool,
    /// Compare the rows of the table with the source, and run nothing.
    #[arg(long)]
    check: bool,
    /// How many models run at a time.
    #[arg(long, value_name = "N", default_value_t = 2)]
    jobs: usize,
    /// Stop after this many minutes; the same command continues from there.
    #[arg(long, value_name = "N", default_value_t = 240)]
    minutes: u64,
}

/// Does what `config` asks for, and prints the result. Returns whether there is nothing to object to.
///
/// # Errors
///
/// When the copy cannot be made or compiled, a model fails as it is, or the time is up.
pub fn run(config: &Config) -> Result<bool> {
    if config.check {
        let objections = check(config)?;
        for objection in &objections {
            println!("{objection}");
        }
        return Ok(objections.is_empty());
    }
    let sources = config.sources()?;
    let sites = copy::numbered(&sources);
    let chosen = weakenings(&sites, config.site.as_deref());
    ensure!(!chosen.is_empty(), "no ordering matches; `--list` shows them all");
    if config.list {
        for Weakening { site, to, .. } in &chosen {
            println!("{site} to {to}");
        }
        return Ok(true);
    }
    let reasons = config.reasons()?;
    let objections = search(config, &sources, chosen, &reasons)?;
    Ok(objections.is_empty())
}

/// Compares the rows of the table with the source: it takes a while to make, but whether it is about the
/// present source does not.
///
/// # Errors
///
/// When a file cannot be read or understood.
pub fn check(config: &Config) -> Result<Vec<String>> {
    let sources = config.sources()?;
    let reasons = config.reasons()?;
    let path = config.root.join(&config.table);
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(table::stale(&text, &weakenings(&copy::numbered(&sources), None), &reasons))
}

impl Config {
    fn sources(&self) -> Result<Vec<Source>> {
        sources::read(&self.root.join(&self.library), &self.ignore_macro)
    }

    fn reasons(&self) -> Result<Reasons> {
        self.reasons.as_ref().map_or(Ok(Reasons::default()), |path| Reasons::read(&self.root.join(path)))
    }
}

/// Runs the models, writes the table, and returns what is wrong with it.
fn search(
    config: &Config,
    sources: &[Source],
    chosen: Vec<Weakening<'_>>,
    reasons: &Reasons,
) -> Result<Vec<String>> {
    let start = Instant::now();
    let sites = sources.iter().map(|source| source.sites.len()).sum();
    let say = |text: &str| println!("[{:>5} s] {text}", start.elapsed().as_secs());
    fs::create_dir_all(&config.work).with_context(|| format!("cannot create {}", config.work.display()))?;
    let work = fs::canonicalize(&config.work).context("cannot find the folder for the results")?;
    let copy = work.join("workspace");
    copy::make(&config.root, &copy, &config.library, &config.atomics, sources)?;
    say(&format!("{sites} orderings, {} weakenings; compiling the models", chosen.len()));
    let build = models::Build {
        copy: &copy,
        target: &work.join("target"),
        profile: &config.profile,
        rustflags: &config.rustflags,
    };
    let models = build.models(&config.models)?;

    // Of the copy, which stays as it is while the original is edited.
    let executed: Vec<_> =
        [&config.library].into_iter().chain(&config.source).map(|path| copy.join(path)).collect();
    let lock = fs::read_to_string(copy.join("Cargo.lock")).context("cannot read Cargo.lock")?;
    let versions: Vec<_> = config.dependency.iter().map(|name| version(&lock, name)).collect();
    let bound = std::env::var("LOOM_MAX_PREEMPTIONS").ok();
    let library = store::hash((store::hash_of_sources(&executed)?, versions, bound));
    let store = Store::open(&work.join("results"))?;
    let search = Search {
        store: &store,
        library,
        scratch: &work,
        jobs: config.jobs,
        until: start + Duration::from_secs(60 * config.minutes),
    };

    let known = search.baseline(models, say)?;
    ensure!(known.iter().any(|known| !known.sites.is_empty()), "no model reaches any ordering of the copy");
    let path = config.root.join(&config.table);
    let before = table::rows(&fs::read_to_string(&path).unwrap_or_default());
    let findings = search::parallel(config.jobs, chosen, |weakening| {
        let first = before.get(&table::row_of(weakening.site, weakening.to)).map(String::as_str);
        let finding = search.find(&known, weakening, first)?;
        let found = match &finding.caught {
            Some((model, why)) => format!("{model} fails: {why}"),
            None => format!("none of {} models fails", finding.reached),
        };
        say(&format!("{} to {}: {found}", weakening.site, weakening.to));
        Ok(finding)
    })?;

    let all = config.site.is_none();
    let figures =
        Figures { models: known.len(), sites, command: &config.command, reasons: config.reasons.as_deref() };
    let text = table::render(&findings, reasons, &figures);
    if all {
        fs::write(&path, &text).with_context(|| format!("cannot write {}", path.display()))?;
    } else {
        println!("\n{text}");
    }
    let objections = table::objections(&findings, reasons, all);
    for objection in &objections {
        println!("{objection}");
    }
    // As libtest does, for whatever counts the tests that ran.
    println!(
        "\ntest result: {}. {} passed; {} failed; 0 ignored; 0 measured; 0 filtered out; finished in {} s",
        if objections.is_empty() { "ok" } else { "FAILED" },
        findings.len().saturating_sub(objections.len()),
        objections.len(),
        start.elapsed().as_secs()
    );
    Ok(objections)
}

/// The version of a package in a `Cargo.lock`.
fn version<'l>(lock: &'l str, name: &str) -> Option<&'l str> {
    let (_, rest) = lock.split_once(&format!("name = \"{name}\"\nversion = \""))?;
    rest.split('"').next()
}

/// Everything that is to be weakened, once each.
fn weakenings<'s>(sites: &[&'s Site], wanted: Option<&str>) -> Vec<Weakening<'s>> {
    let each = |(number, site): (usize, &&'s Site)| {
        site.weaker().iter().map(move |&to| Weakening { number, site, to }).collect::<Vec<_>>()
    };
    let all = sites.iter().enumerate().flat_map(each);
    all.filter(|weakening| {
        wanted.is_none_or(|text| table::row_of(weakening.site, weakening.to).contains(text))
    })
    .collect()
}
