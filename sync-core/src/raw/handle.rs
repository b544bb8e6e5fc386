//! How a future reaches its queue: by reference, or through an `Arc` that it owns.

use super::queue::{Queue, Rule};

/// A way to one queue.
///
/// # Safety
///
/// Every call returns the same queue, which neither moves nor goes away while the handle exists,
/// wherever the handle itself is moved to (N7). Otherwise a node would be unlinked from a list it is
/// not in.
pub unsafe trait Handle<R: Rule, Lock> {
    /// Returns the queue.
    fn queue(&self) -> &Queue<R, Lock>;
}

// SAFETY: what a reference points to stays in place while the reference exists.
unsafe impl<R: Rule, Lock> Handle<R, Lock> for &Queue<R, Lock> {
    #[inline(always)]
    fn queue(&self) -> &Queue<R, Lock> {
        self
    }
}

#[cfg(feature = "alloc")]
pub use self::owned::{AsQueue, Owned};

#[cfg(feature = "alloc")]
mod owned {
    use alloc::sync::Arc;
    use core::{fmt, ptr::NonNull};

    use super::{Handle, Queue, Rule};

    /// A type that is a queue with a name and methods of its own.
    ///
    /// `#[primitive]` and `#[wait_map]` implement it for the types they make.
    pub trait AsQueue {
        /// What runs the queue.
        type Rule: Rule;
        /// The raw lock under which it keeps its list.
        type Lock;

        /// Returns the queue inside.
        fn as_queue(&self) -> &Queue<Self::Rule, Self::Lock>;
    }

    /// An `Arc` of something with a queue inside.
    pub struct Owned<T: AsQueue> {
        /// The queue inside `*keep`.
        queue: NonNull<Queue<T::Rule, T::Lock>>,
        keep: Arc<T>,
    }

    // SAFETY: `queue` blocks the auto impl; it is a shared reference into `*keep`, so it may go where
    // both an `Arc<T>` and a `&Queue` may go.
    unsafe impl<T: AsQueue> Send for Owned<T>
    where
        Arc<T>: Send,
        Queue<T::Rule, T::Lock>: Sync,
    {
    }

    // SAFETY: as for `Send`; all that `&Owned` gives out is `&Queue`.
    unsafe impl<T: AsQueue> Sync for Owned<T>
    where
        Arc<T>: Sync,
        Queue<T::Rule, T::Lock>: Sync,
    {
    }

    impl<T: AsQueue> Owned<T> {
        /// Asks `keep` once for the queue inside it.
        #[inline]
        pub(crate) fn new(keep: Arc<T>) -> Self {
            Self { queue: NonNull::from(keep.as_queue()), keep }
        }
    }

    // SAFETY: `queue` was made once, from a `&T` that the `Arc` could go on lending as long as it is
    // held: the value is not moved, dropped or borrowed mutably while a strong reference exists, and
    // this one gives out none. Whatever `as_queue` returned for that `&T` is therefore still there.
    unsafe impl<T: AsQueue> Handle<T::Rule, T::Lock> for Owned<T> {
        #[inline(always)]
        fn queue(&self) -> &Queue<T::Rule, T::Lock> {
            // SAFETY: see above; `keep` lives as long as `self`.
            unsafe { self.queue.as_ref() }
        }
    }

    impl<T: AsQueue> fmt::Debug for Owned<T> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.debug_struct("Owned").field("keep", &Arc::as_ptr(&self.keep)).finish_non_exhaustive()
        }
    }
}
