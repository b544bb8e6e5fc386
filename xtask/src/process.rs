//! Runs one child process: its output in order, a time limit, and no survivors.

use core::time::Duration;
use std::io::{BufRead, BufReader, PipeReader, Write};
use std::process::{ChildStdin, Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Instant;
use std::{io, thread};

use anyhow::{Context, Result};
use process_wrap::std::{ChildWrapper, CommandWrap};

use crate::step::Job;

/// How often a silent child is looked at.
const TICK: Duration = Duration::from_millis(50);

/// How often a child is looked at that has closed its output, as most do by ending.
const MOMENT: Duration = Duration::from_millis(2);

/// How long the rest of the output may take once the child is gone: only a process that it left behind holds
/// the pipe.
const GRACE: Duration = Duration::from_secs(2);

static INTERRUPTED: OnceLock<()> = OnceLock::new();

/// From now on Ctrl-C, SIGTERM and SIGHUP end the running child and the run, but not this process, which
/// reports.
///
/// # Errors
///
/// When the handler cannot be installed.
pub(crate) fn watch_for_interrupts() -> Result<()> {
    // Children are in process groups of their own, so the terminal's Ctrl-C reaches this process only.
    ctrlc::set_handler(|| *INTERRUPTED.get_or_init(|| ())).context("cannot watch for Ctrl-C")
}

/// Whether the user asked to stop.
pub(crate) fn interrupted() -> bool {
    INTERRUPTED.get().is_some()
}

/// How a child ended.
#[derive(Debug)]
pub(crate) enum End {
    Exited(ExitStatus),
    TimedOut(Duration),
    Interrupted,
}

/// What is left of a child.
#[derive(Debug)]
pub(crate) struct Finished {
    /// Standard output and standard error, in the order in which they were written.
    pub(crate) lines: Vec<String>,
    pub(crate) end: End,
}

/// Runs `job` in a process group of its own and waits for it, at most `limit`. `on_line` sees each line as it
/// comes.
///
/// # Errors
///
/// When the program cannot be started or watched. A failing exit status is no error here.
pub(crate) fn run(job: &Job, limit: Option<Duration>, mut on_line: impl FnMut(&str)) -> Result<Finished> {
    let start = Instant::now();
    let (mut child, reader) = spawn(job).with_context(|| format!("cannot start `{job}`"))?;
    let output = lines_of(reader);
    let mut lines = Vec::new();
    let mut feed = job.feed.as_ref().zip(child.stdin().take());

    let mut end = None;
    let mut deadline = limit.map(|limit| start + limit);
    loop {
        match output.recv_timeout(TICK) {
            Ok(line) => {
                on_line(&line);
                if let Some((feed, stdin)) = feed.take_if(|(feed, _)| line.contains(feed.after)) {
                    write_to(stdin, feed.bytes.clone());
                }
                lines.push(line);
            }
            Err(RecvTimeoutError::Timeout) => {}
            // The output is over, and so is the child, or it closed its output and has until the deadline.
            Err(RecvTimeoutError::Disconnected) if end.is_some() => break,
            Err(RecvTimeoutError::Disconnected) => thread::sleep(MOMENT),
        }
        let late = deadline.is_some_and(|deadline| Instant::now() >= deadline);
        if end.is_some() {
            if late {
                // Whatever still holds the pipe: it is ours, and it has had its time.
                drop(child.start_kill());
                break;
            }
        } else {
            if let Some(status) = child.try_wait().context("cannot wait for a child")? {
                end = Some(End::Exited(status));
            } else if interrupted() {
                end = Some(End::Interrupted);
            } else if late {
                end = limit.map(End::TimedOut);
            }
            if let Some(end) = &end {
                if !matches!(end, End::Exited(_)) {
                    child.start_kill().context("cannot end a child")?;
                    child.wait().context("cannot wait for a child that was ended")?;
                }
                deadline = Some(Instant::now() + GRACE);
            }
        }
    }
    Ok(Finished { lines, end: end.context("the loop ends only after the child has")? })
}

fn spawn(job: &Job) -> io::Result<(Box<dyn ChildWrapper>, PipeReader)> {
    // One pipe for both, so that an error stands where it happened.
    let (reader, writer) = io::pipe()?;
    let mut command = Command::new(&job.program);
    let stdin = if job.feed.is_some() { Stdio::piped() } else { Stdio::null() };
    command.args(&job.args).stdin(stdin).stdout(writer.try_clone()?).stderr(writer);
    for (name, _) in std::env::vars_os() {
        // What `cargo run` says about xtask itself is not true of the packages that the child builds.
        if name
            .to_str()
            .is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_"))
        {
            command.env_remove(name);
        }
    }
    if job.env.iter().any(|(name, _)| *name == "RUSTFLAGS") {
        // It would win over RUSTFLAGS.
        command.env_remove("CARGO_ENCODED_RUSTFLAGS");
    }
    command.envs(job.env.iter().map(|(name, value)| (name, value)));

    let mut command = CommandWrap::from(command);
    #[cfg(unix)]
    command.wrap(process_wrap::std::ProcessGroup::leader());
    // Drops the command, and with it this process's ends for writing: the reader sees the end of the output.
    Ok((command.spawn()?, reader))
}

/// Writes from a thread of its own: the child may take its time, and may print meanwhile.
fn write_to(mut stdin: ChildStdin, bytes: Vec<u8>) {
    // A child that ended without reading it is judged by its status and its output.
    thread::spawn(move || drop(stdin.write_all(&bytes)));
}

/// The lines of `reader`, read by a thread of their own so that waiting for one can be given up.
fn lines_of(reader: PipeReader) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut reader = BufReader::new(reader);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
            let text = String::from_utf8_lossy(&line);
            if sender.send(text.trim_end_matches(['\n', '\r']).to_owned()).is_err() {
                break;
            }
            line.clear();
        }
    });
    receiver
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::step::Feed;

    fn shell(script: &str) -> Job {
        Job::new("sh").args(["-c", script])
    }

    #[test]
    fn both_streams_arrive_in_order_with_the_status() {
        let finished = run(&shell("echo 1; echo 2 >&2; printf 3; exit 7"), None, |_| ()).expect("sh runs");
        assert_eq!(finished.lines, ["1", "2", "3"]);
        assert!(matches!(finished.end, End::Exited(status) if status.code() == Some(7)));
    }

    #[test]
    fn a_child_is_told_something_when_it_is_ready() {
        let feed = Feed { after: "ready", bytes: b"hello\n".to_vec() };
        let script = "echo not yet; sleep 0.2; echo ready; read word; echo got $word";
        let finished = run(&shell(script).feed(feed), None, |_| ()).expect("sh runs");
        assert_eq!(finished.lines, ["not yet", "ready", "got hello"]);
    }

    #[test]
    fn a_child_that_hangs_is_ended_with_its_children() {
        let dir = tempfile::tempdir().expect("a directory for temporary files");
        let mark = dir.path().join("survived");
        // The grandchild inherits the pipe; were it left alone it would leave the mark.
        let script = format!("(sleep 3; touch {}) & echo started; wait", mark.display());
        let start = Instant::now();
        let finished = run(&shell(&script), Some(Duration::from_millis(300)), |_| ()).expect("sh runs");
        assert!(matches!(finished.end, End::TimedOut(_)), "{finished:?}");
        assert_eq!(finished.lines, ["started"]);
        assert!(start.elapsed() < Duration::from_secs(3), "waited for the grandchild");
        thread::sleep(Duration::from_secs(4).saturating_sub(start.elapsed()));
        assert!(!mark.exists(), "the grandchild outlived the time limit");
    }

    #[test]
    fn a_child_that_leaves_a_process_behind_does_not_hold_us_up() {
        let start = Instant::now();
        let finished = run(&shell("sleep 60 & echo done"), None, |_| ()).expect("sh runs");
        assert!(matches!(finished.end, End::Exited(status) if status.success()));
        assert_eq!(finished.lines, ["done"]);
        assert!(start.elapsed() < Duration::from_secs(30), "waited for a process that was left behind");
    }

    #[test]
    fn a_child_that_closes_its_output_still_has_a_time_limit() {
        let limit = Duration::from_millis(300);
        let finished = run(&shell("exec >&- 2>&-; sleep 60"), Some(limit), |_| ()).expect("sh runs");
        assert!(matches!(finished.end, End::TimedOut(_)), "{finished:?}");
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let error = run(&Job::new("no-such-program-anywhere"), None, |_| ()).expect_err("no such program");
        assert!(format!("{error:#}").contains("no-such-program-anywhere"), "{error:#}");
    }

    #[test]
    fn the_child_does_not_think_that_it_is_xtask() {
        let script = "echo ${CARGO_MANIFEST_DIR-none} ${CARGO_PKG_NAME-none}";
        assert_eq!(run(&shell(script), None, |_| ()).expect("sh runs").lines, ["none none"]);
    }
}
