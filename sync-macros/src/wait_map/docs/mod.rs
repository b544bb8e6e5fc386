//! The documentation of what `#[wait_map]` generates.

pub(super) mod equality;
pub(super) mod mask;
pub(super) mod new;
pub(super) mod predicate;
pub(super) mod up_to;

use quote::ToTokens;
use syn::{ExprPath, Ident, ext::IdentExt};

use super::model::{Body, Mode, WaitMap};
use crate::host::docs::INTERRUPTS;

/// A link to a type: its name for people and, where that is another one, its path for rustdoc.
fn link(ty: &Ident) -> String {
    let name = ty.unraw();
    if name == *ty { format!("[`{name}`]") } else { format!("[`{name}`]({ty})") }
}

/// A path as it is written.
fn path(path: &ExprPath) -> String {
    format!("`{}`", path.to_token_stream().to_string().replace(' ', ""))
}

/// No fair primitive can prevent it, so it is said.
const FUTURELOCK: &str = "\
Until then it stays with that future, also if its task is not run or polls something else instead \
(\"futurelock\").";

/// The future's name where it is returned: "the future `MapWait`," as a link, or "the future".
fn named(future: Option<&Ident>) -> String {
    future.map_or_else(String::new, |name| format!(" {},", link(name)))
}

/// What becomes of a value that a future was given which was dropped, and which nobody else gets.
fn fate(map: &WaitMap) -> String {
    match &map.undelivered {
        Some(to) => format!("{} gets the value, with the key, outside the raw lock", path(to)),
        None => "the value is dropped, outside the raw lock".to_owned(),
    }
}

/// What a dropped future means, and what becomes of what it was given.
fn cancel(map: &WaitMap, mode: &Mode) -> String {
    match mode {
        Mode::Unique | Mode::Fifo => equality::cancel(map, mode),
        Mode::UpTo { .. } => up_to::CANCEL.to_owned(),
        Mode::Mask { consume } => mask::cancel(*consume).to_owned(),
        Mode::Predicate(_) => predicate::cancel(map),
    }
}

/// `wait`.
pub(super) fn wait(map: &WaitMap, mode: &Mode) -> String {
    match mode {
        Mode::Unique | Mode::Fifo => equality::wait(map, mode),
        Mode::UpTo { wrapping } => up_to::wait(map, *wrapping),
        Mode::Mask { consume } => mask::wait_any(map, *consume),
        Mode::Predicate(predicate) => predicate::wait(map, predicate.as_deref()),
    }
}

/// The owned twin of `method`.
pub(super) fn wait_owned(map: &WaitMap, method: &str) -> String {
    let future = named(map.names.wait_owned.as_ref());
    format!(
        "\
Waits as [`{method}`](Self::{method}) does, with a future that borrows nothing.

Returns the future{future} which holds a clone of the `Arc` until it is dropped. Errors, cancel safety, \
fairness and use in interrupt handlers are those of [`{method}`](Self::{method}); the last future that is \
dropped frees the map if nobody else holds it, so drop it where freeing is allowed."
    )
}

/// The type of a future.
pub(super) fn future(map: &WaitMap, owned: bool) -> String {
    let name = map.host.name();
    let (end, holds) =
        if owned { ("_owned", "It holds an `Arc` of the map.") } else { ("", "It borrows the map.") };
    let methods = match &map.body {
        Body::Whole(Mode::Mask { .. }, _) => {
            format!("The future returned by `{name}::wait_any{end}` and `{name}::wait_all{end}`.")
        }
        _ => format!("The future returned by `{name}::wait{end}`."),
    };
    let Body::Whole(mode, _) = &map.body else { return methods };
    let cancel = cancel(map, mode);
    let spent = match mode {
        Mode::Unique => "Polled again after it was ready, it yields `WaitError::AlreadyConsumed`.",
        _ => "Polling it again after it was ready panics.",
    };
    let clear = match mode {
        Mode::Mask { consume: false } => {
            " Its method `clear_on_exit` returns one that clears the flags by which it goes on."
        }
        _ => "",
    };
    format!(
        "\
{methods}

{holds} Its place among the waiters is inside it: it is not `Unpin`, and nothing is allocated for it. \
{spent}{clear}

# Cancel safety

{cancel}"
    )
}

/// What the wait knows once it has its place.
fn from_then(map: &WaitMap) -> &'static str {
    match &map.body {
        Body::Whole(Mode::UpTo { .. }, _) => {
            "from then on the wait has its place, and knows if its position is reached"
        }
        Body::Whole(Mode::Mask { .. }, _) => {
            "from then on the wait sees flags that are set, even if they are cleared before it is polled"
        }
        Body::Whole(Mode::Predicate(_), _) => {
            "from then on what happens reaches the wait, polled again or not"
        }
        _ => "from then on a wake-up of the key reaches the wait, polled again or not",
    }
}

/// The method that returns it.
pub(super) fn subscribe_method(map: &WaitMap) -> String {
    let from_then = from_then(map);
    let error = match &map.body {
        Body::Whole(Mode::Unique, _) => {
            "It yields `WaitError::Closed` if the map is closed, and `WaitError::Duplicate` if another task waits for \
             the same key."
        }
        Body::Whole(Mode::UpTo { .. }, _) => {
            "It yields `Closed` if the map is closed and the position was not reached."
        }
        Body::Whole(Mode::Mask { .. }, _) => {
            "It yields `Closed` if the map is closed and the flags were not set."
        }
        _ => "It yields `Closed` if the map is closed.",
    };
    format!(
        "\
Puts this wait in its place before it is polled for what it yields.

Returns a future that is ready when it is first polled; {from_then}.

# Errors

{error}

# Cancel safety

**Strict.** Dropping the returned future before it was polled changes nothing; afterwards the wait keeps its \
place."
    )
}

/// The type of the future that takes a waiter's place.
pub(super) fn subscribe(map: &WaitMap) -> String {
    let name = map.host.name();
    let wait = map.names.wait.as_ref().map_or_else(|| "the wait".to_owned(), link);
    let from_then = from_then(map);
    format!(
        "\
The future that puts a wait on a `{name}` in its place without waiting further.

{wait}'s `subscribe` returns it. It is ready when it is first polled; {from_then}.

# Cancel safety

**Strict.** Dropping it before it was polled changes nothing; afterwards the wait keeps its place."
    )
}
