//! Runs the time benchmarks and writes their medians to `RESULTS.md`.

use core::fmt::Write as _;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use benches::plan::RATIOS;
use benches::report::{self, Table};
use clap::Parser;
use serde_json::Value;

/// Run the criterion benchmarks and write their medians to RESULTS.md.
#[derive(Parser)]
struct Arguments {
    /// Run only the benchmarks whose name contains this; print them and write nothing.
    filter: Option<String>,
}

/// Benchmarks that make one table.
struct Part {
    title: &'static str,
    programs: &'static [&'static str],
    /// What the names of its operations begin with, in the order of the table.
    operations: &'static [&'static str],
}

const PARTS: &[Part] = &[
    Part {
        title: "waiting and waking",
        programs: &["wait_queue", "wait_cell", "wait_map"],
        operations: &["queue", "cell", "map"],
    },
    Part {
        title: "locks for tasks",
        programs: &["mutex", "rwlock", "semaphore"],
        operations: &["mutex", "rwlock", "semaphore"],
    },
    Part { title: "locks for threads", programs: &["blocking"], operations: &["blocking"] },
];

/// The median of one benchmark.
struct Median {
    operation: String,
    library: String,
    nanoseconds: f64,
}

/// The library whose figures are compared with the others'.
const OURS: &str = "sync-core";

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let home = run(arguments.filter.as_deref())?;
    let medians = medians(&home)?;
    if medians.is_empty() {
        ensure!(arguments.filter.is_some(), "no benchmark ran");
        println!("no benchmark is called like this");
        return Ok(());
    }
    let mut body = format!("{}\n", report::provenance()?);
    for part in PARTS {
        let medians: Vec<&Median> = medians.iter().filter(|median| part.rank(median).is_some()).collect();
        if !medians.is_empty() {
            write!(body, "\n{}", table(part, medians))?;
        }
    }
    for ratio in RATIOS {
        let ours =
            |name: &str| medians.iter().find(|median| median.operation == name && median.library == OURS);
        if let [Some(more), Some(less)] = ratio.times.map(ours) {
            writeln!(body, "\n{}", ratio.of([more.nanoseconds, less.nanoseconds]))?;
        }
    }
    if arguments.filter.is_some() {
        println!("{body}");
    } else {
        report::write_section("times", &body)?;
        println!("{body}\nwritten to {}", report::results().display());
    }
    Ok(())
}

/// Runs the benchmarks and says where criterion left their figures: a folder with the figures of this run
/// alone.
fn run(filter: Option<&str>) -> Result<PathBuf> {
    let metadata = report::cargo().args(["metadata", "--no-deps", "--format-version=1"]).output()?;
    let metadata: Value = serde_json::from_str(&report::stdout(metadata)?)?;
    let target = metadata["target_directory"].as_str().context("cargo names no target directory")?;
    let home = Path::new(target).join("times");
    match fs::remove_dir_all(&home) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(error).with_context(|| format!("cannot empty {}", home.display()));
        }
        _ => fs::create_dir_all(&home).with_context(|| format!("cannot make {}", home.display()))?,
    }
    let mut cargo = report::cargo();
    cargo
        .arg("bench")
        .args(PARTS.iter().flat_map(|part| part.programs).map(|name| format!("--bench={name}")));
    cargo.args(report::build_flags("bench", None, true)).arg("--").args(filter);
    let status = cargo.env("CRITERION_HOME", &home).status().context("cannot run cargo")?;
    ensure!(status.success(), "cargo bench: {status}");
    Ok(home)
}

/// What criterion wrote below `home`: a folder per operation, in it one per library.
fn medians(home: &Path) -> Result<Vec<Median>> {
    let mut medians = Vec::new();
    for operation in folders(home)? {
        for library in folders(&operation)? {
            let read = |name: &str| -> Result<Value> {
                let path = library.join("new").join(name);
                let text =
                    fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
                serde_json::from_str(&text).with_context(|| format!("in {}", path.display()))
            };
            let (identity, estimates) = (read("benchmark.json")?, read("estimates.json")?);
            let text =
                |key: &str| identity[key].as_str().map(str::to_owned).context("criterion's format changed");
            medians.push(Median {
                operation: text("group_id")?,
                library: text("function_id")?,
                nanoseconds: estimates["median"]["point_estimate"]
                    .as_f64()
                    .context("criterion's format changed")?,
            });
        }
    }
    for median in &medians {
        let known = PARTS.iter().any(|part| part.rank(median).is_some());
        ensure!(known, "`{}` belongs to no table", median.operation);
    }
    Ok(medians)
}

impl Part {
    /// Where `median` is to be in the table, if it is one of these.
    fn rank(&self, median: &Median) -> Option<usize> {
        self.operations.iter().position(|operation| median.operation.starts_with(operation))
    }
}

fn folders(path: &Path) -> Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(path).with_context(|| format!("cannot read {}", path.display()))? {
        let entry = entry?;
        if entry.file_type()?.is_dir() && entry.file_name() != "report" {
            folders.push(entry.path());
        }
    }
    folders.sort();
    Ok(folders)
}

/// A row per operation, a column per library, and how ours compares with the fastest peer.
fn table(part: &Part, mut medians: Vec<&Median>) -> String {
    const FLOOR: &str = "floor";
    medians.sort_by_key(|median| (part.rank(median), &median.operation));
    let mut libraries: Vec<&str> = Vec::new();
    let mut operations: Vec<&str> = Vec::new();
    for median in &medians {
        if !libraries.contains(&median.library.as_str()) {
            libraries.push(&median.library);
        }
        if !operations.contains(&median.operation.as_str()) {
            operations.push(&median.operation);
        }
    }
    libraries.sort_by_key(|&library| (library != OURS, library == FLOOR, library));

    let title = format!("{}, median, ns", part.title);
    let columns =
        [title.as_str()].into_iter().chain(libraries.iter().copied()).chain(["ours / fastest peer"]);
    let mut table = Table::new(columns);
    for operation in operations {
        let of = |library: &str| {
            let mut all = medians.iter();
            let found = all.find(|median| median.operation == operation && median.library == library);
            found.map(|median| median.nanoseconds)
        };
        let peers = libraries.iter().filter(|&&library| library != OURS && library != FLOOR);
        let fastest = peers.filter_map(|library| of(library)).min_by(f64::total_cmp);
        let mut cells = vec![operation.to_owned()];
        cells.extend(libraries.iter().map(|library| of(library).map(rounded).unwrap_or_default()));
        let mut ratio = String::new();
        if let (Some(ours), Some(fastest)) = (of(OURS), fastest) {
            let _ = write!(ratio, "{:.2}", ours / fastest);
        }
        cells.push(ratio);
        table.push(cells);
    }
    table.markdown()
}

fn rounded(nanoseconds: f64) -> String {
    if nanoseconds < 100.0 { format!("{nanoseconds:.1}") } else { format!("{nanoseconds:.0}") }
}
