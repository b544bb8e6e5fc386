//! The documentation of what `#[wait_map]` generates.

use quote::ToTokens;
use syn::{ExprPath, Ident, ext::IdentExt};

use super::{model::WaitMap, modes::Docs};
pub(super) use crate::queue_owner::docs::INTERRUPTS;

/// A link to a type: its name as text and, where that is another one, its path for rustdoc.
fn link(ty: &Ident) -> String {
    let name = ty.unraw();
    if name == *ty { format!("[`{name}`]") } else { format!("[`{name}`]({ty})") }
}

/// A path as it is written.
pub(super) fn path(path: &ExprPath) -> String {
    format!("`{}`", path.to_token_stream().to_string().replace(' ', ""))
}

/// No fair primitive can prevent it, so it is documented.
pub(super) const FUTURELOCK: &str = "\
Until then it stays with that future, even if its task does not run or polls something else \
(\"futurelock\").";

/// The future's name where it is returned: "the future `MapWait`," as a link, or "the future".
pub(super) fn named(future: Option<&Ident>) -> String {
    future.map_or_else(String::new, |name| format!(" {},", link(name)))
}

/// What becomes of a value that a dropped future was given, and that no other waiter gets.
pub(super) fn fate(map: &WaitMap) -> String {
    match &map.undelivered {
        Some(to) => format!("{} gets the value, with the key, outside the raw lock", path(to)),
        None => "the value is dropped, outside the raw lock".to_owned(),
    }
}

/// The owned twin of `method`.
pub(super) fn wait_owned(map: &WaitMap, method: &str) -> String {
    let (future, noun) = (named(map.names.wait_owned.as_ref()), map.mode.docs(map).noun);
    format!(
        "\
Waits as [`{method}`](Self::{method}) does, with a future that borrows nothing.

Returns the future{future} which holds a clone of the `Arc` until it is dropped. Errors, cancel safety, \
fairness and use in interrupt handlers are those of [`{method}`](Self::{method}). Dropping the future frees \
the {noun} if no other `Arc` of it is left, so drop it where freeing is allowed."
    )
}

/// The type of a future.
pub(super) fn future(map: &WaitMap, owned: bool) -> String {
    let name = map.owner.name();
    let (end, holds) = if owned { ("_owned", "holds an `Arc` of") } else { ("", "borrows") };
    let Docs { noun, waits, future, cancel, .. } = map.mode.docs(map);
    let methods: Vec<_> = waits.iter().map(|wait| format!("`{name}::{wait}{end}`")).collect();
    let methods = methods.join(" and ");
    format!(
        "\
The future returned by {methods}.

It {holds} the {noun}. Its place among the waiters is inside it: it is not `Unpin`, and nothing is allocated \
for it. {future}

# Cancel safety

{cancel}"
    )
}

/// The method that returns it.
pub(super) fn subscribe_method(map: &WaitMap) -> String {
    let Docs { from_then, subscribe_errors, .. } = map.mode.docs(map);
    format!(
        "\
Registers this wait before it is polled for what it yields.

Returns a future that is ready when it is first polled; {from_then}.

# Errors

{subscribe_errors}

# Cancel safety

**Strict.** Dropping the returned future before it was polled changes nothing; afterwards the wait keeps its \
place."
    )
}

/// The type of the future that takes a waiter's place.
pub(super) fn subscribe(map: &WaitMap) -> String {
    let name = map.owner.name();
    let wait = map.names.wait.as_ref().map_or_else(|| "the wait".to_owned(), link);
    let from_then = map.mode.docs(map).from_then;
    format!(
        "\
The future that registers a wait of `{name}` before it is polled for what it yields.

{wait}'s `subscribe` returns it. It is ready when it is first polled; {from_then}.

# Cancel safety

**Strict.** Dropping it before it was polled changes nothing; afterwards the wait keeps its place."
    )
}
