//! A lock for tasks that one writer or many readers hold.

use core::hint::black_box;
use core::pin::pin;

use super::{Run, forever, idle_context, ready};
use crate::peers::AsyncRwLock;

/// A share of a free lock, and its end.
pub fn read<L: AsyncRwLock>(run: Run) {
    let lock = forever(L::default());
    let mut cx = idle_context();
    for _ in 0..run.iterations {
        let lock = black_box(lock);
        let mut read = pin!(lock.read());
        drop(ready(read.as_mut().poll(&mut cx)));
    }
}

/// A lock of a free lock, and the unlock.
pub fn write<L: AsyncRwLock>(run: Run) {
    let lock = forever(L::default());
    let mut cx = idle_context();
    for _ in 0..run.iterations {
        let lock = black_box(lock);
        let mut write = pin!(lock.write());
        drop(ready(write.as_mut().poll(&mut cx)));
    }
}
