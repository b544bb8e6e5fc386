//! `#[derive(FromBits)]`: an enum as a field of a state word.

mod check;
mod expand;
mod model;
mod parse;
#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;

use crate::diag::Errors;

/// Expands one use of the derive.
pub(crate) fn derive(item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let mut tokens = parse::Input::parse(item, &mut errors)
        .map(|input| expand::expand(&check::check(input, &mut errors)))
        .unwrap_or_default();
    tokens.extend(errors.into_tokens());
    tokens
}
