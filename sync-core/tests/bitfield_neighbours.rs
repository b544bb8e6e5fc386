//! Fields that begin above bit 0, and what is on either side of them.
//!
//! Seen to fail with: `with` that moves the value down instead of up (`an_enum_above_bit_0_is_replaced`); `transition` that
//! does so with either value (`a_transition_above_bit_0_changes_its_field_or_nothing`); `fetch_add` that multiplies position
//! and width where it adds them (`a_carry_stays_in_its_field_wherever_that_is`); a message that writes at the end of its
//! buffer (`a_long_name_is_cut`); `needed` that is always 0 or 1 (`a_field_needs_what_its_type_needs`).
#![cfg(not(loom))]

use core::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed};

use sync_core::{FromBits, bitfield};

#[derive(FromBits, Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Phase {
    Empty = 0,
    Waiting = 1,
    Woken = 2,
}

const PHASES: [Phase; 3] = [Phase::Empty, Phase::Waiting, Phase::Woken];

#[bitfield(u8, atomic = AtomicSandwich)]
#[derive(PartialEq, Eq)]
struct Sandwich {
    #[bits(3)]
    below: u8,
    #[bits(2)]
    phase: Phase,
    #[bits(..)]
    above: u8,
}

/// Every word whose phase is one.
fn each(f: impl Fn(u8, Sandwich)) {
    for bits in (0..=u8::MAX).filter(|bits| bits >> 3 & 3 != 3) {
        f(bits, Sandwich::from_bits(bits));
    }
}

#[test]
fn an_enum_above_bit_0_is_replaced() {
    each(|bits, word| {
        for (value, phase) in (0..).zip(PHASES) {
            assert_eq!(word.with_phase(phase).bits(), bits & !0b1_1000 | value << 3);
        }
    });
}

#[test]
fn a_transition_above_bit_0_changes_its_field_or_nothing() {
    each(|bits, word| {
        for (to_bits, to) in (0..).zip(PHASES) {
            for from in PHASES {
                let cell = AtomicSandwich::new(word);
                let result = cell.transition_phase(from, to, AcqRel, Acquire);
                let (expected, after) = if word.phase() == from {
                    (Ok(word), bits & !0b1_1000 | to_bits << 3)
                } else {
                    (Err(word), bits)
                };
                assert!(result == expected, "{from:?} to {to:?} in {word:?}");
                assert_eq!(cell.load(Relaxed).bits(), after);
            }
        }
    });
}

/// 8 * 8 bits are those of the word, though the field does not end where the word ends.
#[bitfield(u64, atomic = AtomicCounts)]
#[derive(PartialEq, Eq)]
struct Counts {
    low: u8,
    #[bits(8, counter)]
    count: u8,
    high: u32,
}

#[test]
fn a_carry_stays_in_its_field_wherever_that_is() {
    let full = Counts::new().with_low(0xa5).with_count(u8::MAX).with_high(0x00ff_ff00);
    let cell = AtomicCounts::new(full);
    assert!(cell.fetch_add_count(2, AcqRel) == full);
    assert!(cell.load(Acquire) == full.with_count(1), "{cell:?}");
}

/// The field as the macro describes it.
struct PhaseOfSandwich;

impl sync_core::__private::field::Field for PhaseOfSandwich {
    type Word = Sandwich;
    type Ty = Phase;
    const NAME: &'static str = "Sandwich::phase";
    const REFUSAL: &'static str = "the value does not fit in the 2 bits of `Sandwich::phase`";
    const LO: u32 = 3;
    const WIDTH: u32 = 2;
}

#[test]
fn a_field_needs_what_its_type_needs() {
    // The macro refuses at compile time a field that has less, so no word can show it.
    assert_eq!(sync_core::__private::field::needed::<PhaseOfSandwich>(), 2);
}
