//! The documentation of what `#[primitive]` generates.

use syn::{Ident, ext::IdentExt};

use super::model::{Group, Pair, Primitive};
use crate::queue_owner::docs::INTERRUPTS;

/// A link to a type: its name for people and, where that is another one, its path for rustdoc.
fn link(ty: &Ident) -> String {
    let name = ty.unraw();
    if name == *ty { format!("[`{name}`]") } else { format!("[`{name}`]({ty})") }
}

/// Where what a dropped wait was given goes.
fn put_back(primitive: &Primitive) -> &'static str {
    if primitive.word.is_some() { "put_back" } else { "on_cancel" }
}

/// The method that waits.
pub(super) fn wait(primitive: &Primitive, group: &Group, methods: &Pair) -> String {
    let name = primitive.owner.name();
    let owned = methods.owned.unraw();
    let put_back = put_back(primitive);
    let newcomers = if primitive.word.is_some() {
        "First in, first out: who comes later queues behind those who wait."
    } else {
        "First in, first out: who comes later queues behind those who wait, unless the policy says \
`const FAIR: bool = false`."
    };
    let lock = if primitive.word.is_some() {
        "Takes the raw lock if the task has to wait, or if somebody waits; never while a waker runs. With a \
`Lock` that keeps interrupts out while it is held, this may be called from an interrupt handler."
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

Returns the future{future} which does nothing before it is polled. It is ready at once if nobody waits and \
the policy is content with the state as it is; otherwise it queues until a change or an event makes the \
policy choose it. It yields the policy's value. Its `subscribe()` makes it queue ahead of time. `{owned}`, with the feature `alloc`, is the same for tasks \
that cannot borrow.

# Errors

The future yields `Closed` if the primitive is [closed](Self::close) before the policy has let it go on.

# Cancel safety

**Loses place.** A future that is dropped leaves the queue; if it was the first, those behind it are looked \
at again. What it was given and did not yield goes where the policy's `{put_back}` puts it, and is dropped \
otherwise, outside the raw lock.

# Fairness

{newcomers} What is given to a future that is not polled stays with it.

# Interrupts

{lock} That holds for polling the future and for dropping it."
    )
}

/// The method that waits and borrows nothing.
pub(super) fn wait_owned(group: &Group, methods: &Pair) -> String {
    let target = &methods.borrowed;
    let borrowed = target.unraw();
    let future =
        group.futures.as_ref().map_or_else(String::new, |futures| format!(" {},", link(&futures.owned)));
    format!(
        "\
Waits as [`{borrowed}`](Self::{target}) does, with a future that borrows nothing.

Returns the future{future} which holds a clone of the `Arc` until it is dropped. Errors, cancel safety, \
fairness and use in interrupt handlers are those of [`{borrowed}`](Self::{target}); the last future that \
is dropped frees the primitive if nobody else holds it, so drop it where freeing is allowed."
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
    let holds = if owned { "It holds an `Arc` of the primitive." } else { "It borrows the primitive." };
    format!(
        "\
The future{method}.

{holds} Its place in the queue is inside it: it is not `Unpin`, and nothing is allocated for it.

# Cancel safety

**Loses place.** Dropping it leaves the queue; what it was given and did not yield goes where the policy's \
`{put_back}` puts it.

# Panics

Polling it again after it was ready panics."
    )
}

pub(super) const SUBSCRIBE: &str = "\
Joins the line before this future is polled for its value: what happens after the returned future has \
completed is not missed.

That future is ready when it is first polled.

# Errors

It yields `Closed` if the primitive is closed.

# Cancel safety

**Strict.** Dropping it before it was polled changes nothing; afterwards the wait keeps its place.";

pub(super) const NOTIFY: &str = "\
Changes the state and wakes those whom the policy then chooses.

`change` runs on the state under the raw lock. Then the policy is asked about each of those who wait, \
oldest first, with `event`, until it says stop. They are woken after the lock was released.

# Interrupts

Callable wherever the raw lock may be taken; it takes as many steps as the policy looks at waiters.";

pub(super) const NOTIFY_COUNT: &str = "\
Does what `notify` does, and returns how many were woken.";

pub(super) const WORD: &str = "\
Returns a snapshot of the word; it is old as soon as it is returned.";

pub(super) const TRY_TAKE: &str = "\
Takes what `waiter` asks for if it is there; `None` at once if it is not, if somebody waits (it never overtakes), \
or if the primitive is closed.

# Interrupts

Callable from everywhere: it takes no lock.";

pub(super) const CHANGE: &str = "\
Replaces the word by what `f` makes of it, and gives those who wait, oldest first, what they can get then, all in one \
step.

While nobody waits, that is one read-modify-write. `f` may be called several times; what it makes of the flags \
`waiting` and `closed` is ignored.

# Interrupts

Takes the raw lock if somebody waits, never while a waker runs.";
