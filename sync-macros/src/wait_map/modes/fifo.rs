//! `match = fifo`: any number of waiters per key, oldest first.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Path, Type};

use super::{
    super::{
        bounds::Requirements,
        docs::{FUTURELOCK, INTERRUPTS, fate},
        expand::{clone_bound, wait},
        model::WaitMap,
    },
    Declaration, Docs, Mode,
    by_key::{self, WaitDocs},
};
use crate::queue_owner::{Store, docs::doc};

pub(super) static MODE: Declaration = Declaration {
    name: "fifo",
    argument: None,
    options: by_key::OPTIONS,
    purpose: "a queue per key",
    key: by_key::KEY,
    yields: None,
    one_per_key: false,
    new: |_, _, _| Box::new(Fifo),
};

struct Fifo;

impl Mode for Fifo {
    fn rule(&self, p: &Path, key: &Type, value: &Type, sink: Option<&TokenStream>) -> TokenStream {
        let sink = sink.map(|sink| quote!(, #sink));
        quote!(#p::Fifo<#key, #value #sink>)
    }

    fn require(&self, of: &mut Requirements<'_>) {
        by_key::require(of);
    }

    fn methods(&self, map: &WaitMap) -> TokenStream {
        let (owner, key, ty) = (&map.owner, &map.key, &map.value.ty);
        let (p, vis) = (&owner.private, &owner.vis);
        let wait = wait(map, "wait", "key", &quote!(key), &wait_docs(map));
        let (param, arg) = by_key::value(map);
        let clause = clone_bound(map);
        let queue = owner.queue_of(&quote!(key));
        let one = doc(&by_key::wake_docs(map, "has waited longest for `key`", &undelivered(map)));
        let (n, all) = (doc(&wake_n_docs(map)), doc(&wake_all_docs(map)));
        quote! {
            #wait

            #one
            #vis fn wake_one(&self, key: &#key #param) -> #p::WakeOutcome<#ty> {
                #p::Queue::wake_one(#queue, key #arg)
            }

            #n
            #vis fn wake_n(&self, key: &#key, n: ::core::primitive::usize #param) -> ::core::primitive::usize #clause {
                #p::Queue::wake_n(#queue, key, n #arg)
            }

            #all
            #vis fn wake_all(&self, key: &#key #param) -> ::core::primitive::usize #clause {
                #p::Queue::wake_all(#queue, key #arg)
            }
        }
    }

    fn docs(&self, map: &WaitMap) -> Docs {
        Docs {
            noun: "map",
            new: by_key::NEW,
            waits: &["wait"],
            from_then: by_key::FROM_THEN,
            subscribe_errors: "It yields `Closed` if the map is closed.",
            future: "Polling it again after it was ready panics.",
            cancel: cancel(map),
        }
    }
}

fn cancel(map: &WaitMap) -> String {
    let undelivered = undelivered(map);
    format!(
        "**Hands on**, and loses its place. A future that is dropped leaves the queue of its key. {undelivered}"
    )
}

/// What becomes of a value whose future is dropped before it took it.
fn undelivered(map: &WaitMap) -> String {
    if map.value.given {
        let fate = fate(map);
        format!(
            "A future that was given a value keeps it until it is polled. If it is dropped instead, the \
             value goes to the next waiter of the same key; if there is none, {fate}."
        )
    } else {
        "A future that was woken keeps its wake-up until it is polled. If it is dropped instead, the wake-up \
         goes to the next waiter of the same key, if there is one."
            .to_owned()
    }
}

fn wait_docs(map: &WaitMap) -> String {
    let docs = WaitDocs {
        errors: "The future yields `Closed` if the map is [closed](Self::close) before it is woken.",
        cancel: cancel(map),
        fairness: "First in, first out among the waiters of one key.",
        steps: match map.owner.store {
            Store::Queue => "neither looks at other waiters, unless a value is handed on",
            Store::Buckets(_) => {
                "neither looks at other waiters, unless a value is handed on, which looks at those in the key's bucket"
            }
        },
    };
    by_key::wait_docs(map, docs)
}

fn wake_n_docs(map: &WaitMap) -> String {
    let gives = gives_each(map);
    wake_several_docs(
        map,
        &format!(
            "\
Wakes up to `n` of the tasks that wait for `key`, oldest first{gives}.

Returns the number of tasks woken: fewer than `n` if fewer waited, none if the map is [closed](Self::close)."
        ),
    )
}

fn wake_all_docs(map: &WaitMap) -> String {
    let gives = gives_each(map);
    wake_several_docs(
        map,
        &format!(
            "\
Wakes all tasks that wait for `key` at the time of the call, oldest first{gives}.

Returns the number of tasks woken; none if the map is [closed](Self::close). Tasks that start to wait \
meanwhile are not among them."
        ),
    )
}

fn gives_each(map: &WaitMap) -> &'static str {
    if map.value.given { ", and gives each a clone of `value`" } else { "" }
}

fn wake_several_docs(map: &WaitMap, what: &str) -> String {
    let (undelivered, steps) = (undelivered(map), by_key::steps(map));
    format!(
        "\
{what}

# Cancel safety

{undelivered} {FUTURELOCK}

{INTERRUPTS} {steps}"
    )
}
