//! `cargo xtask msrv`: the published crates with the oldest compiler that they promise to build with.

use crate::features::{ADAPTERS, EMBASSY, FEATURES};
use crate::minimums;
use crate::needs::Need;
use crate::step::{Count, Job, Step};
use crate::workspace::Workspace;

/// The last patch release of the `rust-version` in the workspace's manifest.
const TOOLCHAIN: &str = "1.85.1";

/// The step: sync-core with each of its features alone, with none and with all, but for one; sync-macros; and
/// the strict crate, which uses every macro, because what they expand to has to compile there as well.
///
/// Warnings are not denied: they are those of another compiler than the one that the sources are kept clean
/// with.
pub(crate) fn steps(workspace: &Workspace) -> Vec<Step> {
    let mut jobs: Vec<_> = feature_sets()
        .iter()
        .map(|set| {
            let job = test(workspace).args(["-p", "sync-core", "--no-default-features"]);
            if set.is_empty() { job } else { job.args(["--features".to_owned(), set.join(",")]) }
        })
        .collect();
    jobs.extend(["sync-macros", "hygiene"].map(|package| test(workspace).args(["-p", package])));
    vec![
        Step::new("msrv", jobs)
            .packages(&["sync-core", "sync-macros", "hygiene"])
            .needs(Need::Toolchain(TOOLCHAIN))
            .counts(Count::Libtest("tests"), Some(minimums::MSRV)),
    ]
}

/// The lock file has to be one that this compiler can build, so it is not resolved anew.
fn test(workspace: &Workspace) -> Job {
    Job::new("rustup")
        .args(["run", TOOLCHAIN, "cargo", "test", "--locked", "--no-fail-fast"])
        .args(["--target-dir".into(), workspace.target.join("msrv").into_os_string()])
}

/// All but the one whose crate takes a later compiler, as its documentation says.
fn features() -> impl Iterator<Item = &'static str> {
    FEATURES.into_iter().chain(ADAPTERS).filter(|feature| *feature != EMBASSY)
}

fn feature_sets() -> Vec<Vec<&'static str>> {
    let alone = features().map(|feature| vec![feature]).collect();
    [vec![Vec::new()], alone, vec![features().collect()]].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_toolchain_is_the_one_that_the_manifest_promises() {
        let manifest = include_str!("../../Cargo.toml");
        let promised = manifest
            .lines()
            .find_map(|line| line.strip_prefix("rust-version = \"")?.strip_suffix('"'))
            .expect("the workspace has a rust-version");
        let (release, _patch) = TOOLCHAIN.rsplit_once('.').expect("three numbers");
        assert_eq!(release, promised);
    }

    #[test]
    fn ci_installs_the_toolchain() {
        let script = include_str!("../../.ci/run");
        assert!(script.contains(&format!("rustup toolchain install {TOOLCHAIN} --profile minimal")));
    }

    #[test]
    fn every_feature_is_tested_alone_none_and_all_of_them() {
        let sets = feature_sets();
        let all: Vec<_> = features().collect();
        assert_eq!(all.len() + 1, FEATURES.len() + ADAPTERS.len(), "all but one");
        assert_eq!(sets.len(), all.len() + 2);
        assert!(sets.contains(&Vec::new()) && sets.contains(&all));
        for feature in all {
            assert!(sets.contains(&vec![feature]));
        }
    }
}
