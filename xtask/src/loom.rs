//! `cargo xtask loom`: every interleaving of a few threads, within the bounds of each model.

use core::time::Duration;

use clap::Args;

use crate::minimums;
use crate::step::{Count, Expect, Job, Step, filtered, unfiltered};
use crate::workspace::Workspace;

/// For `RUSTFLAGS`. One spelling, so that clippy and the models share what they compile.
pub(crate) const FLAGS: &str = "--cfg loom -D warnings";

/// Which models, and how deep.
#[derive(Debug, Default, Args)]
pub(crate) struct Selection {
    /// Run only the models whose name contains NAME; the minimum count is then not asked for.
    #[arg(long, value_name = "NAME")]
    filter: Option<String>,
    /// At how many points a thread may be interrupted in those models that bound this, to two otherwise; they
    /// then have as long as they take.
    #[arg(long, value_name = "N")]
    preemptions: Option<u32>,
}

/// The steps for `selection`.
pub(crate) fn steps(workspace: &Workspace, selection: &Selection) -> Vec<Step> {
    let filter = selection.filter.as_deref();
    let step = |name, package, line, minimum| {
        let job = in_loom_world(workspace, Job::cargo(line));
        Step::new(name, vec![filtered(job, filter, &["--test-threads=2"])])
            .packages(&[package])
            .counts(Count::Libtest("models"), unfiltered(filter, minimum))
            .within(Duration::from_mins(20))
    };
    let mut steps = vec![
        step(
            "loom (sync-core)",
            "sync-core",
            "test --profile loom --no-fail-fast -p sync-core --lib",
            minimums::LOOM_CORE,
        ),
        step(
            "loom (tests)",
            "tests",
            "test --profile loom --no-fail-fast -p tests --test loom_*",
            minimums::LOOM_TESTS,
        ),
        step(
            "loom (hygiene)",
            "hygiene",
            "test --profile loom --no-fail-fast -p hygiene --tests",
            minimums::LOOM_HYGIENE,
        ),
    ];
    steps.extend(downstream(workspace, filter));
    if let Some(preemptions) = selection.preemptions {
        for step in &mut steps {
            step.limit = None;
            // The models of the others are exhaustive, and would lose by a bound.
            if ["loom (tests)", "loom (downstream)"].contains(&step.name) {
                let deeper = |job: Job| job.env("LOOM_MAX_PREEMPTIONS", preemptions.to_string());
                step.jobs = step.jobs.drain(..).map(deeper).collect();
            }
        }
    }
    steps
}

/// Mistakes of a user's crate, as features of it, and what loom has to say of each.
const PLANTED: [(&str, &str); 3] = [
    ("registers-too-late", "deadlock; threads ="),
    ("looks-before-it-waits", "deadlock; threads ="),
    ("counts-without-the-lock", "something was done and does not count"),
];

/// The models of a crate outside this workspace, and that they find mistakes in it.
fn downstream(workspace: &Workspace, filter: Option<&str>) -> Vec<Step> {
    let models = || {
        let manifest = workspace.root.join("tests").join("downstream").join("Cargo.toml");
        let job = Job::cargo("test --profile loom --test models");
        in_loom_world(workspace, job.args(["--manifest-path".into(), manifest.into_os_string()]))
    };
    let mut steps = vec![
        Step::new("loom (downstream)", vec![filtered(models(), filter, &["--test-threads=2"])])
            .counts(Count::Libtest("models"), unfiltered(filter, minimums::LOOM_DOWNSTREAM))
            .within(Duration::from_mins(10)),
    ];
    if filter.is_none() {
        let planted = |(mistake, says): (&str, &str)| {
            models().args(["--features", mistake]).expect(Expect::DiesWith(says.to_owned()))
        };
        steps.push(
            Step::new("loom (planted mistakes)", PLANTED.map(planted).into())
                .counts(Count::Jobs("mistakes"), Some(PLANTED.len()))
                .within(Duration::from_mins(10)),
        );
    }
    steps
}

/// `cfg(loom)` reaches every dependency, so nothing compiled with it can be shared with the other steps.
pub(crate) fn in_loom_world(workspace: &Workspace, job: Job) -> Job {
    job.args(["--target-dir".into(), workspace.target.join("loom").into_os_string()])
        .env("RUSTFLAGS", workspace.rustflags(FLAGS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steps::clippy;

    #[test]
    fn a_filter_reaches_every_model_and_lifts_the_minimum() {
        let selection = Selection { filter: Some("x".to_owned()), preemptions: None };
        for step in steps(&Workspace::default(), &selection) {
            assert_eq!(step.minimum, None, "{}", step.name);
            assert!(
                step.jobs.iter().all(|job| job.to_string().ends_with('x')),
                "{} drops the filter",
                step.name
            );
        }
    }

    #[test]
    fn deeper_models_have_as_long_as_they_take() {
        let at = |preemptions| steps(&Workspace::default(), &Selection { filter: None, preemptions });
        let (usual, deeper) = (at(None), at(Some(3)));
        assert_eq!(usual.len(), deeper.len());
        let mut changed = 0;
        for (usual, deeper) in usual.iter().zip(&deeper) {
            assert!(usual.limit.is_some() && deeper.limit.is_none(), "{}", usual.name);
            for (usual, deeper) in usual.jobs.iter().zip(&deeper.jobs) {
                assert!(!usual.to_string().contains("PREEMPTIONS"), "{usual}");
                changed += usize::from(deeper.to_string().contains("LOOM_MAX_PREEMPTIONS=3"));
            }
        }
        assert_eq!(changed, 2, "the models of `tests`, and the downstream one");
    }

    #[test]
    fn loom_jobs_share_one_world_apart() {
        let workspace =
            Workspace { target: "/t".into(), rustflags: "-C opt-level=1".into(), ..Workspace::default() };
        let all = [steps(&workspace, &Selection::default()), clippy(&workspace)[2..3].to_vec()].concat();
        let jobs: Vec<_> = all.iter().flat_map(|step| &step.jobs).collect();
        assert_eq!(jobs.len(), 6 + PLANTED.len());
        for job in jobs {
            let line = job.to_string();
            assert!(line.contains("--target-dir /t/loom"), "{line}");
            assert!(line.contains("RUSTFLAGS='--cfg loom -D warnings -C opt-level=1'"), "{line}");
        }
    }
}
