//! The named types around the one future and the one guard: what users see of both.
//!
//! A public future is a struct of its own around a [`raw::Wait`](crate::engine::Wait), a public guard one
//! around a [`raw::Guard`](crate::engine::Guard) or a [`raw::MappedGuard`](crate::engine::MappedGuard). The
//! macros here write them, for this crate and for the output of `#[primitive]` and `#[wait_map]` in others.
//! They add no instruction: everything is inlined and delegated, and nothing is converted on the way. What a
//! wait yields is made with its name where it is finished ([`Yield`](crate::engine::Yield)).
//!
//! # Why the projection is sound
//!
//! Pinning a named future pins the wait in it:
//!
//! - **P1** It is `Unpin` only if the wait is, which no wait is. In this crate that is the auto trait's
//!   doing. In another crate the macro writes an `impl Unpin` that never holds, so that no other can be
//!   written there (E0119).
//! - **P2** Nothing moves the wait out of it while it is dropped: in this crate there is no `impl Drop` for
//!   one, and in another crate the macro writes an empty one, so that no other can be written there. With it,
//!   the field cannot be moved out of the struct either (E0509).
//! - **P3** It is not `repr(packed)`: the macros forward documentation and lint levels to it, no `repr`.

/// Writes the struct of a future, for the output of `#[primitive]` and `#[wait_map]` in another crate.
///
/// `[attributes of every impl]`, then the struct: its parameters as declared, for an `impl`, and as
/// arguments, and its where predicates, each in brackets; the wait inside and what it yields; and the method
/// that registers it with what comes of that and, if it is not [`Subscribe`](crate::waiter::Subscribe), the
/// struct that the method returns: the lifetime of the pin, the name and the arguments, in brackets.
#[doc(hidden)]
#[macro_export]
macro_rules! __sync_future {
    (
        [$($all:tt)*]
        $(#[$meta:meta])*
        $vis:vis struct $name:ident [$($declared:tt)*] [$($params:tt)*] [$($args:tt)*] [$($bounds:tt)*]
        $($rest:tt)*
    ) => {
        $crate::__sync_future_struct! {
            [] [$($all)*]
            $(#[$meta])*
            $vis struct $name [$($declared)*] [$($params)*] [$($args)*] [$($bounds)*]
            $($rest)*
        }

        // P1.
        #[doc(hidden)]
        $($all)*
        impl<$($params)*> ::core::marker::Unpin for $name<$($args)*>
        where
            $($bounds)*
            for<'never> $crate::waiter::Pinned<'never>: ::core::marker::Unpin,
        {
        }

        // P2.
        #[doc(hidden)]
        $($all)*
        impl<$($params)*> ::core::ops::Drop for $name<$($args)*>
        where
            $($bounds)*
        {
            #[inline(always)]
            fn drop(&mut self) {}
        }
    };
}

/// Writes the struct of a future without what keeps it from being unpinned (P1, P2 in `named`).
#[doc(hidden)]
#[macro_export]
macro_rules! __sync_future_struct {
    (
        [$($allowance:tt)*] [$($all:tt)*]
        $(#[$meta:meta])*
        $vis:vis struct $name:ident [$($declared:tt)*] [$($params:tt)*] [$($args:tt)*] [$($bounds:tt)*]
        $wait:ty => $output:ty;
        $(#[$subscribe_meta:meta])*
        $subscribe:ident => $subscribed:ty $(as $pin:lifetime $subscription:ident [$($subscription_args:tt)*])?;
    ) => {
        $($all)*
        $(#[$meta])*
        #[must_use = "futures do nothing unless `.await`ed or polled"]
        $vis struct $name<$($declared)*>
        where
            $($bounds)*
        {
            __sync_wait: $wait,
        }

        $($all)*
        impl<$($params)*> $name<$($args)*>
        where
            $($bounds)*
        {
            $crate::__sync_subscribe! {
                [$(#[$subscribe_meta])*]
                $vis $subscribe $($pin $subscription [$($subscription_args)*])?
            }

            $($allowance)*
            #[inline(always)]
            fn __sync_wait(self: ::core::pin::Pin<&mut Self>) -> ::core::pin::Pin<&mut $wait> {
                // SAFETY: the field is pinned with the struct: this function is the way to a `Pin` of it, the
                // struct is `Unpin` only if the field is, nothing moves the field when the struct is dropped,
                // and it is not packed (P1 to P3 in `sync_core`'s module `named`).
                unsafe { ::core::pin::Pin::map_unchecked_mut(self, |this| &mut this.__sync_wait) }
            }
        }

        #[automatically_derived]
        $($all)*
        impl<$($params)*> ::core::future::Future for $name<$($args)*>
        where
            $($bounds)*
        {
            type Output = $output;

            // Cost: without LTO, stored-wake 34 and wait-wake 181 with it, 36 and 182 with `always`.
            #[inline]
            fn poll(
                self: ::core::pin::Pin<&mut Self>,
                cx: &mut ::core::task::Context<'_>,
            ) -> ::core::task::Poll<$output> {
                ::core::future::Future::poll(self.__sync_wait(), cx)
            }
        }

        #[automatically_derived]
        $($all)*
        impl<$($params)*> $crate::__private::Subscribable for $name<$($args)*>
        where
            $($bounds)*
        {
            type Subscribed = $subscribed;

            #[inline]
            fn poll_subscribe(
                self: ::core::pin::Pin<&mut Self>,
                cx: &mut ::core::task::Context<'_>,
            ) -> ::core::task::Poll<$subscribed> {
                $crate::__private::Subscribable::poll_subscribe(self.__sync_wait(), cx)
            }
        }

        #[automatically_derived]
        $($all)*
        impl<$($params)*> ::core::fmt::Debug for $name<$($args)*>
        where
            $($bounds)*
        {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::__private::Wait::debug(&self.__sync_wait, ::core::stringify!($name), f)
            }
        }
    };
}

/// [`__sync_future!`] for this crate, whose lint against unsafe code sees its own macros' output, and in which
/// there is no `impl Unpin` and no `impl Drop` for a future: rustdoc then shows that it is `!Unpin`.
macro_rules! own_future {
    ($($future:tt)*) => {
        $crate::__sync_future_struct! {
            [#[expect(unsafe_code, reason = "the one projection, with its proof in `named`")]]
            $($future)*
        }
    };
}
pub(crate) use own_future;

/// Writes the struct of a guard around `$guard`, which gives access to a `$target`; with `mut`, to change it.
macro_rules! guard {
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident [$($declared:tt)*] [$($params:tt)*] [$($args:tt)*]
        $guard:ty => $target:ty $(, $mut:tt)?;
    ) => {
        $(#[$meta])*
        #[must_use = "a lock is released when its guard is dropped"]
        $vis struct $name<$($declared)*> {
            guard: $guard,
        }

        impl<$($params)*> ::core::ops::Deref for $name<$($args)*> {
            type Target = $target;

            #[inline(always)]
            fn deref(&self) -> &$target {
                &self.guard
            }
        }

        $crate::named::deref_mut! { [$($mut)?] $name [$($params)*] [$($args)*] => $target }

        impl<$($params)*> ::core::fmt::Debug for $name<$($args)*>
        where
            $target: ::core::fmt::Debug,
        {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                (**self).fmt(f)
            }
        }

        impl<$($params)*> ::core::fmt::Display for $name<$($args)*>
        where
            $target: ::core::fmt::Display,
        {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                (**self).fmt(f)
            }
        }
    };
}
pub(crate) use guard;

/// The part of [`guard!`] that is there for guards that change the value.
macro_rules! deref_mut {
    ([] $($guard:tt)*) => {};
    ([mut] $name:ident [$($params:tt)*] [$($args:tt)*] => $target:ty) => {
        impl<$($params)*> ::core::ops::DerefMut for $name<$($args)*> {
            #[inline(always)]
            fn deref_mut(&mut self) -> &mut $target {
                &mut self.guard
            }
        }
    };
}
pub(crate) use deref_mut;

/// [`guard!`] of a whole value, which a lock future yields: reached through a `$keep`, held in `$mode`.
macro_rules! whole_guard {
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident [$($declared:tt)*] [$($params:tt)*] [$($args:tt)*]
        $keep:ty as $mode:ty => $target:ty $(, $mut:tt)?;
    ) => {
        $crate::named::guard! {
            $(#[$meta])*
            $vis struct $name [$($declared)*] [$($params)*] [$($args)*]
            $crate::engine::Guard<$keep, $mode> => $target $(, $mut)?;
        }

        impl<$($params)*> $crate::engine::Named for $name<$($args)*> {
            type Keep = $keep;
            type Mode = $mode;

            #[inline(always)]
            fn named(guard: $crate::engine::Guard<$keep, $mode>) -> Self {
                Self { guard }
            }

            #[inline(always)]
            fn unnamed(self) -> $crate::engine::Guard<$keep, $mode> {
                self.guard
            }
        }
    };
}
pub(crate) use whole_guard;
