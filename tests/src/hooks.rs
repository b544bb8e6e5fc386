//! A waker whose every function runs what a test likes.

#![expect(unsafe_code, reason = "only a vtable of one's own sees a waker being cloned and dropped")]

use alloc::{boxed::Box, sync::Arc};
use core::{
    fmt,
    mem::ManuallyDrop,
    task::{RawWaker, RawWakerVTable, Waker},
};

use crate::watched::not_held;

type Hook = Box<dyn Fn() + Send + Sync>;

/// What a waker does when it is cloned, woken and dropped; by default nothing but look whether a lock is held.
///
/// Waking by value runs the hook of `wake` only: the reference goes away with it.
#[derive(Default)]
pub struct Hooks {
    clone: Option<Hook>,
    wake: Option<Hook>,
    drop: Option<Hook>,
}

impl Hooks {
    /// Returns hooks that do nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Runs `hook` before each clone.
    #[must_use]
    pub fn on_clone(mut self, hook: impl Fn() + Send + Sync + 'static) -> Self {
        self.clone = Some(Box::new(hook));
        self
    }

    /// Runs `hook` at each wake-up.
    #[must_use]
    pub fn on_wake(mut self, hook: impl Fn() + Send + Sync + 'static) -> Self {
        self.wake = Some(Box::new(hook));
        self
    }

    /// Runs `hook` at each drop.
    #[must_use]
    pub fn on_drop(mut self, hook: impl Fn() + Send + Sync + 'static) -> Self {
        self.drop = Some(Box::new(hook));
        self
    }

    /// Returns the first waker with these hooks. Two that were made by two calls never wake each other's
    /// task; clones do.
    #[must_use]
    pub fn waker(self) -> Waker {
        // SAFETY: the functions below keep the contract: each waker owns one reference to an
        // `Arc<Hooks>`, which is `Send + Sync`.
        unsafe { Waker::new(Arc::into_raw(Arc::new(self)).cast(), &VTABLE) }
    }

    /// Returns how many wakers there are that are clones of each other, of which `waker` is one.
    ///
    /// # Panics
    ///
    /// If it was not made by [`waker`](Self::waker).
    #[must_use]
    pub fn wakers(waker: &Waker) -> usize {
        assert!(core::ptr::eq(waker.vtable(), &raw const VTABLE), "this is another kind of waker");
        // SAFETY: it is one of ours.
        let hooks = unsafe { borrow(waker.data()) };
        Arc::strong_count(&hooks)
    }
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hooks").finish_non_exhaustive()
    }
}

static VTABLE: RawWakerVTable = RawWakerVTable::new(clone, wake, wake_by_ref, drop_waker);

fn run(hook: Option<&Hook>) {
    not_held();
    if let Some(hook) = hook {
        hook();
    }
}

/// # Safety
///
/// `data` is a waker's.
unsafe fn borrow(data: *const ()) -> ManuallyDrop<Arc<Hooks>> {
    // SAFETY: it came from `Arc::into_raw`, and its reference is not given up here.
    ManuallyDrop::new(unsafe { Arc::from_raw(data.cast()) })
}

unsafe fn clone(data: *const ()) -> RawWaker {
    // SAFETY: the caller has a waker.
    let hooks = unsafe { borrow(data) };
    run(hooks.clone.as_ref());
    RawWaker::new(Arc::into_raw(Arc::clone(&hooks)).cast(), &VTABLE)
}

unsafe fn wake(data: *const ()) {
    // SAFETY: the caller gives its waker up, and with it this reference, also when the hook panics.
    let hooks = ManuallyDrop::into_inner(unsafe { borrow(data) });
    run(hooks.wake.as_ref());
}

unsafe fn wake_by_ref(data: *const ()) {
    // SAFETY: the caller has a waker.
    run(unsafe { borrow(data) }.wake.as_ref());
}

unsafe fn drop_waker(data: *const ()) {
    // SAFETY: as in `wake`.
    let hooks = ManuallyDrop::into_inner(unsafe { borrow(data) });
    run(hooks.drop.as_ref());
}
