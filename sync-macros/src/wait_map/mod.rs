//! `#[wait_map]`: waiters that are woken by key.
//!
//! `parse` reads the arguments, `check` makes a [`model::WaitMap`] of them and finds every mistake, `expand`
//! writes the code, with documentation from `docs`, and cannot fail. What is a mode's own, in each of these
//! steps, is in its file in `modes`.

mod bounds;
mod check;
mod docs;
mod expand;
mod model;
mod modes;
mod new;
mod options;
mod parse;
#[cfg(test)]
mod tests;
mod types;

use proc_macro2::TokenStream;
use quote::quote;

use crate::{diag::Errors, queue_owner::item};

/// Expands `#[wait_map(args)] item`.
pub(crate) fn wait_map(args: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let args = parse::parse(args, &mut errors);
    let output = match item::read("wait_map", item, &mut errors) {
        Ok(subject) => expand::expand(&check::check(args, subject, &mut errors)),
        Err(item) => item,
    };
    let errors = errors.into_tokens();
    quote!(#output #errors)
}
