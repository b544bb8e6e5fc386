//! Where generated code finds the library.

use syn::{
    LitStr, Path,
    parse::{Parse, ParseStream},
    parse_quote,
};

/// The path of `sync_core` as the user's crate knows it: `::sync_core`, or what `crate = …` says.
///
/// `crate = path` takes the path as it stands (`crate = sync`, `crate = ::sync`, `crate = crate`), or
/// the same in quotes, as serde has it.
pub(crate) struct CratePath(pub(crate) Path);

impl Default for CratePath {
    fn default() -> Self {
        Self(parse_quote!(::sync_core))
    }
}

impl Parse for CratePath {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(LitStr) {
            return input.parse::<LitStr>()?.parse_with(Path::parse_mod_style).map(Self);
        }
        let expected =
            "expected the path of sync-core: write `crate = ::sync_core`, or the name that it has here";
        input.call(Path::parse_mod_style).map(Self).map_err(|error| syn::Error::new(error.span(), expected))
    }
}

impl CratePath {
    /// The module that holds every name that generated code may use.
    pub(crate) fn private(&self) -> Path {
        let Self(root) = self;
        parse_quote!(#root::__private)
    }
}
