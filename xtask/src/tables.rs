//! Tables in a document that a step measures: written with `--update`, compared without.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::workspace::Workspace;

const ENDS: &str = "<!-- until here -->\n";

/// Whether the tables are written.
#[derive(Debug, Clone, Copy, Default, Args)]
pub(crate) struct Update {
    /// Write the tables of what was measured to their document, instead of comparing them.
    #[arg(long)]
    pub(crate) update: bool,
}

/// The tables of one document, between two marks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tables {
    /// The document, from the root of the workspace.
    pub(crate) file: &'static str,
    /// The sub-command that measures.
    pub(crate) command: &'static str,
}

impl Tables {
    fn path(self, workspace: &Workspace) -> PathBuf {
        workspace.root.join(self.file)
    }

    fn read(self, workspace: &Workspace) -> Result<String> {
        let path = self.path(workspace);
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
    }

    fn begins(self) -> String {
        format!("<!-- written by `cargo xtask {} --update` -->\n", self.command)
    }

    /// What is before the tables, the tables, and what is after them; the marks are in the outer parts.
    ///
    /// # Errors
    ///
    /// When a mark is missing.
    pub(crate) fn parts(self, text: &str) -> Result<(&str, &str, &str)> {
        let begins = self.begins();
        let from = text.find(&begins).with_context(|| format!("{} lost its first mark", self.file))?;
        let (before, rest) = text.split_at(from + begins.len());
        let to = rest.find(ENDS).with_context(|| format!("{} lost its second mark", self.file))?;
        let (tables, after) = rest.split_at(to);
        Ok((before, tables, after))
    }

    /// Puts `measured` between the marks.
    ///
    /// # Errors
    ///
    /// When the document cannot be read or written, or has no marks.
    pub(crate) fn write(self, workspace: &Workspace, measured: &str) -> Result<()> {
        let text = self.read(workspace)?;
        let (before, _, after) = self.parts(&text)?;
        let path = self.path(workspace);
        fs::write(&path, [before, measured, after].concat())
            .with_context(|| format!("cannot write {}", path.display()))
    }

    /// Compares `measured` with what is between the marks.
    ///
    /// # Errors
    ///
    /// When they differ, give or take a tenth of each number but those of critical sections, or the document
    /// has no marks.
    pub(crate) fn check(self, workspace: &Workspace, measured: &str) -> Result<()> {
        let text = self.read(workspace)?;
        let (_, written, _) = self.parts(&text)?;
        let Some((written, measured)) = difference(written, measured) else { return Ok(()) };
        let Self { file, command } = self;
        bail!("{file} says `{written}`, this run `{measured}`: run `cargo xtask {command} --update`");
    }
}

/// The first line in which two tables differ: by more than a tenth in a number, by anything in a number of
/// critical sections, or in anything else.
fn difference<'a>(written: &'a str, measured: &'a str) -> Option<(&'a str, &'a str)> {
    let rows = |table: &'a str| table.lines().filter(|line| line.starts_with('|')).collect::<Vec<_>>();
    let (left, right) = (rows(written), rows(measured));
    let mut header = "";
    for at in 0..left.len().max(right.len()) {
        if right.get(at + 1).is_some_and(|row| row.starts_with("| ---")) {
            header = right[at];
        }
        let row = |rows: &[&'a str]| rows.get(at).copied().unwrap_or("nothing");
        let (left, right) = (row(&left), row(&right));
        if !alike(header, left, right) {
            return Some((left, right));
        }
    }
    None
}

/// Whether two rows below `header` say the same.
fn alike(header: &str, left: &str, right: &str) -> bool {
    let counts =
        |column| header.split('|').nth(column).is_some_and(|name| name.contains("critical sections"));
    let (left, right): (Vec<_>, Vec<_>) = (left.split('|').collect(), right.split('|').collect());
    left.len() == right.len()
        && left.iter().zip(right).enumerate().all(|(column, (left, right))| {
            let (left, right) = (left.trim(), right.trim());
            match (left.parse::<f64>(), right.parse::<f64>()) {
                // Small numbers are a matter of few instructions.
                (Ok(left), Ok(right)) if !counts(column) => (left - right).abs() <= 8_f64.max(left / 10.0),
                _ => left == right,
            }
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_alike_up_to_a_tenth_of_a_number() {
        let table = "\n| call | 100 | +2000 |\n\n";
        assert_eq!(difference(table, "| call | 109 | +1801 |"), None);
        let other = "| call | 111 | +2000 |";
        assert_eq!(difference(table, other), Some(("| call | 100 | +2000 |", other)));
        assert!(difference(table, "| other call | 100 | +2000 |").is_some());
        assert!(difference(table, "").is_some(), "a row is missing");
        assert!(difference("", table).is_some(), "a row is new");
    }

    /// Seen to fail with: the eight by which a number of instructions may differ.
    #[test]
    fn numbers_of_critical_sections_are_the_same_or_tables_differ() {
        let table = |sections, instructions| {
            format!(
                "| call | critical sections | all |\n| --- | --- | --- |\n| a | {sections} | {instructions} |"
            )
        };
        assert_eq!(difference(&table(1, 50), &table(1, 55)), None);
        assert_eq!(difference(&table(1, 50), &table(2, 50)), Some(("| a | 1 | 50 |", "| a | 2 | 50 |")));
    }

    #[test]
    fn what_is_written_is_found_again_and_nothing_else_changes() {
        let dir = tempfile::tempdir().expect("a directory for temporary files");
        let workspace = Workspace { root: dir.path().to_owned(), ..Workspace::default() };
        let tables = Tables { file: "T.md", command: "measure" };
        let text =
            "before\n<!-- written by `cargo xtask measure --update` -->\nold\n<!-- until here -->\nafter\n";
        fs::write(dir.path().join("T.md"), text).expect("a file can be written");
        tables.check(&workspace, "| new | 1 |\n").expect_err("it is not there yet");
        tables.write(&workspace, "| new | 1 |\n").expect("both marks are there");
        tables.check(&workspace, "| new | 1 |\n").expect("it was written");
        let now = fs::read_to_string(dir.path().join("T.md")).expect("the file is there");
        assert_eq!(now, text.replace("old\n", "| new | 1 |\n"));
    }
}
