//! `cargo xtask mutants`: changes the code in one place after the other, and asks whether a test notices.
//!
//! cargo-mutants makes the changes. A mutant that passes the quick tests has to pass all of them; what
//! survives is compared with the list of those that may, `tests/mutants.toml`.

mod accepted;
mod command;
mod outcomes;
mod tree;

use core::fmt::Write as _;
use core::time::Duration;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};

use self::accepted::{Accepted, Verdict};
pub(crate) use self::command::Selection;
use self::command::{Places, Suite};
use self::outcomes::{Mutant, Outcomes, Summary};
use crate::count::Tally;
use crate::needs::CARGO_MUTANTS;
use crate::process::{self, End, Finished};
use crate::report::{Entry, Outcome, Report};
use crate::runner::Options;
use crate::step::{Count, Job};
use crate::workspace::Workspace;

const NAME: &str = "mutants";

/// What cargo-mutants says that is worth a line while it runs.
const NEWS: [&str; 4] = ["Found ", "MISSED ", "TIMEOUT ", "ERROR "];

/// Tests the mutants that `selection` names, and writes progress and summary to `out`.
///
/// # Errors
///
/// When `out` cannot be written to.
pub(crate) fn run(
    workspace: &Workspace,
    selection: &Selection,
    options: &Options,
    out: &mut impl Write,
) -> Result<Report> {
    let start = Instant::now();
    let mut entry = match CARGO_MUTANTS.missing() {
        Some(missing) if options.require_all => entry(Outcome::Failed(missing)),
        Some(missing) => entry(Outcome::Skipped(missing)),
        None => tested(workspace, selection, options, out)
            .unwrap_or_else(|error| entry(Outcome::Failed(format!("{error:#}")))),
    };
    entry.took = start.elapsed();
    let report = Report { entries: vec![entry] };
    writeln!(out, "\n{report}")?;
    Ok(report)
}

fn entry(outcome: Outcome) -> Entry {
    Entry {
        step: NAME,
        outcome,
        count: Count::Jobs(NAME),
        tally: Tally::default(),
        minimum: None,
        took: Duration::ZERO,
        notes: Vec::new(),
    }
}

fn tested(
    workspace: &Workspace,
    selection: &Selection,
    options: &Options,
    out: &mut impl Write,
) -> Result<Entry> {
    let accepted = Accepted::read(&workspace.root)?;
    let places = Places::new(workspace);
    tree::mirror(&workspace.root, &places.tree)?;
    let all = list(&command::list(selection, &places))?;

    let mut tested = |suite, only: &[Mutant]| {
        let job = command::test(workspace, selection, &places, suite, only);
        found_by(&job, &places.output(suite), options, out)
    };
    let mut outcomes = tested(Suite::Quick, &[])?;
    let missed: Vec<_> = outcomes
        .iter()
        .filter(|(_, summary)| *summary == Summary::Missed)
        .map(|(mutant, _)| mutant.clone())
        .collect();
    if !missed.is_empty() {
        merge(&mut outcomes, &tested(Suite::All, &missed)?)?;
    }

    let code = |mutant: &Mutant| line_of(&places.tree.join(&mutant.file), mutant.line);
    let verdict = accepted::compare(&accepted, &outcomes, &all, code);
    for complaint in &verdict.complaints {
        writeln!(out, "  {complaint}")?;
    }
    Ok(judged(&outcomes, &verdict))
}

/// The mutants that there are, tested in this shard or not.
fn list(job: &Job) -> Result<Vec<Mutant>> {
    let finished = process::run(job, Some(Duration::from_mins(2)), |_| ())?;
    ended(job, &finished, &[0])?;
    let text = finished.lines.join("\n");
    // Warnings are in the same pipe.
    let list = text.find('[').zip(text.rfind(']')).map(|(first, last)| &text[first..=last]);
    outcomes::parse_list(list.context("cargo-mutants prints no list")?)
}

/// Runs cargo-mutants and reads what it writes into `output`.
fn found_by(job: &Job, output: &Path, options: &Options, out: &mut impl Write) -> Result<Outcomes> {
    // What an earlier run left there must not be taken for the result of this one.
    if output.exists() {
        fs::remove_dir_all(output).with_context(|| format!("cannot remove {}", output.display()))?;
    }
    fs::create_dir_all(output).with_context(|| format!("cannot create {}", output.display()))?;
    writeln!(out, "$ {job}")?;
    let finished = process::run(job, None, |line| {
        if options.verbose || NEWS.iter().any(|word| line.starts_with(word)) {
            // The summary still comes if the reader of this is gone; it reports the error then.
            drop(writeln!(out, "  | {line}"));
        }
    })?;
    // 2 and 3: some survived, some timed out. Anything else is about the tests without a mutant, or about the
    // call.
    ended(job, &finished, &[0, 2, 3])?;
    outcomes::read(output)
}

fn ended(job: &Job, finished: &Finished, good: &[i32]) -> Result<()> {
    let End::Exited(status) = &finished.end else {
        bail!("did not end by itself: {job}");
    };
    let last = &finished.lines[finished.lines.len().saturating_sub(20)..];
    ensure!(status.code().is_some_and(|code| good.contains(&code)), "{status}: {job}\n{}", last.join("\n"));
    Ok(())
}

/// What all tests say of a mutant goes over what the quick ones said.
fn merge(outcomes: &mut Outcomes, second: &Outcomes) -> Result<()> {
    for (mutant, summary) in outcomes.iter_mut().filter(|(_, summary)| *summary == Summary::Missed) {
        let found = second.iter().find(|(other, _)| other == mutant);
        *summary = found.with_context(|| format!("not tested a second time: {}", mutant.name))?.1;
    }
    Ok(())
}

fn line_of(path: &Path, line: usize) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.lines().nth(line.saturating_sub(1)).unwrap_or_default().to_owned()
}

fn judged(outcomes: &Outcomes, verdict: &Verdict) -> Entry {
    let number = |summary| outcomes.iter().filter(|(_, other)| *other == summary).count();
    let (caught, late, missed) =
        (number(Summary::Caught), number(Summary::TimedOut), number(Summary::Missed));
    let outcome = match verdict.complaints.as_slice() {
        [] if outcomes.is_empty() => Outcome::Failed("there is no such mutant".to_owned()),
        [] => Outcome::Passed,
        [only] => Outcome::Failed(only.clone()),
        several => Outcome::Failed(format!("{} complaints, which are listed above", several.len())),
    };
    let accepted: usize = verdict.accepted.values().sum();
    let mut note = format!("{caught} caught, {late} timed out, {missed} survived ({accepted} accepted");
    for (kind, number) in &verdict.accepted {
        let _ = write!(note, ", {number} {kind}");
    }
    let _ = write!(note, "), {} do not compile", number(Summary::Unviable));
    Entry {
        tally: Tally { passed: caught + late + accepted, failed: missed - accepted, skipped: 0 },
        notes: vec![note],
        ..entry(outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcomes(summaries: &[Summary]) -> Outcomes {
        let mutant = |number: usize| {
            let name = format!("f.rs:{number}:1: x");
            Mutant { file: "f.rs".to_owned(), line: number, change: "x".to_owned(), name }
        };
        summaries.iter().enumerate().map(|(number, summary)| (mutant(number), *summary)).collect()
    }

    fn verdict(list: &str, outcomes: &Outcomes) -> Verdict {
        let accepted = Accepted::parse(list).expect("a well-formed list");
        accepted::compare(&accepted, outcomes, &[], |_| String::new())
    }

    #[test]
    fn the_second_look_decides_on_those_that_passed_the_first() {
        let mut first = outcomes(&[Summary::Caught, Summary::Missed, Summary::Missed]);
        let second = outcomes(&[Summary::Missed, Summary::Caught, Summary::Missed]);
        merge(&mut first, &second).expect("all three are there");
        let summaries: Vec<_> = first.iter().map(|(_, summary)| *summary).collect();
        assert_eq!(summaries, [Summary::Caught, Summary::Caught, Summary::Missed]);
    }

    #[test]
    fn a_mutant_that_had_no_second_look_is_an_error() {
        let error = merge(&mut outcomes(&[Summary::Missed]), &Vec::new()).expect_err("it was not tested");
        assert!(error.to_string().contains("f.rs:0:1: x"), "{error}");
    }

    #[test]
    fn note_says_how_many_have_which_summary() {
        let outcomes = outcomes(&[
            Summary::Caught,
            Summary::Caught,
            Summary::TimedOut,
            Summary::Unviable,
            Summary::Missed,
        ]);
        let list = "[[survivor]]\nfile = 'f.rs'\nkind = 'slower'\nmutants = ['x']\nline = 'y'\nreason = 'z'";
        let accepted = Accepted::parse(list).expect("a well-formed list");
        let code = |mutant: &Mutant| if mutant.line == 4 { "y".to_owned() } else { String::new() };
        let entry = judged(&outcomes, &accepted::compare(&accepted, &outcomes, &[], code));
        assert_eq!(entry.outcome, Outcome::Passed);
        assert_eq!(entry.counted(), "4 mutants");
        let note = "2 caught, 1 timed out, 1 survived (1 accepted, 1 slower), 1 do not compile";
        assert_eq!(entry.notes, [note]);
    }

    #[test]
    fn one_unlisted_survivor_fails_the_run() {
        let outcomes = outcomes(&[Summary::Caught, Summary::Missed]);
        let entry = judged(&outcomes, &verdict("", &outcomes));
        assert_eq!(entry.outcome, Outcome::Failed("survived: f.rs:1:1: x".to_owned()));
        assert_eq!(entry.counted(), "2 mutants, 1 failed");
    }

    #[test]
    fn a_run_of_no_mutants_shows_nothing() {
        let entry = judged(&Vec::new(), &Verdict::default());
        assert_eq!(entry.outcome, Outcome::Failed("there is no such mutant".to_owned()));
    }

    #[test]
    fn a_line_is_found_by_the_number_that_compilers_give_it() {
        let code = line_of(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/mutants/mod.rs")), 1);
        assert!(code.starts_with("//! `cargo xtask mutants`"), "{code}");
        assert_eq!(line_of(Path::new("no such file"), 1), "");
    }
}
