//! The atomic cell of a `#[bitfield]` word.
//!
//! The macro generates a newtype around [`AtomicWord`] whose methods only name fields; every loop is here,
//! once, where loom explores it. Nothing in this file chooses an ordering for the caller, but where nothing
//! is told of what was read: there it is Relaxed.

use core::{
    fmt,
    ops::{BitAnd, BitOr, Not, Shl, Shr},
};

use crate::shim::atomic::{self, Ordering};

mod sealed {
    #[expect(unnameable_types, reason = "that is the point")]
    pub trait Sealed {}
}

/// An unsigned integer that can hold the fields of a word.
pub trait Bits:
    sealed::Sealed
    + Copy
    + Eq
    + fmt::Debug
    + BitAnd<Output = Self>
    + BitOr<Output = Self>
    + Not<Output = Self>
    + Shl<u32, Output = Self>
    + Shr<u32, Output = Self>
{
    /// How many bits there are.
    const WIDTH: u32;
    /// The word with all bits set.
    const MAX: Self;

    /// Adds, dropping the carry out of the word.
    #[must_use]
    fn wrapping_add(self, other: Self) -> Self;

    /// Returns the same number as the widest integer, for messages.
    fn widen(self) -> u128;

    /// Returns the bits of the field of `width` bits that starts at bit `lo`, in place.
    #[inline(always)]
    #[must_use]
    fn mask(lo: u32, width: u32) -> Self {
        (Self::MAX >> (Self::WIDTH - width)) << lo
    }
}

/// An integer that has an atomic twin in the shim.
pub trait AtomicBits: Bits {
    /// The twin.
    type Atomic: fmt::Debug;

    /// As the twin's method of the same name; so are the others.
    fn load(cell: &Self::Atomic, order: Ordering) -> Self;
    /// Writes.
    fn store(cell: &Self::Atomic, bits: Self, order: Ordering);
    /// Writes and returns what was there.
    fn swap(cell: &Self::Atomic, bits: Self, order: Ordering) -> Self;
    /// Writes `new` if `current` is there.
    ///
    /// # Errors
    ///
    /// Returns what was there instead.
    fn compare_exchange(
        cell: &Self::Atomic,
        current: Self,
        new: Self,
        success: Ordering,
        failure: Ordering,
    ) -> Result<Self, Self>;
    /// As `compare_exchange`, and may fail for no reason.
    ///
    /// # Errors
    ///
    /// Returns what was there.
    fn compare_exchange_weak(
        cell: &Self::Atomic,
        current: Self,
        new: Self,
        success: Ordering,
        failure: Ordering,
    ) -> Result<Self, Self>;
    /// Sets bits.
    fn fetch_or(cell: &Self::Atomic, bits: Self, order: Ordering) -> Self;
    /// Keeps bits.
    fn fetch_and(cell: &Self::Atomic, bits: Self, order: Ordering) -> Self;
    /// Adds, wrapping.
    fn fetch_add(cell: &Self::Atomic, bits: Self, order: Ordering) -> Self;
    /// Returns what is there, of a cell that nothing else knows.
    fn take(cell: Self::Atomic) -> Self;
    /// Changes what is there, while nothing else can.
    fn with_mut<R>(cell: &mut Self::Atomic, f: impl FnOnce(&mut Self) -> R) -> R;
}

macro_rules! impl_bits {
    ($($bits:ty),+) => { $(
        impl sealed::Sealed for $bits {}

        impl Bits for $bits {
            const WIDTH: u32 = <$bits>::BITS;
            const MAX: Self = <$bits>::MAX;

            #[inline(always)]
            fn wrapping_add(self, other: Self) -> Self {
                self.wrapping_add(other)
            }

            #[inline(always)]
            #[expect(clippy::allow_attributes, reason = "lossless for some of the types only")]
            #[allow(clippy::cast_lossless, reason = "`u128: From<usize>` does not exist")]
            fn widen(self) -> u128 {
                self as u128
            }
        }
    )+ };
}

macro_rules! impl_atomic_bits {
    ($($bits:ty => $Atomic:ident),+) => { $(
        impl AtomicBits for $bits {
            type Atomic = atomic::$Atomic;

            #[inline(always)]
            fn load(cell: &Self::Atomic, order: Ordering) -> Self {
                cell.load(order)
            }
            #[inline(always)]
            fn store(cell: &Self::Atomic, bits: Self, order: Ordering) {
                cell.store(bits, order);
            }
            #[inline(always)]
            fn swap(cell: &Self::Atomic, bits: Self, order: Ordering) -> Self {
                cell.swap(bits, order)
            }
            #[inline(always)]
            fn compare_exchange(
                cell: &Self::Atomic,
                current: Self,
                new: Self,
                success: Ordering,
                failure: Ordering,
            ) -> Result<Self, Self> {
                cell.compare_exchange(current, new, success, failure)
            }
            #[inline(always)]
            fn compare_exchange_weak(
                cell: &Self::Atomic,
                current: Self,
                new: Self,
                success: Ordering,
                failure: Ordering,
            ) -> Result<Self, Self> {
                cell.compare_exchange_weak(current, new, success, failure)
            }
            #[inline(always)]
            fn fetch_or(cell: &Self::Atomic, bits: Self, order: Ordering) -> Self {
                cell.fetch_or(bits, order)
            }
            #[inline(always)]
            fn fetch_and(cell: &Self::Atomic, bits: Self, order: Ordering) -> Self {
                cell.fetch_and(bits, order)
            }
            #[inline(always)]
            fn fetch_add(cell: &Self::Atomic, bits: Self, order: Ordering) -> Self {
                cell.fetch_add(bits, order)
            }
            #[inline(always)]
            fn take(cell: Self::Atomic) -> Self {
                cell.into_inner()
            }
            #[cfg(not(loom))]
            #[inline(always)]
            fn with_mut<R>(cell: &mut Self::Atomic, f: impl FnOnce(&mut Self) -> R) -> R {
                f(cell.get_mut())
            }
            #[cfg(loom)]
            fn with_mut<R>(cell: &mut Self::Atomic, f: impl FnOnce(&mut Self) -> R) -> R {
                cell.with_mut(f)
            }
        }
    )+ };
}

impl_bits!(u8, u16, u32, u64, u128, usize);
impl_atomic_bits!(u8 => AtomicU8, u16 => AtomicU16, u32 => AtomicU32, u64 => AtomicU64, usize => AtomicUsize);

/// Does not compile if the target has no atomic operations as wide as the word `S`.
///
/// portable-atomic would emulate them by a lock of its own, and an interrupt handler that met it would wait
/// endlessly for the code that it has interrupted.
///
/// # Panics
///
/// In that case, where it is called in a constant.
pub const fn assert_atomic<S: Word>() {
    assert!(
        S::Bits::WIDTH <= 32 || cfg!(target_has_atomic = "64"),
        "the target has no 64-bit atomic operations: make the word a `usize` or `u32`, or leave out its atomic cell"
    );
}

/// A snapshot: a `Copy` view of one integer. Implemented by `#[bitfield]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no state word",
    label = "not a `#[bitfield]`",
    note = "a `word` is a struct with `#[sync_core::bitfield(usize)]`"
)]
pub trait Word: Copy {
    /// The integer.
    type Bits: Bits;

    /// Returns the snapshot of these bits. Every pattern is a snapshot.
    fn from_bits(bits: Self::Bits) -> Self;

    /// Returns the bits.
    fn bits(self) -> Self::Bits;
}

/// The word `S` in memory that threads and interrupt handlers share.
#[repr(transparent)]
pub struct AtomicWord<S: Word<Bits: AtomicBits>> {
    word: <S::Bits as AtomicBits>::Atomic,
}

impl<S: Word<Bits: AtomicBits>> AtomicWord<S> {
    /// Returns a cell around an atomic that already holds the bits of a snapshot.
    ///
    /// It takes the atomic rather than the snapshot because a trait's method cannot run in a constant.
    #[inline(always)]
    pub const fn new(word: <S::Bits as AtomicBits>::Atomic) -> Self {
        Self { word }
    }

    /// Returns the snapshot that is there.
    #[inline(always)]
    pub fn load(&self, order: Ordering) -> S {
        S::from_bits(S::Bits::load(&self.word, order))
    }

    /// Replaces the whole word.
    #[inline(always)]
    pub fn store(&self, value: S, order: Ordering) {
        S::Bits::store(&self.word, value.bits(), order);
    }

    /// Replaces the whole word and returns the previous snapshot.
    #[inline(always)]
    pub fn swap(&self, value: S, order: Ordering) -> S {
        S::from_bits(S::Bits::swap(&self.word, value.bits(), order))
    }

    /// Replaces the whole word if it is `current`.
    ///
    /// # Errors
    ///
    /// Returns the snapshot that was there instead.
    #[inline(always)]
    pub fn compare_exchange(&self, current: S, new: S, success: Ordering, failure: Ordering) -> Result<S, S> {
        match S::Bits::compare_exchange(&self.word, current.bits(), new.bits(), success, failure) {
            Ok(bits) => Ok(S::from_bits(bits)),
            Err(bits) => Err(S::from_bits(bits)),
        }
    }

    /// As [`compare_exchange`](Self::compare_exchange), and may fail although the word is `current`.
    ///
    /// # Errors
    ///
    /// Returns the snapshot that was there.
    #[inline(always)]
    pub fn compare_exchange_weak(
        &self,
        current: S,
        new: S,
        success: Ordering,
        failure: Ordering,
    ) -> Result<S, S> {
        match S::Bits::compare_exchange_weak(&self.word, current.bits(), new.bits(), success, failure) {
            Ok(bits) => Ok(S::from_bits(bits)),
            Err(bits) => Err(S::from_bits(bits)),
        }
    }

    /// Replaces the snapshot by what `f` makes of it, until nothing interferes or `f` declines.
    ///
    /// # Errors
    ///
    /// Returns the snapshot for which `f` returned `None`.
    #[inline]
    pub fn fetch_update(
        &self,
        set: Ordering,
        fetch: Ordering,
        mut f: impl FnMut(S) -> Option<S>,
    ) -> Result<S, S> {
        let mut current = self.load(fetch);
        while let Some(new) = f(current) {
            match self.compare_exchange_weak(current, new, set, fetch) {
                Ok(previous) => return Ok(previous),
                Err(seen) => current = seen,
            }
        }
        Err(current)
    }

    /// As [`fetch_update`](Self::fetch_update) with an `f` that never declines.
    #[inline]
    pub fn update(&self, set: Ordering, fetch: Ordering, mut f: impl FnMut(S) -> S) -> S {
        let mut current = self.load(fetch);
        loop {
            match self.compare_exchange_weak(current, f(current), set, fetch) {
                Ok(previous) => return previous,
                Err(seen) => current = seen,
            }
        }
    }

    /// Sets the bits of `mask` in one operation; returns the previous snapshot.
    #[inline(always)]
    pub fn fetch_set(&self, mask: S::Bits, order: Ordering) -> S {
        S::from_bits(S::Bits::fetch_or(&self.word, mask, order))
    }

    /// Clears the bits of `mask` in one operation; returns the previous snapshot.
    #[inline(always)]
    pub fn fetch_clear(&self, mask: S::Bits, order: Ordering) -> S {
        S::from_bits(S::Bits::fetch_and(&self.word, !mask, order))
    }

    /// Adds `n` to the field at `lo..lo + width`, wrapping within it; returns the previous snapshot.
    ///
    /// One operation when the field is the top of the word, where a carry leaves the word; otherwise an
    /// exchange loop, because a carry would change the neighbour.
    #[inline]
    pub fn fetch_add(&self, lo: u32, width: u32, n: S::Bits, order: Ordering) -> S {
        if lo + width == S::Bits::WIDTH {
            return S::from_bits(S::Bits::fetch_add(&self.word, n << lo, order));
        }
        let mask = S::Bits::mask(lo, width);
        // Ordering: the exchange that succeeds decides; this load, and an exchange that fails, are only
        // guesses for it.
        let mut current = S::Bits::load(&self.word, Ordering::Relaxed);
        loop {
            let new = (current & !mask) | (current.wrapping_add(n << lo) & mask);
            match S::Bits::compare_exchange_weak(&self.word, current, new, order, Ordering::Relaxed) {
                Ok(previous) => return S::from_bits(previous),
                Err(seen) => current = seen,
            }
        }
    }

    /// Replaces the field at `lo..lo + width` by `to` while it is `from`, leaving the others as they
    /// are; returns the previous snapshot.
    ///
    /// # Errors
    ///
    /// Returns the snapshot in which the field was not `from`.
    #[inline]
    pub fn transition(
        &self,
        lo: u32,
        width: u32,
        from: S::Bits,
        to: S::Bits,
        success: Ordering,
        failure: Ordering,
    ) -> Result<S, S> {
        let mask = S::Bits::mask(lo, width);
        let mut current = S::Bits::load(&self.word, failure);
        while current & mask == from << lo {
            let new = (current & !mask) | (to << lo);
            match S::Bits::compare_exchange_weak(&self.word, current, new, success, failure) {
                Ok(previous) => return Ok(S::from_bits(previous)),
                Err(seen) => current = seen,
            }
        }
        Err(S::from_bits(current))
    }

    /// Returns the snapshot, of a cell that nothing else knows.
    #[inline]
    pub fn into_inner(self) -> S {
        S::from_bits(S::Bits::take(self.word))
    }

    /// Lets `f` change the snapshot, while nothing else can.
    #[inline]
    pub fn with_mut<R>(&mut self, f: impl FnOnce(&mut S) -> R) -> R {
        S::Bits::with_mut(&mut self.word, |bits| {
            let mut value = S::from_bits(*bits);
            let result = f(&mut value);
            *bits = value.bits();
            result
        })
    }
}

impl<S: Word<Bits: AtomicBits> + fmt::Debug> fmt::Debug for AtomicWord<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Ordering: nothing is read on the strength of what a debug print shows.
        self.load(Ordering::Relaxed).fmt(f)
    }
}
