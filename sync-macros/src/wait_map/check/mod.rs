//! Syntax to model: what is missing, types that cannot stand in a struct, parameters without use.

use proc_macro2::Span;
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{
    GenericParam, ParenthesizedGenericArguments, Type, TypeFnPtr, TypeParamBound, TypeReference,
    WherePredicate, ext::IdentExt, parse_quote, spanned::Spanned, visit::Visit,
};

use super::{
    model::{Body, Futures, Mode, Value, WaitMap},
    parse::Args,
};
use crate::{
    diag::Errors,
    host::{
        Host, generated_at,
        generics::{LOCK, Params},
        item::Subject,
        mention::{first_mention, mentions},
        names::Names,
    },
};

pub(super) fn check(args: Args, subject: Subject, errors: &mut Errors) -> WaitMap {
    let private = args.krate.clone().unwrap_or_default().private();
    report_missing(&args, errors);

    let mut types = Names::of_types(&subject);
    let (future, subscribe) = (args.future, args.subscribe);
    let wait = future.unwrap_or_else(|| format_ident!("{}Wait", subject.ident.unraw()));
    let wait_owned = format_ident!("{}Owned", wait.unraw());
    let claimed = types.claim_all(&wait, &[&wait, &wait_owned], errors);
    let subscribe = subscribe.unwrap_or_else(|| format_ident!("{}Subscribe", wait.unraw()));
    let subscribe = (claimed && types.claim_all(&subscribe, &[&subscribe], errors)).then_some(subscribe);

    let key = args.key.filter(|ty| check_type(ty, "key", errors));
    let given = args.value.is_some();
    let value = args.value.filter(|ty| check_type(ty, "value", errors));
    let value_is_known = value.is_some() || !given;
    let value = value.unwrap_or_else(|| parse_quote!(()));

    let params = Params(subject.generics);
    let p = &private;
    let mut rule_bounds = Vec::new();
    let (rule, body) = match (key, args.mode) {
        (Some(key), Some(mode)) if value_is_known && all_used(&params, &key, &value, errors) => {
            rule_bounds.extend(key_bound(&params, &key));
            let rule = match mode {
                Mode::Unique => quote!(#p::Unique<#key, #value>),
                Mode::Fifo => quote!(#p::Fifo<#key, #value>),
            };
            (rule, Body::Whole(mode, Box::new(key)))
        }
        _ => {
            let key = params.held();
            (quote!(#p::Unique<#key, #value>), Body::Stub)
        }
    };

    let tokens = [rule.clone()];
    let names = Futures {
        wait: claimed.then_some(wait),
        wait_owned: claimed.then_some(wait_owned),
        subscribe,
        map: params.fresh_lifetime("map", &tokens),
        pin: params.fresh_lifetime("wait", &tokens),
    };
    let value = Value { generic: params.reach(&value.to_token_stream()), ty: value, given };
    let host = Host {
        private,
        attrs: subject.attrs,
        vis: subject.vis,
        struct_token: subject.struct_token,
        ident: subject.ident,
        params,
        rule_bounds,
    };
    WaitMap { host, rule, value, names, body }
}

fn report_missing(args: &Args, errors: &mut Errors) {
    if !args.whole {
        return;
    }
    match (&args.key, &args.mode) {
        (None, None) => errors.at_span(
            Span::call_site(),
            "missing `key` and `match`: write `#[wait_map(key = u16, value = Reply, match = unique)]`, with \
             your own types",
        ),
        (None, Some(_)) => {
            errors.at_span(Span::call_site(), "missing `key`: add `key = …`, the type that names who is to be woken");
        }
        (Some(_), None) => errors.at_span(
            Span::call_site(),
            "missing `match`: add `match = unique` for one waiter per key, or `match = fifo` for a queue per key",
        ),
        (Some(_), Some(_)) => {}
    }
}

/// Reports parts of `ty` that may not stand in a struct; returns whether there are none.
fn check_type(ty: &Type, word: &str, errors: &mut Errors) -> bool {
    let mut visitor = Unnameable { word, found: Vec::new() };
    visitor.visit_type(ty);
    let lock = first_mention(&ty.to_token_stream(), &syn::Ident::new(LOCK, Span::call_site()));
    if let Some(lock) = lock {
        visitor.found.push(syn::Error::new_spanned(
            lock,
            format!(
                "here `Lock` would be the raw lock, the parameter that `#[wait_map]` adds: give the {word} a type \
                 of another name, by `use … as …` if need be"
            ),
        ));
    }
    let fine = visitor.found.is_empty();
    visitor.found.into_iter().for_each(|error| errors.push(error));
    fine
}

/// Finds what a struct's field may not have in its type.
struct Unnameable<'a> {
    word: &'a str,
    found: Vec<syn::Error>,
}

impl<'ast> Visit<'ast> for Unnameable<'_> {
    fn visit_type_reference(&mut self, reference: &'ast TypeReference) {
        if reference.lifetime.as_ref().is_none_or(|lifetime| lifetime.ident == "_") {
            let word = self.word;
            self.found.push(syn::Error::new_spanned(
                reference.and_token,
                format!(
                    "the {word} is kept beyond the call, so its reference needs a lifetime with a name: write \
                     `&'static …`, or `&'a …` with `'a` among the struct's parameters"
                ),
            ));
        }
        syn::visit::visit_type_reference(self, reference);
    }

    fn visit_type_impl_trait(&mut self, ty: &'ast syn::TypeImplTrait) {
        let word = self.word;
        self.found.push(syn::Error::new_spanned(
            ty.impl_token,
            format!("the {word} needs a type that has a name: make it a parameter of the struct"),
        ));
    }

    fn visit_type_infer(&mut self, ty: &'ast syn::TypeInfer) {
        let word = self.word;
        self.found.push(syn::Error::new_spanned(ty, format!("the {word} needs a type that has a name")));
    }

    // Inside these, a lifetime may be left out.
    fn visit_type_fn_ptr(&mut self, _: &'ast TypeFnPtr) {}
    fn visit_parenthesized_generic_arguments(&mut self, _: &'ast ParenthesizedGenericArguments) {}
}

/// Reports the type and lifetime parameters that neither the key nor the value mentions; returns whether
/// there are none.
fn all_used(params: &Params, key: &Type, value: &Type, errors: &mut Errors) -> bool {
    let tokens = quote!(#key #value);
    let mut all = true;
    for param in &params.0.params {
        let (name, ident) = match param {
            GenericParam::Type(param) => (param.ident.to_token_stream(), &param.ident),
            GenericParam::Lifetime(param) => (param.lifetime.to_token_stream(), &param.lifetime.ident),
            GenericParam::Const(_) => continue,
        };
        if !mentions(&tokens, ident) {
            all = false;
            errors.at(
                &name,
                format!("`{name}` is neither in the key nor in the value: use it there, or remove it"),
            );
        }
    }
    all
}

/// The bound that the key needs, told on the key's type where it does not hold; none if the user wrote it.
fn key_bound(params: &Params, key: &Type) -> Option<WherePredicate> {
    if is_comparable(params, key) {
        return None;
    }
    let bound = quote_spanned!(generated_at(key.span())=> ::core::cmp::PartialEq);
    Some(parse_quote!(#key: #bound))
}

/// Returns whether the user wrote a bound from which `key: PartialEq` follows.
fn is_comparable(params: &Params, key: &Type) -> bool {
    let implies = |bound: &TypeParamBound| {
        let TypeParamBound::Trait(bound) = bound else { return false };
        let Some(last) = bound.path.segments.last() else { return false };
        let follows = ["PartialEq", "Eq", "PartialOrd", "Ord"];
        last.arguments.is_none() && follows.iter().any(|name| last.ident.unraw() == name)
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
