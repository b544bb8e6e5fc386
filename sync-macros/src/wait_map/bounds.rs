//! What a mode requires of the key, reported on the key's type where it does not hold.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};
use syn::{Path, Type, TypeParamBound, WherePredicate, ext::IdentExt, parse_quote, spanned::Spanned};

use crate::queue_owner::{QueueOwner, Store, generated_at, generics::Params};

/// The bounds that a mode requires, without those that the user wrote.
///
/// Of a key without parameters they are bounds of the library's, whose names are the ones that rustc then
/// says; of others they are those of `core`, which are the ones that a reader of the documentation knows.
pub(super) struct Requirements<'a> {
    owner: &'a QueueOwner,
    key: &'a Type,
    /// Whether the key depends on a parameter.
    pub(super) generic: bool,
    pub(super) bounds: Vec<WherePredicate>,
}

impl<'a> Requirements<'a> {
    pub(super) fn new(owner: &'a QueueOwner, key: &'a Type) -> Self {
        let generic = owner.params.reach(&key.to_token_stream());
        Self { owner, key, generic, bounds: Vec::new() }
    }

    /// Where the names of the library are.
    pub(super) fn private(&self) -> &'a Path {
        &self.owner.private
    }

    /// Whether keys are hashed.
    pub(super) fn hashed(&self) -> bool {
        matches!(self.owner.store, Store::Buckets(_))
    }

    /// Adds `key: bound`, unless the user wrote a bound from which it follows.
    pub(super) fn of_key(&mut self, follows_from: &[&str], bound: &TokenStream) {
        if !is_bounded(&self.owner.params, self.key, follows_from) {
            let (key, bound) = (self.key, self.at_key(bound));
            self.bounds.push(parse_quote!(#key: #bound));
        }
    }

    /// Adds `subject: bound<key>`.
    pub(super) fn with_key(&mut self, subject: &TokenStream, bound: &TokenStream) {
        let (subject, bound, key) = (self.at_key(subject), self.at_key(bound), self.key);
        let of_key = quote_spanned!(generated_at(key.span())=> <#key>);
        self.bounds.push(parse_quote!(#subject: #bound #of_key));
    }

    /// The path `tokens` where the key is, each token with its own hygiene: one may be `$crate`.
    fn at_key(&self, tokens: &TokenStream) -> TokenStream {
        let there = self.key.span();
        let moved = tokens.clone().into_iter().map(|mut token| {
            token.set_span(token.span().located_at(there));
            token
        });
        moved.collect()
    }
}

/// Returns whether the user bounded `key` by one of the traits in `by`.
fn is_bounded(params: &Params, key: &Type, by: &[&str]) -> bool {
    let implies = |bound: &TypeParamBound| {
        let TypeParamBound::Trait(bound) = bound else { return false };
        let Some(last) = bound.path.segments.last() else { return false };
        last.arguments.is_none() && by.iter().any(|name| last.ident.unraw() == name)
    };
    let inline = params.0.type_params().any(|param| {
        let ident = &param.ident;
        *key == parse_quote!(#ident) && param.bounds.iter().any(implies)
    });
    let clause = params.0.where_clause.iter().flat_map(|clause| &clause.predicates);
    let mut clause = clause.filter_map(|predicate| match predicate {
        WherePredicate::Type(predicate) => Some(predicate),
        _ => None,
    });
    inline || clause.any(|predicate| predicate.bounded_ty == *key && predicate.bounds.iter().any(implies))
}
