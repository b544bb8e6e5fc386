//! Writes the implementations for a checked enum. Cannot fail.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{Ident, LitInt, ext::IdentExt};

use super::model::Enum;

/// The integers that a word can be made of, with the targets on which `usize` is wide enough.
const WORDS: [(&str, u32); 6] =
    [("u8", 8), ("u16", 16), ("u32", 32), ("u64", 64), ("u128", 128), ("usize", 64)];

pub(super) fn expand(model: &Enum) -> TokenStream {
    let impls =
        WORDS.iter().filter(|(_, width)| model.width <= *width).map(|(word, _)| implementation(model, word));
    quote! { const _: () = { #(#impls)* }; }
}

fn implementation(model: &Enum, word: &str) -> TokenStream {
    let private = model.crate_path.private();
    let Enum { ident, generics, width, .. } = model;
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    let bits = Ident::new(word, Span::call_site());
    let width_literal = LitInt::new(&width.to_string(), Span::call_site());
    let cfg = usize_cfg(word, *width);
    let (error, from, into) = if model.stub {
        let never = quote!(::core::panic!("this enum does not compile"));
        (quote!(#private::UnknownBits), never.clone(), never)
    } else {
        let (error, from) = from_bits(model, word);
        (error, from, quote!(self as #bits))
    };
    quote! {
        #cfg
        #[automatically_derived]
        impl #impl_generics #private::mycelium_bitfield::FromBits<#bits> for #ident #ty_generics #where_clause {
            type Error = #error;
            const BITS: ::core::primitive::u32 = #width_literal;
            #[inline]
            fn try_from_bits(bits: #bits) -> ::core::result::Result<Self, Self::Error> {
                #from
            }
            #[inline]
            fn into_bits(self) -> #bits {
                #into
            }
        }
    }
}

/// A `usize` is 16 bits wide at least; a wider enum has the implementation where it fits.
fn usize_cfg(word: &str, width: u32) -> TokenStream {
    match width {
        17..=32 if word == "usize" => quote!(#[cfg(not(target_pointer_width = "16"))]),
        33.. if word == "usize" => quote!(#[cfg(target_pointer_width = "64")]),
        _ => TokenStream::new(),
    }
}

/// The error type and the body of `try_from_bits`.
fn from_bits(model: &Enum, word: &str) -> (TokenStream, TokenStream) {
    let private = model.crate_path.private();
    let number = |value: u128| LitInt::new(&value.to_string(), Span::call_site());
    let idents: Vec<_> = model.variants.iter().map(|variant| &variant.ident).collect();
    let values: Vec<_> = model.variants.iter().map(|variant| number(variant.bits)).collect();
    let ok = quote!(::core::result::Result::Ok);
    let never = quote!(::core::convert::Infallible);
    if let Some(fallback) = model.fallback {
        let fallback = idents[fallback];
        return (never, quote! { #ok(match bits { #(#values => Self::#idents,)* _ => Self::#fallback }) });
    }
    if let (true, [values @ .., _], [idents @ .., last]) = (model.is_complete(), &values[..], &idents[..]) {
        // Bits above the enum's own are ignored, as they are for the integers.
        let mask = number((1 << model.width) - 1);
        return (
            never,
            quote! { #ok(match bits & #mask { #(#values => Self::#idents,)* _ => Self::#last }) },
        );
    }
    let name = model.ident.unraw().to_string();
    let widened = if word == "u128" { quote!(unknown) } else { quote!(unknown as ::core::primitive::u128) };
    (
        quote!(#private::UnknownBits),
        quote! {
            match bits {
                #(#values => #ok(Self::#idents),)*
                unknown => ::core::result::Result::Err(#private::UnknownBits::new(#name, #widened)),
            }
        },
    )
}
