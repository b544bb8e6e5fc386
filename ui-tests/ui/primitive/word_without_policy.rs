use sync_core::{bitfield, primitive};

#[bitfield(usize)]
pub struct SlotState {
    waiting: bool,
    closed: bool,
}

#[primitive(method = acquire, future = Acquire, word = SlotState)]
pub struct Slots;

fn main() {}
