//! Where the configurations come from.

use std::{fs, path::PathBuf, time::Duration};

use anyhow::{Context as _, Result};
use tokio::time;

use crate::config::{Backend, Config};

/// Something that has a new version now and then.
#[derive(Debug)]
pub(crate) enum Source {
    /// Counts the versions that were made up.
    MadeUp { version: u64 },
    /// A file that is looked at again and again, and what it said last.
    File { path: PathBuf, every: Duration, last: String },
}

impl Source {
    pub(crate) fn made_up() -> Self {
        Self::MadeUp { version: 0 }
    }

    pub(crate) fn file(path: PathBuf, every: Duration) -> Self {
        Self::File { path, every, last: String::new() }
    }

    /// The one to start with, which must be good.
    pub(crate) fn first(&mut self) -> Result<Config> {
        let name = match self {
            Self::MadeUp { .. } => "what was made up".to_owned(),
            Self::File { path, .. } => path.display().to_string(),
        };
        let config = match self {
            Self::MadeUp { version } => make_up(version),
            Self::File { path, last, .. } => {
                *last = fs::read_to_string(path).with_context(|| format!("cannot read {name}"))?;
                Config::parse(last).with_context(|| name.clone())?
            }
        };
        config.check().context(name)?;
        Ok(config)
    }

    /// Waits for the next one, which may be anything.
    pub(crate) async fn next(&mut self) -> Result<Config> {
        match self {
            Self::MadeUp { version } => Ok(make_up(version)),
            Self::File { path, every, last } => loop {
                time::sleep(*every).await;
                // A service that has run for days does not end because a file is gone for a moment.
                let Ok(now) = fs::read_to_string(&path) else { continue };
                if now != *last {
                    *last = now;
                    return Config::parse(last);
                }
            },
        }
    }
}

/// A version in which the work is shared differently, and every third time wrongly.
fn make_up(version: &mut u64) -> Config {
    *version += 1;
    let share = *version * 7 % 100;
    let rest = if version.is_multiple_of(3) { 0 } else { 100 - share };
    let backend = |name, weight| Backend { name: format!("{name}-{version}"), weight };
    Config::new(*version, vec![backend("tom", share), backend("ann", rest)])
}
