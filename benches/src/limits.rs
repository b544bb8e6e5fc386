//! `LIMITS.md`: the instructions that each operation of sync-core may take.

use alloc::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::report::Table;

/// How far a figure may be above its limit. A limit is rounded to a tenth, and nothing else is random: a figure is the
/// difference of two deterministic runs, so that what comes before and after the loop is in neither. One instruction is
/// five times as much, and is noticed.
const NOISE: f64 = 0.2;

const HEAD: &str = "# Limits

The most instructions that an operation of sync-core may take, per round or per waiter, counted by callgrind in a release
build with one codegen unit and fat LTO. Written by `cargo xtask bench instructions --update`; `--check` compares. Raise a
limit only in the commit that explains why, and lower it with each gain.

";

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("LIMITS.md")
}

/// Makes the figures the limits.
///
/// # Errors
///
/// If the file cannot be written.
pub fn write(figures: &[(String, f64)]) -> Result<()> {
    let mut table = Table::new(["row", "limit"]);
    for (row, figure) in figures {
        table.push(vec![row.clone(), format!("{figure:.1}")]);
    }
    fs::write(path(), format!("{HEAD}{}", table.markdown())).context("cannot write LIMITS.md")
}

/// What is wrong with the figures: one is above its limit, or has none. If they are of all rows, also a limit
/// without a figure.
///
/// # Errors
///
/// If the file cannot be read.
pub fn objections(figures: &[(String, f64)], all: bool) -> Result<Vec<String>> {
    Ok(compare(&fs::read_to_string(path()).context("cannot read LIMITS.md")?, figures, all))
}

fn compare(text: &str, figures: &[(String, f64)], all: bool) -> Vec<String> {
    let limit = |line: &str| {
        let [row, limit] = line.strip_prefix('|')?.strip_suffix('|')?.split('|').collect::<Vec<_>>()[..]
        else {
            return None;
        };
        Some((row.trim().to_owned(), limit.trim().parse::<f64>().ok()?))
    };
    let mut limits: BTreeMap<_, _> = text.lines().filter_map(limit).collect();
    let mut wrong = Vec::new();
    for (row, figure) in figures {
        match limits.remove(row) {
            None => wrong.push(format!("{row}: {figure:.1}, and no limit")),
            Some(limit) if *figure > limit + NOISE => {
                wrong.push(format!("{row}: {figure:.1}, at most {limit}"));
            }
            Some(_) => {}
        }
    }
    if all {
        wrong.extend(limits.into_keys().map(|row| format!("{row}: a limit, and no such row")));
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: &str =
        "# Limits\n\n| row | limit |\n| --- | ---: |\n| a of 0 | 17.0 |\n| b of 16 | 3.5 |\n";

    fn compared(figures: &[(&str, f64)], all: bool) -> Vec<String> {
        let figures: Vec<_> = figures.iter().map(|&(row, figure)| (row.to_owned(), figure)).collect();
        compare(LIMITS, &figures, all)
    }

    #[test]
    fn figures_at_or_below_their_limits_pass() {
        assert_eq!(compared(&[("a of 0", 17.1), ("b of 16", 2.0)], true), [""; 0]);
    }

    #[test]
    fn figure_above_its_limit_or_without_one_is_an_objection() {
        assert_eq!(compared(&[("a of 0", 18.0), ("b of 16", 3.5)], true), ["a of 0: 18.0, at most 17"]);
        assert_eq!(compared(&[("c of 0", 1.0)], false), ["c of 0: 1.0, and no limit"]);
    }

    #[test]
    fn limit_without_a_row_is_an_objection_when_all_rows_were_counted() {
        assert_eq!(compared(&[("a of 0", 17.0)], true), ["b of 16: a limit, and no such row"]);
        assert_eq!(compared(&[("a of 0", 17.0)], false), [""; 0]);
    }
}
