//! The mutants that may survive, each with the reason, and whether a run agrees with the list.

use core::fmt;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::outcomes::{Mutant, Outcomes, Summary};

/// Relative to the workspace.
pub(crate) const LIST: &str = "tests/mutants.toml";

/// What is in [`LIST`].
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Accepted {
    #[serde(default)]
    survivor: Vec<Survivor>,
}

/// Mutants of one file that survive for one reason.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Survivor {
    file: String,
    /// A part of the line of code that is changed, where a function has the same change more than once.
    line: Option<String>,
    kind: Kind,
    mutants: Vec<String>,
    reason: String,
}

/// Why it may survive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    /// No caller and no user can tell it from the original.
    Equivalent,
    /// It does the same with more work.
    Slower,
    /// Tests that a run of mutants is too short for see it; the reason names them.
    Elsewhere,
    /// Models see it; on real threads it takes a schedule that hardly ever comes up, but may.
    Rare,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Equivalent => "equivalent",
            Self::Slower => "slower",
            Self::Elsewhere => "seen elsewhere",
            Self::Rare => "seen by models",
        })
    }
}

impl Accepted {
    /// Reads the list of the workspace at `root`.
    ///
    /// # Errors
    ///
    /// When there is none, or it is not well-formed.
    pub(crate) fn read(root: &Path) -> Result<Self> {
        let text = fs::read_to_string(root.join(LIST)).with_context(|| format!("cannot read {LIST}"))?;
        Self::parse(&text).with_context(|| format!("cannot understand {LIST}"))
    }

    pub(super) fn parse(text: &str) -> Result<Self> {
        let accepted: Self = toml::from_str(text)?;
        for survivor in &accepted.survivor {
            anyhow::ensure!(
                !survivor.reason.trim().is_empty(),
                "{} survives without a reason",
                survivor.file
            );
        }
        Ok(accepted)
    }

    /// Which entry is about `mutant`; `code` is the line of source that it changes.
    fn of(&self, mutant: &Mutant, code: &str) -> Option<&Survivor> {
        self.survivor.iter().find(|survivor| survivor.covers(mutant, code))
    }
}

impl Survivor {
    fn covers(&self, mutant: &Mutant, code: &str) -> bool {
        self.file == mutant.file
            && self.mutants.contains(&mutant.change)
            && self.line.as_ref().is_none_or(|part| code.contains(part))
    }
}

/// What is wrong, and how many survivors are as they should be.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// For a reader; empty when the run agrees with the list.
    pub(crate) complaints: Vec<String>,
    pub(crate) accepted: BTreeMap<Kind, usize>,
}

/// Compares a run with the list. `all` are the mutants that there are in the files that were looked at,
/// whether they were tested or not; `code` returns a line of the source.
pub(crate) fn compare(
    accepted: &Accepted,
    outcomes: &Outcomes,
    all: &[Mutant],
    code: impl Fn(&Mutant) -> String,
) -> Verdict {
    let mut verdict = Verdict::default();
    for (mutant, summary) in outcomes {
        let entry = accepted.of(mutant, &code(mutant));
        let name = &mutant.name;
        match (summary, entry) {
            (Summary::Missed, Some(survivor)) => *verdict.accepted.entry(survivor.kind).or_default() += 1,
            (Summary::Missed, None) => verdict.complaints.push(format!("survived: {name}")),
            (Summary::Caught | Summary::TimedOut, Some(survivor)) if survivor.kind == Kind::Rare => {}
            (Summary::Caught | Summary::TimedOut | Summary::Unviable, Some(_)) => {
                verdict.complaints.push(format!("listed in {LIST}, but no longer survives: {name}"));
            }
            (Summary::Unknown, _) => verdict.complaints.push(format!("not tested to the end: {name}")),
            (Summary::Caught | Summary::TimedOut | Summary::Unviable, None) => {}
        }
    }
    for survivor in &accepted.survivor {
        if !all.iter().any(|mutant| mutant.file == survivor.file) {
            continue;
        }
        for change in &survivor.mutants {
            let exists = |mutant: &Mutant| mutant.change == *change && survivor.covers(mutant, &code(mutant));
            if !all.iter().any(exists) {
                let file = &survivor.file;
                verdict
                    .complaints
                    .push(format!("listed in {LIST}, but there is no such mutant: {file}: {change}"));
            }
        }
    }
    verdict
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTRY: &str = r#"
        [[survivor]]
        file = "a/src/f.rs"
        kind = "equivalent"
        mutants = ["replace + with | in f", "replace < with <= in g"]
        reason = "the operands have no bit in common"
    "#;

    fn mutant(line: usize, change: &str) -> Mutant {
        let file = "a/src/f.rs".to_owned();
        Mutant { line, change: change.to_owned(), name: format!("{file}:{line}:1: {change}"), file }
    }

    /// Line `n` of the source is "line n".
    fn verdict(list: &str, tested: &[(Mutant, Summary)], all: &[Mutant]) -> Verdict {
        let accepted = Accepted::parse(list).expect("a well-formed list");
        compare(&accepted, &tested.to_vec(), all, |mutant| format!("line {}", mutant.line))
    }

    fn both() -> [Mutant; 2] {
        [mutant(3, "replace + with | in f"), mutant(7, "replace < with <= in g")]
    }

    #[test]
    fn a_listed_survivor_is_accepted_wherever_it_has_moved() {
        for line in [3, 300] {
            let [_, g] = both();
            let f = mutant(line, "replace + with | in f");
            let verdict = verdict(ENTRY, &[(f.clone(), Summary::Missed)], &[f, g]);
            assert_eq!(verdict.complaints, [""; 0]);
            assert_eq!(verdict.accepted, [(Kind::Equivalent, 1)].into());
        }
    }

    #[test]
    fn a_survivor_that_is_not_listed_is_named_with_its_place() {
        let other = mutant(9, "replace + with - in f");
        let verdict = verdict(ENTRY, &[(other, Summary::Missed)], &both());
        assert_eq!(verdict.complaints, ["survived: a/src/f.rs:9:1: replace + with - in f"]);
    }

    #[test]
    fn the_same_change_in_another_file_is_another_mutant() {
        let mut other = both()[0].clone();
        other.file = "a/src/other.rs".to_owned();
        let verdict = verdict(ENTRY, &[(other, Summary::Missed)], &both());
        assert_eq!(verdict.complaints.len(), 1);
    }

    #[test]
    fn a_listed_survivor_that_is_caught_has_to_leave_the_list() {
        for summary in [Summary::Caught, Summary::TimedOut, Summary::Unviable] {
            let verdict = verdict(ENTRY, &[(both()[0].clone(), summary)], &both());
            assert_eq!(verdict.complaints.len(), 1);
            assert!(verdict.complaints[0].contains("no longer survives"), "{verdict:?}");
        }
    }

    #[test]
    fn one_that_takes_a_rare_schedule_may_be_caught_by_chance() {
        let entry = ENTRY.replace("equivalent", "rare");
        assert_ne!(entry, ENTRY);
        for summary in [Summary::Caught, Summary::TimedOut] {
            assert_eq!(verdict(&entry, &[(both()[0].clone(), summary)], &both()), Verdict::default());
        }
        assert_eq!(verdict(&entry, &[(both()[0].clone(), Summary::Unviable)], &both()).complaints.len(), 1);
    }

    #[test]
    fn a_listed_survivor_that_was_not_tested_is_no_complaint() {
        assert_eq!(verdict(ENTRY, &[], &both()), Verdict::default());
    }

    #[test]
    fn a_listed_survivor_that_cannot_be_made_any_more_has_to_leave_the_list() {
        let [f, _] = both();
        let verdict = verdict(ENTRY, &[], &[f]);
        assert_eq!(verdict.complaints.len(), 1);
        assert!(verdict.complaints[0].contains("no such mutant: a/src/f.rs: replace < with <= in g"));
    }

    #[test]
    fn nothing_is_said_of_files_that_were_not_looked_at() {
        assert_eq!(verdict(ENTRY, &[], &[]), Verdict::default());
    }

    #[test]
    fn one_of_two_equal_changes_is_chosen_by_its_code() {
        let list = ENTRY.replace("kind", "line = \"line 3\"\n kind");
        let [f, g] = both();
        let g = Mutant { line: 3, ..g };
        let second = mutant(4, "replace + with | in f");
        let tested = [(f.clone(), Summary::Missed), (second.clone(), Summary::Caught)];
        assert_eq!(verdict(&list, &tested, &[f.clone(), second.clone(), g.clone()]).complaints, [""; 0]);
        let tested = [(f.clone(), Summary::Missed), (second.clone(), Summary::Missed)];
        let verdict = verdict(&list, &tested, &[f, second, g]);
        assert_eq!(verdict.complaints, ["survived: a/src/f.rs:4:1: replace + with | in f"]);
    }

    #[test]
    fn what_was_caught_or_cannot_be_compiled_is_not_mentioned() {
        let tested =
            [Summary::Caught, Summary::TimedOut, Summary::Unviable].map(|summary| (mutant(1, "x"), summary));
        assert_eq!(verdict("", &tested, &[]), Verdict::default());
    }

    #[test]
    fn a_mutant_that_was_not_tested_to_the_end_is_no_success() {
        let verdict = verdict("", &[(mutant(1, "x"), Summary::Unknown)], &[]);
        assert!(verdict.complaints[0].contains("not tested to the end"), "{verdict:?}");
    }

    #[test]
    fn a_list_that_says_too_little_or_something_unknown_is_refused() {
        Accepted::parse(&ENTRY.replace("the operands have no bit in common", " ")).expect_err("no reason");
        Accepted::parse(&ENTRY.replace("equivalent", "because")).expect_err("no such kind");
        Accepted::parse(&ENTRY.replace("kind", "sort")).expect_err("no such key");
    }

    #[test]
    fn the_list_of_this_workspace_is_well_formed() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is a member");
        Accepted::read(root).expect("the list is read by every run");
    }
}
