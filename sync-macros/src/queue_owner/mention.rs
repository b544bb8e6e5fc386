//! Whether tokens mention a name.

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::ext::IdentExt;

/// Returns whether `name` occurs in `tokens`, at any depth, as an identifier or as a lifetime's name.
///
/// Tokens and not syntax, because a type may contain a macro call. A name that only looks like the one
/// that is meant counts too; every caller is on the safe side then.
pub(crate) fn mentions(tokens: &TokenStream, name: &Ident) -> bool {
    first_mention(tokens, name).is_some()
}

/// Returns the first such occurrence.
pub(crate) fn first_mention(tokens: &TokenStream, name: &Ident) -> Option<Ident> {
    let name = name.unraw();
    tokens.clone().into_iter().find_map(|tree| match tree {
        TokenTree::Ident(ident) => (ident.unraw() == name).then_some(ident),
        TokenTree::Group(group) => first_mention(&group.stream(), &name),
        TokenTree::Punct(_) | TokenTree::Literal(_) => None,
    })
}
