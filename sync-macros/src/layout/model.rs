//! What a checked `#[bitfield]` is.

use proc_macro2::Span;
use syn::{Attribute, Expr, Ident, Type, Visibility};

use crate::crate_path::CratePath;

/// The integer behind a word.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Backing {
    U8,
    U16,
    U32,
    U64,
    U128,
    Usize,
}

impl Backing {
    pub(super) const NAMES: [(&'static str, Backing); 6] = [
        ("u8", Backing::U8),
        ("u16", Backing::U16),
        ("u32", Backing::U32),
        ("u64", Backing::U64),
        ("u128", Backing::U128),
        ("usize", Backing::Usize),
    ];

    /// Returns the integer of this name.
    pub(super) fn of(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|&(_, backing)| backing)
    }

    /// Returns the unsigned integer that is as wide as the signed one of this name.
    pub(super) fn of_signed(name: &str) -> Option<Self> {
        Self::of(&format!("u{}", name.strip_prefix('i')?))
    }

    /// As the source writes it.
    pub(super) fn name(self) -> &'static str {
        let names = Self::NAMES.iter().find(|(_, backing)| *backing == self);
        names.map_or("usize", |&(name, _)| name)
    }

    /// The number of bits; for `usize` that of the widest target.
    pub(super) fn width(self) -> u32 {
        match self {
            Self::U8 => 8,
            Self::U16 => 16,
            Self::U32 => 32,
            Self::U64 | Self::Usize => 64,
            Self::U128 => 128,
        }
    }

    /// mycelium-bitfield's packing specification for this integer.
    pub(super) fn pack(self) -> &'static str {
        match self {
            Self::U8 => "Pack8",
            Self::U16 => "Pack16",
            Self::U32 => "Pack32",
            Self::U64 => "Pack64",
            Self::U128 => "Pack128",
            Self::Usize => "PackUsize",
        }
    }

    /// The atomic twin.
    pub(super) fn atomic(self) -> &'static str {
        match self {
            Self::U8 => "AtomicU8",
            Self::U16 => "AtomicU16",
            Self::U32 => "AtomicU32",
            // There is no 128-bit cell; `check` has said so, and this is what the stub stands on.
            Self::U64 | Self::U128 => "AtomicU64",
            Self::Usize => "AtomicUsize",
        }
    }
}

/// What a field holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Bool,
    Int(Backing),
    /// A type that says by `FromBits` what it needs.
    Custom,
}

/// How wide a field is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Width {
    /// This many bits on every target.
    Fixed(u32),
    /// The rest of a `usize`, which depends on the target.
    Rest,
}

/// One field, in its place.
pub(super) struct Field {
    /// The name; it carries the user's span and may be raw.
    pub(super) ident: Ident,
    /// The name without `r#`.
    pub(super) name: String,
    /// The methods' visibility: the field's own if it has one, otherwise the struct's.
    pub(super) vis: Visibility,
    /// Doc comments and other attributes, for the getter.
    pub(super) attrs: Vec<Attribute>,
    pub(super) ty: Type,
    pub(super) kind: Kind,
    pub(super) lo: u32,
    pub(super) width: Width,
    /// The token that gave the width, or the type.
    pub(super) width_span: Span,
    pub(super) counter: bool,
    pub(super) default: Option<Expr>,
    /// The name starts with `_`: bits without a meaning.
    pub(super) reserved: bool,
}

/// A checked use of `#[bitfield]`.
pub(super) struct Layout {
    pub(super) crate_path: CratePath,
    pub(super) attrs: Vec<Attribute>,
    pub(super) vis: Visibility,
    pub(super) ident: Ident,
    pub(super) backing: Backing,
    pub(super) atomic: Option<Ident>,
    pub(super) fields: Vec<Field>,
    /// There was a mistake: every method exists and none does anything.
    pub(super) stub: bool,
}

impl Field {
    /// The first bit behind the field; `None` for the end of a `usize`.
    pub(super) fn end(&self) -> Option<u32> {
        match self.width {
            Width::Fixed(width) => Some(self.lo + width),
            Width::Rest => None,
        }
    }
}
