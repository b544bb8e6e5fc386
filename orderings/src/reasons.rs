//! The orderings that no model needs, and why each is there all the same: a list in TOML.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::site::{Site, Weaker};

/// The whole list.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reasons {
    #[serde(default)]
    pub(crate) ordering: Vec<Reason>,
}

/// Why an ordering is as it is, although no model fails with a weaker one. The names are those of the table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reason {
    pub(crate) file: String,
    pub(crate) function: String,
    pub(crate) operation: String,
    pub(crate) to: Weaker,
    #[serde(rename = "reason")]
    pub(crate) why: String,
}

impl Reasons {
    /// Reads the list in the file at `path`.
    ///
    /// # Errors
    ///
    /// When there is none, or it is not well-formed.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let reasons: Self =
            toml::from_str(&text).with_context(|| format!("cannot understand {}", path.display()))?;
        for Reason { function, operation, why, .. } in &reasons.ordering {
            ensure!(!why.trim().is_empty(), "{function} {operation} is listed without a reason");
        }
        Ok(reasons)
    }

    /// The entries about one weakening: at most one, in a list without mistakes.
    pub(crate) fn about(&self, site: &Site, to: Weaker) -> impl Iterator<Item = &Reason> {
        self.ordering.iter().filter(move |reason| reason.is_about(site, to))
    }
}

impl Reason {
    pub(crate) fn is_about(&self, site: &Site, to: Weaker) -> bool {
        (&self.file, &self.function, &self.operation, self.to)
            == (&site.file, &site.function, &site.operation, to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str =
        "[[ordering]]\nfile = 'a.rs'\nfunction = 'F::f'\noperation = '`load`'\nto = 'Relaxed'\nreason = 'r'";

    fn read(text: &str) -> Result<Reasons> {
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        fs::write(file.path(), text).expect("it can be written");
        Reasons::read(file.path())
    }

    #[test]
    fn entry_is_read() {
        let list = read(LIST).expect("a well-formed list");
        assert_eq!((list.ordering.len(), list.ordering[0].to), (1, Weaker::Relaxed));
    }

    #[test]
    fn entry_without_a_reason_or_with_an_unknown_word_is_refused() {
        read(&LIST.replace("'r'", "' '")).expect_err("no reason");
        read(&LIST.replace("Relaxed", "Weak")).expect_err("no such ordering");
        read(&LIST.replace("reason", "because")).expect_err("no such key");
    }
}
