//! What the steps have to know of the workspace.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context, Result};
use cargo_metadata::{MetadataCommand, TargetKind};

/// Read once, before the steps are laid out.
#[derive(Debug, Clone, Default)]
pub(crate) struct Workspace {
    /// Where cargo writes; `CARGO_TARGET_DIR` is honoured.
    pub(crate) target: PathBuf,
    /// The root, where every job runs.
    pub(crate) root: PathBuf,
    /// The members, and the names of their bench targets.
    pub(crate) members: BTreeMap<String, Vec<String>>,
    /// What the caller's environment adds to every compilation.
    pub(crate) rustflags: String,
}

impl Workspace {
    /// Asks cargo and rustup.
    ///
    /// # Errors
    ///
    /// When the manifests cannot be read.
    pub(crate) fn load() -> Result<Self> {
        let metadata =
            MetadataCommand::new().no_deps().exec().context("cannot read the manifests of this workspace")?;
        let members = metadata
            .packages
            .iter()
            .map(|package| {
                let benches =
                    package.targets.iter().filter(|target| target.kind.contains(&TargetKind::Bench));
                (package.name.to_string(), benches.map(|target| target.name.clone()).collect())
            })
            .collect();
        Ok(Self {
            target: metadata.target_directory.into_std_path_buf(),
            root: metadata.workspace_root.into_std_path_buf(),
            members,
            rustflags: std::env::var("RUSTFLAGS").unwrap_or_default(),
        })
    }

    /// The value for `RUSTFLAGS` that adds `flags` to what the caller asked for.
    pub(crate) fn rustflags(&self, flags: &str) -> String {
        format!("{flags} {}", self.rustflags).trim_end().to_owned()
    }
}
