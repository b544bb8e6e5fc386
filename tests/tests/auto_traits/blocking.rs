//! The blocking locks and the cells that are filled once.

use core::{cell::Cell, marker::PhantomData};

use sync_core::{
    blocking::{
        DefaultMutex, LocalLock, Mutex, MutexGuard, RawMutex, RawRwLock, RwLock, RwLockReadGuard,
        RwLockWriteGuard,
    },
    spin::{InitOnce, Lazy, RwSpinlock, Spinlock, once::TryInitError},
};

use crate::probes::prelude::*;

/// Raw locks that are never taken: `Local` is not `Sync`, and `Bound` must be released where it was taken.
#[derive(Default)]
struct Local(PhantomData<Cell<()>>);
struct Bound;

macro_rules! raw {
    ($($lock:ty, $marker:ty;)*) => {$(
        #[expect(unsafe_code, reason = "raw locks are unsafe to implement")]
        // SAFETY: no task takes it twice, as no task takes it at all.
        unsafe impl RawMutex for $lock {
            type GuardMarker = $marker;
            fn lock(&self) {
                unreachable!("it is never taken")
            }
            fn try_lock(&self) -> bool {
                false
            }
            unsafe fn unlock(&self) {}
            fn is_locked(&self) -> bool {
                false
            }
        }

        #[expect(unsafe_code, reason = "raw locks are unsafe to implement")]
        // SAFETY: as above.
        unsafe impl RawRwLock for $lock {
            type GuardMarker = $marker;
            fn lock_shared(&self) {
                unreachable!("it is never taken")
            }
            fn try_lock_shared(&self) -> bool {
                false
            }
            unsafe fn unlock_shared(&self) {}
            fn lock_exclusive(&self) {
                unreachable!("it is never taken")
            }
            fn try_lock_exclusive(&self) -> bool {
                false
            }
            unsafe fn unlock_exclusive(&self) {}
            fn is_locked(&self) -> bool {
                false
            }
            fn is_locked_exclusive(&self) -> bool {
                false
            }
        }
    )*};
}

raw! {
    Local, ();
    Bound, PhantomData<*const ()>;
}

table! {
    //                                                Send Sync Unpin Unwind RefUnwind
    RwSpinlock:                                       + + + + +;
    // The table knows what it asks.
    &'static mut u8:                                  + + + - +;
    core::marker::PhantomPinned:                      + + - + +;

    MutexGuard<'static, u8, Spinlock>:                + - + + +;
    MutexGuard<'static, NotSync, Spinlock>:           + - + . .;
    MutexGuard<'static, NotSend, Spinlock>:           - - + . .;
    MutexGuard<'static, u8, Local>:                   - - + . .;
    MutexGuard<'static, u8, Bound>:                   - - + . .;
    MutexGuard<'static, u8, LocalLock>:               - - + . .;

    RwLock<u8>:                                       + + + + .;
    RwLock<[u8]>:                                     + + . + .;
    RwLock<NotSync>:                                  + - + . .;
    RwLock<NotSend>:                                  - - + . .;
    RwLock<u8, Local>:                                + - + . .;
    RwLock<u8, Bound>:                                + + + . .;

    RwLockReadGuard<'static, u8>:                     + + + + +;
    RwLockReadGuard<'static, NotSync>:                - - + . .;
    RwLockReadGuard<'static, NotSend>:                + + + . .;
    RwLockReadGuard<'static, u8, Local>:              - - + . .;
    RwLockReadGuard<'static, u8, Bound>:              - + + . .;

    RwLockWriteGuard<'static, u8>:                    + + + + +;
    RwLockWriteGuard<'static, NotSync>:               - - + . .;
    RwLockWriteGuard<'static, NotSend>:               - - + . .;
    // maitake-sync has `Send` here, and the lock is then used from two threads.
    RwLockWriteGuard<'static, u8, Local>:             - + + . .;
    RwLockWriteGuard<'static, u8, Bound>:             - + + . .;

    InitOnce<u8>:                                     + + + + +;
    InitOnce<NotSync>:                                + - + . -;
    // maitake-sync has `Sync` here, and a value that one thread puts in is dropped by another.
    InitOnce<NotSend>:                                - - + . .;
    Lazy<u8>:                                         + + + + +;
    Lazy<NotSync>:                                    + - + . -;
    Lazy<NotSend>:                                    - - + . .;
    Lazy<u8, NotSync>:                                + - + . .;
    Lazy<u8, NotSend>:                                - + + . .;
    TryInitError<u8>:                                 + + + + +;
    TryInitError<NotSync>:                            + - + . -;
    TryInitError<NotSend>:                            - + + . .;

    Mutex<[u8], Spinlock>:                            + + . + .;
    Mutex<u8, DefaultMutex>:                          + + + + .;
}
