//! `#[bitfield]`: the layout of a state word.
//!
//! `parse` reads the tokens, `check` makes a [`model::Layout`] of them and finds every mistake, `expand`
//! writes the code (the struct in `snapshot`, its cell in `atomic`) and cannot fail. After a mistake the
//! model is mended (see [`model::Layout::stub`]), so that the types and their methods still exist and nothing
//! else is reported.

mod assertions;
mod atomic;
#[cfg(test)]
mod boundary_tests;
mod check;
mod docs;
mod expand;
mod model;
mod parse;
mod snapshot;
#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;

use crate::diag::Errors;

/// Expands one use of the attribute.
pub(crate) fn bitfield(args: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let args = parse::Args::parse(args, &mut errors);
    let mut tokens = match parse::Word::parse(item, &mut errors) {
        Ok(word) => expand::expand(&check::check(args, word, &mut errors)),
        Err(as_it_was) => as_it_was,
    };
    tokens.extend(errors.into_tokens());
    tokens
}
