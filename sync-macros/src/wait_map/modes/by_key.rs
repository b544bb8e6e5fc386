//! What `match = unique` and `match = fifo` have in common: keys that are compared.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::{
    bounds::Requirements,
    docs::{FUTURELOCK, INTERRUPTS, named},
    model::WaitMap,
    options::{BUCKETS, ModeOption, UNDELIVERED},
};
use crate::queue_owner::Store;

pub(super) const OPTIONS: &[&ModeOption] = &[&BUCKETS, &UNDELIVERED];
/// What keys are.
pub(super) const KEY: &str = "the type that names the waiters to wake";
pub(super) const NEW: &str = "a map with no task waiting";
pub(super) const FROM_THEN: &str = "from then on wake-ups of the key reach the wait, polled again or not";

/// Requires that keys can be compared.
pub(super) fn require(of: &mut Requirements<'_>) {
    let p = of.private();
    if of.generic {
        of.of_key(&["PartialEq", "Eq", "PartialOrd", "Ord"], &quote!(::core::cmp::PartialEq));
    } else {
        of.of_key(&[], &quote!(#p::ComparableKey));
    }
    match (of.hashed(), of.generic) {
        (true, true) => of.of_key(&["Hash"], &quote!(::core::hash::Hash)),
        (true, false) => of.of_key(&[], &quote!(#p::HashedKey)),
        (false, _) => {}
    }
}

/// The parameter and the argument for the value, both with the comma before them.
pub(super) fn value(map: &WaitMap) -> (TokenStream, TokenStream) {
    let ty = &map.value.ty;
    if map.value.given { (quote!(, value: #ty), quote!(, value)) } else { (quote!(), quote!(, ())) }
}

/// The parts in which the modes' `wait` differs.
pub(super) struct WaitDocs {
    pub(super) errors: &'static str,
    pub(super) cancel: String,
    pub(super) fairness: &'static str,
    /// What it does under the lock.
    pub(super) steps: &'static str,
}

/// `wait`.
pub(super) fn wait_docs(map: &WaitMap, docs: WaitDocs) -> String {
    let WaitDocs { errors, cancel, fairness, steps } = docs;
    let future = named(map.names.wait.as_ref());
    let yields = if map.value.given {
        "yields the value that the wake-up brought"
    } else {
        "is ready when it was woken"
    };
    format!(
        "\
Waits until `key` is woken.

Returns the future{future} which {yields}. It takes its place when it is first polled: a wake-up before that \
does not find it. Where the answer may come sooner, pin the future and await its `subscribe()` before \
asking. `wait_owned`, with the feature `alloc`, is the same for tasks that cannot borrow.

# Errors

{errors}

# Cancel safety

{cancel}

# Fairness

{fairness}

{INTERRUPTS} That holds for polling the future and for dropping it; {steps}."
    )
}

/// Where a key is looked for, and what happens to it there.
pub(super) fn steps(map: &WaitMap) -> &'static str {
    match map.owner.store {
        Store::Queue => {
            "It looks at the waiters one by one, so its steps are bounded by their number. Keys are compared \
             under the lock; waking happens outside it."
        }
        Store::Buckets(_) => {
            "It looks at the waiters in the key's bucket one by one, so its steps are bounded by their \
             number. Keys are compared under the bucket's lock; hashing and waking happen outside it."
        }
    }
}

/// The method that wakes `which` waiter; `undelivered` says what becomes of a value that is not taken.
pub(super) fn wake_docs(map: &WaitMap, which: &str, undelivered: &str) -> String {
    let steps = steps(map);
    let (gives, outcome) = if map.value.given {
        (
            " and gives it `value`",
            "Returns `WakeOutcome::Woke` if there was one. Otherwise the value comes back, in \
             `WakeOutcome::NoMatch` if no task waits for `key`, and in `WakeOutcome::Closed` if the map is \
             [closed](Self::close).",
        )
    } else {
        (
            "",
            "Returns `WakeOutcome::Woke` if there was one, `WakeOutcome::NoMatch` if no task waits for \
             `key`, and `WakeOutcome::Closed` if the map is [closed](Self::close).",
        )
    };
    format!(
        "\
Wakes the task that {which}{gives}.

{outcome} A wake-up that finds no waiter is not kept.

# Cancel safety

{undelivered} {FUTURELOCK}

{INTERRUPTS} {steps}"
    )
}
