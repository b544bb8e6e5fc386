//! What a primitive with a word gave is dropped with the result.

#![deny(unused_must_use)]

use sync_core::{WordPolicy, bitfield, primitive};

#[bitfield(u8)]
pub struct TicketState {
    waiting: bool,
    closed: bool,
    #[bits(..)]
    left: u8,
}

#[primitive(method = take, future = Take, waiter = (), word = TicketState)]
pub struct Tickets;

impl WordPolicy for Tickets {
    type Word = TicketState;
    type Waiter = ();
    type Value = u8;

    fn take(word: TicketState, (): &()) -> Option<(TicketState, u8)> {
        let left = word.left().checked_sub(1)?;
        Some((word.with_left(left), left))
    }
}

impl Tickets {
    pub fn buy(&self) {
        self.try_take(&());
    }
}

fn main() {
    Tickets::new(TicketState::new().with_left(1)).buy();
}
