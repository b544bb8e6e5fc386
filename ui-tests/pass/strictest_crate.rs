//! The strictest crate that a user may have, with the library under another name.
#![no_implicit_prelude]
#![forbid(unsafe_code)]
#![deny(
    warnings,
    missing_docs,
    missing_debug_implementations,
    unreachable_pub,
    unnameable_types,
    unused_results,
    single_use_lifetimes,
    trivial_numeric_casts,
    unused_qualifications,
    clippy::pedantic,
    clippy::allow_attributes
)]

extern crate sync_core as renamed;

/// Everything at once.
pub mod words {
    /// What somebody is doing.
    #[derive(::renamed::FromBits, ::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug)]
    #[bits(crate = ::renamed)]
    #[repr(u8)]
    pub enum Phase {
        /// Nothing.
        Idle,
        /// Something.
        Busy = 2,
    }

    /// A word with a field of each kind.
    #[::renamed::bitfield(u32, atomic = AtomicEverything, crate = ::renamed)]
    #[derive(::core::cmp::PartialEq, ::core::cmp::Eq, ::core::hash::Hash)]
    pub struct Everything {
        /// The phase.
        #[bits(2)]
        phase: Phase,
        /// A keyword.
        r#type: bool,
        /// A byte.
        byte: u8,
        #[bits(3)]
        _reserved: u8,
        /// A narrow counter with a neighbour above.
        #[bits(4, counter, default = 3)]
        r#loop: u16,
        #[bits(.., counter)]
        undocumented: u64,
    }

    mod inner {
        #[::renamed::bitfield(u8, atomic = AtomicHidden, crate = "::renamed")]
        pub(in crate::words) struct Hidden {
            pub(super) a: bool,
            #[bits(..)]
            b: u8,
        }
    }

    /// Uses the hidden one.
    #[must_use]
    pub fn hidden() -> ::core::primitive::bool {
        let cell = inner::AtomicHidden::new(inner::Hidden::new().with_b(3));
        cell.fetch_set_a(::core::sync::atomic::Ordering::Relaxed).b() == 3
            && cell.load(::core::sync::atomic::Ordering::Relaxed).a()
    }
}

static CELL: words::AtomicEverything = words::AtomicEverything::new(words::Everything::new().with_type(true));

fn main() {
    #[::renamed::bitfield(usize, atomic = AtomicLocal, crate = ::renamed)]
    struct Local {
        #[bits(2)]
        phase: words::Phase,
        #[bits(..)]
        rest: usize,
    }
    let local = <AtomicLocal as ::core::default::Default>::default();
    ::core::assert_eq!(local.load(::core::sync::atomic::Ordering::Relaxed).rest(), 0);
    ::core::assert!(words::hidden());
    let word = CELL.load(::core::sync::atomic::Ordering::Relaxed);
    ::core::assert!(word.r#type());
    ::core::assert_eq!(word.r#loop(), 3);
}
