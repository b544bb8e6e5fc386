//! Counts tests in what libtest and trybuild print.

use core::ops::AddAssign;
use std::sync::LazyLock;

use regex_lite::Regex;

/// How many tests did what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) skipped: usize,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

/// Not anchored at the start of a line: a test that writes to the standard error without a line feed shares
/// its line.
static LIBTEST: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"test result: (?:ok|FAILED)\. (\d+) passed; (\d+) failed; (\d+) ignored; \d+ measured; \d+ filtered out")
        .expect("a literal that the tests below compile")
});

/// The word at the end is missing when the process died in the middle of a case.
static TRYBUILD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\btest (?:\S+\.rs)(?: \[should [a-z ]+\])? \.\.\. ?([a-z]*)")
        .expect("a literal that the tests below compile")
});

/// Adds up libtest's summary lines: one per test binary, and one per kind of doc test.
pub(crate) fn libtest<'a>(lines: impl IntoIterator<Item = &'a str>) -> Tally {
    let mut sum = Tally::default();
    for line in lines {
        let line = anstream::adapter::strip_str(line).to_string();
        for found in LIBTEST.captures_iter(&line) {
            // More digits than a usize has cannot come from a count of tests.
            let number = |group: usize| found[group].parse().unwrap_or(0);
            sum += Tally { passed: number(1), failed: number(2), skipped: number(3) };
        }
    }
    sum
}

/// Counts trybuild's cases; any end but `ok` (`mismatch`, `error`, `wip`, none) is a failure.
pub(crate) fn trybuild<'a>(lines: impl IntoIterator<Item = &'a str>) -> Tally {
    let mut sum = Tally::default();
    for line in lines {
        let line = anstream::adapter::strip_str(line).to_string();
        for found in TRYBUILD.captures_iter(&line) {
            if &found[1] == "ok" {
                sum.passed += 1;
            } else {
                sum.failed += 1;
            }
        }
    }
    sum
}

/// What libFuzzer prints at the end, with `-print_final_stats=1`.
static EXECUTIONS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^stat::number_of_executed_units: *(\d+)$").expect("a literal that the tests below compile")
});

/// The line by which it says that its time is over.
static COVERAGE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\bDONE +cov: (\d+) ft: (\d+) corp: (\d+)/").expect("a literal that the tests below compile")
});

/// Adds up what fuzzers say how many inputs they have run.
pub(crate) fn executions<'a>(lines: impl IntoIterator<Item = &'a str>) -> Tally {
    let found = lines.into_iter().filter_map(|line| EXECUTIONS.captures(line));
    let passed = found.map(|found| found[1].parse().unwrap_or(0)).sum();
    Tally { passed, failed: 0, skipped: 0 }
}

/// What a fuzzer says of what it has covered.
pub(crate) fn coverage<'a>(lines: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let found = lines.into_iter().find_map(|line| COVERAGE.captures(line))?;
    Some(format!("{} edges, {} features, {} inputs in the corpus", &found[1], &found[2], &found[3]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(passed: usize, failed: usize, skipped: usize) -> Tally {
        Tally { passed, failed, skipped }
    }

    #[test]
    fn libtest_lines_of_several_binaries_are_added_up() {
        let output = "\
     Running unittests src/lib.rs (target/debug/deps/sync_core-0a1b)

running 3 tests
test a ... ok
test b ... FAILED
test c ... ignored

test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s

   Doc-tests sync_core

test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 4 filtered out; finished in 1.25s
";
        assert_eq!(libtest(output.lines()), tally(13, 1, 1));
    }

    #[test]
    fn libtest_lines_count_wherever_they_start_and_whatever_their_colour() {
        let coloured = "test result: \u{1b}[32mok\u{1b}[0m. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; x";
        let shared =
            "no line feed heretest result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; x";
        assert_eq!(libtest([coloured, shared]), tally(5, 0, 0));
    }

    #[test]
    fn a_libtest_line_cut_short_counts_nothing() {
        assert_eq!(libtest(["test result: ok. 7 passed; 0 fai"]), tally(0, 0, 0));
        assert_eq!(libtest(["test result_is_kept ... ok", ""]), tally(0, 0, 0));
    }

    #[test]
    fn trybuild_cases_are_counted_one_by_one() {
        let output = "\
running 1 test
test bitfield ... test ui/bitfield/overlap.rs ... ok
test ui/bitfield/too-wide.rs [should fail to compile] ... ok
test pass/generic.rs [should pass] ... error
test ui/bitfield/name.rs ... mismatch
test ui/bitfield/new.rs ... wip
test ui/bitfield/hidden.rs ...
ok
test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 9.12s
";
        assert_eq!(trybuild(output.lines()), tally(2, 4, 0));
    }

    #[test]
    fn trybuild_cases_count_in_colour() {
        let line = "test \u{1b}[0m\u{1b}[1mui/wait_map/no-key.rs\u{1b}[0m ... \u{1b}[0m\u{1b}[32mok";
        assert_eq!(trybuild([line]), tally(1, 0, 0));
    }

    #[test]
    fn executions_and_coverage_are_what_libfuzzer_says() {
        let output = "\
#9946\tNEW    cov: 1210 ft: 5200 corp: 530/20Kb lim: 96 exec/s: 1105 rss: 268Mb L: 70/96 MS: 1 EraseBytes-
#9947\tDONE   cov: 1211 ft: 5205 corp: 531/20Kb lim: 96 exec/s: 1105 rss: 269Mb
Done 9947 runs in 9 second(s)
stat::number_of_executed_units: 9947
stat::average_exec_per_sec:     1105
";
        assert_eq!(executions(output.lines()), tally(9947, 0, 0));
        assert_eq!(
            coverage(output.lines()).as_deref(),
            Some("1211 edges, 5205 features, 531 inputs in the corpus")
        );
        assert_eq!(coverage(["#9946\tNEW    cov: 1210 ft: 5200 corp: 530/20Kb"]), None);
    }

    #[test]
    fn libtest_names_are_no_trybuild_cases() {
        assert_eq!(
            trybuild(["test bitfield ... ok", "test src/lib.rs - Queue (line 12) ... ok"]),
            tally(0, 0, 0)
        );
    }
}
