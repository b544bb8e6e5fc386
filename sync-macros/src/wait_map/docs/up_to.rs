//! `match = up_to`.

use super::super::model::WaitMap;
use super::{INTERRUPTS, named};

pub(super) const CANCEL: &str = "\
**Strict.** A future that is dropped leaves the map, and takes nothing from anybody: the position is kept, so waiting \
again for it is as good as going on.";

pub(super) fn wait(map: &WaitMap, wrapping: bool) -> String {
    let future = named(map.names.wait.as_ref());
    let compare = if wrapping {
        "

Positions wrap: `until` counts as reached if counting up leads from it to the position in less than half the range. \
So do not wait for what is half the range ahead or more, nor ask about what is that far behind."
    } else {
        ""
    };
    format!(
        "\
Waits until the position has come to `until`, or beyond it.

Returns the future{future} which yields the position by which it was reached. If it is reached already, the \
future is ready when it is first polled, also after [`close`](Self::close). Nothing is missed before that: \
the position is kept.{compare} `wait_owned`, with the feature `alloc`, is the same for tasks that cannot borrow.

# Errors

The future yields `Closed` if the map is [closed](Self::close) and `until` was not reached.

# Cancel safety

{CANCEL}

# Fairness

Whoever is reached first is woken first; of those who wait for one position, the oldest.

{INTERRUPTS} That holds for polling the future and for dropping it. Taking its place takes one step for whoever waits \
for the furthest position, and else one for each who waits for a further one; positions are compared under the lock."
    )
}

pub(in super::super) const CURRENT: &str = "\
Returns the position.

It may be out of date when it arrives, but never too far ahead.

# Interrupts

Takes the raw lock for a few instructions. With a `Lock` that keeps interrupts out while it is held, this may be \
called from an interrupt handler.";

pub(in super::super) fn advance() -> String {
    format!(
        "\
Moves the position on to `to`, and wakes those who are reached by that, nearest first.

Returns how many it woke. If `to` is not ahead of the position, nothing changes: a position does not go back. If the \
map is [closed](Self::close), the position moves and nobody is woken who was not.

{INTERRUPTS} It looks at those whom it wakes and at one more, and releases the lock between batches of wakers. Positions \
are compared under the lock."
    )
}
