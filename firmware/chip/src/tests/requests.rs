//! Requests: each task waits for the reply to its own, and the device replies in whatever order it likes.

use core::sync::atomic::{AtomicU32, Ordering::Relaxed};

use embassy_futures::join::join_array;
use heapless::Deque;
use sync_core::{WaitCell, blocking::Mutex, wait_map, wait_map::WakeOutcome};

use crate::device;

const TASKS: usize = 6;

/// One waiter for each tag.
#[wait_map(key = u16, value = u32, match = unique)]
struct Replies;

static REPLIES: Replies = Replies::new();
static QUEUE: Mutex<Deque<u16, TASKS>> = Mutex::new(Deque::new());
/// Replies to requests that were given up.
static RETURNED: AtomicU32 = AtomicU32::new(0);

fn reply_to(tag: u16) -> u32 {
    u32::from(tag).wrapping_mul(0x9e37_79b9)
}

/// Replies to one request: the oldest or the newest.
fn reply(nth: u32) {
    let tag = QUEUE.with_lock(|queue| if nth % 3 == 0 { queue.pop_back() } else { queue.pop_front() });
    let Some(tag) = tag else { return };
    match REPLIES.wake(&tag, reply_to(tag)) {
        WakeOutcome::Woke => {}
        WakeOutcome::NoMatch(value) | WakeOutcome::Closed(value) => {
            assert_eq!(value, reply_to(tag));
            RETURNED.store(RETURNED.load(Relaxed) + 1, Relaxed);
        }
    }
}

/// Waits under the tag first, and then asks.
async fn request(tag: u16) -> u32 {
    let mut wait = core::pin::pin!(REPLIES.wait(tag));
    wait.as_mut().subscribe().await.expect("no other request has this tag");
    QUEUE.with_lock(|queue| queue.push_back(tag)).expect("there is room for one of each task");
    wait.await.expect("it is never closed")
}

/// Each gets the reply to what it has asked.
pub(crate) async fn replies() {
    const ROUNDS: u16 = 300;
    let _on = device::hammers(reply);
    let tasks = core::array::from_fn::<_, TASKS, _>(|task| async move {
        for round in 0..ROUNDS {
            let tag = round * 8 + u16::try_from(task).expect("they are few");
            assert_eq!(request(tag).await, reply_to(tag));
        }
    });
    join_array(tasks).await;
}

/// A reply to a request that was given up comes back to the device.
pub(crate) async fn no_reply() {
    static REPLIED: WaitCell = WaitCell::new();
    const REQUESTS: u16 = 50;
    let before = RETURNED.load(Relaxed);
    for tag in 0..REQUESTS {
        {
            let mut given_up = core::pin::pin!(request(tag));
            assert!(embassy_futures::poll_once(given_up.as_mut()).is_pending());
        }
        let _on = device::calls(|nth| {
            reply(nth);
            REPLIED.wake();
        });
        REPLIED.wait().await.expect("it is never closed");
    }
    assert_eq!(RETURNED.load(Relaxed) - before, u32::from(REQUESTS));
}
