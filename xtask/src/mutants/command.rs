//! How cargo-mutants is called: which mutants, where, against which tests.

use core::time::Duration;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::outcomes::Mutant;
use crate::step::Job;
use crate::workspace::Workspace;

/// Which mutants.
#[derive(Debug, Clone, Args)]
pub(crate) struct Selection {
    /// The K-th of N parts, counted from 0. 0/30 to 29/30 of sync-core, and 0/10 to 9/10 of sync-macros, take
    /// some minutes each.
    #[arg(long, value_name = "K/N")]
    shard: Option<String>,
    /// The crate whose code is changed.
    #[arg(long, value_enum, default_value_t = Package::SyncCore)]
    package: Package,
    /// Only the files that match GLOB; one with a slash has to match the whole path.
    #[arg(long, value_name = "GLOB")]
    file: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Package {
    SyncCore,
    SyncMacros,
}

/// Which tests a mutant has to pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Suite {
    /// Those that take a second together: most mutants fail one.
    Quick,
    /// All of the crates that are built from the mutated one, with the examples in the documentation; not the
    /// models.
    All,
}

impl Package {
    /// Ten times what the tests take, and more: a mutant that hangs is waited for, but one that is given up
    /// too early is counted as caught.
    fn limit(self, suite: Suite) -> Duration {
        match (self, suite) {
            (_, Suite::Quick) => Duration::from_secs(20),
            (Self::SyncCore, Suite::All) => Duration::from_mins(5),
            // The UI tests compile 200 programs.
            (Self::SyncMacros, Suite::All) => Duration::from_mins(30),
        }
    }

    /// What the harness of the tests is told to leave out.
    fn skipped(self, suite: Suite) -> Option<&'static str> {
        // The compiler's own messages about sync-core's types, which it shortens otherwise in a copy
        // elsewhere.
        (self == Self::SyncMacros && suite == Suite::All).then_some("api")
    }

    fn name(self) -> &'static str {
        match self {
            Self::SyncCore => "sync-core",
            Self::SyncMacros => "sync-macros",
        }
    }

    /// What cargo is told to build and test besides the package itself.
    fn tests(self, suite: Suite) -> Vec<String> {
        let packages =
            |names: &[&str]| -> Vec<_> { names.iter().map(|name| format!("--package={name}")).collect() };
        match (self, suite) {
            (Self::SyncCore, Suite::Quick) => {
                ["--package=tests", "--lib", "--test=bitfield*", "--test=quick"].map(str::to_owned).to_vec()
            }
            (Self::SyncCore, Suite::All) => {
                // What is there with `std` only is compiled in this suite.
                let std = "--features=sync-core/std,tests/std".to_owned();
                packages(&["tests", "hygiene"]).into_iter().chain([std]).collect()
            }
            // The unit tests, which compare the expansions with the pinned ones.
            (Self::SyncMacros, Suite::Quick) => vec!["--lib".to_owned()],
            (Self::SyncMacros, Suite::All) => packages(&["sync-core", "tests", "hygiene", "ui-tests"]),
        }
    }
}

/// Where things are.
#[derive(Debug)]
pub(crate) struct Places {
    /// The copy in which the mutants are made.
    pub(crate) tree: PathBuf,
    base: PathBuf,
}

impl Places {
    pub(crate) fn new(workspace: &Workspace) -> Self {
        let base = workspace.target.join("mutants");
        Self { tree: base.join("tree"), base }
    }

    /// Where the result of a suite is written.
    pub(crate) fn output(&self, suite: Suite) -> PathBuf {
        self.base.join(match suite {
            Suite::Quick => "quick",
            Suite::All => "all",
        })
    }
}

impl Selection {
    /// The same in all shards: cargo-mutants would take a shard of what is left by the other options.
    fn whole(&self) -> Self {
        Self { shard: None, ..self.clone() }
    }
}

/// Prints the mutants that there are, in whatever shard.
pub(crate) fn list(selection: &Selection, places: &Places) -> Job {
    call(&selection.whole(), places).args(["--list", "--json"])
}

/// Tests the selected mutants; when there are some in `only`, nothing but those.
pub(crate) fn test(
    workspace: &Workspace,
    selection: &Selection,
    places: &Places,
    suite: Suite,
    only: &[Mutant],
) -> Job {
    // As options for cargo itself and not for its tests alone: it has to build what it is going to run.
    let tests = selection.package.tests(suite).into_iter().map(|option| format!("--cargo-arg={option}"));
    let whole = selection.whole();
    call(if only.is_empty() { selection } else { &whole }, places)
        .args(["--output".as_ref(), places.output(suite).as_os_str()])
        .args(["--in-place", "--colors=never", "--build-timeout=300"])
        .args([format!("--timeout={}", selection.package.limit(suite).as_secs())])
        .args(tests)
        .args(only.iter().map(|mutant| format!("--re=^{}$", escaped(&mutant.name))))
        .args(selection.package.skipped(suite).iter().flat_map(|name| ["--", "--", "--skip", name]))
        .env("CARGO_TARGET_DIR", places.base.join("build").display().to_string())
        .env("RUSTFLAGS", workspace.rustflags(linker()))
}

fn call(selection: &Selection, places: &Places) -> Job {
    let job = Job::cargo("mutants").args(["--dir".as_ref() as &Path, &places.tree]);
    let job = job.args(["--package", selection.package.name()]);
    let job = job.args(selection.file.iter().flat_map(|glob| ["--file", glob]));
    match &selection.shard {
        Some(shard) => job.args(["--shard", shard]),
        None => job,
    }
}

/// Each mutant links some twenty programs, so the fastest linker that is there does it.
fn linker() -> &'static str {
    if which::which("mold").is_ok() { "-C link-arg=-fuse-ld=mold" } else { "" }
}

/// The regular expression that matches `text` and nothing else.
fn escaped(text: &str) -> String {
    let mut pattern = String::new();
    for c in text.chars() {
        // Not every punctuation: an escaped angle bracket is the boundary of a word.
        if r"\.+*?()|[]{}^$#&-~".contains(c) {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}

#[cfg(test)]
mod tests {
    use std::fs;

    use clap::Parser;
    use regex_lite::Regex;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        selection: Selection,
    }

    fn selection(line: &str) -> Selection {
        Line::try_parse_from(["mutants"].into_iter().chain(line.split_whitespace()))
            .expect("a valid line")
            .selection
    }

    fn job(line: &str, suite: Suite, only: &[Mutant]) -> String {
        let workspace = Workspace { target: "/t".into(), ..Workspace::default() };
        test(&workspace, &selection(line), &Places::new(&workspace), suite, only).to_string()
    }

    #[test]
    fn the_command_line_goes_through_to_cargo_mutants() {
        let line = job("--shard 3/20 --file */engine/* --file */state/*", Suite::Quick, &[]);
        assert!(line.contains("mutants --dir /t/mutants/tree --package sync-core "), "{line}");
        assert!(line.contains(" --file '*/engine/*' --file '*/state/*' "), "{line}");
        assert!(line.contains(" --shard 3/20 "), "{line}");
        assert!(line.contains("CARGO_TARGET_DIR=/t/mutants/build "), "{line}");
        let line = job("--package sync-macros", Suite::Quick, &[]);
        assert!(line.contains(" --package sync-macros "), "{line}");
        assert!(!line.contains("--shard"), "{line}");
    }

    #[test]
    fn the_first_look_names_its_tests_and_the_second_takes_all_there_are() {
        let quick = job("", Suite::Quick, &[]);
        assert!(
            quick.contains(" --cargo-arg=--lib ") && quick.ends_with(" --cargo-arg=--test=quick"),
            "{quick}"
        );
        let all = job("", Suite::All, &[]);
        assert!(all.contains(" --cargo-arg=--package=tests "), "{all}");
        assert!(!all.contains("--cargo-arg=--lib") && !all.contains("--cargo-arg=--test"), "{all}");
        let macros = job("--package sync-macros", Suite::All, &[]);
        assert!(macros.contains("--package=ui-tests") && macros.ends_with(" -- -- --skip api"), "{macros}");
    }

    #[test]
    fn the_quick_tests_are_built_for_mutants_only() {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/Cargo.toml");
        let manifest = fs::read_to_string(manifest).expect("a file of the workspace");
        let target = "[[test]]\nname = \"quick\"\npath = \"quick.rs\"\ntest = false\n";
        assert!(manifest.contains(target), "{manifest}");
    }

    #[test]
    fn one_mutant_is_selected_by_its_whole_name() {
        let name = "a/b.rs:1:2: replace && with || in <X<'_> as Y>::f -> Option<(u8, [T; 3])> {*.+?^$}";
        let mutant = Mutant { file: String::new(), line: 1, change: String::new(), name: name.to_owned() };
        assert!(job("", Suite::All, &[mutant]).contains("'--re=^a/b\\.rs:1:2: "));
        let pattern = Regex::new(&format!("^{}$", escaped(name))).expect("escaped");
        assert!(pattern.is_match(name));
        assert!(!pattern.is_match(&name.replace("a/b.rs", "axb.rs")));
        assert!(!pattern.is_match(&name.replace("1:2", "11:2")));
    }

    #[test]
    fn those_that_are_named_are_not_divided_again() {
        let mutant = Mutant { file: String::new(), line: 1, change: String::new(), name: "x".to_owned() };
        assert!(job("--shard 3/20", Suite::All, &[]).contains("--shard 3/20"));
        assert!(!job("--shard 3/20", Suite::All, &[mutant]).contains("--shard"));
    }

    #[test]
    fn the_list_is_of_every_shard() {
        let workspace = Workspace { target: "/t".into(), ..Workspace::default() };
        let line = list(&selection("--shard 0/2 --file x.rs"), &Places::new(&workspace)).to_string();
        assert!(line.ends_with("--package sync-core --file x.rs --list --json"), "{line}");
    }

    #[test]
    fn the_profile_of_the_configuration_exists() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let read = |file| fs::read_to_string(root.join(file)).expect("a file of the workspace");
        assert!(read(".cargo/mutants.toml").contains("\nprofile = \"mutants\"\n"));
        assert!(read("Cargo.toml").contains("\n[profile.mutants]\n"));
    }
}
