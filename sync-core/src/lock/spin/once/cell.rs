//! The cell inside [`InitOnce`](super::InitOnce) and [`Lazy`](super::Lazy).
//!
//! O1 to O3 are invariants of [`state::once`](crate::state::once).

use core::{
    fmt,
    mem::{ManuallyDrop, MaybeUninit},
    panic::RefUnwindSafe,
    panic::UnwindSafe,
};

use crate::{
    shim::cell::UnsafeCell,
    state::once::{AtomicOnceState, Begin, OnceState},
    util::Backoff,
};

/// A place for a value that is written once.
pub(super) struct OnceCell<T> {
    state: AtomicOnceState,
    value: UnsafeCell<MaybeUninit<T>>,
}

// SAFETY: the field that blocks the auto impl is `value`. A shared cell gives out `&T` to many threads (`T:
// Sync`), and a value that one thread puts into it is dropped or taken out by another (`T: Send`). The state
// orders the two.
unsafe impl<T: Send + Sync> Sync for OnceCell<T> {}

// The field that blocks the auto impl is `value`. It is either absent or whole: an initializer that panics
// leaves none.
impl<T: UnwindSafe + RefUnwindSafe> RefUnwindSafe for OnceCell<T> {}

/// The right to write the value, and the duty to record the outcome in the state.
struct Claim<'a> {
    state: &'a AtomicOnceState,
    written: bool,
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        if self.written {
            self.state.finish();
        } else {
            self.state.give_up();
        }
    }
}

impl<T> OnceCell<T> {
    const_fn! {
        /// Returns a cell without a value.
        pub(super) fn new() -> Self {
            Self {
                state: AtomicOnceState::new(OnceState::WHEN_VACANT),
                value: UnsafeCell::new(MaybeUninit::uninit()),
            }
        }
    }

    /// Returns a cell with a value.
    pub(super) fn with_value(value: T) -> Self {
        Self {
            state: AtomicOnceState::new(OnceState::WHEN_READY),
            value: UnsafeCell::new(MaybeUninit::new(value)),
        }
    }

    /// Returns the value, if it is there.
    #[inline(always)]
    pub(super) fn get(&self) -> Option<&T> {
        if !self.state.is_ready() {
            return None;
        }
        // SAFETY: the state is ready, which `is_ready` has just read, with Acquire.
        Some(unsafe { self.get_unchecked() })
    }

    /// Returns the value.
    ///
    /// # Safety
    ///
    /// The state is ready, and the caller knows that by an Acquire, of its own or of a thread that it
    /// synchronizes with.
    #[track_caller]
    #[inline(always)]
    pub(super) unsafe fn get_unchecked(&self) -> &T {
        debug_assert!(self.state.looks_ready(), "there is no value: undefined behaviour in a release build");
        self.value.with(|value| {
            // SAFETY: the pointer is the cell's. Nothing writes while it is ready and shared (O2), which it
            // is as long as the result borrows it.
            let value = unsafe { &*value };
            // SAFETY: it is ready, says the caller, so the value is initialised (O2), and the caller's
            // Acquire has ordered the writing before this.
            unsafe { value.assume_init_ref() }
        })
    }

    /// Puts `value` in, unless there is a value or one is being made.
    pub(super) fn set(&self, value: T) -> Result<(), (T, OnceState)> {
        match self.state.begin() {
            Begin::Claimed => {
                self.fill(|| value);
                Ok(())
            }
            Begin::Running => Err((value, OnceState::WHEN_RUNNING)),
            Begin::Ready => Err((value, OnceState::WHEN_READY)),
        }
    }

    /// Returns the value, which `make` makes if there is none and no other thread makes it.
    #[cold]
    #[inline(never)]
    pub(super) fn get_or_make(&self, make: impl FnOnce() -> T) -> &T {
        let mut backoff = Backoff::new();
        loop {
            match self.state.begin() {
                Begin::Claimed => {
                    self.fill(make);
                    break;
                }
                Begin::Ready => break,
                Begin::Running => backoff.spin(),
            }
        }
        // SAFETY: the loop ends when this thread has filled the cell, which makes it ready, or when `begin`
        // has read that it is, with Acquire.
        unsafe { self.get_unchecked() }
    }

    /// Fills the cell, which the caller has just claimed; or gives it up, if `make` panics.
    fn fill(&self, make: impl FnOnce() -> T) {
        let mut claim = Claim { state: &self.state, written: false };
        let value = MaybeUninit::new(make());
        // SAFETY: the pointer is the cell's. The cell is claimed, by us, so that nothing else reaches the
        // value (O1). There is none in it, so that nothing is overwritten that would need a drop.
        self.value.with_mut(|place| unsafe { place.write(value) });
        claim.written = true;
    }

    /// Returns the value, if it is there.
    pub(super) fn get_mut(&mut self) -> Option<&mut T> {
        self.state.is_ready().then(|| {
            self.value.with_mut(|value| {
                // SAFETY: the pointer is the cell's, to which `&mut self` is the only way while the result
                // lives.
                let value = unsafe { &mut *value };
                // SAFETY: `is_ready` has read that it is ready, with Acquire, so the value is initialised
                // (O2).
                unsafe { value.assume_init_mut() }
            })
        })
    }

    /// Returns the value, if it is there.
    pub(super) fn into_inner(self) -> Option<T> {
        // It is not dropped: its value is moved out.
        let this = ManuallyDrop::new(self);
        this.state.is_ready().then(|| {
            this.value.with(|value| {
                // SAFETY: the pointer is the cell's, which is ours alone, so that nothing writes meanwhile.
                let value = unsafe { &*value };
                // SAFETY: `is_ready` has read that it is ready, with Acquire, so the value is initialised
                // (O2). It is read once: `this` is not dropped, and goes out of scope.
                unsafe { value.assume_init_read() }
            })
        })
    }
}

impl<T> Drop for OnceCell<T> {
    fn drop(&mut self) {
        if !core::mem::needs_drop::<T>() {
            return;
        }
        if let Some(value) = self.get_mut() {
            // SAFETY: the reference is to an initialised value, which nothing uses again: the cell ends here,
            // and what is dropped after this is a `MaybeUninit`, which drops nothing.
            unsafe { core::ptr::drop_in_place(value) };
        }
    }
}

impl<T: fmt::Debug> fmt::Debug for OnceCell<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.get() {
            Some(value) => value.fmt(f),
            None if self.state.is_running() => f.pad("<initializing>"),
            None => f.pad("<uninitialized>"),
        }
    }
}
