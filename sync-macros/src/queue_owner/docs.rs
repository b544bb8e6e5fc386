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

Takes the raw lock, never while a waker runs. With a `Lock` that keeps interrupts out while it is held, \
this may be called from an interrupt handler.";

pub(crate) fn new_with_raw_mutex(what: &str) -> String {
    format!(
        "\
Returns {what}, around `lock`.

`lock` decides who may use it: with one that keeps interrupts out while it is held, interrupt handlers \
may. Usable in a `static`, except in models under `--cfg loom`."
    )
}

pub(crate) fn new(what: &str) -> String {
    format!(
        "\
Returns {what}, around the default raw lock.

[`new_with_raw_mutex`](Self::new_with_raw_mutex) takes another one. Usable in a `static`, except in \
models under `--cfg loom`."
    )
}

pub(crate) fn close(store: Store) -> String {
    let order = match store {
        Store::Queue => "first in line first",
        Store::Buckets(_) => "bucket by bucket, and first in line first in each",
    };
    format!(
        "\
Closes it for good: all that wait, and all that will, are told so.

Wakes everybody who waits, {order}; their futures yield the error that says \"closed\". What was \
given to a waiter before stays with it. Closing again changes nothing.

{INTERRUPTS} It releases the lock between batches of wakers, and takes as many steps as there are waiters."
    )
}

pub(crate) fn is_closed() -> String {
    "\
Returns whether [`close`](Self::close) was called.

The answer `true` stays true; the answer `false` may be out of date when it arrives.

# Interrupts

Callable from everywhere."
        .to_owned()
}

pub(crate) fn waiters(store: Store) -> String {
    let lock = match store {
        Store::Queue => "Takes the raw lock, for",
        Store::Buckets(_) => "Takes the lock of one bucket after the other, all in all for",
    };
    format!(
        "\
Returns the number of tasks that wait, for diagnostics: it may be stale by the time it is read.

A task that a call has let go does not wait any more, even while its waker is still to be called. None waits \
once [`close`](Self::close) was called.

# Interrupts

{lock} at most as many steps as there are waiters."
    )
}
