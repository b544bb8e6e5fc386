//! `cargo xtask orderings`: the tool of that name (`orderings/`), for sync-core and its models.

use clap::Args;

use crate::loom;
use crate::step::{Count, Job, Step};
use crate::workspace::Workspace;

/// Which orderings, and how. All of it is the tool's.
#[derive(Debug, Default, Args)]
pub(crate) struct Selection {
    /// Only those whose line in `--list` contains TEXT; the table is then printed and not written.
    #[arg(long, value_name = "TEXT")]
    site: Option<String>,
    /// List the weakenings, and run nothing.
    #[arg(long)]
    list: bool,
    /// How many models run at a time.
    #[arg(long, value_name = "N", default_value_t = 2)]
    jobs: usize,
    /// Stop after this many minutes; the same command continues from there.
    #[arg(long, value_name = "N", default_value_t = 240)]
    minutes: u64,
}

/// What the tool has to know of this workspace.
const CONFIGURATION: [&str; 15] = [
    "--library=sync-core/src",
    // What has models, as `cargo xtask loom` runs them.
    "--models=-p sync-core --lib",
    "--models=-p tests --test loom_*",
    "--models=-p hygiene --tests",
    "--profile=loom",
    "--atomics=crate::shim::atomic",
    "--ignore-macro=acquire_future",
    // An execution depends on the macros as well, and on the packages that it is made of.
    "--source=sync-macros/src",
    "--source=tests/hygiene/src",
    "--dependency=loom",
    "--dependency=cordyceps",
    "--dependency=mutex-traits",
    "--reasons=xtask/orderings.toml",
    "--table=tests/ORDERINGS.md",
    "--command=cargo xtask orderings",
];

/// The step for `selection`.
pub(crate) fn steps(workspace: &Workspace, selection: &Selection) -> Vec<Step> {
    let Selection { site, list, jobs, minutes } = selection;
    let mut job = Job::cargo("run --quiet -p orderings --")
        .args(CONFIGURATION)
        .args([format!("--rustflags={}", loom::FLAGS)])
        .args([format!("--work={}", workspace.target.join("orderings").display())])
        .args([format!("--jobs={jobs}"), format!("--minutes={minutes}")])
        .args(site.iter().map(|site| format!("--site={site}")));
    let mut count = Count::Libtest("weakenings");
    if *list {
        job = job.args(["--list"]);
        count = Count::Nothing;
    }
    let mut step = Step::new("orderings", vec![job]).packages(&["orderings"]).counts(count, None);
    step.limit = None;
    step.show_output = true;
    vec![step]
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use clap::Parser as _;

    use super::*;

    fn line(selection: &Selection) -> Vec<String> {
        let jobs = &steps(&Workspace::default(), selection)[0].jobs;
        jobs[0].args.iter().map(|arg| arg.to_string_lossy().into_owned()).collect()
    }

    fn config(line: &[String]) -> orderings::Config {
        let own = line.iter().skip_while(|arg| *arg != "--");
        orderings::Config::try_parse_from(own).expect("a line that the tool understands")
    }

    /// The table takes a while to make; whether it is about the present source does not.
    #[test]
    fn table_has_a_row_for_each_weakening_and_no_other() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is a member");
        let mut line = line(&Selection::default());
        line.push(format!("--root={}", root.display()));
        let wrong =
            orderings::check(&config(&line)).expect("the sources, the table and the list can be read");
        assert_eq!(wrong, [""; 0], "`cargo xtask orderings` writes the table");
    }

    #[test]
    fn selection_reaches_the_tool() {
        let selection = Selection { site: Some("load".to_owned()), list: true, jobs: 3, minutes: 5 };
        let line = line(&selection);
        config(&line);
        for arg in ["--site=load", "--list", "--jobs=3", "--minutes=5"] {
            assert!(line.iter().any(|other| other == arg), "{arg}");
        }
    }
}
