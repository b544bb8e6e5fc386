//! Where generated code finds the run-time half of the library.

use syn::{Path, parse_quote};

/// The path of `sync_core` as the user's crate knows it: `::sync_core`, or what `crate = …` says.
///
/// `crate = path` takes the path as it stands (`crate = sync`, `crate = ::sync`, `crate = crate`), or
/// the same in quotes, as serde has it.
#[derive(Clone)]
pub(crate) struct Krate(pub(crate) Path);

impl Default for Krate {
    fn default() -> Self {
        Self(parse_quote!(::sync_core))
    }
}

impl Krate {
    /// The module that holds every name that generated code may use.
    pub(crate) fn private(&self) -> Path {
        let Self(root) = self;
        parse_quote!(#root::__private)
    }
}
