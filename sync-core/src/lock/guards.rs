//! What all guards have, written once: a twin that is written by hand lacks something sooner or later.

/// Implements what a guard forwards to its value: `Deref`, `AsRef`, `Debug`, `Display`.
///
/// `value` is a field with `as_ptr`. The caller proves that the pointer may be read through as long as the
/// guard lives.
macro_rules! reads_through {
    ($Guard:ident where Lock: $Raw:ident) => {
        impl<T: ?Sized, Lock: $Raw> core::ops::Deref for $Guard<'_, T, Lock> {
            type Target = T;

            #[inline(always)]
            fn deref(&self) -> &T {
                // SAFETY: the pointer is the cell's, of a value that the guard's lock keeps in place. The
                // lock is held for this guard (G1), which is borrowed while the result lives, so that it is
                // not released meanwhile, and that there is no `&mut` from the guard.
                unsafe { &*self.value.as_ptr() }
            }
        }

        impl<T: ?Sized + AsRef<R>, R: ?Sized, Lock: $Raw> AsRef<R> for $Guard<'_, T, Lock> {
            #[inline]
            fn as_ref(&self) -> &R {
                (**self).as_ref()
            }
        }

        impl<T: ?Sized + core::fmt::Debug, Lock: $Raw> core::fmt::Debug for $Guard<'_, T, Lock> {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                (**self).fmt(f)
            }
        }

        impl<T: ?Sized + core::fmt::Display, Lock: $Raw> core::fmt::Display for $Guard<'_, T, Lock> {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                (**self).fmt(f)
            }
        }
    };
}

/// Implements what an exclusive guard forwards beside that: `DerefMut`, `AsMut`.
macro_rules! writes_through {
    ($Guard:ident where Lock: $Raw:ident) => {
        impl<T: ?Sized, Lock: $Raw> core::ops::DerefMut for $Guard<'_, T, Lock> {
            #[inline(always)]
            fn deref_mut(&mut self) -> &mut T {
                // SAFETY: the pointer is the cell's, of a value that the guard's lock keeps in place. The
                // lock is held for this guard alone (G1), which is borrowed mutably while the result lives,
                // so that it is not released meanwhile, and that there is no other reference from the guard.
                unsafe { &mut *self.value.as_ptr() }
            }
        }

        impl<T: ?Sized + AsMut<R>, R: ?Sized, Lock: $Raw> AsMut<R> for $Guard<'_, T, Lock> {
            #[inline]
            fn as_mut(&mut self) -> &mut R {
                (**self).as_mut()
            }
        }
    };
}

pub(super) use reads_through;
pub(super) use writes_through;
