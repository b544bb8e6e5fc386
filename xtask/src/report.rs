//! What ran, with which result: the summary table and the closing line.

use core::fmt;
use core::time::Duration;

use crate::count::Tally;
use crate::step::Count;

/// How a step ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    Passed,
    /// Why.
    Failed(String),
    /// What is missing, and what installs it.
    Skipped(String),
}

/// One step's result.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) step: &'static str,
    pub(crate) outcome: Outcome,
    pub(crate) count: Count,
    pub(crate) tally: Tally,
    pub(crate) minimum: Option<usize>,
    pub(crate) took: Duration,
    pub(crate) notes: Vec<String>,
}

/// All steps' results, in order.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) entries: Vec<Entry>,
}

impl Report {
    /// Whether no step failed.
    pub(crate) fn succeeded(&self) -> bool {
        !self.entries.iter().any(|entry| matches!(entry.outcome, Outcome::Failed(_)))
    }

    /// Tests, added up. A step that failed though no test of its did (it did not compile, it ran too few, it
    /// counts nothing) adds one to the failures, and a step that was skipped one to the skipped, so that
    /// neither is invisible.
    fn totals(&self) -> Tally {
        let mut sum = Tally::default();
        for entry in &self.entries {
            if entry.count.is_tests() {
                sum += entry.tally;
            }
            match entry.outcome {
                Outcome::Passed => {}
                Outcome::Failed(_) if entry.count.is_tests() && entry.tally.failed > 0 => {}
                Outcome::Failed(_) => sum.failed += 1,
                Outcome::Skipped(_) => sum.skipped += 1,
            }
        }
        sum
    }
}

impl Entry {
    /// "12 tests, 1 failed, 2 ignored", or nothing where nothing is counted.
    pub(crate) fn counted(&self) -> String {
        if self.count == Count::Nothing {
            return String::new();
        }
        let Tally { passed, failed, skipped } = self.tally;
        let ran = format!("{} {}", passed + failed, self.count.noun());
        let failed = (failed > 0).then(|| format!("{failed} failed"));
        let skipped = (skipped > 0).then(|| format!("{skipped} ignored"));
        [Some(ran), failed, skipped].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// The summary, closed by one plain line `N passed, N failed, N skipped`.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |column: &dyn Fn(&Entry) -> usize| self.entries.iter().map(column).max().unwrap_or(0);
        let (names, counts) = (width(&|entry| entry.step.len()), width(&|entry| entry.counted().len()));
        let mut took = Duration::ZERO;

        writeln!(f, "Summary")?;
        for entry in &self.entries {
            let result = match entry.outcome {
                Outcome::Passed => "ok",
                Outcome::Failed(_) => "FAILED",
                Outcome::Skipped(_) => "skipped",
            };
            let minimum = entry.minimum.map_or_else(String::new, |minimum| format!("(minimum {minimum})"));
            let (step, seconds, counted) = (entry.step, entry.took.as_secs_f64(), entry.counted());
            let line = format!("  {step:names$}  {result:7}  {seconds:>7.1} s  {counted:counts$}  {minimum}");
            writeln!(f, "{}", line.trim_end())?;
            took += entry.took;
        }
        writeln!(f, "  {} steps in {:.0} s", self.entries.len(), took.as_secs_f64())?;

        for entry in &self.entries {
            match &entry.outcome {
                Outcome::Passed => {}
                Outcome::Failed(why) => writeln!(f, "FAILED {}: {why}", entry.step)?,
                Outcome::Skipped(why) => writeln!(f, "skipped {}: {why}", entry.step)?,
            }
            for note in &entry.notes {
                writeln!(f, "note {}: {note}", entry.step)?;
            }
        }
        let Tally { passed, failed, skipped } = self.totals();
        write!(f, "{passed} passed, {failed} failed, {skipped} skipped")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(
        step: &'static str,
        outcome: Outcome,
        count: Count,
        [passed, failed, skipped]: [usize; 3],
    ) -> Entry {
        let tally = Tally { passed, failed, skipped };
        Entry { step, outcome, count, tally, minimum: None, took: Duration::ZERO, notes: Vec::new() }
    }

    fn closing(entries: Vec<Entry>) -> String {
        Report { entries }.to_string().lines().last().expect("a report is not empty").to_owned()
    }

    #[test]
    fn the_closing_line_counts_tests_not_steps() {
        let tests = Count::Libtest("tests");
        let entries = vec![
            entry("fmt", Outcome::Passed, Count::Nothing, [0; 3]),
            entry("unit", Outcome::Passed, tests, [10, 0, 1]),
            entry("ui", Outcome::Passed, Count::Trybuild, [5, 0, 0]),
            entry("features", Outcome::Passed, Count::Jobs("sets"), [48, 0, 0]),
        ];
        assert_eq!(closing(entries), "15 passed, 0 failed, 1 skipped");
    }

    #[test]
    fn a_failed_step_is_never_invisible() {
        let failed = |why: &str| Outcome::Failed(why.to_owned());
        let tests = Count::Libtest("tests");
        assert_eq!(
            closing(vec![entry("fmt", failed("x"), Count::Nothing, [0; 3])]),
            "0 passed, 1 failed, 0 skipped"
        );
        assert_eq!(
            closing(vec![entry("unit", failed("few"), tests, [9, 0, 0])]),
            "9 passed, 1 failed, 0 skipped"
        );
        assert_eq!(
            closing(vec![entry("unit", failed("x"), tests, [9, 2, 0])]),
            "9 passed, 2 failed, 0 skipped"
        );
    }

    #[test]
    fn a_skipped_step_is_never_invisible() {
        let skipped = entry("bench", Outcome::Skipped("no valgrind".to_owned()), Count::Nothing, [0; 3]);
        let report = Report { entries: vec![skipped] };
        assert!(report.succeeded());
        assert!(report.to_string().contains("skipped bench: no valgrind"), "{report}");
        assert!(report.to_string().ends_with("0 passed, 0 failed, 1 skipped"), "{report}");
    }
}
