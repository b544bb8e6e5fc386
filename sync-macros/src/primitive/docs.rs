//! The documentation of what `#[primitive]` generates.

use syn::{Ident, ext::IdentExt};

use super::model::{Group, Pair, Primitive};
use crate::queue_owner::docs::INTERRUPTS;

/// A link to a type: its name as text and, where that is another one, its path for rustdoc.
fn link(ty: &Ident) -> String {
    let name = ty.unraw();
    if name == *ty { format!("[`{name}`]") } else { format!("[`{name}`]({ty})") }
}

/// What takes back what a dropped wait was given.
fn put_back(primitive: &Primitive) -> &'static str {
    if primitive.word.is_some() { "put_back" } else { "on_cancel" }
}

/// The method that waits.
pub(super) fn wait(primitive: &Primitive, group: &Group, methods: &Pair) -> String {
    let name = primitive.owner.name();
    let owned = methods.owned.unraw();
    let put_back = put_back(primitive);
    let newcomers = if primitive.word.is_some() {
        "First in, first out: a newcomer queues behind the waiters."
    } else {
        "First in, first out: a newcomer queues behind the waiters, unless the policy says `const FAIR: bool = false`."
    };
    let lock = if primitive.word.is_some() {
        "Takes the raw lock if the task has to wait, or if another one waits; never while a waker runs. With \
a `Lock` that masks interrupts while it is held, this may be called from an interrupt handler."
    } else {
        INTERRUPTS.trim_start_matches("# Interrupts").trim_start()
    };
    let future =
        group.futures.as_ref().map_or_else(String::new, |futures| format!(" {},", link(&futures.borrowed)));
    let first = if group.waiter.is_some() {
        format!("Waits until the policy of `{name}` lets this task go on.")
    } else {
        format!("Waits as `waiter` until the policy of `{name}` lets it go on.")
    };
    format!(
        "\
{first}

Returns the future{future} which does nothing before it is polled. It is ready at once if no task waits and \
the policy lets it go on in the present state; otherwise it queues until a change or an event makes the \
policy choose it. It yields the policy's value. Its `subscribe()` makes it queue ahead of time. `{owned}`, \
with the feature `alloc`, is the same for tasks that cannot borrow.

# Errors

The future yields `Closed` if `{name}` is [closed](Self::close) before the policy has let it go on.

# Cancel safety

**Loses place.** A future that is dropped leaves the queue; if it was the first, the policy is asked about \
those behind it again. What it was given and did not yield goes where the policy's `{put_back}` puts it, and \
is dropped otherwise, outside the raw lock.

# Fairness

{newcomers} What is given to a future that is not polled stays with it.

# Interrupts

{lock} That holds for polling the future and for dropping it."
    )
}

/// The method that waits and borrows nothing.
pub(super) fn wait_owned(primitive: &Primitive, group: &Group, methods: &Pair) -> String {
    let name = primitive.owner.name();
    let target = &methods.borrowed;
    let borrowed = target.unraw();
    let future =
        group.futures.as_ref().map_or_else(String::new, |futures| format!(" {},", link(&futures.owned)));
    format!(
        "\
Waits as [`{borrowed}`](Self::{target}) does, with a future that borrows nothing.

Returns the future{future} which holds a clone of the `Arc` until it is dropped. Errors, cancel safety, \
fairness and use in interrupt handlers are those of [`{borrowed}`](Self::{target}). Dropping the future \
frees `{name}` if no other `Arc` of it is left, so drop it where freeing is allowed."
    )
}

/// The type of a future.
pub(super) fn future(primitive: &Primitive, group: &Group, owned: bool) -> String {
    let (name, put_back) = (primitive.owner.name(), put_back(primitive));
    let method = match (&group.methods, owned) {
        (Some(methods), false) => format!(" returned by `{name}::{}`", methods.borrowed.unraw()),
        (Some(methods), true) => format!(" returned by `{name}::{}`", methods.owned.unraw()),
        (None, _) => String::new(),
    };
    let holds = if owned { "It holds an `Arc` of" } else { "It borrows" };
    format!(
        "\
The future{method}.

{holds} the `{name}`. Its place in the queue is inside it: it is not `Unpin`, and nothing is allocated for it.

# Cancel safety

**Loses place.** Dropping it leaves the queue; what it was given and did not yield goes where the policy's \
`{put_back}` puts it.

# Panics

Polling it again after it was ready panics."
    )
}

pub(super) const SUBSCRIBE: &str = "\
Joins the queue before this future is polled for its value: what happens after the returned future has \
completed is not missed.

The returned future is ready when it is first polled.

# Errors

It yields `Closed` if `close` was called.

# Cancel safety

**Strict.** Dropping it before it was polled changes nothing; afterwards the wait keeps its place.";

pub(super) const NOTIFY: &str = "\
Changes the state and wakes the waiters that the policy then chooses.

`change` runs on the state under the raw lock. Then the policy is asked about each waiter, oldest first, \
with `event`, until it says stop. The chosen ones are woken after the lock was released.

# Interrupts

May be called wherever the raw lock may be taken; it takes a step for each waiter that the policy looks at.";

pub(super) const NOTIFY_COUNT: &str = "\
Does what `notify` does, and returns the number of waiters that were woken.";

pub(super) const WORD: &str = "\
Returns a snapshot of the word, which may be stale by the time it is read.";

pub(super) const TRY_TAKE: &str = "\
Takes what `waiter` asks for if it is there. Returns `None` if it is not, if a task waits (it never \
overtakes), or after `close`.

# Interrupts

May be called from everywhere: it takes no lock.";

pub(super) const CHANGE: &str = "\
Replaces the word by what `f` makes of it, and gives the waiters, oldest first, what they can get then, all \
in one step.

While no task waits, that is one read-modify-write. `f` may be called several times; what it makes of the \
flags `waiting` and `closed` is ignored.

# Interrupts

Takes the raw lock if a task waits, never while a waker runs.";
