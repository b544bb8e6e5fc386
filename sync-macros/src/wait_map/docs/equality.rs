//! `match = unique` and `match = fifo`.

use super::super::model::{Mode, WaitMap};
use super::{FUTURELOCK, INTERRUPTS, fate, named};
use crate::host::Store;

/// What becomes of a value whose future is dropped before it took it.
fn undelivered(map: &WaitMap, mode: &Mode) -> String {
    let fate = fate(map);
    match (mode, map.value.given) {
        (Mode::Fifo, true) => format!(
            "A future that was given a value keeps it until it is polled. If it is dropped instead, the value \
             goes to the next waiter of the same key; if there is none, {fate}."
        ),
        (_, true) => format!(
            "A future that was given a value keeps it until it is polled. If it is dropped instead, {fate}."
        ),
        (Mode::Fifo, false) => "A future that was woken keeps its wake-up until it is polled. If it is dropped \
                                instead, the wake-up goes to the next waiter of the same key, if there is one."
            .to_owned(),
        (_, false) => {
            "If the future was woken and is dropped before it is polled, that wake-up is gone.".to_owned()
        }
    }
}

pub(super) fn cancel(map: &WaitMap, mode: &Mode) -> String {
    let leaves = match mode {
        Mode::Fifo => {
            "**Hands on**, and loses its place. A future that is dropped leaves the queue of its key."
        }
        _ => "**Not.** A future that is dropped leaves the map, and its key is free again.",
    };
    format!("{leaves} {}", undelivered(map, mode))
}

/// Where a key is looked for, and what happens to it there.
fn steps(map: &WaitMap) -> &'static str {
    match map.host.store {
        Store::Queue => {
            "It looks at the waiters one by one, so its steps are bounded by their number; comparing keys happens \
             under the lock, waking does not."
        }
        Store::Buckets(_) => {
            "It looks at the waiters in the key's bucket one by one, so its steps are bounded by their number; comparing \
             keys happens under the bucket's lock, hashing and waking do not."
        }
    }
}

fn errors(mode: &Mode) -> &'static str {
    match mode {
        Mode::Fifo => "The future yields `Closed` if the map is [closed](Self::close) before it is woken.",
        _ => {
            "The future yields `WaitError::Duplicate` if somebody waits for an equal key already, and \
             `WaitError::Closed` if the map is [closed](Self::close) before it is woken."
        }
    }
}

fn yields(map: &WaitMap) -> &'static str {
    if map.value.given { "yields the value that the wake-up brought" } else { "is ready when it was woken" }
}

/// `wait`.
pub(super) fn wait(map: &WaitMap, mode: &Mode) -> String {
    let future = named(map.names.wait.as_ref());
    let (yields, errors, cancel) = (yields(map), errors(mode), cancel(map, mode));
    let fairness = match mode {
        Mode::Fifo => "First in, first out among the waiters of one key.",
        _ => "There is one waiter per key at most, so none is preferred.",
    };
    let step = match (mode, map.host.store) {
        (Mode::Fifo, Store::Queue) => "neither looks at other waiters, unless a value is handed on",
        (Mode::Fifo, Store::Buckets(_)) => {
            "neither looks at other waiters, unless a value is handed on, which looks at those in the key's bucket"
        }
        (_, Store::Queue) => "the first poll compares keys under the lock",
        (_, Store::Buckets(_)) => "the first poll compares keys in the key's bucket, under its lock",
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

{cancel}

# Fairness

{fairness}

{INTERRUPTS} That holds for polling the future and for dropping it; {step}."
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

/// `unique`: `wake`.
pub(in super::super) fn wake(map: &WaitMap) -> String {
    let (gives, outcome, steps) = (gives(map), outcome(map), steps(map));
    let undelivered = undelivered(map, &Mode::Unique);
    format!(
        "\
Wakes the task that waits for `key`{gives}.

{outcome} A wake-up that finds nobody is not kept.

# Cancel safety

{undelivered} {FUTURELOCK}

{INTERRUPTS} {steps}"
    )
}

/// `fifo`: `wake_one`.
pub(in super::super) fn wake_one(map: &WaitMap) -> String {
    let (gives, outcome, steps) = (gives(map), outcome(map), steps(map));
    let undelivered = undelivered(map, &Mode::Fifo);
    format!(
        "\
Wakes the task that has waited longest for `key`{gives}.

{outcome} A wake-up that finds nobody is not kept.

# Cancel safety

{undelivered} {FUTURELOCK}

{INTERRUPTS} {steps}"
    )
}

/// `fifo`: `wake_n`.
pub(in super::super) fn wake_n(map: &WaitMap) -> String {
    let (gives, undelivered, steps) = (gives_each(map), undelivered(map, &Mode::Fifo), steps(map));
    format!(
        "\
Wakes up to `n` of the tasks that wait for `key`, those first who have waited longest{gives}.

Returns how many it woke: fewer than `n` if fewer waited, none if the map is [closed](Self::close).

# Cancel safety

{undelivered} {FUTURELOCK}

{INTERRUPTS} {steps}"
    )
}

/// `fifo`: `wake_all`.
pub(in super::super) fn wake_all(map: &WaitMap) -> String {
    let (gives, undelivered, steps) = (gives_each(map), undelivered(map, &Mode::Fifo), steps(map));
    format!(
        "\
Wakes all tasks that wait for `key` at the time of the call, in the order in which they came{gives}.

Returns how many it woke; none if the map is [closed](Self::close). Who starts to wait meanwhile is not \
among them.

# Cancel safety

{undelivered} {FUTURELOCK}

{INTERRUPTS} {steps}"
    )
}

fn gives_each(map: &WaitMap) -> &'static str {
    if map.value.given { ", and gives each a clone of `value`" } else { "" }
}

pub(in super::super) const WAIT_FOR: &str = "\
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

pub(in super::super) const WAIT_FOR_VALUE: &str = "\
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
