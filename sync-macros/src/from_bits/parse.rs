//! Reads the tokens of an enum, without asking what they mean together.

use proc_macro2::{Span, TokenStream};
use syn::{
    Attribute, Data, DeriveInput, Expr, Generics, Ident, LitInt, Meta, Token, Variant, spanned::Spanned,
};

use crate::{crate_path::CratePath, diag::Errors, list};

/// An enum as it was written.
pub(super) struct Input {
    pub(super) ident: Ident,
    pub(super) generics: Generics,
    /// `#[repr(…)]`: the integer that it names, if any.
    pub(super) repr: Option<Ident>,
    /// `#[bits(n)]`.
    pub(super) width: Option<(u32, Span)>,
    pub(super) crate_path: CratePath,
    pub(super) variants: Vec<RawVariant>,
}

/// A variant as it was written.
pub(super) struct RawVariant {
    pub(super) variant: Variant,
    /// The `#[fallback]` on it.
    pub(super) fallback: Option<Span>,
}

impl Input {
    /// Returns nothing for what is not an enum.
    pub(super) fn parse(tokens: TokenStream, errors: &mut Errors) -> Option<Self> {
        let parsed = syn::parse2::<DeriveInput>(tokens);
        let input = errors.ok(parsed)?;
        let data = match input.data {
            Data::Enum(data) => data,
            Data::Struct(data) => {
                not_an_enum(data.struct_token.span, errors);
                return None;
            }
            Data::Union(data) => {
                not_an_enum(data.union_token.span, errors);
                return None;
            }
        };
        let mut parsed = Self {
            ident: input.ident,
            generics: input.generics,
            repr: None,
            width: None,
            crate_path: CratePath::default(),
            variants: data.variants.into_iter().map(|variant| RawVariant::new(variant, errors)).collect(),
        };
        let mut has_bits = false;
        for attr in &input.attrs {
            if attr.path().is_ident("repr") {
                parsed.repr(attr);
            } else if attr.path().is_ident("fallback") {
                errors.at(attr.path(), "`#[fallback]` belongs on the variant that stands for unknown bits");
            } else if attr.path().is_ident("bits") {
                if core::mem::replace(&mut has_bits, true) {
                    errors.at(attr.path(), "`#[bits]` is given twice; put everything into one");
                } else {
                    parsed.bits(attr, errors);
                }
            }
        }
        Some(parsed)
    }

    fn repr(&mut self, attr: &Attribute) {
        // What is not a list of words is for the compiler to judge.
        let _ = attr.parse_nested_meta(|meta| {
            if let Some(name) = meta.path.get_ident() {
                let text = name.to_string();
                if text.starts_with(['u', 'i']) {
                    self.repr = Some(name.clone());
                }
            }
            if meta.input.peek(syn::token::Paren) {
                let content;
                syn::parenthesized!(content in meta.input);
                content.parse::<TokenStream>()?;
            }
            Ok(())
        });
    }

    fn bits(&mut self, attr: &Attribute, errors: &mut Errors) {
        let Meta::List(list) = &attr.meta else {
            errors.at(&attr.meta, "say how many: write `#[bits(2)]`");
            return;
        };
        let mut seen = list::Seen::default();
        list::each(list.tokens.clone(), errors, |input, errors| {
            if input.peek(LitInt) {
                let literal: LitInt = input.parse()?;
                seen.once("the number of bits", literal.span(), errors);
                self.width = Some((literal.base10_parse()?, literal.span()));
                return Ok(());
            }
            let name = list::name(input).map_err(|error| {
                syn::Error::new(error.span(), "expected a number of bits or `crate = path`")
            })?;
            if name != "crate" {
                return Err(syn::Error::new(
                    name.span(),
                    format_args!(
                        "unknown argument `{name}`; the arguments of `#[bits]` on an enum are a number of \
                         bits and `crate = path`"
                    ),
                ));
            }
            seen.once("`crate`", name.span(), errors);
            input.parse::<Token![=]>()?;
            self.crate_path = input.parse()?;
            Ok(())
        });
    }
}

impl RawVariant {
    fn new(variant: Variant, errors: &mut Errors) -> Self {
        let mut fallback = None;
        for attr in &variant.attrs {
            if attr.path().is_ident("fallback") {
                if !matches!(attr.meta, Meta::Path(_)) {
                    errors.at(&attr.meta, "`#[fallback]` takes no arguments");
                }
                fallback = Some(attr.path().span());
            } else if attr.path().is_ident("bits") {
                errors.at(attr.path(), "`#[bits]` belongs on the enum: a variant has as many as the others");
            }
        }
        Self { variant, fallback }
    }

    /// The discriminant, if one was written.
    pub(super) fn discriminant(&self) -> Option<&Expr> {
        self.variant.discriminant.as_ref().map(|(_, expr)| expr)
    }
}

fn not_an_enum(at: Span, errors: &mut Errors) {
    errors.at_span(at, "`FromBits` can be derived for an enum only; implement it by hand for other types");
}
