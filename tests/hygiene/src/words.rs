//! State words.

use ::core::{
    clone::Clone,
    cmp::{Eq, PartialEq},
    fmt::Debug,
    marker::Copy,
    primitive::{bool, u8, usize},
};

/// What a task does.
#[derive(::renamed::FromBits, Clone, Copy, Debug, PartialEq, Eq)]
#[bits(crate = ::renamed)]
#[repr(u8)]
pub enum r#Phase {
    /// Nothing.
    Idle,
    /// A keyword.
    r#Move,
}

/// A word with keywords for fields.
#[::renamed::bitfield(usize, atomic = r#AtomicWord, crate = ::renamed)]
#[derive(PartialEq, Eq)]
pub struct r#Word {
    /// What a task does.
    #[bits(1)]
    r#type: Phase,
    /// Whether.
    r#if: bool,
    /// How often.
    #[bits(.., counter)]
    r#loop: usize,
}

/// Makes a word, changes it in memory, and returns how often.
#[must_use]
pub fn count(times: u8) -> usize {
    let word = AtomicWord::new(Word::new().with_type(Phase::r#Move));
    for _ in 0..times {
        let _ = word.fetch_add_loop(1, ::core::sync::atomic::Ordering::Relaxed);
    }
    let word = word.load(::core::sync::atomic::Ordering::Relaxed);
    if word.r#type() == Phase::r#Move { word.r#loop() } else { 0 }
}
