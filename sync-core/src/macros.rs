//! Small internal macros that hide a cfg.

/// Defines a function that is `const` except under `--cfg loom`: loom's types register themselves with the
/// running model and so cannot be made in a constant.
///
/// Generated code uses it too, as `__private::const_fn!`, so that a user's crate needs no cfg of ours.
#[cfg(not(loom))]
#[doc(hidden)]
#[macro_export]
macro_rules! __sync_const_fn {
    ($(#[$meta:meta])* $vis:vis fn $($rest:tt)*) => {
        $(#[$meta])* $vis const fn $($rest)*
    };
}

/// Defines a function that would be `const` off loom.
#[cfg(loom)]
#[doc(hidden)]
#[macro_export]
macro_rules! __sync_const_fn {
    ($(#[$meta:meta])* $vis:vis fn $($rest:tt)*) => {
        $(#[$meta])* $vis fn $($rest)*
    };
}

/// Emits its items if the library has its `alloc` feature and the target an `Arc`, with any features of the
/// caller's crate.
#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __sync_alloc {
    ($($items:tt)*) => { $($items)* };
}

/// Emits nothing: the library is built without its `alloc` feature, or for a target without an `Arc`.
#[cfg(not(all(feature = "alloc", target_has_atomic = "ptr")))]
#[doc(hidden)]
#[macro_export]
macro_rules! __sync_alloc {
    ($($items:tt)*) => {};
}

/// [`__sync_const_fn!`], in reach of the modules below without an import.
macro_rules! const_fn {
    ($($function:tt)*) => { $crate::__sync_const_fn! { $($function)* } };
}

/// A `tracing` event at level TRACE, with that feature, where the crate `tracing` can be built.
#[cfg(all(feature = "tracing", target_has_atomic = "ptr"))]
macro_rules! trace {
    ($($event:tt)*) => { ::tracing::trace!(target: "sync_core", $($event)*) };
}

/// Nothing, without the `tracing` feature or without compare-and-swap.
#[cfg(not(all(feature = "tracing", target_has_atomic = "ptr")))]
macro_rules! trace {
    ($($event:tt)*) => {};
}
