//! A waker is two small numbers, so that it needs no memory and may outlive its task.

use core::{
    ptr,
    task::{RawWaker, RawWakerVTable, Waker},
};

use super::ready::{self, TASKS};

static VTABLE: RawWakerVTable = RawWakerVTable::new(raw, wake, wake, |_| ());

/// Returns the waker of a task.
pub(super) fn of(cpu: usize, task: usize) -> Waker {
    // SAFETY: the four functions keep to `RawWaker`'s contract: any number of copies, from any CPU, at any
    // time.
    unsafe { Waker::from_raw(raw(ptr::without_provenance(cpu * TASKS + task))) }
}

fn raw(data: *const ()) -> RawWaker {
    RawWaker::new(data, &VTABLE)
}

fn wake(data: *const ()) {
    ready::wake(data.addr() / TASKS, data.addr() % TASKS);
}
