//! A waker whose every function is counted, and runs what a test likes.

#![expect(unsafe_code, reason = "only a vtable of one's own sees a waker being cloned and dropped")]

use alloc::{boxed::Box, sync::Arc};
use core::{
    fmt,
    mem::ManuallyDrop,
    task::{RawWaker, RawWakerVTable, Waker},
};

use crate::{
    Count,
    watched::{found, not_held},
};

type Hook = Box<dyn Fn() + Send + Sync>;

#[cfg(loom)]
std::thread_local! {
    /// How many wakers there are in this execution: loom runs all threads of a model in one.
    pub static WAKERS: core::cell::Cell<usize> = const { core::cell::Cell::new(0) };
}

/// What a waker does when it is cloned, woken and dropped: it counts, and looks whether a lock is held; and
/// what a test adds to that.
///
/// Waking by value runs the hook of `wake` only: the waker goes away with it.
#[derive(Default)]
pub struct Hooks {
    clone: Option<Hook>,
    wake: Option<Hook>,
    drop: Option<Hook>,
    woken: Count,
    wakers: Count,
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
        Arc::new(self).another_waker()
    }

    /// Returns how often a waker was called.
    pub(crate) fn woken(&self) -> usize {
        self.woken.get()
    }

    /// Returns how many wakers there are.
    pub(crate) fn wakers(&self) -> usize {
        self.wakers.get()
    }

    /// Returns one more waker.
    pub(crate) fn another_waker(self: &Arc<Self>) -> Waker {
        self.begins();
        // SAFETY: the functions below keep the contract: each waker owns one reference to an
        // `Arc<Hooks>`, which is `Send + Sync`.
        unsafe { Waker::new(Arc::into_raw(Arc::clone(self)).cast(), &VTABLE) }
    }

    /// Runs `f` with a waker that is not counted, because it lives no longer than the reference to `self`.
    pub(crate) fn with_waker<R>(self: &Arc<Self>, f: impl FnOnce(&Waker) -> R) -> R {
        // SAFETY: as in `another_waker`, with the caller's reference, which is not given up.
        let waker = unsafe { Waker::new(Arc::as_ptr(self).cast(), &VTABLE) };
        f(&ManuallyDrop::new(waker))
    }

    fn begins(&self) {
        self.wakers.up();
        #[cfg(loom)]
        WAKERS.set(WAKERS.get() + 1);
    }

    fn ends(&self) {
        if !self.wakers.down() {
            found("a waker is dropped twice");
        }
        #[cfg(loom)]
        WAKERS.set(WAKERS.get() - 1);
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
    hooks.begins();
    RawWaker::new(Arc::into_raw(Arc::clone(&hooks)).cast(), &VTABLE)
}

unsafe fn wake(data: *const ()) {
    // SAFETY: the caller gives its waker up, and with it this reference, also when the hook panics.
    let hooks = ManuallyDrop::into_inner(unsafe { borrow(data) });
    hooks.ends();
    hooks.woken.up();
    run(hooks.wake.as_ref());
}

unsafe fn wake_by_ref(data: *const ()) {
    // SAFETY: the caller has a waker.
    let hooks = unsafe { borrow(data) };
    hooks.woken.up();
    run(hooks.wake.as_ref());
}

unsafe fn drop_waker(data: *const ()) {
    // SAFETY: as in `wake`.
    let hooks = ManuallyDrop::into_inner(unsafe { borrow(data) });
    hooks.ends();
    run(hooks.drop.as_ref());
}
