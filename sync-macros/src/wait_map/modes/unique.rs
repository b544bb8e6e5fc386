//! `match = unique`: at most one waiter per key, as maitake-sync's `WaitMap` has it.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Path, Type};

use super::{
    super::{bounds::Requirements, docs::fate, expand::wait, model::WaitMap},
    Declaration, Docs, Mode,
    by_key::{self, WaitDocs},
};
use crate::queue_owner::{Store, docs::doc};

pub(super) static MODE: Declaration = Declaration {
    name: "unique",
    argument: None,
    options: by_key::OPTIONS,
    purpose: "one waiter per key",
    key: by_key::KEY,
    yields: None,
    one_per_key: true,
    new: |_, _, _| Box::new(Unique),
};

struct Unique;

impl Mode for Unique {
    fn rule(&self, p: &Path, key: &Type, value: &Type, sink: Option<&TokenStream>) -> TokenStream {
        let sink = sink.map(|sink| quote!(, #sink));
        quote!(#p::Unique<#key, #value #sink>)
    }

    fn require(&self, of: &mut Requirements<'_>) {
        by_key::require(of);
    }

    fn methods(&self, map: &WaitMap) -> TokenStream {
        let (owner, key, ty) = (&map.owner, &map.key, &map.value.ty);
        let (p, vis) = (&owner.private, &owner.vis);
        let wait = wait(map, "wait", "key", &quote!(key), &wait_docs(map));
        let (param, arg) = by_key::value(map);
        let (queue, queue_of_own) = (owner.queue_of(&quote!(key)), owner.queue_of(&quote!(&key)));
        let wake = doc(&by_key::wake_docs(map, "waits for `key`", &undelivered(map)));
        let wait_for = doc(&wait_for_docs("`true`", "", "while the condition does not hold"));
        let wait_for_value =
            doc(&wait_for_docs("a value", ", and returns that value", "before `f` returned a value"));
        let f = owner.params.fresh_type("F", &[quote!(#key)]);
        let t = owner.params.fresh_type("T", &[quote!(#key)]);
        quote! {
            #wait

            #wake
            #vis fn wake(&self, key: &#key #param) -> #p::WakeOutcome<#ty> {
                #p::Queue::wake(#queue, key #arg)
            }

            #wait_for
            #vis async fn wait_for<#f>(&self, key: #key, f: #f) -> ::core::result::Result<(), #p::WaitError>
            where
                #f: ::core::ops::FnMut() -> ::core::primitive::bool,
            {
                #p::Queue::wait_for(#queue_of_own, key, f).await
            }

            #wait_for_value
            #vis async fn wait_for_value<#t, #f>(
                &self,
                key: #key,
                f: #f,
            ) -> ::core::result::Result<#t, #p::WaitError>
            where
                #f: ::core::ops::FnMut() -> ::core::option::Option<#t>,
            {
                #p::Queue::wait_for_value(#queue_of_own, key, f).await
            }
        }
    }

    fn docs(&self, map: &WaitMap) -> Docs {
        Docs {
            noun: "map",
            new: by_key::NEW,
            waits: &["wait"],
            from_then: by_key::FROM_THEN,
            subscribe_errors: "It yields `WaitError::Closed` if the map is closed, and \
                               `WaitError::Duplicate` if another task waits for the same key.",
            future: "Polled again after it was ready, it yields `WaitError::AlreadyConsumed`.",
            cancel: cancel(map),
        }
    }
}

fn cancel(map: &WaitMap) -> String {
    let undelivered = undelivered(map);
    format!("**Not.** A future that is dropped leaves the map, and its key is free again. {undelivered}")
}

/// What becomes of a value whose future is dropped before it took it.
fn undelivered(map: &WaitMap) -> String {
    if map.value.given {
        let fate = fate(map);
        format!(
            "A future that was given a value keeps it until it is polled. If it is dropped instead, {fate}."
        )
    } else {
        "A wake-up whose future is dropped before it is polled is lost.".to_owned()
    }
}

const FAIRNESS: &str = "There is at most one waiter per key, so none is preferred.";

fn wait_docs(map: &WaitMap) -> String {
    let docs = WaitDocs {
        errors: "The future yields `WaitError::Duplicate` if a task waits for an equal key already, and \
                 `WaitError::Closed` if the map is [closed](Self::close) before it is woken.",
        cancel: cancel(map),
        fairness: FAIRNESS,
        steps: match map.owner.store {
            Store::Queue => "the first poll compares keys under the lock",
            Store::Buckets(_) => "the first poll compares keys in the key's bucket, under its lock",
        },
    };
    by_key::wait_docs(map, docs)
}

/// `wait_for` and `wait_for_value`.
fn wait_for_docs(what: &str, returns: &str, closed: &str) -> String {
    format!(
        "\
Waits until `f` returns {what}, calling it again after each wake-up of `key`{returns}.

`f` is first called when the task has taken its place, so that no change after that is missed. The value \
that a wake-up brings is dropped.

# Errors

`WaitError::Duplicate` if a task waits for an equal key already, and `WaitError::Closed` if the map is \
[closed](Self::close) {closed}.

# Cancel safety

**Strict**, if `f` keeps nothing: dropping the future and calling again is equivalent to going on.

# Fairness

{FAIRNESS}

# Interrupts

`f` runs outside the raw lock."
    )
}
