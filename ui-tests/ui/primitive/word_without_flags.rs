use sync_core::{WordPolicy, bitfield, primitive};

#[bitfield(usize)]
pub struct SlotState {
    waiting: bool,
    #[bits(8)]
    taken: u8,
}

#[primitive(method = acquire, future = Acquire, waiter = (), word = SlotState)]
pub struct Slots;

impl WordPolicy for Slots {
    type Word = SlotState;
    type Waiter = ();
    type Value = ();
    fn take(word: SlotState, (): &()) -> Option<(SlotState, ())> {
        Some((word, ()))
    }
}

fn main() {
    Slots::new(SlotState::new()).close();
}
