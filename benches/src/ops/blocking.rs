//! Locks that block their thread, and a value that is computed late.

use core::hint::black_box;

use super::{Run, forever};
use crate::peers::{BlockingMutex, BlockingRwLock, LazyValue};

/// A lock of a free lock, and the unlock.
pub fn lock<M: BlockingMutex>(run: Run) {
    let mutex = forever(M::default());
    for _ in 0..run.iterations {
        drop(black_box(mutex).lock());
    }
}

/// A share of a free lock, and its end.
pub fn read<L: BlockingRwLock>(run: Run) {
    let lock = forever(L::from(0));
    for _ in 0..run.iterations {
        drop(black_box(lock).read());
    }
}

/// A lock of a free lock, and the unlock.
pub fn write<L: BlockingRwLock>(run: Run) {
    let lock = forever(L::from(0));
    for _ in 0..run.iterations {
        drop(black_box(lock).write());
    }
}

/// A value that was computed before.
pub fn lazy_get<L: LazyValue>(run: Run) {
    let value = forever(L::new(|| 7));
    black_box(value.get());
    for _ in 0..run.iterations {
        black_box(black_box(value).get());
    }
}
