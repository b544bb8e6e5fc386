//! A user's own model: a channel of one place, made of a [`WaitQueue`] and a `#[wait_map]`.
#![cfg(loom)]
#![expect(
    clippy::std_instead_of_core,
    clippy::std_instead_of_alloc,
    clippy::unwrap_used,
    reason = "a model runs on a host, and ends where it fails"
)]

mod support;

use loom::sync::atomic::{AtomicBool, Ordering::Relaxed};
use support::{Waiter, exhaustive, leak};
use sync_core::{WaitQueue, wait_map::WakeOutcome};

/// Requests that are in flight, by tag.
#[sync_core::wait_map(key = u8, value = u8, match = unique, future = Reply)]
pub struct InFlight;

/// A client with room for one request at a time.
struct Client {
    room: WaitQueue,
    busy: AtomicBool,
    in_flight: InFlight,
}

impl Client {
    fn new() -> Self {
        Self { room: WaitQueue::new(), busy: AtomicBool::new(false), in_flight: InFlight::new() }
    }

    /// Waits for room, and takes it.
    async fn enter(&self) {
        self.room
            .wait_for(|| self.busy.compare_exchange(false, true, Relaxed, Relaxed).is_ok())
            .await
            .expect("never closed");
    }

    fn leave(&self) {
        self.busy.store(false, Relaxed);
        self.room.wake();
    }

    /// Leaves, and wakes before there is room.
    fn leave_too_early(&self) {
        self.room.wake();
        self.busy.store(false, Relaxed);
    }
}

/// D1 composition.  Property: the reply frees the room for the task that waits for it, and reaches its own.
/// Threads: one waits for room while a request is in flight, one answers the request and leaves.
/// Interleavings that matter: the room becomes free before, while and after the task gets in line.
/// Bound: none.
/// Fails if: the client wakes before it has made room: D2.
/// Not covered: more than one request waiting.
fn answered(leave: fn(&Client)) {
    exhaustive(move |roles| {
        let client = leak(Client::new());
        client.busy.store(true, Relaxed);
        let reply = Waiter::queued(client.in_flight.wait(1));
        let (next, ()) = roles.at_once(
            || Waiter::polled(1, client.enter()),
            move || {
                assert_eq!(client.in_flight.wake(&1, 9), WakeOutcome::Woke);
                leave(client);
            },
        );
        assert_eq!(reply.yields(), Ok(9));
        next.yields();
    });
}

#[test]
fn a_reply_makes_room_for_the_next() {
    answered(Client::leave);
}

/// D2 the model can fail: this client wakes first and makes room then, and loom finds the task that looks
/// in between and sleeps forever.
#[test]
#[should_panic = "the waker of its task was not called"]
fn waking_before_making_room_is_found() {
    answered(Client::leave_too_early);
}
