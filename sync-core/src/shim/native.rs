//! The real world: portable-atomic, and an `UnsafeCell` with loom's closure interface.

/// Atomic integers that exist on every target.
pub mod atomic {
    pub use portable_atomic::{Ordering, fence};

    // Only portable-atomic knows what was chosen: also by the application, whose features we do not see.
    portable_atomic::cfg_has_atomic_cas! {
        pub use portable_atomic::{
            AtomicBool, AtomicPtr, AtomicU8, AtomicU16, AtomicU32, AtomicU64, AtomicUsize,
        };
    }
    portable_atomic::cfg_no_atomic_cas! {
        compile_error!(
            "this target has no atomic compare-and-swap, so it has to be chosen how sync-core gets one:\n\
             - the feature `critical-section` of `sync-core`: by the critical sections that the application provides,\n\
             - or, in the application's Cargo.toml, the feature `unsafe-assume-single-core` of `portable-atomic`: by \
             turning interrupts off, which is sound on a single core in privileged mode only.\n\
             Only with the first may interrupt handlers use the default lock; `sync_core::blocking` has the reason."
        );
        pub use super::super::stand_in::{
            AtomicBool, AtomicPtr, AtomicU8, AtomicU16, AtomicU32, AtomicU64, AtomicUsize,
        };
    }
}

/// Cells whose accesses loom checks.
pub(crate) mod cell {
    /// A `core` cell behind loom's interface: access is by closure, so that loom knows how long it lasts.
    #[derive(Debug)]
    #[repr(transparent)]
    #[expect(clippy::disallowed_types, reason = "this is the shim that all else must use")]
    pub(crate) struct UnsafeCell<T: ?Sized>(core::cell::UnsafeCell<T>);

    impl<T> UnsafeCell<T> {
        /// Returns a cell with `value` in it.
        #[inline(always)]
        pub(crate) const fn new(value: T) -> Self {
            #[expect(clippy::disallowed_types, reason = "this is the shim that all else must use")]
            Self(core::cell::UnsafeCell::new(value))
        }

        /// Returns the value.
        #[inline(always)]
        pub(crate) fn into_inner(self) -> T {
            self.0.into_inner()
        }
    }

    impl<T: ?Sized> UnsafeCell<T> {
        /// Calls `f` with a pointer that it may read from.
        #[inline(always)]
        pub(crate) fn with<R>(&self, f: impl FnOnce(*const T) -> R) -> R {
            f(self.0.get())
        }

        /// Calls `f` with a pointer that it may write to.
        #[inline(always)]
        pub(crate) fn with_mut<R>(&self, f: impl FnOnce(*mut T) -> R) -> R {
            f(self.0.get())
        }

        /// Begins to read; ends with [`ConstPtr::end`].
        #[inline(always)]
        pub(crate) fn get(&self) -> ConstPtr<T> {
            ConstPtr(self.0.get())
        }

        /// Begins to write; ends with [`MutPtr::end`].
        #[inline(always)]
        pub(crate) fn get_mut(&self) -> MutPtr<T> {
            MutPtr(self.0.get())
        }
    }

    /// A pointer to a cell's value that is read until the end.
    pub(crate) struct ConstPtr<T: ?Sized>(*const T);

    impl<T: ?Sized> ConstPtr<T> {
        /// Returns the pointer.
        #[inline(always)]
        pub(crate) fn as_ptr(&self) -> *const T {
            self.0
        }

        /// Says that nothing reads through the pointer any more; loom wants to know.
        #[expect(
            clippy::unused_self,
            clippy::needless_pass_by_ref_mut,
            reason = "loom's has something to do"
        )]
        #[inline(always)]
        pub(crate) fn end(&mut self) {}
    }

    /// A pointer to a cell's value that is written until the end.
    pub(crate) struct MutPtr<T: ?Sized>(*mut T);

    impl<T: ?Sized> MutPtr<T> {
        /// Returns the pointer.
        #[inline(always)]
        pub(crate) fn as_ptr(&self) -> *mut T {
            self.0
        }

        /// Says that nothing writes through the pointer any more; loom wants to know.
        #[expect(
            clippy::unused_self,
            clippy::needless_pass_by_ref_mut,
            reason = "loom's has something to do"
        )]
        #[inline(always)]
        pub(crate) fn end(&mut self) {}
    }
}

/// Values that guards lend out, and what loom is told meanwhile.
pub(crate) mod data {
    /// A value that the holder of some lock may reach.
    #[derive(Debug)]
    #[repr(transparent)]
    pub(crate) struct DataCell<T: ?Sized>(super::cell::UnsafeCell<T>);

    /// An access to the value: nothing, off loom.
    #[derive(Debug)]
    pub(crate) struct Tracking;

    impl<T> DataCell<T> {
        /// Returns a cell with `value` in it.
        #[inline(always)]
        pub(crate) const fn new(value: T) -> Self {
            Self(super::cell::UnsafeCell::new(value))
        }

        /// Returns the value.
        #[inline(always)]
        pub(crate) fn into_inner(self) -> T {
            self.0.into_inner()
        }
    }

    impl<T: ?Sized> DataCell<T> {
        /// Returns a pointer to the value.
        #[inline(always)]
        pub(crate) fn get(&self) -> *mut T {
            self.0.with_mut(|value| value)
        }

        /// Says that the value is used, by one alone or by one of several, as long as the result lives.
        #[expect(clippy::unused_self, reason = "loom's has a use for it")]
        #[inline(always)]
        pub(crate) fn track(&self, alone: bool) -> Tracking {
            let _ = alone;
            Tracking
        }
    }
}

/// What a spinning thread tells the processor.
pub(crate) mod hint {
    pub(crate) use core::hint::spin_loop;
}

/// Threads that sleep.
#[cfg(feature = "std")]
pub(crate) mod thread {
    pub(crate) use std::thread::{Thread, current, park};
}
