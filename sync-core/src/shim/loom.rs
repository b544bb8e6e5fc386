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
    pub(crate) struct UnsafeCell<T>(::loom::cell::UnsafeCell<T>);

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

        /// Calls `f` with a pointer that it may write to.
        #[track_caller]
        pub(crate) fn with_mut<R>(&self, f: impl FnOnce(*mut T) -> R) -> R {
            self.0.with_mut(f)
        }
    }
}

pub(crate) mod hint {
    //! What a spinning thread tells the model: let somebody else run.
    pub(crate) use ::loom::thread::yield_now as spin_loop;
}
