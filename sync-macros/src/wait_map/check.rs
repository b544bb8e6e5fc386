//! Syntax to model: what is missing, what does not go together, types that cannot stand in a struct,
//! parameters without use.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident};
use syn::{Ident, Type, ext::IdentExt, parse_quote};

use super::{
    bounds::Requirements,
    model::{Futures, Value, WaitMap},
    modes::{Declaration, MODES, Mode, Stub},
    options::{BUCKETS, Setting, UNDELIVERED},
    parse::Args,
    types,
};
use crate::{
    diag::Errors,
    queue_owner::{QueueOwner, Store, generics::Params, item::Subject, names::Names},
};

pub(super) fn check(mut args: Args, subject: Subject, errors: &mut Errors) -> WaitMap {
    let private = args.crate_path.take().unwrap_or_default().private();
    report_missing(&args, errors);
    check_options(&mut args, errors);
    let names = NamesOfFutures::claim(args.future.take(), args.subscribe.take(), &subject, errors);

    let declared = args.mode.as_ref().map(|mode| mode.mode);
    let yields_key = declared.is_some_and(|mode| mode.yields.is_some());
    let one_per_key = declared.is_none_or(|mode| mode.one_per_key);
    let key = args.key.take().filter(|ty| types::check_kept(ty, "key", errors));
    let given = args.value.is_some();
    let value = args.value.take().map(|(_, ty)| ty);
    let value = value.filter(|ty| types::check_kept(ty, "value", errors));
    let value_is_known = value.is_some() || !given;
    let value = match (value, &key) {
        // For a stub's sake: the code that waits on it uses what the mode would have given.
        (None, Some(key)) if yields_key => key.clone(),
        (value, _) => value.unwrap_or_else(|| parse_quote!(())),
    };

    let mode = args.mode.take().map(|name| (name.mode.new)(&name, &args, errors));
    let mut owner = QueueOwner {
        private,
        attrs: subject.attrs,
        vis: subject.vis,
        struct_token: subject.struct_token,
        ident: subject.ident,
        params: Params(subject.generics),
        rule_bounds: Vec::new(),
        store: Store::Queue,
    };
    let used = |key: &Type, params: &Params, errors: &mut Errors| {
        types::all_used(params, key, (!yields_key).then_some(&value), errors)
    };
    let mut undelivered = None;
    let (mode, key): (Box<dyn Mode>, Type) = match (mode, key) {
        (Some(mode), Some(key)) if value_is_known && used(&key, &owner.params, errors) => {
            if let Some(Setting::Number(number)) = args.settings.get(&BUCKETS) {
                owner.store = Store::Buckets(*number);
            }
            if let Some(Setting::Path(path)) = args.settings.get(&UNDELIVERED) {
                undelivered = Some(path.clone());
            }
            let mut requirements = Requirements::new(&owner, &key);
            mode.require(&mut requirements);
            owner.rule_bounds = requirements.bounds;
            (mode, key)
        }
        (_, key) => {
            let held = owner.params.held();
            (Box::new(Stub { key, one_per_key }), parse_quote!(#held))
        }
    };
    let sink = undelivered.is_some().then(|| owner.ty(&owner.default_lock()));
    let rule = mode.rule(&owner.private, &key, &value, sink.as_ref());
    let names = names.finish(&owner.params, &rule);
    let value = Value { generic: owner.params.reach(&value.to_token_stream()), ty: value, given };
    WaitMap { owner, mode, key, rule, one_per_key, value, undelivered, names }
}

/// Reports and takes out what the mode does not have.
fn check_options(args: &mut Args, errors: &mut Errors) {
    let Some(mode) = &args.mode else { return };
    let name = &mode.name;
    if let (Some(yields), Some((word, _))) = (mode.mode.yields, &args.value) {
        errors.at(word, format!("with `match = {name}`, what a wait yields is {yields}: remove `value`"));
        args.value = None;
    }
    args.settings.check(mode.mode, name, errors);
    // If the value is there and cannot be read, that was reported.
    if args.value.is_none() && args.complete {
        args.settings.check_undelivered(errors);
    }
}

fn report_missing(args: &Args, errors: &mut Errors) {
    if !args.complete {
        return;
    }
    match (&args.key, &args.mode) {
        (None, None) => errors.at_span(
            Span::call_site(),
            "missing `key` and `match`: write `#[wait_map(key = u16, value = Reply, match = unique)]`, with \
             your own types",
        ),
        (None, Some(mode)) => {
            let what = mode.mode.key;
            errors.at_span(Span::call_site(), format!("missing `key`: add `key = …`, {what}"));
        }
        (Some(_), None) => {
            let modes = MODES.map(|Declaration { name, argument, purpose, .. }| {
                let argument = if argument.is_some() { "(…)" } else { "" };
                format!("`{name}{argument}` for {purpose}")
            });
            let modes = modes.join(", ");
            errors.at_span(Span::call_site(), format!("missing `match`: add `match = …`, with {modes}"));
        }
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
