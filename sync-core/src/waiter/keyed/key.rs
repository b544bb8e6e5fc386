//! What a key or a value must be able to do, in terms of waiting.
//!
//! Each trait stands for one of `core`'s, so that rustc, where it is not implemented, says what it is needed
//! for. That works only where the trait has no supertrait: otherwise rustc asks for that one too, and prefers
//! its message.

use core::hash::{Hash, Hasher};

/// A key that can be compared with others: [`PartialEq`].
#[diagnostic::on_unimplemented(
    message = "a wake-up finds its waiters by comparing keys, and a `{Self}` cannot be compared",
    label = "this key needs `PartialEq`",
    note = "add `#[derive(PartialEq)]` to `{Self}`, or choose another key"
)]
pub trait ComparableKey {
    /// Whether the two are the same key.
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

/// A value that can be given to several waiters: [`Clone`].
#[diagnostic::on_unimplemented(
    message = "each woken task gets a clone of the value, and a `{Self}` cannot be cloned",
    label = "waking several needs a value that is `Clone`",
    note = "add `#[derive(Clone)]` to `{Self}`, or share one in an `Arc`"
)]
pub trait ClonedValue: Clone {}

#[diagnostic::do_not_recommend]
impl<V: Clone> ClonedValue for V {}
