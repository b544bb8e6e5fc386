//! Errors of one macro use, collected so that all are reported at once.

use core::fmt::Display;
use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// Collects every problem of one use.
///
/// Messages are lower case, name the user's tokens in backticks, say what was expected and then what to write
/// instead, and point at the smallest token that has to change.
#[derive(Default)]
pub(crate) struct Errors(Option<syn::Error>);

impl Errors {
    /// Notes a problem with `tokens`.
    pub(crate) fn at(&mut self, tokens: impl ToTokens, message: impl Display) {
        self.push(syn::Error::new_spanned(tokens, message));
    }

    /// Notes a problem at `span`, for tokens that are no longer there.
    pub(crate) fn at_span(&mut self, span: Span, message: impl Display) {
        self.push(syn::Error::new(span, message));
    }

    /// Notes an error made elsewhere.
    pub(crate) fn push(&mut self, error: syn::Error) {
        match &mut self.0 {
            Some(all) => all.combine(error),
            none => *none = Some(error),
        }
    }

    /// Returns the value, or notes why there is none.
    pub(crate) fn ok<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }

    /// Returns whether nothing was noted so far.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Returns all problems as `compile_error!` invocations; nothing when there were none.
    pub(crate) fn into_tokens(self) -> TokenStream {
        self.0.map(|error| error.to_compile_error()).unwrap_or_default()
    }
}

/// The messages of the `compile_error!` invocations in `tokens`, in order.
#[cfg(test)]
pub(crate) fn messages(tokens: &TokenStream) -> Vec<String> {
    let mut found = Vec::new();
    let mut after_name = false;
    for tree in tokens.clone() {
        match tree {
            proc_macro2::TokenTree::Ident(ident) => after_name = ident == "compile_error",
            proc_macro2::TokenTree::Group(group) if after_name => {
                let message: syn::LitStr = syn::parse2(group.stream()).expect("a message");
                found.push(message.value());
                after_name = false;
            }
            proc_macro2::TokenTree::Group(group) => found.extend(messages(&group.stream())),
            proc_macro2::TokenTree::Punct(_) | proc_macro2::TokenTree::Literal(_) => {}
        }
    }
    found
}
