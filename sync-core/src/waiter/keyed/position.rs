//! Positions, and when one is reached: the keys of `match = up_to`.

use core::fmt;

/// A position at which a `#[wait_map(match = up_to)]` can start.
///
/// All integers are positions that start at zero. A type of your own becomes one with one line:
///
/// ```
/// #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
/// pub struct Lsn(u64);
///
/// impl sync_core::Position for Lsn {
///     const START: Self = Self(0);
/// }
///
/// #[sync_core::wait_map(key = Lsn, match = up_to)]
/// pub struct Flushed;
///
/// static FLUSHED: Flushed = Flushed::new();
/// assert_eq!(FLUSHED.current(), Lsn(0));
/// ```
#[diagnostic::on_unimplemented(
    message = "nothing says at which `{Self}` an `up_to` map starts",
    label = "`new` needs `impl sync_core::Position for {Self}`",
    note = "`starting_at(position)` makes one that starts there, and needs no `Position`"
)]
pub trait Position: Copy + Ord {
    /// The first position.
    const START: Self;
}

/// An unsigned integer that wraps to zero after its largest value: a sequence number.
///
/// Of two of them, `a` is behind `b` if counting up leads from `a` to `b` in less than half the range. So two
/// numbers can be compared only while they are less than half the range apart.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not wrap: `wrapping` is for sequence numbers of 8 to 64 bits",
    label = "use `u8`, `u16`, `u32`, `u64` or `usize` here, or leave out `wrapping`"
)]
pub trait SequenceNumber: Copy + Eq + private::Sealed {
    /// The first one.
    #[doc(hidden)]
    const ZERO: Self;

    /// Whether counting up leads from `self` to `other` in less than half the range; also if they are equal.
    #[doc(hidden)]
    fn leads_to(self, other: Self) -> bool;
}

mod private {
    #[expect(unnameable_types, reason = "that is the point")]
    pub trait Sealed {}
}

macro_rules! integers {
    ($($int:ty)*) => {$(
        impl Position for $int {
            const START: Self = 0;
        }
    )*};
}
integers! { u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize }

macro_rules! sequence_numbers {
    ($($int:ty)*) => {$(
        impl private::Sealed for $int {}

        impl SequenceNumber for $int {
            const ZERO: Self = 0;

            #[inline]
            fn leads_to(self, other: Self) -> bool {
                other.wrapping_sub(self) <= Self::MAX / 2
            }
        }
    )*};
}
sequence_numbers! { u8 u16 u32 u64 usize }

/// How the positions of an `up_to` map are ordered.
#[diagnostic::on_unimplemented(
    message = "an `up_to` map copies its positions and puts them in order, and a `{K}` cannot be copied and compared",
    label = "this key needs `Copy` and `Ord`",
    note = "add `#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]` to `{K}`, or choose another key"
)]
pub trait Order<K> {
    /// Copies a position.
    fn copy(position: &K) -> K;

    /// Whether a task that waits until `until` may go on at `position`.
    fn is_reached(position: &K, until: &K) -> bool;

    /// Whether `a` is reached before `b`; both are not reached yet.
    fn is_before(a: &K, b: &K) -> bool;
}

/// The order of `K`'s `Ord`.
pub enum Ascending {}

#[diagnostic::do_not_recommend]
impl<K: Copy + Ord> Order<K> for Ascending {
    #[inline(always)]
    fn copy(position: &K) -> K {
        *position
    }

    #[inline]
    fn is_reached(position: &K, until: &K) -> bool {
        until <= position
    }

    #[inline]
    fn is_before(a: &K, b: &K) -> bool {
        a < b
    }
}

/// The order of sequence numbers that wrap.
pub enum Wrapping {}

impl<K: SequenceNumber> Order<K> for Wrapping {
    #[inline(always)]
    fn copy(position: &K) -> K {
        *position
    }

    #[inline]
    fn is_reached(position: &K, until: &K) -> bool {
        until.leads_to(*position)
    }

    #[inline]
    fn is_before(a: &K, b: &K) -> bool {
        a != b && a.leads_to(*b)
    }
}

impl fmt::Debug for Ascending {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}

impl fmt::Debug for Wrapping {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}
