//! A driver: its task is fed by an interrupt through a [`WaitCell`].

use heapless::Deque;
use sync_core::{WaitCell, blocking::Mutex};

use crate::device;

/// Many a byte comes at once, and none is lost.
pub(crate) async fn bytes() {
    static RECEIVED: WaitCell = WaitCell::new();
    static RING: Mutex<Deque<u8, 64>> = Mutex::new(Deque::new());
    const BYTES: u32 = 2_000;

    /// A burst of up to eight, as far as there is room: the device waits where there is none.
    fn receive(_: u32) {
        static NEXT: Mutex<u8> = Mutex::new(0);
        RING.with_lock(|ring| {
            NEXT.with_lock(|next| {
                for _ in 0..=*next % 8 {
                    if ring.push_back(*next).is_ok() {
                        *next = next.wrapping_add(1);
                    }
                }
            });
        });
        RECEIVED.wake();
    }

    async fn next_byte() -> u8 {
        let byte = RECEIVED.wait_for_value(|| RING.with_lock(Deque::pop_front)).await;
        byte.expect("it is never closed")
    }

    let _on = device::hammers(receive);
    for expected in 0..BYTES {
        assert_eq!(u32::from(next_byte().await), expected % 256, "byte {expected}");
    }
}
