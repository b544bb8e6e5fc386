//! `match = predicate(…)`: tasks wait for events that a function recognises.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{ExprPath, Ident, Path, Type, parse::ParseStream};

use super::{
    super::{
        docs::{FUTURELOCK, INTERRUPTS, fate, named, path},
        expand::{called_with, clone_bound, hygienic, wait},
        model::WaitMap,
        options::{ModeOption, Setting, UNDELIVERED},
        parse::{Args, ModeName},
        types,
    },
    Declaration, Docs, Mode, Start,
    stub::unreachable,
};
use crate::{
    diag::Errors,
    queue_owner::{args::value, docs::doc},
};

pub(super) static MODE: Declaration = Declaration {
    name: "predicate",
    argument: Some(read_function),
    options: &[&EVENT, &UNDELIVERED],
    purpose: "events that a function recognises",
    key: "the type of what a task waits for",
    yields: None,
    one_per_key: false,
    new,
};

static EVENT: ModeOption = ModeOption {
    word: "event",
    read: |slot, word, input| {
        let ty = value(word, input, "the type of what the predicate is asked about", "Change")?;
        *slot = Some(Setting::Type(Box::new(ty)));
        Ok(())
    },
};

/// Which keys an event is for. `None` after a misuse that leaves open which: then there is nothing to notify
/// of.
struct Predicate(Option<Function>);

struct Function {
    holds: ExprPath,
    /// The type that it is asked about.
    event: Type,
}

/// Reads the function of `predicate(…)`.
fn read_function(slot: &mut Option<Setting>, name: &Ident, input: ParseStream<'_>) -> syn::Result<()> {
    const WRITE: &str = "write `match = predicate(Path::is_prefix_of)`, with the path of a function \
                         `fn(&Key, &Event) -> bool`";
    let missing = || syn::Error::new_spanned(name, format!("`predicate` needs a function: {WRITE}"));
    if !input.peek(syn::token::Paren) {
        return Err(missing());
    }
    let inside;
    syn::parenthesized!(inside in input);
    if inside.is_empty() {
        return Err(missing());
    }
    let wrong = |span| syn::Error::new(span, format!("`predicate` takes a function by its path: {WRITE}"));
    let path = inside.parse().map_err(|error| wrong(error.span()))?;
    if !inside.is_empty() {
        return Err(wrong(inside.span()));
    }
    *slot = Some(Setting::Path(path));
    Ok(())
}

fn new(mode: &ModeName, args: &Args, errors: &mut Errors) -> Box<dyn Mode> {
    let event = match args.settings.get(&EVENT) {
        Some(Setting::Type(ty)) => types::check_name(ty, "event", errors).then(|| (**ty).clone()),
        _ => None,
    };
    if args.settings.get(&EVENT).is_none() && args.complete {
        errors.at(
            &mode.name,
            "missing `event`: add `event = …`, the type of what the predicate is asked about",
        );
    }
    Box::new(Predicate(match (&mode.argument, event) {
        (Some(Setting::Path(holds)), Some(event)) => Some(Function { holds: holds.clone(), event }),
        _ => None,
    }))
}

impl Mode for Predicate {
    fn rule(&self, p: &Path, key: &Type, value: &Type, sink: Option<&TokenStream>) -> TokenStream {
        let sink = sink.map(|sink| quote!(, #sink));
        quote!(#p::Matching<#key, #value #sink>)
    }

    fn start(&self, _: &WaitMap) -> Start {
        Start { state: quote!(0), bound: None }
    }

    fn methods(&self, map: &WaitMap) -> TokenStream {
        let (p, vis, value) = (&map.owner.private, &map.owner.vis, &map.value.ty);
        let holds = self.0.as_ref().map(|function| &function.holds);
        let wait = wait(map, "wait", "key", &quote!(#p::Aged::new(key)), &wait_docs(map, holds));
        let notify = match &self.0 {
            None => stub(map),
            Some(Function { holds, event: ty }) => {
                let docs = doc(&notify_docs(map, holds));
                let (key, event) = (hygienic("key"), hygienic("event"));
                let call = called_with(holds, &["key", "event"]);
                if map.value.given {
                    let clause = clone_bound(map);
                    quote! {
                        #docs
                        #vis fn notify_with(&self, #event: &#ty, value: #value) -> ::core::primitive::usize #clause {
                            #p::Queue::notify_with(&self.__sync_queue, |#key| #call, value)
                        }
                    }
                } else {
                    quote! {
                        #docs
                        #vis fn notify(&self, #event: &#ty) -> ::core::primitive::usize {
                            #p::Queue::notify_all(&self.__sync_queue, |#key| #call)
                        }
                    }
                }
            }
        };
        quote!(#wait #notify)
    }

    fn docs(&self, map: &WaitMap) -> Docs {
        Docs {
            noun: "wait queue",
            new: "a wait queue with no task waiting",
            waits: &["wait"],
            from_then: "from then on events reach the wait, polled again or not",
            subscribe_errors: "It yields `Closed` if the wait queue is closed.",
            future: "Polling it again after it was ready panics.",
            cancel: cancel(map),
        }
    }
}

/// What notifies after a misuse that leaves open of what: it takes anything.
fn stub(map: &WaitMap) -> TokenStream {
    let owner = &map.owner;
    let (vis, value) = (&owner.vis, &map.value.ty);
    let event = owner.params.fresh_type("Event", &[quote!(#value)]);
    let unreachable = unreachable();
    let (name, param) =
        if map.value.given { (quote!(notify_with), quote!(, _: #value)) } else { (quote!(notify), quote!()) };
    quote! {
        #[doc(hidden)]
        #vis fn #name<#event: ?::core::marker::Sized>(&self, _: &#event #param) -> ::core::primitive::usize #unreachable
    }
}

fn cancel(map: &WaitMap) -> String {
    if map.value.given {
        let fate = fate(map);
        format!(
            "**Not.** A future that is dropped leaves the queue. One that was given a value keeps it until \
             it is polled; if it is dropped instead, {fate}. Other tasks that were notified have values of \
             their own."
        )
    } else {
        "**Not.** A future that is dropped leaves the queue. If it was woken and not polled since, that \
         wake-up is lost; other tasks that were notified were woken too."
            .to_owned()
    }
}

fn wait_docs(map: &WaitMap, holds: Option<&ExprPath>) -> String {
    let future = named(map.names.wait.as_ref());
    let holds = holds.map_or_else(|| "the predicate".to_owned(), path);
    let (notify, yields) = if map.value.given {
        ("notify_with", "yields a clone of the value that came with it")
    } else {
        ("notify", "is ready when it was woken")
    };
    let cancel = cancel(map);
    format!(
        "\
Waits for an event for which {holds} holds of `key`.

Returns the future{future} which {yields}. It takes its place when it is first polled: events that \
[`{notify}`](Self::{notify}) announces before that do not reach it. Where that matters, pin the future and \
await its `subscribe()` first. `wait_owned`, with the feature `alloc`, is the same for tasks that cannot \
borrow.

# Errors

The future yields `Closed` if the wait queue is [closed](Self::close) before it is woken.

# Cancel safety

{cancel}

# Fairness

An event is for all tasks that wait for it; they are woken oldest first.

{INTERRUPTS} That holds for polling the future and for dropping it."
    )
}

fn notify_docs(map: &WaitMap, holds: &ExprPath) -> String {
    let holds = path(holds);
    let gives = if map.value.given {
        " Each of them is given a clone of `value`, made outside the raw lock; the last one gets `value` itself."
    } else {
        ""
    };
    let panics = if map.value.given {
        format!(
            "{holds} does, or the clone of a value: the waiters that were given a value before keep it and \
             are woken, and all others wait on."
        )
    } else {
        format!("{holds} does: the waiters for which it held before are woken, and all others wait on.")
    };
    let cancel = cancel(map);
    format!(
        "\
Announces `event` to all waiters, and wakes those for whose key {holds} holds, oldest first.

Returns the number of tasks woken; none if the wait queue is [closed](Self::close). Tasks that start to wait \
meanwhile are not among them.{gives} An event that finds no waiter is not kept.

# Panics

If {panics}

# Cancel safety

{cancel} {FUTURELOCK}

{INTERRUPTS} {holds} is called for each waiter, in one pass under the lock, so it must not use this wait queue."
    )
}
