//! What a checked `#[derive(FromBits)]` is.

use syn::{Generics, Ident};

use crate::crate_path::CratePath;

/// A variant and its pattern.
pub(super) struct Variant {
    pub(super) ident: Ident,
    pub(super) bits: u128,
}

/// A checked enum.
pub(super) struct Enum {
    pub(super) crate_path: CratePath,
    pub(super) ident: Ident,
    pub(super) generics: Generics,
    pub(super) variants: Vec<Variant>,
    /// The index of the variant that stands for every unknown pattern.
    pub(super) fallback: Option<usize>,
    /// The number of bits that a value needs.
    pub(super) width: u32,
    /// There was a mistake: the implementations exist and do nothing.
    pub(super) stub: bool,
}

impl Enum {
    /// Whether every pattern of `width` bits is a variant.
    pub(super) fn is_complete(&self) -> bool {
        1_u128.checked_shl(self.width) == Some(self.variants.len() as u128)
    }
}
