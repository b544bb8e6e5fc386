//! `cargo xtask orderings`: weakens each memory ordering of sync-core by itself and looks which model notices.
//!
//! The library is compiled once: in a copy of the workspace, below `target/orderings`, every ordering is a question to a
//! small module that only the copy has ([`copy`]), and the answer comes from the environment of the process that runs a
//! model. So a weaker ordering costs the running time of the models that reach it, and nothing else.

mod copy;
mod find;
mod kept;
mod models;
mod search;
mod sites;
mod store;
mod table;

use core::time::Duration;
use std::fs;
use std::io::Write;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use clap::Args;

use self::kept::KEPT;
use self::search::{Search, Weakening};
use self::store::Store;
use self::table::Figures;
use crate::count::Tally;
use crate::report::{Entry, Outcome, Report};
use crate::step::Count;
use crate::workspace::Workspace;

/// Where the table is kept.
const TABLE: &str = "tests/ORDERINGS.md";

/// What the models' executions depend on, beside their own files. (There is nothing in the library of the tests under loom.)
const SOURCES: [&str; 3] = ["sync-core/src", "sync-macros/src", "tests/hygiene/src"];

/// The dependencies that an execution is made of.
const DEPENDENCIES: [&str; 3] = ["loom", "cordyceps", "mutex-traits"];

/// Which orderings, and how.
#[derive(Debug, Args)]
pub(crate) struct Selection {
    /// Only those whose line in `--list` contains TEXT; the table is then printed and not written.
    #[arg(long, value_name = "TEXT")]
    site: Option<String>,
    /// List them, and run nothing.
    #[arg(long)]
    list: bool,
    /// How many models run at a time.
    #[arg(long, value_name = "N", default_value_t = 2)]
    jobs: usize,
    /// Stop after so many minutes; the same command goes on from there.
    #[arg(long, value_name = "N", default_value_t = 240)]
    minutes: u64,
}

/// Does it, and reports to `out`.
///
/// # Errors
///
/// When the copy cannot be made or compiled, a model fails as it is, or the time is up.
pub(crate) fn run(
    selection: &Selection,
    workspace: &Workspace,
    out: &mut (impl Write + Send),
) -> Result<Report> {
    let start = Instant::now();
    let sources = sites::read(&workspace.root.join(copy::LIBRARY))?;
    let sites = copy::numbered(&sources);
    let chosen = weakenings(&sites, selection.site.as_deref());
    ensure!(!chosen.is_empty(), "no ordering is called like that; `--list` shows them all");
    if selection.list {
        for Weakening { site, to, .. } in &chosen {
            writeln!(out, "{site} to {to}")?;
        }
        return Ok(Report::default());
    }

    let folder = workspace.target.join("orderings");
    let root = folder.join("workspace");
    copy::make(&workspace.root, &root, &sources)?;
    writeln!(out, "{} orderings, {} weakenings; compiling the models", sites.len(), chosen.len())?;
    let models = models::build(workspace, &root)?;

    // Of the copy, which stays as it is when somebody goes on working meanwhile.
    let library = SOURCES.map(|path| root.join(path));
    let lock = fs::read_to_string(root.join("Cargo.lock")).context("cannot read Cargo.lock")?;
    let versions = DEPENDENCIES.map(|name| version(&lock, name).map(str::to_owned));
    let bound = std::env::var("LOOM_MAX_PREEMPTIONS").ok();
    let library = store::hash((store::hash_of_sources(&library)?, versions, bound));
    let store = Store::open(&folder.join("results"))?;
    let search = Search {
        store: &store,
        library,
        scratch: &folder,
        jobs: selection.jobs,
        until: start + Duration::from_mins(selection.minutes),
    };

    let out = std::sync::Mutex::new(out);
    let say = |text: &str| {
        let mut out = out.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        // The table still comes if nobody looks at the progress.
        drop(writeln!(out, "[{:>5} s] {text}", start.elapsed().as_secs()));
        drop(out.flush());
    };
    let known = search.baseline(models, say)?;
    ensure!(known.iter().any(|known| !known.sites.is_empty()), "no model reaches any ordering of the copy");
    let path = workspace.root.join(TABLE);
    let before = table::rows(&fs::read_to_string(&path).unwrap_or_default());
    let findings = search::parallel(selection.jobs, chosen, |weakening| {
        let first = before.get(&table::row_of(weakening.site, weakening.to)).map(String::as_str);
        let finding = search.find(&known, weakening, first)?;
        let found = match &finding.caught {
            Some((model, why)) => format!("{model} fails: {why}"),
            None => format!("none of {} models fails", finding.reached),
        };
        say(&format!("{} to {}: {found}", weakening.site, weakening.to));
        Ok(finding)
    })?;

    let all = selection.site.is_none();
    let figures = Figures { models: known.len(), sites: sites.len() };
    let text = table::render(&findings, KEPT, figures);
    if all {
        fs::write(&path, &text).with_context(|| format!("cannot write {}", path.display()))?;
    } else {
        say(&format!("\n{text}"));
    }
    let objections = table::objections(&findings, KEPT, all);
    for objection in &objections {
        say(objection);
    }
    let outcome = match objections.len() {
        0 => Outcome::Passed,
        n => Outcome::Failed(format!("{n} objections, above")),
    };
    let report = Report {
        entries: vec![Entry {
            step: "orderings",
            outcome,
            count: Count::Jobs("weakenings"),
            tally: Tally { passed: findings.len(), ..Tally::default() },
            minimum: None,
            took: start.elapsed(),
            notes: Vec::new(),
        }],
    };
    say(&format!("\n\n{report}"));
    Ok(report)
}

/// What `Cargo.lock` has of a package.
fn version<'l>(lock: &'l str, name: &str) -> Option<&'l str> {
    let (_, rest) = lock.split_once(&format!("name = \"{name}\"\nversion = \""))?;
    rest.split('"').next()
}

/// Everything that is to be weakened, once each.
fn weakenings<'s>(sites: &[&'s sites::Site], wanted: Option<&str>) -> Vec<Weakening<'s>> {
    let each = |(number, site): (usize, &&'s sites::Site)| {
        site.weaker().iter().map(move |&to| Weakening { number, site, to }).collect::<Vec<_>>()
    };
    let all = sites.iter().enumerate().flat_map(each);
    all.filter(|weakening| {
        wanted.is_none_or(|text| table::row_of(weakening.site, weakening.to).contains(text))
    })
    .collect()
}
