//! Running an example, and asking what it printed.

use std::{
    env,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    path::PathBuf,
    process::{Child, ChildStdout, Command, Stdio},
    sync::LazyLock,
    thread,
    time::{Duration, Instant},
};

use tempfile::NamedTempFile;

/// Far more than any of the runs takes: one that is still there has lost a wake-up.
const PATIENCE: Duration = Duration::from_secs(60);

/// The folder of the examples, built. `cargo test --tests` would not do it, and would test what is left of an
/// older build.
static EXAMPLES: LazyLock<PathBuf> = LazyLock::new(|| {
    // target/debug/deps/stories-0123456789abcdef
    let this = env::current_exe().unwrap();
    let profile_dir = this.ancestors().nth(2).unwrap();
    let profile = match profile_dir.file_name().unwrap().to_str().unwrap() {
        "debug" => "dev",
        other => other,
    };
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--package", "examples", "--examples"])
        .args(["--profile", profile, "--target-dir"])
        .arg(profile_dir.parent().unwrap())
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()
        .unwrap();
    assert!(built.success(), "the examples do not compile");
    profile_dir.join("examples")
});

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// Asserts that it failed with one line on stderr that contains each of `parts`.
    #[track_caller]
    pub(crate) fn fails_saying(&self, parts: &[&str]) {
        assert_eq!((self.code, self.stdout.as_str()), (Some(1), ""), "{self:?}");
        assert_eq!(self.stderr.lines().count(), 1, "{self:?}");
        assert!(self.stderr.starts_with("error: "), "{self:?}");
        for part in parts {
            assert!(self.stderr.contains(part), "no {part:?} in {self:?}");
        }
    }

    /// Asserts that it succeeded, and returns the number that it printed after `name:`.
    #[track_caller]
    pub(crate) fn figure(&self, name: &str) -> u64 {
        assert_eq!((self.code, self.stderr.as_str()), (Some(0), ""), "{self:?}");
        let mut lines = self.stdout.lines().filter_map(|line| line.split_once(':'));
        let Some((_, value)) = lines.find(|(key, _)| *key == name) else { panic!("no {name} in {self:?}") };
        // What follows the number explains it.
        let number = value.split_whitespace().next().unwrap_or_default().trim_end_matches(',');
        number.parse().unwrap_or_else(|_| panic!("{name} is no number in {self:?}"))
    }
}

/// A run that has not ended.
#[derive(Debug)]
pub(crate) struct Started {
    command: Command,
    child: Child,
    stdout: BufReader<ChildStdout>,
    first_line: String,
}

impl Started {
    /// Its number among the processes.
    pub(crate) fn id(&self) -> String {
        self.child.id().to_string()
    }

    /// Waits until it has printed a line, or has ended.
    pub(crate) fn wait_for_line(&mut self) {
        self.stdout.read_line(&mut self.first_line).unwrap();
    }
}

/// Starts an example.
pub(crate) fn start(example: &str, args: &[&str]) -> Started {
    let mut command = Command::new(EXAMPLES.join(example).with_extension(env::consts::EXE_EXTENSION));
    command
        .args(args)
        // A file that is not there is no reason to print one.
        .env("RUST_BACKTRACE", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let stdout = BufReader::new(child.stdout.take().unwrap());
    Started { command, child, stdout, first_line: String::new() }
}

/// Waits until an example has ended, doing `meanwhile` again and again.
pub(crate) fn finish(started: Started, mut meanwhile: impl FnMut()) -> Run {
    let Started { command, mut child, mut stdout, first_line } = started;
    // Meanwhile: the example would block on output that does not fit in the pipe. Errors are short.
    let reader = thread::spawn(move || {
        let mut text = first_line;
        stdout.read_to_string(&mut text).unwrap();
        text
    });
    let deadline = Instant::now() + PATIENCE;
    let mut hangs = false;
    while child.try_wait().unwrap().is_none() {
        hangs = Instant::now() > deadline;
        if hangs {
            child.kill().unwrap();
            break;
        }
        meanwhile();
        thread::sleep(Duration::from_millis(5));
    }
    let output = child.wait_with_output().unwrap();
    let (code, stdout) = (output.status.code(), reader.join().unwrap());
    let run = Run { code, stdout, stderr: String::from_utf8(output.stderr).unwrap() };
    assert!(!hangs, "{command:?} hangs: {run:?}");
    run
}

/// Runs an example.
pub(crate) fn run(example: &str, args: &[&str]) -> Run {
    finish(start(example, args), || ())
}

/// Runs an example on a file with `contents`.
pub(crate) fn run_on(example: &str, contents: impl AsRef<[u8]>, args: &[&str]) -> Run {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(contents.as_ref()).unwrap();
    run(example, &[&["--file", file.path().to_str().unwrap()], args].concat())
}
