//! `#[wait_map]`: waiters that are woken by key.

mod check;
mod docs;
mod expand;
mod model;
mod parse;
#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;
use quote::quote;

use crate::{diag::Errors, host::item};

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
