//! One trait per kind of primitive, implemented for this library and for its peers.
//!
//! A primitive is measured as `&'static`, as in a kernel or in firmware, so that no reference count is part of
//! a figure.
mod cell;
mod map;
mod queue;
mod same;

pub use self::{
    cell::{BareAtomicWaker, BareDiatomic, Diatomic, FlaggedAtomicWaker},
    map::OneshotMap,
    queue::{ManualReset, Permits, TwoRmws},
    same::Polled,
};

/// What tasks can wait on.
pub trait Waits: Default + 'static {
    /// What a wait yields.
    type Output;

    /// A future that completes when it is woken.
    fn wait(&'static self) -> impl Future<Output = Self::Output>;

    /// Does with the output of a wait what its user has to.
    #[inline]
    fn accept(_: Self::Output) {}
}

/// What can wake one of those that wait.
pub trait WakeOne: Waits {
    /// Wakes one, or remembers the wake-up where the library does so.
    fn wake(&'static self);
}

/// What can wake all that wait.
pub trait WakeAll: Waits {
    /// Wakes all.
    fn wake_all(&'static self);

    /// Makes new waiters wait again, where that is not so anyhow.
    #[inline]
    fn rearm(&'static self) {}
}

/// What tasks can wait on under a key, for a value.
pub trait Keyed: Default + 'static {
    /// A future that completes when `key` is woken.
    fn wait(&'static self, key: u16) -> impl Future;

    /// Gives `value` to the task that waits under `key`; says whether there was one.
    fn wake(&'static self, key: u16, value: u64) -> bool;
}
