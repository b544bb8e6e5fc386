//! `match = mask`.

use super::super::model::WaitMap;
use super::{FUTURELOCK, INTERRUPTS, named};

pub(super) fn cancel(consume: bool) -> &'static str {
    if consume {
        "**Hands on**, and loses its place. A future that is dropped leaves the map. If it had taken flags and was not \
         polled since, they are set again, and the next one for whom they suffice takes them."
    } else {
        "**Strict**, as long as nobody clears flags: a future that is dropped leaves the map and takes nothing from \
         anybody. What `clear_on_exit` has cleared for a future that is then dropped stays cleared."
    }
}

pub(in super::super) fn wait_any(map: &WaitMap, consume: bool) -> String {
    wait(
        map,
        consume,
        "Waits until at least one of the flags in `mask` is set.",
        "With an empty `mask` it waits until the map is closed.",
    )
}

pub(in super::super) fn wait_all(map: &WaitMap, consume: bool) -> String {
    wait(
        map,
        consume,
        "Waits until all the flags in `mask` are set at one time.",
        "With an empty `mask` it is ready at once.",
    )
}

fn wait(map: &WaitMap, consume: bool, what: &str, empty: &str) -> String {
    let future = named(map.names.wait.as_ref());
    let flags = if consume {
        "It takes those flags: they are cleared in one step with its waking, and nobody else sees them."
    } else {
        "The flags stay set, unless the future was made with its method `clear_on_exit`: then those that matched are \
         cleared in one step with its waking, after everybody who waits has been asked."
    };
    let fairness = if consume {
        "Those who wait are asked oldest first, and a flag goes to the first for whom the flags suffice. Who waits for \
         all of several flags may be overtaken by others who wait for one of them."
    } else {
        "Flags are for all who wait for them; those are woken oldest first."
    };
    let cancel = cancel(consume);
    format!(
        "\
{what}

Returns the future{future} which yields the flags of `mask` that were set. If they are set already, the future \
is ready when it is first polled, also after [`close`](Self::close). {flags} {empty} The owned twin, with the feature \
`alloc`, is the same for tasks that cannot borrow.

It takes its place when it is first polled: flags that are set and cleared before that are not seen. Where that \
matters, pin it and await its `subscribe()` first.

# Errors

The future yields `Closed` if the map is [closed](Self::close) before the flags are set.

# Cancel safety

{cancel}

# Fairness

{fairness}

{INTERRUPTS} That holds for polling the future and for dropping it."
    )
}

pub(in super::super) const GET: &str = "\
Returns the flags that are set.

It may be out of date when it arrives.

# Interrupts

Takes the raw lock for a few instructions. With a `Lock` that keeps interrupts out while it is held, this may be \
called from an interrupt handler.";

pub(in super::super) fn set(consume: bool) -> String {
    let what = if consume {
        "They are asked oldest first, and the first for whom the flags suffice takes them: what it waited for is \
         cleared, and the next one is asked about the rest."
    } else {
        "All who wait see the same flags; those that were waited for with `clear_on_exit` are cleared when everybody \
         has been asked."
    };
    format!(
        "\
Sets the flags in `bits`, and wakes those for whom the flags that are set then suffice.

Returns how many that are. {what} If the map is [closed](Self::close), the flags are set and nobody is woken who was \
not.

# Cancel safety

{} {FUTURELOCK}

{INTERRUPTS} It looks at everybody who waits, in one pass under the lock.",
        cancel(consume)
    )
}

pub(in super::super) fn clear() -> String {
    "\
Clears the flags in `bits`, and returns the flags as they were before.

Nobody is woken by that. What was given to a waiter before stays with it.

# Interrupts

Takes the raw lock for a few instructions. With a `Lock` that keeps interrupts out while it is held, this may be \
called from an interrupt handler."
        .to_owned()
}

pub(in super::super) const CLEAR_ON_EXIT: &str = "\
Has the flags that let this wait go on cleared when it does, in one step with its wake-up.

Returns the wait. All waiters are asked first, so that others that wait for the same flags see them too.";
