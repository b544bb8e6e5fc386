//! loom's world: the same names, checked in every interleaving that a model explores.

pub mod atomic {
    //! Atomic integers whose every access is a scheduling point.
    pub use ::loom::sync::atomic::{
        AtomicBool, AtomicPtr, AtomicU8, AtomicU16, AtomicU32, AtomicU64, AtomicUsize, Ordering, fence,
    };
}

pub(crate) mod cell {
    //! Cells whose accesses are checked for races.

    /// loom's cell, with `into_inner` as the real one has it.
    #[derive(Debug)]
    pub(crate) struct UnsafeCell<T: ?Sized>(::loom::cell::UnsafeCell<T>);

    impl<T> UnsafeCell<T> {
        /// Returns a cell with `value` in it.
        #[track_caller]
        pub(crate) fn new(value: T) -> Self {
            Self(::loom::cell::UnsafeCell::new(value))
        }

        /// Returns the value.
        pub(crate) fn into_inner(self) -> T {
            self.0.into_inner()
        }
    }

    impl<T: ?Sized> UnsafeCell<T> {
        /// Calls `f` with a pointer that it may read from.
        #[track_caller]
        pub(crate) fn with<R>(&self, f: impl FnOnce(*const T) -> R) -> R {
            self.0.with(f)
        }

        /// Calls `f` with a pointer that it may write to.
        #[track_caller]
        pub(crate) fn with_mut<R>(&self, f: impl FnOnce(*mut T) -> R) -> R {
            self.0.with_mut(f)
        }

        /// Begins to read; ends with [`ConstPtr::end`].
        #[track_caller]
        pub(crate) fn get(&self) -> ConstPtr<T> {
            ConstPtr { ptr: self.0.with(|value| value), access: Some(self.0.get()) }
        }

        /// Begins to write; ends with [`MutPtr::end`].
        #[track_caller]
        pub(crate) fn get_mut(&self) -> MutPtr<T> {
            MutPtr { ptr: self.0.with_mut(|value| value), access: Some(self.0.get_mut()) }
        }
    }

    /// A pointer to a cell's value that loom knows to be read until the end.
    pub(crate) struct ConstPtr<T: ?Sized> {
        ptr: *const T,
        access: Option<::loom::cell::ConstPtr<T>>,
    }

    impl<T: ?Sized> ConstPtr<T> {
        /// Returns the pointer.
        pub(crate) fn as_ptr(&self) -> *const T {
            self.ptr
        }

        /// Says that nothing reads through the pointer any more.
        pub(crate) fn end(&mut self) {
            self.access = None;
        }
    }

    /// A pointer to a cell's value that loom knows to be written until the end.
    pub(crate) struct MutPtr<T: ?Sized> {
        ptr: *mut T,
        access: Option<::loom::cell::MutPtr<T>>,
    }

    impl<T: ?Sized> MutPtr<T> {
        /// Returns the pointer.
        pub(crate) fn as_ptr(&self) -> *mut T {
            self.ptr
        }

        /// Says that nothing writes through the pointer any more.
        pub(crate) fn end(&mut self) {
            self.access = None;
        }
    }
}

pub(crate) mod data {
    //! Values that guards lend out; a guard's life is an access, so that a model sees two that overlap.

    use ::loom::cell::{ConstPtr, MutPtr, UnsafeCell};

    /// A value that the holder of some lock may reach.
    ///
    /// What is tracked is a cell beside the value, because loom's own cannot hold values without a size.
    #[derive(Debug)]
    #[expect(clippy::disallowed_types, reason = "this is the shim that all else must use")]
    pub(crate) struct DataCell<T: ?Sized> {
        tracked: UnsafeCell<()>,
        value: core::cell::UnsafeCell<T>,
    }

    /// An access to the value.
    #[derive(Debug)]
    pub(crate) enum Tracking {
        /// Beside others that look at it.
        #[expect(dead_code, reason = "its life is what counts")]
        Shared(ConstPtr<()>),
        /// Alone.
        #[expect(dead_code, reason = "its life is what counts")]
        Alone(MutPtr<()>),
    }

    #[expect(unsafe_code, reason = "a guard goes to another thread with what it has of loom's cell")]
    // SAFETY: what blocks the auto impl are the pointers inside. They are not followed: what they are for is
    // loom's own record, which a model keeps for all its threads.
    unsafe impl Send for Tracking {}

    #[expect(unsafe_code, reason = "a guard is shared with what it has of loom's cell")]
    // SAFETY: what blocks the auto impl are the pointers inside. They are not followed, and a shared
    // `Tracking` can do nothing.
    unsafe impl Sync for Tracking {}

    impl<T> DataCell<T> {
        /// Returns a cell with `value` in it.
        #[track_caller]
        pub(crate) fn new(value: T) -> Self {
            #[expect(clippy::disallowed_types, reason = "this is the shim that all else must use")]
            Self { tracked: UnsafeCell::new(()), value: core::cell::UnsafeCell::new(value) }
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
            if alone { Tracking::Alone(self.tracked.get_mut()) } else { Tracking::Shared(self.tracked.get()) }
        }
    }
}

pub(crate) mod hint {
    //! What a spinning thread tells the model: let another run.
    pub(crate) use ::loom::thread::yield_now as spin_loop;
}

#[cfg(feature = "std")]
pub(crate) mod thread {
    //! Threads that sleep, and are woken by a model's other threads.
    pub(crate) use ::loom::thread::{Thread, current, park};
}
