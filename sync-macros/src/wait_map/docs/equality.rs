//! The documentation of what `#[wait_map]` generates.

use syn::{Ident, ext::IdentExt};

use super::model::{Body, Mode, WaitMap};
use crate::host::docs::INTERRUPTS;

/// A link to a type: its name for people and, where that is another one, its path for rustdoc.
fn link(ty: &Ident) -> String {
    let name = ty.unraw();
    if name == *ty { format!("[`{name}`]") } else { format!("[`{name}`]({ty})") }
}

/// What becomes of a value whose future is dropped before it took it.
fn undelivered(map: &WaitMap, mode: Mode) -> &'static str {
    match (mode, map.value.given) {
        (Mode::Unique, true) => {
            "A future that was given a value keeps it until it is polled. If it is dropped instead, the value is \
             dropped with it, outside the raw lock."
        }
        (Mode::Unique, false) => {
            "If the future was woken and is dropped before it is polled, that wake-up is gone."
        }
        (Mode::Fifo, true) => {
            "A future that was given a value keeps it until it is polled. If it is dropped instead, the value \
             goes to the next waiter of the same key; if there is none, it is dropped, outside the raw lock."
        }
        (Mode::Fifo, false) => {
            "A future that was woken keeps its wake-up until it is polled. If it is dropped instead, the wake-up \
             goes to the next waiter of the same key, if there is one."
        }
    }
}

fn cancel_safety(mode: Mode) -> &'static str {
    match mode {
        Mode::Unique => "**Not.** A future that is dropped leaves the map, and its key is free again.",
        Mode::Fifo => {
            "**Hands on**, and loses its place. A future that is dropped leaves the queue of its key."
        }
    }
}

fn errors(mode: Mode) -> &'static str {
    match mode {
        Mode::Unique => {
            "The future yields `WaitError::Duplicate` if somebody waits for an equal key already, and \
             `WaitError::Closed` if the map is [closed](Self::close) before it is woken."
        }
        Mode::Fifo => "The future yields `Closed` if the map is [closed](Self::close) before it is woken.",
    }
}

fn yields(map: &WaitMap) -> &'static str {
    if map.value.given { "yields the value that the wake-up brought" } else { "is ready when it was woken" }
}

/// `wait`.
pub(super) fn wait(map: &WaitMap, mode: Mode) -> String {
    let future = map.names.wait.as_ref().map_or_else(String::new, |name| format!(" {},", link(name)));
    let (yields, errors) = (yields(map), errors(mode));
    let (cancel, undelivered) = (cancel_safety(mode), undelivered(map, mode));
    let fairness = match mode {
        Mode::Unique => "There is one waiter per key at most, so none is preferred.",
        Mode::Fifo => "First in, first out among the waiters of one key.",
    };
    format!(
        "\
Waits until somebody wakes `key`.

Returns the future{future} which {yields}. It takes its place when it is first polled: a wake-up before \
that finds nobody. Where the answer may come sooner, pin it and await its `subscribe()` before asking. \
`wait_owned`, with the feature `alloc`, is the same for tasks that cannot borrow.

# Errors

{errors}

# Cancel safety

{cancel} {undelivered}

# Fairness

{fairness}

{INTERRUPTS} That holds for polling the future and for dropping it; both compare keys under the lock."
    )
}

/// `wait_owned`.
pub(super) fn wait_owned(map: &WaitMap) -> String {
    let future = map.names.wait_owned.as_ref().map_or_else(String::new, |name| format!(" {},", link(name)));
    format!(
        "\
Waits as [`wait`](Self::wait) does, with a future that borrows nothing.

Returns the future{future} which holds a clone of the `Arc` until it is dropped. Errors, cancel safety, \
fairness and use in interrupt handlers are those of [`wait`](Self::wait); the last future that is dropped \
frees the map if nobody else holds it, so drop it where freeing is allowed."
    )
}

/// What the wake methods that find one waiter have in common.
fn outcome(map: &WaitMap) -> &'static str {
    if map.value.given {
        "Returns `WakeOutcome::Woke` if there was one. Otherwise the value comes back, in `WakeOutcome::NoMatch` \
         if nobody waits for `key`, and in `WakeOutcome::Closed` if the map is [closed](Self::close)."
    } else {
        "Returns `WakeOutcome::Woke` if there was one, `WakeOutcome::NoMatch` if nobody waits for `key`, and \
         `WakeOutcome::Closed` if the map is [closed](Self::close)."
    }
}

fn gives(map: &WaitMap) -> &'static str {
    if map.value.given { " and gives it `value`" } else { "" }
}

const WAKE_INTERRUPTS: &str = "\
It looks at the waiters one by one, so its steps are bounded by their number; comparing keys happens under \
the lock, waking does not.";

/// No fair primitive can prevent it, so it is said.
const FUTURELOCK: &str = "\
Until then it stays with that future, also if its task is not run or polls something else instead \
(\"futurelock\").";

/// `unique`: `wake`.
pub(super) fn wake(map: &WaitMap) -> String {
    let (gives, outcome, undelivered) = (gives(map), outcome(map), undelivered(map, Mode::Unique));
    format!(
        "\
Wakes the task that waits for `key`{gives}.

{outcome} A wake-up that finds nobody is not kept.

# Cancel safety

{undelivered} {FUTURELOCK}

{INTERRUPTS} {WAKE_INTERRUPTS}"
    )
}

/// `fifo`: `wake_one`.
pub(super) fn wake_one(map: &WaitMap) -> String {
    let (gives, outcome, undelivered) = (gives(map), outcome(map), undelivered(map, Mode::Fifo));
    format!(
        "\
Wakes the task that has waited longest for `key`{gives}.

{outcome} A wake-up that finds nobody is not kept.

# Cancel safety

{undelivered} {FUTURELOCK}

{INTERRUPTS} {WAKE_INTERRUPTS}"
    )
}

/// `fifo`: `wake_n`.
pub(super) fn wake_n(map: &WaitMap) -> String {
    let (gives, undelivered) = (gives_each(map), undelivered(map, Mode::Fifo));
    format!(
        "\
Wakes up to `n` of the tasks that wait for `key`, those first who have waited longest{gives}.

Returns how many it woke: fewer than `n` if fewer waited, none if the map is [closed](Self::close).

# Cancel safety

{undelivered} {FUTURELOCK}

{INTERRUPTS} {WAKE_INTERRUPTS}"
    )
}

/// `fifo`: `wake_all`.
pub(super) fn wake_all(map: &WaitMap) -> String {
    let (gives, undelivered) = (gives_each(map), undelivered(map, Mode::Fifo));
    format!(
        "\
Wakes all tasks that wait for `key` at the time of the call, in the order in which they came{gives}.

Returns how many it woke; none if the map is [closed](Self::close). Who starts to wait meanwhile is not \
among them.

# Cancel safety

{undelivered} {FUTURELOCK}

{INTERRUPTS} {WAKE_INTERRUPTS}"
    )
}

fn gives_each(map: &WaitMap) -> &'static str {
    if map.value.given { ", and gives each a clone of `value`" } else { "" }
}

pub(super) const WAIT_FOR: &str = "\
Waits until `f` returns `true`, asking it again after each wake-up of `key`.

`f` is asked for the first time when the task has taken its place, so that no change after that is missed. \
The value that a wake-up brings is dropped.

# Errors

`WaitError::Duplicate` if somebody waits for an equal key already, and `WaitError::Closed` if the map is \
[closed](Self::close) while the condition does not hold.

# Cancel safety

**Strict**, if `f` keeps nothing: dropping the future and calling again is as good as going on.

# Fairness

There is one waiter per key at most, so none is preferred.

# Interrupts

`f` runs outside the raw lock.";

pub(super) const WAIT_FOR_VALUE: &str = "\
Waits until `f` returns a value, asking it again after each wake-up of `key`, and returns that value.

`f` is asked for the first time when the task has taken its place, so that no change after that is missed. \
The value that a wake-up brings is dropped.

# Errors

`WaitError::Duplicate` if somebody waits for an equal key already, and `WaitError::Closed` if the map is \
[closed](Self::close) before `f` returned a value.

# Cancel safety

**Strict**, if `f` keeps nothing: dropping the future and calling again is as good as going on.

# Fairness

There is one waiter per key at most, so none is preferred.

# Interrupts

`f` runs outside the raw lock.";

/// What a future that was ready does when it is polled again.
fn spent(mode: Mode) -> &'static str {
    match mode {
        Mode::Unique => "Polled again after it was ready, it yields `WaitError::AlreadyConsumed`.",
        Mode::Fifo => "Polling it again after it was ready panics.",
    }
}

/// The type of a future.
pub(super) fn future(map: &WaitMap, owned: bool) -> String {
    let name = map.host.name();
    let (method, holds) =
        if owned { ("wait_owned", "It holds an `Arc` of the map.") } else { ("wait", "It borrows the map.") };
    let Body::Whole(mode, _) = &map.body else {
        return format!("The future returned by `{name}::{method}`.");
    };
    let (cancel, undelivered, spent) = (cancel_safety(*mode), undelivered(map, *mode), spent(*mode));
    format!(
        "\
The future returned by `{name}::{method}`.

{holds} Its place among the waiters is inside it: it is not `Unpin`, and nothing is allocated for it. {spent}

# Cancel safety

{cancel} {undelivered}"
    )
}

/// The type of the future that takes a waiter's place.
pub(super) fn subscribe(map: &WaitMap) -> String {
    let name = map.host.name();
    let wait = map.names.wait.as_ref().map_or_else(|| "the wait".to_owned(), link);
    format!(
        "\
The future that puts a wait on a `{name}` in its place without waiting further.

{wait}'s `subscribe` returns it. It is ready when it is first polled; from then on a wake-up of the key \
reaches the wait, polled again or not.

# Cancel safety

**Strict.** Dropping it before it was polled changes nothing; afterwards the wait keeps its place."
    )
}
