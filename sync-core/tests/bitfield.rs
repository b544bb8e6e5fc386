//! What `#[bitfield]` words and their atomic cells do, over every pattern of small words.
#![cfg(not(loom))]

use core::{
    convert::Infallible,
    sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release, SeqCst},
};
use std::{panic, thread};

use sync_core::{FromBits, UnknownBits, bitfield};

#[derive(FromBits, Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Phase {
    Empty = 0,
    Waiting = 1,
    Woken = 2,
}

const PHASES: [Phase; 3] = [Phase::Empty, Phase::Waiting, Phase::Woken];

/// DESIGN.md's word.
#[bitfield(usize, atomic = AtomicQueueState)]
#[derive(PartialEq, Eq)]
struct QueueState {
    #[bits(2)]
    phase: Phase,
    closed: bool,
    #[bits(.., counter)]
    wake_alls: usize,
}

/// Every kind of field, with a neighbour on either side of each.
#[bitfield(u8, atomic = AtomicSmall)]
#[derive(PartialEq, Eq)]
struct Small {
    #[bits(2)]
    phase: Phase,
    flag: bool,
    #[bits(3, counter)]
    mid: u8,
    #[bits(.., counter)]
    top: u16,
}

/// Calls `f` with every pattern of a small word.
fn each_small(f: impl Fn(u8, Small)) {
    for bits in 0..=u8::MAX {
        f(bits, Small::from_bits(bits));
    }
}

/// Returns what `f` panics with.
fn message_of<R>(f: impl FnOnce() -> R + panic::UnwindSafe) -> String {
    let Err(payload) = panic::catch_unwind(f) else { panic!("this should have panicked") };
    match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(payload) => (*payload.downcast::<&str>().expect("a panic's message is text")).to_owned(),
    }
}

#[test]
fn fields_are_where_they_were_declared() {
    each_small(|bits, word| {
        assert_eq!(word.bits(), bits);
        assert_eq!(word.try_phase().ok(), PHASES.get(usize::from(bits & 3)).copied());
        assert_eq!(word.flag(), bits & 4 != 0);
        assert_eq!(word.mid(), bits >> 3 & 7);
        assert_eq!(word.top(), u16::from(bits >> 6));
    });
}

#[test]
fn replacing_a_field_leaves_the_others() {
    each_small(|bits, word| {
        for (value, phase) in (0..).zip(PHASES) {
            assert_eq!(word.with_phase(phase).bits(), bits & !3 | value);
            assert_eq!(word.with_phase(phase).phase(), phase);
        }
        assert_eq!(word.with_flag(true).bits(), bits | 4);
        assert_eq!(word.with_flag(false).bits(), bits & !4);
        for value in 0..8 {
            assert_eq!(word.with_mid(value).bits(), bits & !0b11_1000 | value << 3);
        }
        for value in 0..4 {
            assert_eq!(word.with_top(value.into()).bits(), bits & 0b11_1111 | value << 6);
        }
    });
}

#[test]
fn setting_is_replacing_in_place() {
    each_small(|_, word| {
        let mut set = word;
        set.set_phase(Phase::Woken);
        assert!(set == word.with_phase(Phase::Woken));
        set.set_flag(true);
        set.set_mid(5);
        set.set_top(2);
        assert!(set == Small::new().with_phase(Phase::Woken).with_flag(true).with_mid(5).with_top(2));
    });
}

#[test]
fn packing_constants_agree_with_the_accessors() {
    each_small(|bits, word| {
        assert_eq!(Small::PHASE.unpack_bits(bits), bits & 3);
        assert_eq!(Small::FLAG.contained_in_all(bits), word.flag());
        assert_eq!(Small::MID.unpack_bits(bits), word.mid());
        assert_eq!(u16::from(Small::TOP.unpack_bits(bits)), word.top());
        assert_eq!(Small::MID.pack(6, bits), word.with_mid(6).bits());
        assert_eq!(Small::TOP.pack(3, bits), word.with_top(3).bits());
    });
    assert_eq!(QueueState::WAKE_ALLS.raw_mask(), usize::MAX << 3);
    assert_eq!(QueueState::WAKE_ALLS.bits(), usize::BITS - 3);
    for pack in [Small::PHASE, Small::FLAG, Small::MID, Small::TOP] {
        pack.assert_valid();
    }
}

#[test]
fn the_last_field_has_the_rest_of_the_word() {
    let most = usize::MAX >> 3;
    assert_eq!(QueueState::new().with_wake_alls(most).bits(), usize::MAX << 3);
    let text = message_of(|| QueueState::new().with_wake_alls(most + 1));
    assert_eq!(text, "the value does not fit in the bits from 3 on of `QueueState::wake_alls`");
}

#[test]
fn a_value_that_does_not_fit_is_never_cut() {
    for value in 8..=u8::MAX {
        let text = message_of(|| Small::new().with_mid(value));
        assert_eq!(text, "the value does not fit in the 3 bits of `Small::mid`");
    }
    for value in [4, 255, 256, u16::MAX] {
        let mut word = Small::new().with_top(1);
        let text = message_of(panic::AssertUnwindSafe(|| word.set_top(value)));
        assert_eq!(text, "the value does not fit in the 2 bits of `Small::top`");
        assert_eq!(word.top(), 1);
    }
}

#[test]
fn an_unknown_pattern_panics_in_the_getter_alone() {
    each_small(|bits, word| {
        // Printing must not panic for any pattern.
        let printed = format!("{word:?}{word:#?}{word}");
        if bits & 3 != 3 {
            assert_eq!(word.phase(), PHASES[usize::from(bits & 3)]);
            return;
        }
        assert!(printed.contains("phase: 0b11"), "{printed}");
        assert_eq!(
            message_of(|| word.phase()),
            "`Small::phase` holds the unknown pattern 0b11: 0b11 is no value of `Phase`"
        );
        let error = word.try_phase().unwrap_err();
        assert_eq!(error.bits(), 3);
        assert_eq!(error.to_string(), "0b11 is no value of `Small::phase`");
        // It can be replaced, and the others can be read.
        assert_eq!(word.with_phase(Phase::Empty).phase(), Phase::Empty);
        assert_eq!(word.mid(), bits >> 3 & 7);
    });
}

#[test]
fn words_print_themselves() {
    let word = Small::new().with_phase(Phase::Woken).with_mid(5).with_top(1);
    assert_eq!(format!("{word:?}"), "Small { phase: Woken, flag: false, mid: 5, top: 1 }");
    let table = [
        "Small 0x6a",
        "  bits  word  field",
        "  0..2    10  phase = Woken",
        "     2     0  flag = false",
        "  3..6   101  mid = 5",
        "  6..8    01  top = 1",
    ];
    assert_eq!(word.to_string(), table.join("\n"));
    let cell = AtomicSmall::new(word);
    assert_eq!(format!("{cell:?}"), "AtomicSmall(Small { phase: Woken, flag: false, mid: 5, top: 1 })");
}

#[bitfield(u32)]
struct Spaced {
    #[bits(4, default = 9)]
    low: u8,
    #[bits(12)]
    _reserved: u16,
    #[bits(1, default = true)]
    on: bool,
    #[bits(2, default = Phase::Waiting)]
    phase: Phase,
    #[bits(10)]
    wide: u64,
}

#[test]
fn defaults_and_reserved_bits() {
    const NEW: Spaced = Spaced::new();
    assert_eq!(NEW.bits(), 9 | 1 << 16 | 1 << 17);
    assert_eq!(Spaced::default().bits(), NEW.bits());
    assert_eq!((NEW.low(), NEW.on(), NEW.phase(), NEW.wide()), (9, true, Phase::Waiting, 0));
    // Reserved and unused bits are kept as they were found.
    let word = Spaced::from_bits(u32::MAX).with_low(0).with_on(false).with_phase(Phase::Empty).with_wide(0);
    assert_eq!(word.bits(), 0b111 << 29 | 0xfff << 4);
    assert_eq!(format!("{NEW:?}"), "Spaced { low: 9, on: true, phase: Waiting, wide: 0 }");
    let table = [
        "Spaced 0x30009",
        "    bits  word  field",
        "    0..4  1001  low = 9",
        "   4..16   0x0  reserved",
        "      16     1  on = true",
        "  17..19    01  phase = Waiting",
        "  19..29   0x0  wide = 0",
    ];
    assert_eq!(NEW.to_string(), table.join("\n"));
}

#[bitfield(u64, atomic = AtomicWhole)]
struct Whole {
    #[bits(.., counter)]
    all: u64,
}

#[test]
fn a_field_that_is_the_whole_word() {
    // mycelium-bitfield 0.1.5's own `pack` overflows here, which is why there is no constant `ALL`.
    for value in [0, 1, u64::MAX / 2, u64::MAX] {
        assert_eq!(Whole::new().with_all(value).all(), value);
        assert_eq!(Whole::from_bits(!value).with_all(value).bits(), value);
    }
    let cell = AtomicWhole::new(Whole::from_bits(u64::MAX));
    assert_eq!(cell.fetch_add_all(2, Relaxed).all(), u64::MAX);
    assert_eq!(cell.load(Relaxed).all(), 1);
}

/// A type whose `into_bits` returns more than it declares.
#[derive(Clone, Copy, Debug)]
struct Liar(u8);

impl FromBits<u8> for Liar {
    type Error = Infallible;
    const BITS: u32 = 2;
    fn try_from_bits(bits: u8) -> Result<Self, Infallible> {
        Ok(Self(bits))
    }
    fn into_bits(self) -> u8 {
        self.0
    }
}

#[bitfield(u8, atomic = AtomicTrusting)]
struct Trusting {
    #[bits(2)]
    liar: Liar,
    #[bits(..)]
    neighbour: u8,
}

#[test]
fn a_type_that_returns_too_many_bits_cannot_reach_the_neighbour() {
    let expected = "the value does not fit in the 2 bits of `Trusting::liar`";
    assert_eq!(message_of(|| Trusting::new().with_liar(Liar(4))), expected);
    let cell = AtomicTrusting::new(Trusting::new());
    let transition = || cell.transition_liar(Liar(0), Liar(4), Relaxed, Relaxed).is_ok();
    assert_eq!(message_of(panic::AssertUnwindSafe(transition)), expected);
    assert_eq!(cell.into_inner().neighbour(), 0);
}

#[test]
fn a_counter_wraps_without_touching_its_neighbours() {
    each_small(|bits, word| {
        for n in 0..=u8::MAX {
            let cell = AtomicSmall::new(word);
            assert!(cell.fetch_add_mid(n, AcqRel) == word);
            let mid = word.mid().wrapping_add(n) & 7;
            assert_eq!(cell.load(Acquire).bits(), bits & !0b11_1000 | mid << 3);

            let cell = AtomicSmall::new(word);
            assert!(cell.fetch_add_top(n.into(), SeqCst) == word);
            let top = (bits >> 6).wrapping_add(n) & 3;
            assert_eq!(cell.load(Acquire).bits(), bits & 0b11_1111 | top << 6);
        }
    });
}

#[test]
fn flags_are_set_and_cleared_alone() {
    each_small(|bits, word| {
        let cell = AtomicSmall::new(word);
        assert!(cell.fetch_set_flag(Release) == word);
        assert_eq!(cell.load(Relaxed).bits(), bits | 4);
        assert_eq!(cell.fetch_clear_flag(AcqRel).bits(), bits | 4);
        assert_eq!(cell.load(Relaxed).bits(), bits & !4);
    });
}

#[test]
fn a_transition_changes_its_field_or_nothing() {
    each_small(|bits, word| {
        for (from_bits, from) in (0..).zip(PHASES) {
            for (to_bits, to) in (0..).zip(PHASES) {
                let cell = AtomicSmall::new(word);
                let result = cell.transition_phase(from, to, AcqRel, Acquire);
                if bits & 3 == from_bits {
                    assert!(result == Ok(word));
                    assert_eq!(cell.load(Relaxed).bits(), bits & !3 | to_bits);
                } else {
                    assert!(result == Err(word));
                    assert_eq!(cell.load(Relaxed).bits(), bits);
                }
            }
        }
    });
}

#[test]
fn the_whole_word_is_exchanged() {
    let [a, b] = [Small::new().with_mid(1), Small::new().with_mid(2)];
    let mut cell = AtomicSmall::new(a);
    assert!(cell.swap(b, AcqRel) == a);
    assert!(cell.compare_exchange(a, b, AcqRel, Acquire) == Err(b));
    assert!(cell.compare_exchange(b, a, AcqRel, Acquire) == Ok(b));
    cell.store(b, Release);
    while cell.compare_exchange_weak(b, a, AcqRel, Acquire) != Ok(b) {
        assert!(cell.load(Relaxed) == b, "a spurious failure changes nothing");
    }
    assert!(cell.update(AcqRel, Acquire, |word| word.with_mid(word.mid() + 4)) == a);
    assert!(
        cell.fetch_update(AcqRel, Acquire, |word| (word.mid() == 5).then(|| word.with_flag(true))).is_ok()
    );
    let refused = cell.fetch_update(AcqRel, Acquire, |word| (word.mid() != 5).then_some(b));
    assert!(refused == Err(a.with_mid(5).with_flag(true)));
    assert_eq!(cell.with_mut(|word| core::mem::replace(word, b).mid()), 5);
    assert!(cell.into_inner() == b);
    assert!(AtomicSmall::default().into_inner() == Small::default());
}

#[test]
fn threads_lose_none_of_each_others_changes() {
    const ROUNDS: usize = if cfg!(miri) { 50 } else { 20_000 };
    static CELL: AtomicQueueState = AtomicQueueState::new(QueueState::new());
    static MIDDLE: AtomicSmall = AtomicSmall::new(Small::new());
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..ROUNDS {
                    CELL.fetch_add_wake_alls(1, Relaxed);
                    MIDDLE.fetch_add_mid(1, Relaxed);
                }
            });
        }
        scope.spawn(|| {
            for _ in 0..ROUNDS {
                assert!(!CELL.fetch_set_closed(AcqRel).closed());
                assert!(CELL.fetch_clear_closed(AcqRel).closed());
                assert!(!MIDDLE.fetch_set_flag(AcqRel).flag());
                assert!(MIDDLE.fetch_clear_flag(AcqRel).flag());
            }
        });
        for _ in 0..ROUNDS {
            assert!(CELL.transition_phase(Phase::Empty, Phase::Woken, AcqRel, Acquire).is_ok());
            assert!(CELL.transition_phase(Phase::Waiting, Phase::Empty, AcqRel, Acquire).is_err());
            assert!(CELL.transition_phase(Phase::Woken, Phase::Empty, AcqRel, Acquire).is_ok());
            MIDDLE.fetch_add_top(1, Relaxed);
        }
    });
    assert_eq!(CELL.load(Acquire).bits(), (2 * ROUNDS) << 3);
    let middle = MIDDLE.load(Acquire);
    assert_eq!(usize::from(middle.mid()), 2 * ROUNDS % 8);
    assert_eq!(usize::from(middle.top()), ROUNDS % 4);
}

#[test]
fn a_cell_is_as_large_as_its_word() {
    assert_eq!(size_of::<AtomicQueueState>(), size_of::<usize>());
    assert_eq!(size_of::<AtomicSmall>(), 1);
    assert_eq!(align_of::<AtomicWhole>(), 8);
    assert_eq!(size_of::<Spaced>(), 4);
}

#[derive(FromBits, Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Complete {
    Zero,
    Three = 3,
    Two = 2,
    One = 1,
}

#[derive(FromBits, Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
#[bits(10)]
enum Forgiving {
    A = 0x1f,
    B,
    #[fallback]
    Other,
}

#[derive(FromBits, Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
enum Large {
    Small,
    Huge = 0x1_0000_0000,
}

#[test]
fn an_enum_of_all_patterns_has_no_error() {
    for bits in 0..=3u8 {
        let Ok(value) = Complete::try_from_bits(bits);
        assert_eq!(value as u8, bits);
        assert_eq!(FromBits::<u8>::into_bits(value), bits);
        let Ok(same) = Complete::try_from_bits(u128::from(bits));
        assert_eq!(same, value);
    }
    assert_eq!(<Complete as FromBits<usize>>::BITS, 2);
}

#[test]
fn a_fallback_stands_for_every_other_pattern() {
    for bits in 0..1024u16 {
        let Ok(value) = Forgiving::try_from_bits(bits);
        let expected = match bits {
            0x1f => Forgiving::A,
            0x20 => Forgiving::B,
            _ => Forgiving::Other,
        };
        assert_eq!(value, expected);
    }
    assert_eq!(FromBits::<u64>::into_bits(Forgiving::Other), 0x21);
    assert_eq!(<Forgiving as FromBits<u16>>::BITS, 10);
}

#[test]
fn other_enums_refuse_what_they_do_not_know() {
    for bits in 3..=u8::MAX {
        let error: UnknownBits = Phase::try_from_bits(bits).unwrap_err();
        assert_eq!(error.bits(), bits.into());
        assert_eq!(error.to_string(), format!("{bits:#b} is no value of `Phase`"));
    }
    // Not cut to the enum's own width.
    assert!(Phase::try_from_bits(0x100u16).is_err());
    assert_eq!(<Large as FromBits<u64>>::BITS, 33);
    assert_eq!(Large::try_from_bits(1u64 << 32), Ok(Large::Huge));
    assert_eq!(FromBits::<u128>::into_bits(Large::Huge), 1 << 32);
}
