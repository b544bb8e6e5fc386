//! Somebody who comes while others, who have got what they waited for, are still being told.
//!
//! Seen to fail with: `NodeState::is_queued` that holds of everybody who is linked.

#![cfg(not(loom))]

extern crate alloc;

use alloc::{sync::Arc, vec::Vec};

use tests::{
    Hooks, Shared, Waiter, leak,
    subjects::{Gate, Subject},
};

/// More than a batch of wakers, so that some are still in line when the first is told.
const MANY: usize = 40;

/// One more than there are waiters is set free: that one is for whoever comes next, since nobody is before him who still
/// waits for something.
#[test]
fn what_is_left_is_there_for_a_newcomer() {
    let gate = Gate::make();
    let late: &'static Shared<Option<Arc<Waiter>>> = leak(Shared::new(None));
    let waiters: Vec<_> = (0..MANY).map(|_| Waiter::new(gate)).collect();
    for waiter in &waiters {
        waiter.poll();
    }
    let task = waiters[0].task.waker();
    let told = Hooks::new().on_wake(move || {
        task.wake_by_ref();
        let newcomer = Waiter::new(gate);
        newcomer.poll();
        *late.lock() = Some(newcomer);
    });
    waiters[0].poll_with(&told.waker());

    gate.add(MANY + 1);
    let newcomer = late.lock().take().expect("the first was told");
    assert!(newcomer.was_woken(), "it waits behind those who are on their way out");
    for waiter in &waiters {
        waiter.poll();
        assert!(waiter.was_woken());
    }
    let next = Waiter::new(gate);
    next.poll();
    assert!(next.is_pending(), "one was set free twice");
}
