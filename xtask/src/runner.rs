//! Runs steps one after the other and says how far it is.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use clap::Args;

use crate::count::{self, Tally};
use crate::process::{self, End, Finished};
use crate::report::{Entry, Outcome, Report};
use crate::step::{Count, Expect, Job, Step};
use crate::workspace::Workspace;

/// A failed job prints at most this many lines of its output; the log has the rest.
const HEAD: usize = 150;
const TAIL: usize = 250;

/// How to run, whatever runs.
#[derive(Debug, Default, Clone, Args)]
pub(crate) struct Options {
    /// Show what the commands print as they print it, not only when they fail.
    #[arg(long, short, global = true)]
    pub(crate) verbose: bool,
    /// Count a step that cannot run on this machine as failed, not as skipped.
    #[arg(long, global = true)]
    pub(crate) require_all: bool,
    /// Stop at the first step that fails.
    #[arg(long, global = true)]
    pub(crate) fail_fast: bool,
}

/// Runs `steps` and writes the progress and the summary to `out`. A failing step does not keep the others
/// from running.
///
/// # Errors
///
/// When `out` cannot be written to.
pub(crate) fn run(
    steps: &[Step],
    workspace: &Workspace,
    options: &Options,
    out: &mut impl Write,
) -> Result<Report> {
    let mut report = Report::default();
    for (index, step) in steps.iter().enumerate() {
        if process::interrupted() {
            // Never a success, also when Ctrl-C came between two steps.
            report.entries.push(entry(step, Outcome::Failed("not run: interrupted".to_owned())));
            continue;
        }
        if options.fail_fast && !report.succeeded() {
            report.entries.push(entry(step, Outcome::Skipped("not run: a step before it failed".to_owned())));
            continue;
        }
        write!(out, "[{:>2}/{}] {}: {}", index + 1, steps.len(), step.name, command(step))?;
        let streams = options.verbose || step.show_output || step.show_matching.is_some();
        write!(out, "{}", if streams { "\n" } else { " ... " })?;
        out.flush()?;

        let start = Instant::now();
        let mut entry = run_step(step, workspace, options, out)
            .unwrap_or_else(|error| entry(step, Outcome::Failed(format!("{error:#}"))));
        entry.took = start.elapsed();

        let result = match &entry.outcome {
            Outcome::Passed => "ok".to_owned(),
            Outcome::Failed(why) => format!("FAILED ({why})"),
            Outcome::Skipped(why) => format!("skipped ({why})"),
        };
        let counted = entry.counted();
        let comma = if counted.is_empty() { "" } else { ", " };
        writeln!(out, "{result}{comma}{counted}, {:.1} s", entry.took.as_secs_f64())?;
        report.entries.push(entry);
    }
    writeln!(out, "\n{report}")?;
    Ok(report)
}

/// What the progress line shows: the first command stands for the others.
fn command(step: &Step) -> String {
    match step.jobs.as_slice() {
        [] => String::new(),
        [only] => only.to_string(),
        [first, rest @ ..] => format!("{first} (and {} more)", rest.len()),
    }
}

fn entry(step: &Step, outcome: Outcome) -> Entry {
    Entry {
        step: step.name,
        outcome,
        count: step.count,
        tally: Tally::default(),
        minimum: step.minimum,
        took: core::time::Duration::ZERO,
        notes: step.notes.clone(),
    }
}

fn run_step(step: &Step, workspace: &Workspace, options: &Options, out: &mut impl Write) -> Result<Entry> {
    if let Some(missing) = step.packages.iter().find(|name| !workspace.members.contains_key(**name)) {
        let why = format!("package `{missing}` is not a member of this workspace");
        return Ok(entry(step, Outcome::Failed(why)));
    }
    if let Some(missing) = step.needs.iter().find_map(|need| need.missing()) {
        let outcome = if options.require_all { Outcome::Failed(missing) } else { Outcome::Skipped(missing) };
        return Ok(entry(step, outcome));
    }
    for (path, text) in &step.files {
        write_file(path, text)?;
    }

    let mut tally = Tally::default();
    let mut notes = step.notes.clone();
    let mut log = String::new();
    let mut failure = None;
    let mut output = Vec::new();
    for job in &step.jobs {
        let streams = options.verbose || step.show_output;
        if options.verbose && step.jobs.len() > 1 {
            writeln!(out, "  $ {job}")?;
        }
        let finished = process::run(job, step.limit, |line| {
            let matches = step.show_matching.is_some_and(|start| line.starts_with(start));
            if streams || matches {
                // The summary still comes if the reader of this is gone; it reports the error then.
                drop(writeln!(out, "  | {line}"));
            }
        })?;
        log.extend([format!("$ {job}\n"), finished.lines.join("\n"), "\n\n".to_owned()]);
        let problem = problem(&job.expect, &finished);
        tally += counted(step.count, &finished.lines, problem.is_none());
        if step.count == Count::Executions {
            notes.extend(count::coverage(finished.lines.iter().map(String::as_str)));
        }
        if let Some(why) = problem {
            if !streams {
                write!(out, "\n{}", excerpt(job, &finished.lines))?;
            }
            failure = Some(if step.jobs.len() > 1 { format!("{why}: {job}") } else { why });
            break;
        }
        output.extend(finished.lines);
    }
    if let (None, Some(then)) = (&failure, step.then) {
        failure = then(workspace, &output).err().map(|error| format!("{error:#}"));
    }
    let log_path = workspace.target.join("xtask").join("logs").join(format!("{}.log", file_name(step.name)));
    write_file(&log_path, &log)?;

    let outcome = match failure.or_else(|| judged(step, tally)) {
        None => Outcome::Passed,
        Some(why) => Outcome::Failed(format!("{why}; log: {}", log_path.display())),
    };
    Ok(Entry { tally, notes, ..entry(step, outcome) })
}

/// Why the job failed, if it did.
fn problem(expect: &Expect, finished: &Finished) -> Option<String> {
    let status = match &finished.end {
        End::Exited(status) => status,
        End::TimedOut(limit) => return Some(format!("ended after its time limit of {} s", limit.as_secs())),
        End::Interrupted => return Some("interrupted".to_owned()),
    };
    let printed = |text: &str| finished.lines.iter().any(|line| line.contains(text));
    match expect {
        Expect::Status(code, text) if status.code() == Some(*code) => {
            (!printed(text)).then(|| format!("`{text}` is not in the output"))
        }
        Expect::Status(code, _) => Some(format!("{status}, not {code}")),
        Expect::Success if status.success() => None,
        Expect::Prints(text) if status.success() => {
            (!printed(text)).then(|| format!("`{text}` is not in the output"))
        }
        Expect::Success | Expect::Prints(_) => Some(status.to_string()),
        Expect::FailsWith(_) | Expect::DiesWith(_) if status.success() => {
            Some("succeeded, but must fail".to_owned())
        }
        Expect::FailsWith(text) | Expect::DiesWith(text) if !printed(text) => {
            Some(format!("failed without `{text}` in the output"))
        }
        Expect::FailsWith(_) if printed("panicked at") => Some("panicked".to_owned()),
        Expect::FailsWith(_) | Expect::DiesWith(_) => None,
    }
}

fn counted(count: Count, lines: &[String], passed: bool) -> Tally {
    let lines = lines.iter().map(String::as_str);
    match count {
        Count::Nothing => Tally::default(),
        Count::Libtest(_) => count::libtest(lines),
        Count::Trybuild => count::trybuild(lines),
        Count::Executions => count::executions(lines),
        Count::Jobs(_) => Tally { passed: passed.into(), failed: (!passed).into(), skipped: 0 },
    }
}

/// Why the counts are not good enough, if they are not. An ignored test did not run.
fn judged(step: &Step, tally: Tally) -> Option<String> {
    let (ran, noun) = (tally.passed + tally.failed, step.count.noun());
    match (step.count, step.minimum) {
        (Count::Nothing, _) => None,
        (_, Some(minimum)) if ran < minimum => {
            Some(format!("ran {ran} {noun}, at least {minimum} are expected"))
        }
        _ if ran == 0 => Some(format!("ran no {noun}")),
        // `TRYBUILD=overwrite` succeeds though it wrote new expectations, which have to be read.
        _ if tally.failed > 0 => Some(format!("{} {noun} failed", tally.failed)),
        _ => None,
    }
}

/// The output of a failed job, without the middle when it is long: the first error and the last are at the
/// ends.
fn excerpt(job: &Job, lines: &[String]) -> String {
    let mut shown = vec![format!("  $ {job}\n")];
    let show = |line: &String| format!("  | {line}\n");
    let left_out = lines.len().saturating_sub(HEAD + TAIL);
    if left_out == 0 {
        shown.extend(lines.iter().map(show));
    } else {
        shown.extend(lines[..HEAD].iter().map(show));
        shown.push(format!("  ... {left_out} lines left out; the log has them\n"));
        shown.extend(lines[lines.len() - TAIL..].iter().map(show));
    }
    shown.concat()
}

fn file_name(step: &str) -> String {
    step.replace(|c: char| !c.is_ascii_alphanumeric(), "-").trim_end_matches('-').replace("--", "-")
}

fn write_file(path: &Path, text: &str) -> Result<()> {
    let parent = path.parent().context("a file has a parent")?;
    fs::create_dir_all(parent).with_context(|| format!("cannot create {}", parent.display()))?;
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(all(test, unix))]
mod tests {
    use core::time::Duration;

    use super::*;
    use crate::needs::Need;

    const SUMMARY: &str =
        "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished";

    fn prints(line: &str) -> Job {
        Job::new("echo").args([line])
    }

    fn tests(jobs: Vec<Job>, minimum: Option<usize>) -> Step {
        Step::new("tests", jobs).counts(Count::Libtest("tests"), minimum)
    }

    /// Runs one step in a workspace with the one member `here`; its result, and what was printed.
    fn result(step: &Step, options: &Options) -> (Entry, String) {
        let dir = tempfile::tempdir().expect("a directory for temporary files");
        let workspace = Workspace {
            target: dir.path().to_owned(),
            members: [("here".to_owned(), Vec::new())].into(),
            ..Workspace::default()
        };
        let mut out = Vec::new();
        let steps = core::slice::from_ref(step);
        let mut report = run(steps, &workspace, options, &mut out).expect("a Vec can be written to");
        (report.entries.remove(0), String::from_utf8(out).expect("UTF-8 in, UTF-8 out"))
    }

    fn failure(step: &Step) -> String {
        match result(step, &Options::default()).0.outcome {
            Outcome::Failed(why) => why,
            other => panic!("expected a failure, got {other:?}"),
        }
    }

    #[test]
    fn enough_tests_pass() {
        let (entry, printed) = result(&tests(vec![prints(SUMMARY)], Some(3)), &Options::default());
        assert_eq!(entry.outcome, Outcome::Passed);
        assert_eq!(entry.tally, Tally { passed: 3, failed: 0, skipped: 1 });
        assert!(printed.starts_with("[ 1/1] tests: echo "), "{printed}");
        assert!(printed.contains(" ... ok, 3 tests, 1 ignored, "), "{printed}");
        assert!(printed.ends_with("\n3 passed, 0 failed, 1 skipped\n"), "{printed}");
        assert!(!printed.contains("  | "), "the output of a passing job is not shown: {printed}");
    }

    #[test]
    fn one_test_too_few_fails_though_all_passed() {
        let why = failure(&tests(vec![prints(SUMMARY)], Some(4)));
        assert!(why.contains("ran 3 tests, at least 4 are expected"), "{why}");
    }

    #[test]
    fn no_test_at_all_fails_even_without_a_minimum() {
        assert!(failure(&tests(vec![prints("nothing here")], None)).contains("ran no tests"));
        let nothing = "test result: ok. 0 passed; 0 failed; 9 ignored; 0 measured; 7 filtered out; finished";
        assert!(failure(&tests(vec![prints(nothing)], None)).contains("ran no tests"));
    }

    #[test]
    fn a_case_that_was_written_anew_fails_though_the_job_succeeds() {
        let step = Step::new("ui", vec![prints("test ui/a.rs ... wip")]).counts(Count::Trybuild, Some(1));
        assert!(failure(&step).contains("1 UI cases failed"));
    }

    #[test]
    fn a_failing_job_shows_its_output_and_its_command() {
        let step = Step::new("lint", vec![Job::new("sh").args(["-c", "echo the reason >&2; exit 3"])]);
        let (entry, printed) = result(&step, &Options::default());
        assert!(matches!(entry.outcome, Outcome::Failed(why) if why.contains("exit status: 3")));
        assert!(printed.contains("  | the reason"), "{printed}");
        assert!(printed.ends_with("\n0 passed, 1 failed, 0 skipped\n"), "{printed}");
    }

    #[test]
    fn verbose_shows_the_output_of_a_passing_job() {
        let options = Options { verbose: true, ..Options::default() };
        let (_, printed) = result(&Step::new("lint", vec![prints("fine")]), &options);
        assert!(printed.contains("  | fine"), "{printed}");
    }

    #[test]
    fn a_missing_package_is_an_error_by_name() {
        let why = failure(&Step::new("ui", vec![prints("x")]).packages(&["here", "ui-tests"]));
        assert_eq!(why, "package `ui-tests` is not a member of this workspace");
    }

    #[test]
    fn a_missing_tool_skips_the_step_unless_all_are_required() {
        let need = Need::Program { name: "no-such-program-anywhere", package: "the-package" };
        let step = Step::new("bench", vec![prints("x")]).needs(need);
        let (entry, printed) = result(&step, &Options::default());
        assert!(
            matches!(&entry.outcome, Outcome::Skipped(why) if why.contains("apt-get install the-package"))
        );
        assert!(printed.ends_with("\n0 passed, 0 failed, 1 skipped\n"), "{printed}");

        let (entry, _) = result(&step, &Options { require_all: true, ..Options::default() });
        assert!(matches!(entry.outcome, Outcome::Failed(why) if why.contains("apt-get install the-package")));
    }

    #[test]
    fn fail_fast_runs_nothing_after_a_failure() {
        let steps = ["false", "true"].map(|program| Step::new("step", vec![Job::new(program)]));
        let dir = tempfile::tempdir().expect("a directory for temporary files");
        let workspace = Workspace { target: dir.path().to_owned(), ..Workspace::default() };
        let outcome = |fail_fast| {
            let options = Options { fail_fast, ..Options::default() };
            let report = run(&steps, &workspace, &options, &mut Vec::new()).expect("a Vec can be written to");
            assert!(!report.succeeded());
            report.entries[1].outcome.clone()
        };
        assert_eq!(outcome(false), Outcome::Passed);
        assert_eq!(outcome(true), Outcome::Skipped("not run: a step before it failed".to_owned()));
    }

    #[test]
    fn a_hanging_job_fails_at_its_time_limit() {
        let step =
            Step::new("hangs", vec![Job::new("sleep").args(["60"])]).within(Duration::from_millis(200));
        assert!(failure(&step).contains("time limit"));
    }

    #[test]
    fn a_job_that_must_fail_has_to_fail_for_the_stated_reason() {
        let fails = |script| {
            let expect = Expect::FailsWith("no allocator".to_owned());
            Step::new("probe", vec![Job::new("sh").args(["-c", script]).expect(expect)])
        };
        assert_eq!(
            result(&fails("echo no allocator; exit 1"), &Options::default()).0.outcome,
            Outcome::Passed
        );
        assert!(failure(&fails("echo no allocator")).contains("must fail"));
        assert!(failure(&fails("echo something else; exit 1")).contains("without `no allocator`"));
        assert!(failure(&fails("echo no allocator; echo panicked at x; exit 1")).contains("panicked"));
    }

    #[test]
    fn a_job_that_has_a_status_of_its_own_has_to_end_with_it() {
        let ends = |script| {
            let expect = Expect::Status(33, "passed");
            Step::new("boot", vec![Job::new("sh").args(["-c", script]).expect(expect)])
        };
        assert_eq!(result(&ends("echo passed; exit 33"), &Options::default()).0.outcome, Outcome::Passed);
        assert!(failure(&ends("exit 33")).contains("`passed` is not in the output"));
        assert!(failure(&ends("echo passed")).contains("exit status: 0, not 33"));
        assert!(failure(&ends("echo passed; exit 35")).contains("exit status: 35, not 33"));
    }

    #[test]
    fn what_is_done_with_the_output_can_fail_the_step() {
        let mut step = tests(vec![prints(SUMMARY)], Some(3));
        step.then = Some(|_, lines| {
            anyhow::ensure!(lines.is_empty(), "{} line is too many", lines.len());
            Ok(())
        });
        assert!(failure(&step).contains("1 line is too many"));
    }

    #[test]
    fn lines_that_begin_as_asked_are_shown() {
        let mut step = tests(vec![prints(SUMMARY), prints("nothing")], Some(3));
        step.show_matching = Some("test ");
        let (_, printed) = result(&step, &Options::default());
        assert!(printed.contains("  | test result") && !printed.contains("  | nothing"), "{printed}");
    }

    #[test]
    fn a_job_that_must_die_may_panic_but_not_for_another_reason() {
        let dies = |script| {
            let expect = Expect::DiesWith("deadlock".to_owned());
            Step::new("planted", vec![Job::new("sh").args(["-c", script]).expect(expect)])
        };
        let (entry, _) = result(&dies("echo panicked at x: deadlock; kill -ABRT $$"), &Options::default());
        assert_eq!(entry.outcome, Outcome::Passed);
        assert!(failure(&dies("echo deadlock")).contains("must fail"));
        assert!(failure(&dies("echo error: no such package; exit 101")).contains("without `deadlock`"));
    }

    #[test]
    fn a_job_that_must_print_something_has_to() {
        let step = Step::new("run", vec![prints("211 replies").expect(Expect::Prints("211".to_owned()))]);
        assert_eq!(result(&step, &Options::default()).0.outcome, Outcome::Passed);
        let step = Step::new("run", vec![prints("210 replies").expect(Expect::Prints("211".to_owned()))]);
        assert!(failure(&step).contains("`211` is not in the output"));
    }

    #[test]
    fn long_output_keeps_both_ends() {
        let lines: Vec<_> = (0..1000).map(|line| format!("line {line}.")).collect();
        let text = excerpt(&Job::new("x"), &lines);
        for kept in ["line 0.", "line 149.", "600 lines left out", "line 750.", "line 999."] {
            assert!(text.contains(kept), "{kept}");
        }
        assert!(!text.contains("line 150.") && !text.contains("line 749."));
    }
}
