//! Keeping a value on cache lines of its own, and where the primitives do so.

use core::ops::{Deref, DerefMut};

/// Pads and aligns a value to the size of a cache line, so that writes to its neighbours do not slow down
/// accesses to it, nor the other way round ("false sharing").
///
/// The size is what the processor moves or prefetches at once: 128 bytes on x86-64, aarch64 and powerpc64,
/// 256 on s390x, 32 on arm, mips, sparc and hexagon, 16 on m68k, and 64 elsewhere. With the feature
/// `no-cache-pad` it is the value's own size: right for a machine with one core, or with little memory.
///
/// The primitives of this crate pad themselves in this way, except on 32-bit targets without an operating
/// system: a microcontroller has little memory, and seldom a cache that another core writes to. There, put
/// this type around a primitive to pad it.
///
/// The sizes are those that `crossbeam-utils` documents for its type of this name.
///
/// # Examples
///
/// ```
/// use core::sync::atomic::{AtomicU32, Ordering};
/// use sync_core::util::CachePadded;
///
/// static SENT: CachePadded<AtomicU32> = CachePadded::new(AtomicU32::new(0));
/// static RECEIVED: CachePadded<AtomicU32> = CachePadded::new(AtomicU32::new(0));
///
/// SENT.fetch_add(1, Ordering::Relaxed);
/// assert_eq!(RECEIVED.load(Ordering::Relaxed), 0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(
    all(
        not(feature = "no-cache-pad"),
        any(
            target_arch = "x86_64",
            target_arch = "aarch64",
            target_arch = "arm64ec",
            target_arch = "powerpc64"
        )
    ),
    repr(align(128))
)]
#[cfg_attr(
    all(
        not(feature = "no-cache-pad"),
        any(
            target_arch = "arm",
            target_arch = "mips",
            target_arch = "mips32r6",
            target_arch = "mips64",
            target_arch = "mips64r6",
            target_arch = "sparc",
            target_arch = "hexagon"
        )
    ),
    repr(align(32))
)]
#[cfg_attr(all(not(feature = "no-cache-pad"), target_arch = "m68k"), repr(align(16)))]
#[cfg_attr(all(not(feature = "no-cache-pad"), target_arch = "s390x"), repr(align(256)))]
#[cfg_attr(
    all(
        not(feature = "no-cache-pad"),
        not(any(
            target_arch = "x86_64",
            target_arch = "aarch64",
            target_arch = "arm64ec",
            target_arch = "powerpc64",
            target_arch = "arm",
            target_arch = "mips",
            target_arch = "mips32r6",
            target_arch = "mips64",
            target_arch = "mips64r6",
            target_arch = "sparc",
            target_arch = "hexagon",
            target_arch = "m68k",
            target_arch = "s390x"
        ))
    ),
    repr(align(64))
)]
pub struct CachePadded<T: ?Sized>(T);

/// The wrapper of each primitive: padded, unless the target is small.
#[cfg(not(all(target_os = "none", target_pointer_width = "32")))]
pub type Padded<T> = CachePadded<T>;

/// The wrapper of each primitive: a [`CachePadded`] that does not pad.
#[cfg(all(target_os = "none", target_pointer_width = "32"))]
#[derive(Debug, Default)]
pub struct Padded<T: ?Sized>(T);

macro_rules! impl_wrapper {
    ($Wrapper:ident) => {
        impl<T> $Wrapper<T> {
            /// Pads `value`.
            ///
            /// # Examples
            ///
            /// ```
            /// use sync_core::util::CachePadded;
            ///
            /// static COUNT: CachePadded<u32> = CachePadded::new(7);
            /// assert_eq!(*COUNT, 7);
            /// ```
            pub const fn new(value: T) -> Self {
                Self(value)
            }

            /// Returns the value without its padding.
            ///
            /// # Examples
            ///
            /// ```
            /// assert_eq!(sync_core::util::CachePadded::new(7).into_inner(), 7);
            /// ```
            pub fn into_inner(self) -> T {
                self.0
            }
        }

        impl<T: ?Sized> Deref for $Wrapper<T> {
            type Target = T;

            #[inline(always)]
            fn deref(&self) -> &T {
                &self.0
            }
        }

        impl<T: ?Sized> DerefMut for $Wrapper<T> {
            #[inline(always)]
            fn deref_mut(&mut self) -> &mut T {
                &mut self.0
            }
        }
    };
}

impl_wrapper!(CachePadded);
#[cfg(all(target_os = "none", target_pointer_width = "32"))]
impl_wrapper!(Padded);
