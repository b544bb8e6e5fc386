//! `#[primitive]`: a waiting type of the user's own, around a policy in plain Rust.

mod check;
mod docs;
mod expand;
mod model;
mod parse;
#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;
use quote::quote;

use crate::{diag::Errors, queue_owner::item};

/// Expands `#[primitive(args)] item`.
pub(crate) fn primitive(args: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let args = parse::parse(args, &mut errors);
    let output = match item::read("primitive", item, &mut errors) {
        Ok(subject) => expand::expand(&check::check(args, subject, &mut errors)),
        Err(item) => item,
    };
    let errors = errors.into_tokens();
    quote!(#output #errors)
}
