//! The macros of `sync-core`. Use them through that crate, which re-exports them.
#![forbid(unsafe_code)]

mod diag;
#[cfg(test)]
mod expect;
mod from_bits;
mod krate;
mod layout;
mod list;

use proc_macro::TokenStream;

/// Makes a struct of named fields the layout of a state word, with an atomic cell for it.
#[proc_macro_attribute]
pub fn bitfield(args: TokenStream, item: TokenStream) -> TokenStream {
    layout::bitfield(args.into(), item.into()).into()
}

/// Makes an enum a field of a `#[bitfield]`.
#[proc_macro_derive(FromBits, attributes(bits, fallback))]
pub fn from_bits(item: TokenStream) -> TokenStream {
    from_bits::derive(item.into()).into()
}
