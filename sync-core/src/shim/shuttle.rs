//! shuttle's world: the same names, run under schedules that are long and drawn at random.
//!
//! shuttle takes every ordering for `SeqCst`: it explores which comes when, and loom what they see then. Its
//! types can be made in constants, so what is `const` in the real world is so here.
#![expect(unsafe_code, reason = "an access points to its count, without a lifetime, as loom's does")]

pub mod atomic {
    //! Atomic integers whose every access is a scheduling point.
    pub use ::shuttle::sync::atomic::{
        AtomicBool, AtomicPtr, AtomicU8, AtomicU16, AtomicU32, AtomicU64, AtomicUsize, Ordering, fence,
    };
}

mod accesses {
    //! Which threads use a value at the moment.

    use super::atomic::{AtomicUsize, Ordering::Relaxed};

    /// What one that is alone adds: more than there are others.
    const ALONE: usize = 1 << 32;

    /// Counts those that use something. Both ends of an access are scheduling points, so that others can come
    /// in between if anything lets them.
    #[derive(Debug)]
    pub(super) struct Accesses(AtomicUsize);

    /// One access, until it is ended.
    #[derive(Debug)]
    pub(super) struct Access {
        to: *const Accesses,
        adds: usize,
    }

    impl Accesses {
        pub(super) const fn new() -> Self {
            Self(AtomicUsize::new(0))
        }

        /// # Panics
        ///
        /// If another uses it, and not both only look.
        #[track_caller]
        pub(super) fn begin(&self, alone: bool) -> Access {
            let adds = if alone { ALONE } else { 1 };
            let others = self.0.fetch_add(adds, Relaxed);
            // A panic while the thread panics would hide the first one.
            let allowed = others == 0 || (!alone && others < ALONE) || std::thread::panicking();
            assert!(allowed, "two use a value at once, and one of them alone");
            Access { to: self, adds }
        }
    }

    impl Access {
        /// # Safety
        ///
        /// What is accessed is still there, and this is the first call.
        pub(super) unsafe fn end(&self) {
            // SAFETY: `to` was made of a reference, and the caller promises that what it pointed to is still
            // there.
            unsafe { &*self.to }.0.fetch_sub(self.adds, Relaxed);
        }
    }
}

pub(crate) mod cell {
    //! Cells whose accesses must not overlap.

    use super::accesses::{Access, Accesses};

    /// A `core` cell that knows which threads use it.
    #[derive(Debug)]
    #[expect(clippy::disallowed_types, reason = "this is the shim that all else must use")]
    pub(crate) struct UnsafeCell<T: ?Sized> {
        accesses: Accesses,
        value: core::cell::UnsafeCell<T>,
    }

    impl<T> UnsafeCell<T> {
        /// Returns a cell with `value` in it.
        pub(crate) const fn new(value: T) -> Self {
            #[expect(clippy::disallowed_types, reason = "this is the shim that all else must use")]
            Self { accesses: Accesses::new(), value: core::cell::UnsafeCell::new(value) }
        }

        /// Returns the value.
        pub(crate) fn into_inner(self) -> T {
            self.value.into_inner()
        }
    }

    impl<T: ?Sized> UnsafeCell<T> {
        /// Calls `f` with a pointer that it may read from.
        #[track_caller]
        pub(crate) fn with<R>(&self, f: impl FnOnce(*const T) -> R) -> R {
            let mut access = self.get();
            let result = f(access.as_ptr());
            access.end();
            result
        }

        /// Calls `f` with a pointer that it may write to.
        #[track_caller]
        pub(crate) fn with_mut<R>(&self, f: impl FnOnce(*mut T) -> R) -> R {
            let mut access = self.get_mut();
            let result = f(access.as_ptr());
            access.end();
            result
        }

        /// Begins to read; ends with [`ConstPtr::end`].
        #[track_caller]
        pub(crate) fn get(&self) -> ConstPtr<T> {
            ConstPtr { ptr: self.value.get(), access: Some(self.accesses.begin(false)) }
        }

        /// Begins to write; ends with [`MutPtr::end`].
        #[track_caller]
        pub(crate) fn get_mut(&self) -> MutPtr<T> {
            MutPtr { ptr: self.value.get(), access: Some(self.accesses.begin(true)) }
        }
    }

    macro_rules! pointer {
        ($(#[$doc:meta])* $name:ident $($kind:tt)+) => {
            $(#[$doc])*
            pub(crate) struct $name<T: ?Sized> {
                ptr: $($kind)+ T,
                access: Option<Access>,
            }

            impl<T: ?Sized> $name<T> {
                /// Returns the pointer.
                pub(crate) fn as_ptr(&self) -> $($kind)+ T {
                    self.ptr
                }

                /// Says that nothing uses the pointer any more.
                pub(crate) fn end(&mut self) {
                    if let Some(access) = self.access.take() {
                        // SAFETY: the one that has this uses it while the cell is there, whose `get` or
                        // `get_mut` returned it. The access was taken out, so that this is the first call.
                        unsafe { access.end() };
                    }
                }
            }

            impl<T: ?Sized> Drop for $name<T> {
                fn drop(&mut self) {
                    // Where the closure of an access panics.
                    self.end();
                }
            }
        };
    }

    pointer! {
        /// A pointer to a cell's value that is read until the end.
        ConstPtr *const
    }
    pointer! {
        /// A pointer to a cell's value that is written until the end.
        MutPtr *mut
    }
}

pub(crate) mod data {
    //! Values that guards lend out; a guard's life is an access, so that two that overlap are seen.

    use super::accesses::{Access, Accesses};

    /// A value that the holder of some lock may reach.
    #[derive(Debug)]
    #[expect(clippy::disallowed_types, reason = "this is the shim that all else must use")]
    pub(crate) struct DataCell<T: ?Sized> {
        accesses: Accesses,
        value: core::cell::UnsafeCell<T>,
    }

    /// An access to the value, until it is dropped.
    #[derive(Debug)]
    pub(crate) struct Tracking(Access);

    // SAFETY: what blocks the auto impl is a pointer to a count, which is atomic: any thread may subtract
    // from it.
    unsafe impl Send for Tracking {}

    // SAFETY: what blocks the auto impl is a pointer to a count, of which a shared `Tracking` makes no use.
    unsafe impl Sync for Tracking {}

    impl Drop for Tracking {
        fn drop(&mut self) {
            // SAFETY: a guard drops it before it lets go of the lock that the value is in, and keeps that in
            // place until then, so the count is there. `drop` runs once.
            unsafe { self.0.end() };
        }
    }

    impl<T> DataCell<T> {
        /// Returns a cell with `value` in it.
        pub(crate) const fn new(value: T) -> Self {
            #[expect(clippy::disallowed_types, reason = "this is the shim that all else must use")]
            Self { accesses: Accesses::new(), value: core::cell::UnsafeCell::new(value) }
        }

        /// Returns the value.
        pub(crate) fn into_inner(self) -> T {
            self.value.into_inner()
        }
    }

    impl<T: ?Sized> DataCell<T> {
        /// Returns a pointer to the value.
        pub(crate) fn get(&self) -> *mut T {
            self.value.get()
        }

        /// Says that the value is used, by one alone or by one of several, as long as the result lives.
        #[track_caller]
        pub(crate) fn track(&self, alone: bool) -> Tracking {
            Tracking(self.accesses.begin(alone))
        }
    }
}

pub(crate) mod hint {
    //! What a spinning thread tells the scheduler: let another run.
    pub(crate) use ::shuttle::hint::spin_loop;
}

#[cfg(feature = "std")]
pub(crate) mod thread {
    //! Threads that sleep, and are woken by other ones of the same execution.
    pub(crate) use ::shuttle::thread::{Thread, current, park};
}
