//! The bits of a field that no variant has, and a cell that had changed, are in the result.

#![deny(unused_must_use)]

use std::sync::atomic::Ordering::{AcqRel, Acquire};

use sync_core::{FromBits, bitfield};

#[derive(FromBits, Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Phase {
    Idle = 0,
    Busy = 1,
    Done = 2,
}

#[bitfield(u8, atomic = AtomicState)]
#[derive(PartialEq, Eq)]
pub struct State {
    #[bits(2)]
    phase: Phase,
}

fn main() {
    State::new().try_phase();

    let cell = AtomicState::new(State::new());
    cell.transition_phase(Phase::Idle, Phase::Busy, AcqRel, Acquire);
}
