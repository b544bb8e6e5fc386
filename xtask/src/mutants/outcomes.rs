//! What cargo-mutants found, read from its `outcomes.json`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

/// One change of the code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mutant {
    /// Relative to the workspace.
    pub(crate) file: String,
    pub(crate) line: usize,
    /// What was changed into what, in which function: cargo-mutants' name without the position, which every
    /// edit moves.
    pub(crate) change: String,
    /// cargo-mutants' name, with the position.
    pub(crate) name: String,
}

/// The outcome of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(crate) enum Summary {
    /// A test failed.
    #[serde(rename = "CaughtMutant")]
    Caught,
    /// All tests passed.
    #[serde(rename = "MissedMutant")]
    Missed,
    /// The tests, which end by themselves, did not: as good as a failing one.
    #[serde(rename = "Timeout")]
    TimedOut,
    /// It does not compile.
    Unviable,
    /// The mutant was not tested to the end.
    #[serde(rename = "Failure", alias = "Success", other)]
    Unknown,
}

/// Every mutant that was tested, and the outcome of it.
pub(crate) type Outcomes = Vec<(Mutant, Summary)>;

#[derive(Deserialize)]
struct File {
    outcomes: Vec<Outcome>,
}

#[derive(Deserialize)]
struct Outcome {
    scenario: Scenario,
    summary: Summary,
}

#[derive(Deserialize)]
enum Scenario {
    /// The code as it is.
    Baseline,
    Mutant(Raw),
}

/// What cargo-mutants says of a mutant, there and in its list.
#[derive(Deserialize)]
struct Raw {
    name: String,
    file: String,
    span: Span,
}

#[derive(Deserialize)]
struct Span {
    start: Start,
}

#[derive(Deserialize)]
struct Start {
    line: usize,
    column: usize,
}

impl From<Raw> for Mutant {
    fn from(raw: Raw) -> Self {
        let Raw { name, file, span: Span { start: Start { line, column } } } = raw;
        let position = format!("{file}:{line}:{column}: ");
        let change = name.strip_prefix(&position).unwrap_or(&name).to_owned();
        Self { file, line, change, name }
    }
}

/// Reads `outcomes.json` in `mutants.out`, which is in `directory`.
///
/// # Errors
///
/// When there is no such file, or this is not the format of the cargo-mutants that wrote it.
pub(crate) fn read(directory: &Path) -> Result<Outcomes> {
    let path = directory.join("mutants.out").join("outcomes.json");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    parse(&text).with_context(|| format!("cannot understand {}", path.display()))
}

fn parse(text: &str) -> Result<Outcomes> {
    let file: File = serde_json::from_str(text)?;
    let tested = file.outcomes.into_iter().filter_map(|outcome| match outcome.scenario {
        Scenario::Baseline => None,
        Scenario::Mutant(raw) => Some((raw.into(), outcome.summary)),
    });
    Ok(tested.collect())
}

/// Reads what `cargo mutants --list --json` prints.
///
/// # Errors
///
/// When this is not the format of the cargo-mutants that printed it.
pub(crate) fn parse_list(text: &str) -> Result<Vec<Mutant>> {
    let list: Vec<Raw> = serde_json::from_str(text).context("cannot understand the list of mutants")?;
    Ok(list.into_iter().map(Mutant::from).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As cargo-mutants 27.1 writes it, less what is not read.
    const OUTCOMES: &str = r#"{
        "outcomes": [
            { "scenario": "Baseline", "summary": "Success", "phase_results": [] },
            {
                "scenario": { "Mutant": {
                    "name": "a/src/word.rs:47:20: replace >> with << in Bits::mask",
                    "package": "a", "file": "a/src/word.rs", "function": null,
                    "span": { "start": { "line": 47, "column": 20 }, "end": { "line": 47, "column": 22 } },
                    "replacement": "<<", "genre": "BinaryOperator"
                } },
                "summary": "MissedMutant"
            }
        ],
        "total_mutants": 1
    }"#;

    fn outcome(summary: &str) -> Result<Outcomes> {
        parse(&OUTCOMES.replace("MissedMutant", summary))
    }

    #[test]
    fn a_mutant_is_known_by_what_it_changes_and_not_by_where() {
        let (mutant, summary) = outcome("MissedMutant").expect("the format is known").remove(0);
        assert_eq!(mutant.file, "a/src/word.rs");
        assert_eq!(mutant.line, 47);
        assert_eq!(mutant.change, "replace >> with << in Bits::mask");
        assert_eq!(mutant.name, "a/src/word.rs:47:20: replace >> with << in Bits::mask");
        assert_eq!(summary, Summary::Missed);
    }

    #[test]
    fn the_code_as_it_is_is_no_mutant() {
        assert_eq!(outcome("CaughtMutant").expect("the format is known").len(), 1);
    }

    #[test]
    fn every_fate_is_told_from_the_others() {
        let summary = |summary| outcome(summary).expect("the format is known")[0].1;
        assert_eq!(summary("CaughtMutant"), Summary::Caught);
        assert_eq!(summary("Timeout"), Summary::TimedOut);
        assert_eq!(summary("Unviable"), Summary::Unviable);
        assert_eq!(summary("Failure"), Summary::Unknown);
        assert_eq!(summary("SomethingOfALaterVersion"), Summary::Unknown);
    }

    #[test]
    fn another_format_is_an_error() {
        parse("{}").expect_err("no outcomes");
        parse_list("{}").expect_err("not a list");
    }

    #[test]
    fn a_list_is_read_like_outcomes() {
        let list = r#"[{ "name": "a/b.rs:3:9: replace f with ()", "file": "a/b.rs",
            "span": { "start": { "line": 3, "column": 9 }, "end": { "line": 3, "column": 10 } } }]"#;
        let list = parse_list(list).expect("the format is known");
        assert_eq!(list.len(), 1);
        assert_eq!((list[0].change.as_str(), list[0].line), ("replace f with ()", 3));
    }
}
