//! Small internal macros that hide a cfg.

/// Defines a function that is `const` except under `--cfg loom`, whose types register themselves
/// with the running model and so cannot be made in a constant.
///
/// Generated code uses it too, as `__private::const_fn!`, so that a user's crate needs no cfg of
/// ours.
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
