//! `cargo xtask features`: every set of features of sync-core that a user can ask for.

use crate::minimums;
use crate::step::{Count, Expect, Job, Step};
use crate::workspace::Workspace;

/// The features of sync-core that a user can choose, but for [`ADAPTERS`]; `std` includes `alloc`.
pub(crate) const FEATURES: [&str; 6] =
    ["alloc", "std", "critical-section", "no-cache-pad", "core-error", "tracing"];

/// Those that only implement another crate's traits: what they add does not depend on the others.
pub(crate) const ADAPTERS: [&str; 2] = ["defmt", EMBASSY];

/// The one whose crate takes a compiler later than the workspace's `rust-version`: its heapless needs 1.87.
pub(crate) const EMBASSY: &str = "embassy-sync";

pub(crate) fn steps(workspace: &Workspace) -> Vec<Step> {
    let target = workspace.target.join("features");
    let check = |features: &[&str]| {
        let mut job = Job::cargo("check -p sync-core --no-default-features")
            .args([["--target-dir".into(), target.clone().into_os_string()]].concat())
            .env("RUSTFLAGS", workspace.rustflags("-D warnings"));
        if !features.is_empty() {
            job = job.args(["--features".to_owned(), features.join(",")]);
        }
        job
    };
    vec![
        Step::new("features", feature_sets().iter().map(|set| check(set)).collect())
            .packages(&["sync-core"])
            .counts(Count::Jobs("feature sets"), Some(minimums::FEATURE_SETS)),
        no_alloc(workspace),
    ]
}

/// A static library without an allocator links only if nothing in it, however deep, brings in `alloc`: this
/// shows on any machine what a target without `alloc` would show. That it fails as soon as the feature is on
/// shows that it can fail.
fn no_alloc(workspace: &Workspace) -> Step {
    let probe = workspace.target.join("xtask").join("no-alloc");
    let manifest = include_str!("probe/no_alloc.toml")
        .replace("{sync-core}", &workspace.root.join("sync-core").display().to_string());
    let build = |features: &str| {
        Job::cargo("build")
            .args(["--manifest-path".into(), probe.join("Cargo.toml").into_os_string()])
            .args(["--target-dir".into(), workspace.target.join("features").into_os_string()])
            .args(["--features", features])
    };

    let jobs = vec![
        build("default"),
        build("critical-section,no-cache-pad,core-error"),
        build("alloc").expect(Expect::FailsWith("no global memory allocator found".to_owned())),
    ];
    let mut step =
        Step::new("no-alloc", jobs).packages(&["sync-core"]).counts(Count::Jobs("builds"), Some(3));
    step.files = vec![
        (probe.join("Cargo.toml"), manifest),
        (probe.join("src").join("lib.rs"), include_str!("probe/no_alloc.rs").to_owned()),
    ];
    // The versions that everything else is tested with; cargo drops what the probe does not need.
    if let Ok(lock) = std::fs::read_to_string(workspace.root.join("Cargo.lock")) {
        step.files.push((probe.join("Cargo.lock"), lock));
    }
    step
}

/// Every subset of [`FEATURES`] that cargo would not turn into another one; and each of [`ADAPTERS`] alone,
/// and with all.
fn feature_sets() -> Vec<Vec<&'static str>> {
    let alone = ADAPTERS.map(|feature| vec![feature]);
    [subsets(), alone.to_vec(), vec![[FEATURES.as_slice(), &ADAPTERS].concat()]].concat()
}

fn subsets() -> Vec<Vec<&'static str>> {
    (0..1_usize << FEATURES.len())
        .map(|bits| {
            let chosen = FEATURES.iter().enumerate().filter(|(index, _)| bits >> index & 1 == 1);
            chosen.map(|(_, feature)| *feature).collect::<Vec<_>>()
        })
        .filter(|set| !set.contains(&"std") || set.contains(&"alloc"))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn feature_sets_are_all_there_are() {
        let sets: BTreeSet<_> = feature_sets().into_iter().collect();
        assert_eq!(sets.len(), feature_sets().len(), "a set appears twice");
        assert_eq!(sets.len(), minimums::FEATURE_SETS);
        assert!(sets.contains(&Vec::new()));
        assert!(sets.contains(FEATURES.as_slice()));
        assert!(sets.contains(&vec!["tracing"]));
        assert!(sets.contains(&vec![EMBASSY]));
    }

    #[test]
    fn feature_sets_name_every_feature_of_the_crate() {
        let manifest = include_str!("../../sync-core/Cargo.toml");
        let section = manifest.split("[features]").nth(1).expect("sync-core has features");
        let section = section.split("\n[").next().expect("a split has a first part");
        let named: BTreeSet<_> = section
            .lines()
            .filter(|line| !line.trim_start().starts_with('#'))
            .filter_map(|line| Some(line.split_once('=')?.0.trim()))
            .filter(|name| *name != "default")
            .collect();
        assert_eq!(named, FEATURES.into_iter().chain(ADAPTERS).collect());
    }
}
