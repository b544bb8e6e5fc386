//! What a mode needs of the key, told on the key's type where it does not hold.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::{Path, Type, TypeParamBound, WherePredicate, ext::IdentExt, parse_quote, spanned::Spanned};

use super::super::model::Mode;
use crate::host::{generated_at, generics::Params};

/// The traits from which each bound follows.
const EQUALITY: [&str; 4] = ["PartialEq", "Eq", "PartialOrd", "Ord"];
const ORDER: [&str; 2] = ["Ord", "Position"];
const COPY: [&str; 4] = ["Copy", "Position", "Flags", "SequenceNumber"];

/// The bounds that `mode` needs, without those that the user wrote.
///
/// Of a key without parameters they are bounds of the library's, whose names are the ones that rustc then says; of
/// others they are those of `core`, which are the ones that a reader of the documentation knows.
pub(super) fn of_key(
    params: &Params,
    key: &Type,
    mode: &Mode,
    hashed: bool,
    private: &Path,
) -> Vec<WherePredicate> {
    let p = private;
    let generic = params.reach(&key.to_token_stream());
    let mut needed = Needed { params, key, bounds: Vec::new() };
    match mode {
        Mode::Unique | Mode::Fifo => {
            if generic {
                needed.of_key(&EQUALITY, &quote!(::core::cmp::PartialEq));
            } else {
                needed.of_key(&[], &quote!(#p::ComparableKey));
            }
            match (hashed, generic) {
                (true, true) => needed.of_key(&["Hash"], &quote!(::core::hash::Hash)),
                (true, false) => needed.of_key(&[], &quote!(#p::HashedKey)),
                (false, _) => {}
            }
        }
        Mode::UpTo { wrapping: true } => needed.of_key(&["SequenceNumber"], &quote!(#p::SequenceNumber)),
        Mode::UpTo { wrapping: false } if generic => {
            needed.of_key(&COPY, &quote!(::core::marker::Copy));
            needed.of_key(&ORDER, &quote!(::core::cmp::Ord));
        }
        Mode::UpTo { wrapping: false } => {
            let (ascending, order) = (needed.told(&quote!(#p::Ascending)), needed.told(&quote!(#p::Order)));
            let of_key = quote_spanned!(generated_at(key.span())=> <#key>);
            needed.bounds.push(parse_quote!(#ascending: #order #of_key));
        }
        Mode::Mask { .. } => needed.of_key(&["Flags"], &quote!(#p::Flags)),
        Mode::Predicate(_) => {}
    }
    needed.bounds
}

/// Bounds, as they are found.
struct Needed<'a> {
    params: &'a Params,
    key: &'a Type,
    bounds: Vec<WherePredicate>,
}

impl Needed<'_> {
    /// Adds `key: bound`, unless the user wrote a bound from which it follows.
    fn of_key(&mut self, follows_from: &[&str], bound: &TokenStream) {
        if !is_bounded(self.params, self.key, follows_from) {
            let (key, bound) = (self.key, self.told(bound));
            self.bounds.push(parse_quote!(#key: #bound));
        }
    }

    /// The path `tokens` where the key is, each token with its own hygiene: one may be `$crate`.
    fn told(&self, tokens: &TokenStream) -> TokenStream {
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
