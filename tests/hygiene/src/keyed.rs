//! Wait maps.

use ::core::{
    clone::Clone,
    cmp::{Eq, PartialEq},
    convert::From,
    fmt::Debug,
    marker::Copy,
    primitive::{str, u8, u16, usize},
};
use ::renamed;

/// What a request is answered with. Not `Clone`.
#[derive(Debug, PartialEq)]
pub struct Reply(pub u8);

/// One waiter per tag.
#[::renamed::wait_map(key = u16, value = Reply, match = unique, crate = renamed)]
pub struct r#Completions;

/// What a message is about. A keyword among the fields.
#[derive(Debug, PartialEq)]
pub struct Topic {
    /// The kind.
    pub r#type: u8,
}

/// A queue per topic.
#[::renamed::wait_map(key = Topic, value = u8, match = fifo, crate = "renamed", future = r#Mail)]
#[must_use]
pub struct Mailboxes;

/// A queue per topic, of values that only one can have.
#[::renamed::wait_map(key = Topic, value = Reply, match = fifo, crate = ::renamed)]
pub(crate) struct Single;

/// Any key and any value, as the library's own.
#[::renamed::wait_map(
    key = K, value = V, match = unique, future = Wait, subscribe = Subscribe, crate = ::renamed,
)]
pub struct Map<K, V>
where
    K: Eq;

/// Parameters of every kind, two of them with the names that the macro would give, and no value.
#[::renamed::wait_map(key = (&'map [T; N], &'wait str), match = fifo, crate = ::renamed)]
pub struct Names<'map, 'wait, T = u8, const N: usize = 4>
where
    T: 'map;

/// The key's bound is the macro's to add. The parameters have the names of those of `wait_for_value`.
#[::renamed::wait_map(key = T, value = F, match = unique, crate = ::renamed)]
pub struct Pairs<T: Clone, F>;

/// What is deprecated is not used by what belongs to it.
#[::renamed::wait_map(key = T, match = unique, crate = ::renamed)]
#[deprecated(note = "see `Map`")]
pub struct Old<T>;

/// A lifetime alone.
#[::renamed::wait_map(key = &'a str, value = &'a str, match = fifo, crate = ::renamed)]
pub struct Words<'a>;

/// Up to where something is done.
#[::renamed::wait_map(key = u8, match = up_to, crate = ::renamed, future = Until)]
pub struct Done;

/// Sequence numbers, and any of them.
#[::renamed::wait_map(key = N, match = up_to, wrapping, crate = ::renamed)]
pub struct Acked<N>
where
    N: ::renamed::SequenceNumber;

/// A position of a type that nothing says the start of.
#[::renamed::wait_map(key = (&'a str, N), match = up_to, crate = ::renamed)]
pub struct Places<'a, N: Copy>;

/// Flags.
#[::renamed::wait_map(key = u8, match = mask, crate = ::renamed)]
pub struct Events;

/// Flags of any width, for one each.
#[::renamed::wait_map(key = usize, match = mask, consume, crate = ::renamed)]
pub(crate) struct Tickets;

/// A predicate and a place for undelivered values whose names are those of the parameters that they are
/// called with.
pub mod paths {
    use super::{Reply, str, u8};
    use ::core::primitive::bool;

    /// Whether the event is about the key.
    #[must_use]
    pub fn event(key: &u8, event: &str) -> bool {
        event.as_bytes().contains(key)
    }

    /// Whether the event is the key.
    #[must_use]
    pub fn key(key: &u8, event: &u8) -> bool {
        key == event
    }

    /// Takes what no other task wanted.
    pub fn value(_: &u8, _: Reply) {}
}
use self::paths::{event, key, value};

/// Which waiters are told of what.
#[::renamed::wait_map(key = u8, event = str, match = predicate(event), crate = ::renamed)]
pub struct Watch;

/// Which waiters are told of what, and what it is now.
#[::renamed::wait_map(
    key = u8, value = T, event = u8, match = predicate(key), crate = ::renamed, future = Told, subscribe = Tell,
)]
pub struct Notices<T>;

/// A lock for each of a few keys.
#[::renamed::wait_map(key = u8, value = Reply, match = unique, buckets = 4, undelivered = value, crate = ::renamed)]
pub struct Spread;

/// The same of any key.
#[::renamed::wait_map(key = K, match = fifo, buckets = 2, crate = ::renamed)]
pub struct Futex<K>;

/// Uses the flags that no other task sees.
#[must_use]
pub fn raised() -> usize {
    let tickets = Tickets::new();
    tickets.set(3) + tickets.get()
}

/// Uses the one that no other task sees.
#[must_use]
pub fn unanswered() -> usize {
    let single = Single::new();
    match single.wake_one(&Topic { r#type: 1 }, Reply(1)) {
        ::renamed::wait_map::WakeOutcome::NoMatch(Reply(n)) => usize::from(n),
        _ => 0,
    }
}
