//! Syntax to model: what is missing, and names that clash.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Ident, Type, WherePredicate, ext::IdentExt, parse_quote};

use super::{
    model::{Group, Pair, Primitive},
    parse::{self, Args},
};
use crate::{
    diag::Errors,
    queue_owner::{QueueOwner, Store, generated_at, generics::Params, item::Subject, names::Names, respan},
};

/// The methods that every primitive has.
const METHODS: [&str; 7] =
    ["new", "new_with_raw_mutex", "notify", "notify_count", "close", "is_closed", "waiters"];
/// The methods that those have whose state is a word.
const METHODS_OF_WORD: [&str; 8] =
    ["new", "new_with_raw_mutex", "word", "try_take", "change", "close", "is_closed", "waiters"];

pub(super) fn check(args: Args, subject: Subject, errors: &mut Errors) -> Primitive {
    let crate_path = args.crate_path.unwrap_or_default();
    let mut methods = match args.word {
        Some(_) => Names::new("method", METHODS_OF_WORD),
        None => Names::new("method", METHODS),
    };
    let mut types = Names::of_types(&subject);

    if args.complete && args.groups.is_empty() {
        errors.at_span(
            Span::call_site(),
            "missing `method` and `future`: write `#[primitive(method = acquire, future = Acquire)]`, \
             with the names of the method that waits and of the future that it returns",
        );
    }
    let groups: Vec<_> = args
        .groups
        .into_iter()
        .map(|group| check_group(group, args.complete, &mut methods, &mut types, errors))
        .collect();

    if let Some(new) = &args.new {
        let mut names = Names::new("parameter", ["lock"]);
        for param in &new.params {
            names.claim_all(&param.name, &[&param.name], errors);
        }
    }

    let mut owner = QueueOwner {
        private: crate_path.private(),
        attrs: subject.attrs,
        vis: subject.vis,
        struct_token: subject.struct_token,
        ident: subject.ident,
        params: Params(subject.generics),
        rule_bounds: Vec::new(),
        store: Store::Queue,
    };
    let policy = owner.ty(&owner.default_lock());
    owner.rule_bounds.push(policy_bound(&owner, &policy, args.word.as_ref()));
    let p = &owner.private;
    let rule = if args.word.is_some() { quote!(#p::WordPolicyRule<#policy>) } else { policy.clone() };
    let borrow = owner.params.fresh_lifetime("a", &[]);
    Primitive { owner, policy, rule, word: args.word, new: args.new, borrow, groups }
}

/// The bound that is missing when there is no `impl Policy`: reported on the struct's name.
fn policy_bound(owner: &QueueOwner, policy: &TokenStream, word: Option<&Type>) -> WherePredicate {
    let span = generated_at(owner.ident.span());
    let private = respan(&owner.private.to_token_stream(), span);
    let bound = if let Some(word) = word {
        quote_spanned!(span=> #private::WordPolicy<Word = #word>)
    } else {
        quote_spanned!(span=> #private::Policy)
    };
    parse_quote!(#policy: #bound)
}

fn check_group(
    group: parse::Group,
    complete: bool,
    methods: &mut Names,
    types: &mut Names,
    errors: &mut Errors,
) -> Group {
    match (&group.method, &group.future) {
        (Some(parse::Method { name: method, .. }), None) if complete => {
            let example = camel_case(method);
            errors.at(
                method,
                format!("missing `future` for the method `{method}`: add `future = {example}`, the name of what it returns"),
            );
        }
        (None, Some(future)) if complete => errors.at(
            &future.word,
            format!(
                "there is no `method` for the future `{0}`: write `method = …, future = {0}`, or remove it",
                future.name
            ),
        ),
        _ => {}
    }
    let (method, method_docs) = group.method.map(|method| (method.name, method.docs)).unzip();
    let (future, future_docs) = group.future.map(|future| (future.name, future.docs)).unzip();
    let methods = method
        .and_then(|method| methods.claim(method, |name| format_ident!("{}_owned", name.unraw()), errors));
    let futures =
        future.and_then(|future| types.claim(future, |name| format_ident!("{}Owned", name.unraw()), errors));
    Group {
        methods,
        futures,
        waiter: group.waiter,
        method_docs: method_docs.unwrap_or_default(),
        future_docs: future_docs.unwrap_or_default(),
    }
}

/// The usual name of the future of the method `name`.
fn camel_case(name: &Ident) -> String {
    name.unraw()
        .to_token_stream()
        .to_string()
        .split('_')
        .map(|word| {
            let mut letters = word.chars();
            letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
        })
        .collect()
}

impl Names {
    /// Takes `name` and its owned twin, unless one of them is taken.
    fn claim(&mut self, name: Ident, twin: impl Fn(&Ident) -> Ident, errors: &mut Errors) -> Option<Pair> {
        let owned = twin(&name);
        self.claim_all(&name, &[&name, &owned], errors).then_some(Pair { borrowed: name, owned })
    }
}
