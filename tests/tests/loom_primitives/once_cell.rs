//! [`OnceCell`].

use sync_core::OnceCell;

use crate::support::{Waiter, exhaustive, leak};

/// O1 once.  Property: one initializer runs, and both get its value.
/// Threads: two, each of which asks for the value.
/// Interleavings that matter: the second looks while the first one makes it, and when it is there and the
/// word does not say so yet.
/// Bound: none.
/// Fails if: the one that has made it does not say so to those that wait (seen); `try_change` or a load of
/// `try_take` is Relaxed (seen). Not covered: an initializer that waits for something; O2.
#[test]
fn a_value_is_made_once() {
    exhaustive(|roles| {
        let cell = leak(OnceCell::new());
        let ask = move |mine: u32| *loom::future::block_on(cell.get_or_init(async || mine));
        let (a, b) = roles.at_once(move || ask(1), move || ask(2));
        assert!(a == b && (a == 1 || a == 2), "{a}, {b}");
    });
}

/// O2 the initializer is dropped.  Property: the next in line makes the value.
/// Threads: one drops a future that is making the value, one asks for it.
/// Interleavings that matter: the newcomer queues before the drop, inside it, and comes after it.
/// Bound: none.
/// Fails if: a dropped initializer stays `busy` (seen).
/// Not covered: several in line.
#[test]
fn the_next_in_line_makes_the_value() {
    exhaustive(|roles| {
        let cell = leak(OnceCell::new());
        let first = Waiter::queued(cell.get_or_init(std::future::pending));
        let ((), second) =
            roles.at_once(move || drop(first), || Waiter::polled(1, cell.get_or_init(async || 2)));
        assert_eq!(*second.yields(), 2);
    });
}

/// O3 set.  Property: the cell is set if no task makes the value at that time, and a task that asks has the
/// one value. Threads: one sets it, one asks for the value.
/// Interleavings that matter: the set before, inside and after the making.
/// Bound: none.
/// Fails if: `set` does not take the turn (seen).
/// Not covered: two that set.
#[test]
fn a_value_is_set_or_made() {
    exhaustive(|roles| {
        let cell = leak(OnceCell::new());
        let (set, asked) =
            roles.at_once(|| cell.set(1), || *loom::future::block_on(cell.get_or_init(async || 2)));
        assert_eq!(asked, if set.is_ok() { 1 } else { 2 });
    });
}
