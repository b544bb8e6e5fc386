//! The documentation of what both macros generate.

use proc_macro2::TokenStream;
use quote::quote;

use super::Store;

/// `text` as doc comments, a line each.
pub(crate) fn doc(text: &str) -> TokenStream {
    let lines =
        text.trim().lines().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
    quote!(#(#[doc = #lines])*)
}

/// What a caller has to know about raw locks, for every method that takes one.
pub(crate) const INTERRUPTS: &str = "\
# Interrupts

Takes the raw lock, never while a waker runs. With a `Lock` that masks interrupts while it is held, this may \
be called from an interrupt handler.";

pub(crate) fn new_with_raw_mutex(what: &str) -> String {
    format!(
        "\
Returns {what}, around `lock`.

With a `lock` that masks interrupts while it is held, interrupt handlers may use it. Usable in a `static`, \
except in models under `--cfg loom`."
    )
}

pub(crate) fn new(what: &str) -> String {
    format!(
        "\
Returns {what}, around the default raw lock.

[`new_with_raw_mutex`](Self::new_with_raw_mutex) takes another one. Usable in a `static`, except in models \
under `--cfg loom`."
    )
}

pub(crate) fn close(store: Store) -> String {
    let order = match store {
        Store::Queue => "oldest first",
        Store::Buckets(_) => "bucket by bucket, and oldest first in each",
    };
    format!(
        "\
Closes it for good: waits fail from now on, those that have begun included.

Wakes all waiters, {order}; their futures yield the error that says \"closed\". What was given to a waiter \
before stays with it. Closing again changes nothing.

{INTERRUPTS} It releases the lock between batches of wakers, and takes as many steps as there are waiters."
    )
}

pub(crate) fn is_closed() -> String {
    "\
Returns whether [`close`](Self::close) was called.

`true` stays true; `false` may be stale by the time it is read.

# Interrupts

May be called from everywhere."
        .to_owned()
}

pub(crate) fn waiters(store: Store) -> String {
    let lock = match store {
        Store::Queue => "Takes the raw lock, for",
        Store::Buckets(_) => "Takes the lock of one bucket after the other, in total for",
    };
    format!(
        "\
Returns the number of tasks that wait, for diagnostics: it may be stale by the time it is read.

A task that a call has woken no longer counts, even if its waker is still to be called; after \
[`close`](Self::close) none does.

# Interrupts

{lock} at most as many steps as there are waiters."
    )
}
