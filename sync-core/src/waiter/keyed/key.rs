//! What a key or a value must be able to do, said in the words of whoever waits.
//!
//! Each trait is one of `core`'s. It stands here so that rustc, where it does not hold, says what it is for. That
//! works only where the trait has no supertrait: otherwise rustc asks for that one too, and prefers its words.

use core::hash::{Hash, Hasher};

/// A key that can be told from others: [`PartialEq`].
#[diagnostic::on_unimplemented(
    message = "a wake-up finds its waiters by comparing keys, and a `{Self}` cannot be compared",
    label = "this key needs `PartialEq`",
    note = "add `#[derive(PartialEq)]` to `{Self}`, or choose another key"
)]
pub trait ComparableKey {
    /// Whether the two are one key.
    fn is(&self, other: &Self) -> bool;
}

#[diagnostic::do_not_recommend]
impl<K: PartialEq + ?Sized> ComparableKey for K {
    #[inline(always)]
    fn is(&self, other: &Self) -> bool {
        self == other
    }
}

/// A key by which a bucket is chosen: [`Hash`].
#[diagnostic::on_unimplemented(
    message = "a key's hash says which bucket it belongs to, and a `{Self}` has none",
    label = "with `buckets`, this key needs `Hash`",
    note = "add `#[derive(Hash)]` to `{Self}`, or leave out `buckets`"
)]
pub trait HashedKey {
    /// Puts it into `hasher`.
    fn hash_into<H: Hasher>(&self, hasher: &mut H);
}

#[diagnostic::do_not_recommend]
impl<K: Hash + ?Sized> HashedKey for K {
    #[inline(always)]
    fn hash_into<H: Hasher>(&self, hasher: &mut H) {
        self.hash(hasher);
    }
}

/// A value that several can be given: [`Clone`].
#[diagnostic::on_unimplemented(
    message = "each of those who are woken gets a clone of the value, and a `{Self}` cannot be cloned",
    label = "waking several needs a value that is `Clone`",
    note = "add `#[derive(Clone)]` to `{Self}`, or share one in an `Arc`"
)]
pub trait ClonedValue: Clone {}

#[diagnostic::do_not_recommend]
impl<V: Clone> ClonedValue for V {}
