//! Syntax to model: what is missing, what does not go together, types that cannot stand in a struct, parameters
//! without use.

mod bounds;
mod options;
mod types;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::{Ident, Path, Type, ext::IdentExt, parse_quote};

use super::{
    model::{Body, Futures, Mode, Predicate, Value, WaitMap},
    parse::{Args, Kind},
};
use crate::{
    diag::Errors,
    host::{Host, Store, generics::Params, item::Subject, names::Names},
};

pub(super) fn check(mut args: Args, subject: Subject, errors: &mut Errors) -> WaitMap {
    let private = args.krate.clone().unwrap_or_default().private();
    report_missing(&args, errors);
    options::check(&mut args, errors);
    let names = NamesOfFutures::claim(args.future.take(), args.subscribe.take(), &subject, errors);

    let key = args.key.take().filter(|ty| types::check_kept(ty, "key", errors));
    let given = args.value.is_some();
    let value = args.value.take().map(|value| value.value);
    let value = value.filter(|ty| types::check_kept(ty, "value", errors));
    let value_is_known = value.is_some() || !given;
    let gives_key = matches!(args.mode.as_ref().map(|mode| &mode.kind), Some(Kind::UpTo | Kind::Mask));
    let value = match (value, &key) {
        // For a stub's sake: the code that waits on it uses what the mode would have given.
        (None, Some(key)) if gives_key => key.clone(),
        (value, _) => value.unwrap_or_else(|| parse_quote!(())),
    };

    let params = Params(subject.generics);
    let mut rule_bounds = Vec::new();
    let is_unique = matches!(args.mode.as_ref().map(|mode| &mode.kind), None | Some(Kind::Unique));
    let used = |key: &Type, errors: &mut Errors| {
        types::all_used(&params, key, (!gives_key).then_some(&value), errors)
    };
    let body = match (key, mode(&mut args, errors)) {
        (Some(key), Some(mode)) if value_is_known && used(&key, errors) => {
            rule_bounds = bounds::of_key(&params, &key, &mode, args.buckets.is_some(), &private);
            Body::Whole(mode, Box::new(key))
        }
        (key, _) => Body::Stub(key.map(Box::new)),
    };
    let undelivered = args.undelivered.filter(|_| matches!(body, Body::Whole(..)));
    let undelivered = undelivered.map(|undelivered| undelivered.value);
    let store = match (&body, args.buckets) {
        (Body::Whole(..), Some(buckets)) => Store::Buckets(buckets.value),
        _ => Store::Queue,
    };
    let host = Host {
        private,
        attrs: subject.attrs,
        vis: subject.vis,
        struct_token: subject.struct_token,
        ident: subject.ident,
        params,
        rule_bounds,
        store,
    };
    let rule = match &body {
        Body::Whole(mode, key) => {
            let sink = undelivered.is_some().then(|| host.ty(&host.default_lock()));
            rule(&host.private, mode, key, &value, sink.as_ref())
        }
        Body::Stub(_) => {
            let (p, key) = (&host.private, host.params.held());
            let name = if is_unique { quote!(Unique) } else { quote!(Fifo) };
            quote!(#p::#name<#key, #value>)
        }
    };
    let names = names.finish(&host.params, &rule);
    let value = Value { generic: host.params.reach(&value.to_token_stream()), ty: value, given };
    WaitMap { host, rule, is_unique, value, undelivered, names, body }
}

/// The type of the library that knows the mode; values that nobody gets go to `sink`.
fn rule(p: &Path, mode: &Mode, key: &Type, value: &Type, sink: Option<&TokenStream>) -> TokenStream {
    let sink = sink.map(|sink| quote!(, #sink));
    match mode {
        Mode::Unique => quote!(#p::Unique<#key, #value #sink>),
        Mode::Fifo => quote!(#p::Fifo<#key, #value #sink>),
        Mode::UpTo { wrapping: false } => quote!(#p::UpTo<#key>),
        Mode::UpTo { wrapping: true } => quote!(#p::UpTo<#key, #p::Wrapping>),
        Mode::Mask { consume: false } => quote!(#p::Mask<#key>),
        Mode::Mask { consume: true } => quote!(#p::Mask<#key, #p::Consume>),
        Mode::Predicate(_) => quote!(#p::Matching<#key, #value #sink>),
    }
}

/// The mode with what other arguments say about it.
fn mode(args: &mut Args, errors: &mut Errors) -> Option<Mode> {
    let mode = args.mode.take()?;
    Some(match mode.kind {
        Kind::Unique => Mode::Unique,
        Kind::Fifo => Mode::Fifo,
        Kind::UpTo => Mode::UpTo { wrapping: args.wrapping.is_some() },
        Kind::Mask => Mode::Mask { consume: args.consume.is_some() },
        Kind::Predicate(holds) => {
            if args.event.is_none() && args.whole {
                errors.at(
                    &mode.name,
                    "missing `event`: add `event = …`, the type of what the predicate is asked about",
                );
            }
            let event = args.event.take().map(|event| event.value);
            let event = event.filter(|ty| types::check_name(ty, "event", errors));
            Mode::Predicate(holds.zip(event).map(|(holds, event)| Box::new(Predicate { holds, event })))
        }
    })
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
        (None, Some(mode)) => {
            let what = match mode.kind {
                Kind::Unique | Kind::Fifo => "the type that names who is to be woken",
                Kind::UpTo => "the type of the positions",
                Kind::Mask => "the unsigned integer whose bits are the flags",
                Kind::Predicate(_) => "the type of what a task says when it waits",
            };
            errors.at_span(Span::call_site(), format!("missing `key`: add `key = …`, {what}"));
        }
        (Some(_), None) => errors.at_span(
            Span::call_site(),
            "missing `match`: add `match = unique` for one waiter per key, `match = fifo` for a queue per key, or \
             `up_to`, `mask` or `predicate(…)`",
        ),
        (Some(_), Some(_)) => {}
    }
}

/// The names of the futures, as far as nothing else has them.
struct NamesOfFutures {
    wait: Option<(Ident, Ident)>,
    subscribe: Option<Ident>,
}

impl NamesOfFutures {
    fn claim(wait: Option<Ident>, subscribe: Option<Ident>, subject: &Subject, errors: &mut Errors) -> Self {
        let mut types = Names::of_types(subject);
        let wait = wait.unwrap_or_else(|| format_ident!("{}Wait", subject.ident.unraw()));
        let wait_owned = format_ident!("{}Owned", wait.unraw());
        let claimed = types.claim_all(&wait, &[&wait, &wait_owned], errors);
        let subscribe = subscribe.unwrap_or_else(|| format_ident!("{}Subscribe", wait.unraw()));
        let subscribe = (claimed && types.claim_all(&subscribe, &[&subscribe], errors)).then_some(subscribe);
        Self { wait: claimed.then_some((wait, wait_owned)), subscribe }
    }

    fn finish(self, params: &Params, rule: &TokenStream) -> Futures {
        let tokens = [rule.clone()];
        let (wait, wait_owned) = self.wait.unzip();
        Futures {
            wait,
            wait_owned,
            subscribe: self.subscribe,
            map: params.fresh_lifetime("map", &tokens),
            pin: params.fresh_lifetime("wait", &tokens),
        }
    }
}
