//! Counts instructions, sizes and allocations, and writes them to `RESULTS.md`; or compares the instructions
//! of sync-core with the limits in `LIMITS.md`.

use core::fmt::Write as _;
use std::collections::HashMap;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;
use std::process::{Command, ExitCode};
use std::sync::Mutex;
use std::thread;

use anyhow::{Context as _, Result, ensure};
use benches::limits;
use benches::plan::{Library, Operation, PARTS, Part, RATIOS, Row};
use benches::report::{self, Table};
use clap::{Parser, ValueEnum as _};
use serde_json::Value;

/// The status of a run that lacked a tool, as test harnesses use it.
const SKIPPED: u8 = 77;

/// Count the instructions of each operation with valgrind, and write RESULTS.md.
#[derive(Parser)]
struct Arguments {
    /// Measure only the operations and libraries whose name contains this; print them and write nothing.
    #[arg(conflicts_with = "update")]
    filter: Option<String>,
    /// Runs at a time [default: one per processor].
    #[arg(long)]
    jobs: Option<usize>,
    /// Count sync-core's instructions only, and fail if one is above its limit in LIMITS.md, or has none.
    #[arg(long)]
    check: bool,
    /// Count sync-core's instructions only, and write them to LIMITS.md.
    #[arg(long, conflicts_with = "check")]
    update: bool,
}

fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    if Command::new("valgrind").arg("--version").output().is_err() {
        eprintln!("skipped: there is no `valgrind` on the path (`apt-get install valgrind`)");
        return Ok(ExitCode::from(SKIPPED));
    }
    let mut pairs = pairs(arguments.filter.as_deref());
    if arguments.check || arguments.update {
        pairs.retain(|&(_, library)| library == OURS);
    }
    ensure!(!pairs.is_empty(), "no operation and no library has this name");
    let jobs = match arguments.jobs {
        Some(jobs) => jobs.max(1),
        None => thread::available_parallelism()?.get(),
    };

    if arguments.check || arguments.update {
        // The figures of the build that a user who counts instructions makes; the other takes as long again.
        let figures = measure(&report::build("ops", true, &[])?, &pairs, jobs)?;
        if arguments.update {
            limits::write(&counted(&figures))?;
            return Ok(ExitCode::SUCCESS);
        }
        let objections = limits::objections(&counted(&figures), arguments.filter.is_none())?;
        for objection in &objections {
            println!("{objection}");
        }
        println!("{} rows, {} objections", pairs.len(), objections.len());
        return Ok(if objections.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }

    let mut body = format!("{}\n", report::provenance()?);
    let mut missed = Vec::new();
    for (lto, title) in [(true, "one codegen unit, fat LTO"), (false, "one codegen unit, no LTO")] {
        let program = report::build("ops", lto, &[])?;
        let figures = measure(&program, &pairs, jobs)?;
        writeln!(body, "\n### Instructions per operation, release, {title}")?;
        for part in PARTS {
            if let Some(table) = table(part, &figures) {
                writeln!(body, "\n{table}")?;
            }
        }
        for ratio in RATIOS {
            let figure = |(operation, waiters)| figures.get(&(operation, waiters, OURS)).copied();
            if let [Some(more), Some(less)] = ratio.rows.map(figure) {
                let ratio = ratio.of([more, less]);
                writeln!(body, "\n{ratio}")?;
                if let Some(miss) = ratio.strip_suffix(": missed") {
                    missed.push(format!("{miss} ({title})"));
                }
            }
        }
        missed.extend(misses(&figures).into_iter().map(|miss| format!("{miss} ({title})")));
    }
    if arguments.filter.is_some() {
        println!("{body}");
    } else {
        let padded = memory(false)?;
        let bare = memory(true)?;
        writeln!(body, "\n### Bytes\n\n{}", sizes(&padded, &bare)?)?;
        writeln!(body, "### Heap allocations per operation")?;
        for part in PARTS {
            writeln!(body, "\n{}", allocations(part, &padded)?)?;
        }
        report::write_section("instructions", &body)?;
        println!("{body}\nwritten to {}", report::results().display());
    }
    for miss in &missed {
        println!("missed: {miss}");
    }
    Ok(ExitCode::SUCCESS)
}

/// The library whose targets these are.
const OURS: Library = Library::SyncCore;

/// Instructions by operation, number of waiters and library.
type Figures = HashMap<(Operation, usize, Library), f64>;

/// The rows and the libraries that can do them, as far as one of their names contains `filter`.
fn pairs(filter: Option<&str>) -> Vec<(&'static Row, Library)> {
    let filter = filter.unwrap_or_default().replace('_', "-");
    let mut pairs = Vec::new();
    for row in PARTS.iter().flat_map(|part| part.rows) {
        for &library in Library::value_variants() {
            let wanted =
                [row.operation.argument(), library.argument()].iter().any(|name| name.contains(&filter));
            if wanted && row.operation.on(library).is_some() {
                pairs.push((row, library));
            }
        }
    }
    pairs
}

/// The rows of sync-core by their names, in the order of the tables.
fn counted(figures: &Figures) -> Vec<(String, f64)> {
    let rows = PARTS.iter().flat_map(|part| part.rows);
    let figure = |row: &Row| Some((name(row), *figures.get(&(row.operation, row.waiters, OURS))?));
    rows.filter_map(figure).collect()
}

fn name(row: &Row) -> String {
    format!("{} of {}", row.operation.argument(), row.waiters)
}

fn measure(program: &Path, pairs: &[(&Row, Library)], jobs: usize) -> Result<Figures> {
    let empty = Row { operation: Operation::Empty, rounds: [1_000, 3_000], ..PARTS[0].rows[0] };
    let empty = per_round(program, &empty, Library::Floor)?;
    let queue = Mutex::new(pairs.iter());
    let next = || queue.lock().expect("taking a pair does not panic").next();
    let figures = Mutex::new(Ok(Figures::new()));
    let lock = || figures.lock().expect("no worker panics while it holds the lock");
    thread::scope(|scope| {
        for _ in 0..jobs {
            scope.spawn(|| {
                while let Some(&(row, library)) = next() {
                    let figure = per_round(program, row, library).map(|figure| {
                        let figure = figure - empty;
                        if row.per_waiter { figure / to_float(row.waiters) } else { figure }
                    });
                    let mut figures = lock();
                    match (&mut *figures, figure) {
                        (Ok(figures), Ok(figure)) => {
                            figures.insert((row.operation, row.waiters, library), figure);
                        }
                        (failed @ Ok(_), Err(error)) => *failed = Err(error),
                        (Err(_), _) => return,
                    }
                    if let Ok(figures) = &*figures
                        && io::stderr().is_terminal()
                    {
                        eprint!("\r{} of {}", figures.len(), pairs.len());
                        let _ = io::stderr().flush();
                    }
                }
            });
        }
    });
    if io::stderr().is_terminal() {
        eprintln!();
    }
    figures.into_inner().expect("no worker panics while it holds the lock")
}

/// The instructions of a round: the difference of two runs, by the rounds that the second has more.
fn per_round(program: &Path, row: &Row, library: Library) -> Result<f64> {
    let [fewer, more] = row.rounds;
    let difference = count(program, row, library, more)? - count(program, row, library, fewer)?;
    Ok(difference / to_float(more - fewer))
}

/// The instructions of a whole run.
fn count(program: &Path, row: &Row, library: Library, iterations: usize) -> Result<f64> {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(program);
    valgrind.args([library.argument(), row.operation.argument()]);
    for (option, value) in
        [("--iterations", iterations), ("--waiters", row.waiters), ("--instances", row.rounds[1])]
    {
        // The same width for all values, so that reading the command line costs the same in both runs.
        valgrind.arg(format!("{option}={value:06}"));
    }
    let output = valgrind.output().context("cannot run valgrind")?;
    let report = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{valgrind:?}: {}: {report}", output.status);
    let collected = report.lines().find_map(|line| line.split_once("Collected :"));
    let collected = collected.with_context(|| format!("valgrind counted nothing: {report}"))?.1;
    Ok(collected.trim().parse()?)
}

/// The rows of `part` that were measured, and a column for each library that can do one of them.
fn table(part: &Part, figures: &Figures) -> Option<String> {
    let figure = |row: &Row, library: Library| figures.get(&(row.operation, row.waiters, library)).copied();
    let measured =
        |row: &&Row| Library::value_variants().iter().any(|&library| figure(row, library).is_some());
    let rows: Vec<&Row> = part.rows.iter().filter(measured).collect();
    let used = |library: &Library| rows.iter().any(|row| figure(row, *library).is_some());
    let libraries: Vec<Library> = Library::value_variants().iter().copied().filter(used).collect();
    let titles = libraries.iter().map(|library| library.title());
    let mut table = Table::new([part.title, "target"].into_iter().chain(titles));
    for row in &rows {
        let mut cells =
            vec![row.title.to_owned(), row.target.map(|target| format!("{target}")).unwrap_or_default()];
        cells.extend(libraries.iter().map(|&library| figure(row, library).map(rounded).unwrap_or_default()));
        table.push(cells);
    }
    (!rows.is_empty()).then(|| table.markdown())
}

/// The rows in which sync-core costs more than it may.
fn misses(figures: &Figures) -> Vec<String> {
    let missed = |row: &Row| {
        let figure = *figures.get(&(row.operation, row.waiters, OURS))?;
        let target = row.target.filter(|&target| figure > target)?;
        Some(format!("{}: {} instead of {target}", name(row), rounded(figure)))
    };
    PARTS.iter().flat_map(|part| part.rows).filter_map(missed).collect()
}

/// What `memory` says, built with padding or without.
fn memory(no_cache_pad: bool) -> Result<Value> {
    let features: &[&str] = if no_cache_pad { &["--features=no-cache-pad"] } else { &[] };
    let program = report::build("memory", false, features)?;
    let output =
        Command::new(&program).output().with_context(|| format!("cannot run {}", program.display()))?;
    Ok(serde_json::from_str(&report::stdout(output)?)?)
}

fn sizes(padded: &Value, bare: &Value) -> Result<String> {
    let mut table = Table::new(["type", "library", "padded", "with `no-cache-pad`"]);
    let (padded, bare) = (entries(padded, "sizes")?, entries(bare, "sizes")?);
    for (with, without) in padded.iter().zip(bare) {
        let text = |key: &str| with[key].as_str().unwrap_or_default().to_owned();
        table.push(vec![
            text("type"),
            text("library"),
            with["bytes"].to_string(),
            without["bytes"].to_string(),
        ]);
    }
    Ok(table.markdown())
}

fn allocations(part: &Part, report: &Value) -> Result<String> {
    let entries = entries(report, "allocations")?;
    let figure = |operation: Operation, library: Library| {
        let entry = entries.iter().find(|entry| {
            entry["library"] == library.argument().as_str()
                && entry["operation"] == operation.argument().as_str()
        });
        entry.map(|entry| entry["allocations"].to_string())
    };
    let mut operations: Vec<Operation> = part.rows.iter().map(|row| row.operation).collect();
    operations.dedup();
    let used = |library: &Library| operations.iter().any(|&operation| figure(operation, *library).is_some());
    let libraries: Vec<Library> = Library::value_variants().iter().copied().filter(used).collect();
    let titles = libraries.iter().map(|library| library.title());
    let mut table = Table::new([part.title].into_iter().chain(titles));
    for &operation in &operations {
        let mut cells = vec![format!("`{}`", operation.argument())];
        cells.extend(libraries.iter().map(|&library| figure(operation, library).unwrap_or_default()));
        table.push(cells);
    }
    Ok(table.markdown())
}

fn entries<'a>(report: &'a Value, key: &str) -> Result<&'a Vec<Value>> {
    report[key].as_array().with_context(|| format!("`memory` reports no {key}"))
}

/// With one decimal, if it is not zero.
fn rounded(figure: f64) -> String {
    let figure = format!("{figure:.1}");
    figure.strip_suffix(".0").map_or(figure.clone(), str::to_owned)
}

fn to_float(count: usize) -> f64 {
    f64::from(u32::try_from(count).expect("rounds and waiters are few"))
}
