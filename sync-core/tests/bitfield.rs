//! What a `#[bitfield]` word does, beyond that it compiles.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use sync_core::{FromBits, bitfield};

#[derive(FromBits, Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Phase {
    Empty = 0,
    Waiting = 1,
    Woken = 2,
}

/// A queue.
#[bitfield(usize, atomic = AtomicQueueState)]
#[derive(PartialEq, Eq)]
struct QueueState {
    /// What the queue is doing.
    #[bits(2)]
    phase: Phase,
    /// Nobody may wait any more.
    closed: bool,
    /// How often.
    #[bits(.., counter)]
    wake_alls: usize,
}

#[test]
fn smoke() {
    let word = QueueState::new().with_phase(Phase::Woken).with_closed(true).with_wake_alls(5);
    assert_eq!(word.bits(), 0b10_1110);
    println!("{word}\n{word:?}\n{:?}", AtomicQueueState::default());
    assert_eq!(QueueState::from_bits(3).try_phase().unwrap_err().bits(), 3);
}
