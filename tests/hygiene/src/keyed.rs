//! Wait maps.

use ::core::{
    clone::Clone,
    cmp::{Eq, PartialEq},
    convert::From,
    fmt::Debug,
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

/// Uses the one that nobody else sees.
#[must_use]
pub fn unanswered() -> usize {
    let single = Single::new();
    match single.wake_one(&Topic { r#type: 1 }, Reply(1)) {
        ::renamed::wait_map::WakeOutcome::NoMatch(Reply(n)) => usize::from(n),
        _ => 0,
    }
}
