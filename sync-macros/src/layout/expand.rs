//! Writes the code of a checked layout. Cannot fail.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::{Ident, LitInt, Path, ext::IdentExt};

use super::model::{Backing, Field, Layout, Width};

pub(super) fn expand(layout: &Layout) -> TokenStream {
    let out = Out::new(layout);
    let snapshot = out.snapshot_struct();
    let atomic = out.atomic_struct();
    let mut items = out.snapshot_impls();
    items.extend(out.atomic_impls());
    quote! {
        #snapshot
        #atomic
        const _: () = { #items };
    }
}

pub(super) struct Out<'a> {
    pub(super) layout: &'a Layout,
    /// `sync_core::__private`.
    pub(super) private: Path,
    /// The integer's type.
    pub(super) bits: Ident,
    /// The name without `r#`, for messages and documentation.
    pub(super) name: String,
}

impl<'a> Out<'a> {
    fn new(layout: &'a Layout) -> Self {
        Self {
            layout,
            private: layout.crate_path.private(),
            bits: Ident::new(layout.backing.name(), Span::call_site()),
            name: layout.ident.unraw().to_string(),
        }
    }

    /// The body of a method; after a mistake, one that compiles whatever the layout is.
    pub(super) fn body(&self, body: TokenStream) -> TokenStream {
        if self.layout.stub { quote!(::core::panic!("this bitfield does not compile")) } else { body }
    }

    pub(super) fn accessible(&self) -> impl Iterator<Item = (usize, &'a Field)> {
        self.layout.fields.iter().enumerate().filter(|(_, field)| !field.reserved)
    }

    /// `Name::field`, for messages.
    pub(super) fn full_name(&self, field: &Field) -> String {
        format!("{}::{}", self.name, field.name)
    }

    /// Whether the last bit of the model may be missing on the target.
    pub(super) fn ends_early(&self) -> bool {
        self.layout.backing == Backing::Usize
    }

    /// The field's bits in place.
    pub(super) fn mask(&self, field: &Field) -> TokenStream {
        let bits = &self.bits;
        match field.width {
            Width::Fixed(width) => self.hex(ones(width) << field.lo).into_token_stream(),
            Width::Rest if field.lo == 0 => quote!(#bits::MAX),
            Width::Rest => {
                let lo = literal(field.lo);
                quote!((#bits::MAX << #lo))
            }
        }
    }

    /// The number of bits of the field, as an expression of type `u32`.
    pub(super) fn width(&self, field: &Field) -> TokenStream {
        let bits = &self.bits;
        match field.width {
            Width::Fixed(width) => literal(width).into_token_stream(),
            Width::Rest if field.lo == 0 => quote!(#bits::BITS),
            Width::Rest => {
                let lo = literal(field.lo);
                quote!((#bits::BITS - #lo))
            }
        }
    }

    pub(super) fn hex(&self, value: u128) -> LitInt {
        LitInt::new(&format!("{value:#x}_{}", self.bits), Span::call_site())
    }
}

/// A private type per field, which carries its place.
pub(super) fn marker(index: usize) -> Ident {
    format_ident!("__SyncField{index}")
}

/// A number without a suffix.
pub(super) fn literal(number: u32) -> LitInt {
    LitInt::new(&number.to_string(), Span::call_site())
}

/// The number with the lowest `width` bits set.
pub(super) fn ones(width: u32) -> u128 {
    if width >= 128 { u128::MAX } else { (1 << width) - 1 }
}
