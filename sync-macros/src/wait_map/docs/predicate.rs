//! `match = predicate(…)`.

use syn::ExprPath;

use super::super::model::{Predicate, WaitMap};
use super::{FUTURELOCK, INTERRUPTS, fate, named, path};

pub(super) fn cancel(map: &WaitMap) -> String {
    if map.value.given {
        let fate = fate(map);
        format!(
            "**Not.** A future that is dropped leaves the map. One that was given a value keeps it until it is polled; \
             if it is dropped instead, {fate}. Whoever else was notified has a value of its own."
        )
    } else {
        "**Not.** A future that is dropped leaves the map. If it was woken and not polled since, that wake-up is gone; \
         whoever else was notified was woken too."
            .to_owned()
    }
}

pub(super) fn wait(map: &WaitMap, predicate: Option<&Predicate>) -> String {
    let future = named(map.names.wait.as_ref());
    let holds = predicate.map_or_else(|| "the predicate".to_owned(), |predicate| path(&predicate.holds));
    let (notify, yields) = if map.value.given {
        ("notify_with", "yields a clone of the value that came with it")
    } else {
        ("notify", "is ready when it was woken")
    };
    let cancel = cancel(map);
    format!(
        "\
Waits until something happens that {holds} recognises by `key`.

Returns the future{future} which {yields}. It takes its place when it is first polled: what \
[`{notify}`](Self::{notify}) tells before that does not reach it. Where that matters, pin it and await its \
`subscribe()` first. `wait_owned`, with the feature `alloc`, is the same for tasks that cannot borrow.

# Errors

The future yields `Closed` if the map is [closed](Self::close) before it is woken.

# Cancel safety

{cancel}

# Fairness

What happens is for all who wait for it; they are woken oldest first.

{INTERRUPTS} That holds for polling the future and for dropping it."
    )
}

pub(in super::super) fn notify(map: &WaitMap, holds: &ExprPath) -> String {
    let holds = path(holds);
    let gives = if map.value.given {
        " Each of them is given a clone of `value`, made outside the raw lock; the last one gets `value` itself."
    } else {
        ""
    };
    let panics = if map.value.given {
        format!(
            "{holds} does, or the clone of a value: those who were given a value before keep it and are woken, and all \
             others wait on."
        )
    } else {
        format!("{holds} does: those of whom it held before are woken, and all others wait on.")
    };
    let cancel = cancel(map);
    format!(
        "\
Tells everybody who waits that `event` happened, and wakes those of whose key and `event` {holds} holds, oldest first.

Returns how many it woke; none if the map is [closed](Self::close). Who starts to wait meanwhile is not among \
them.{gives} An event that finds nobody is not kept.

# Panics

If {panics}

# Cancel safety

{cancel} {FUTURELOCK}

{INTERRUPTS} {holds} is asked about everybody who waits, in one pass under the lock, so it must not use this map."
    )
}
