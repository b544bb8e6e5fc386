//! Writes the snapshot: the struct, its accessors, and what the compiler is to check.

use std::collections::HashSet;

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use syn::{Ident, LitInt, ext::IdentExt};

use super::{
    check::{constant, without_generated},
    docs,
    expand::{Out, literal, marker, ones},
    model::{Field, Kind, Layout, Width},
};

impl Out<'_> {
    pub(super) fn snapshot_struct(&self) -> TokenStream {
        let Self { bits, layout, .. } = self;
        let Layout { vis, ident, .. } = layout;
        let attrs = without_generated(&layout.attrs);
        let (docs, others): (Vec<_>, Vec<_>) = attrs.iter().partition(|attr| attr.path().is_ident("doc"));
        let table = if layout.stub { Vec::new() } else { docs::table(layout) };
        quote! {
            #(#docs)*
            #(#[doc = #table])*
            #(#others)*
            #[derive(::core::clone::Clone, ::core::marker::Copy)]
            #[repr(transparent)]
            #vis struct #ident(#bits);
        }
    }

    pub(super) fn snapshot_impls(&self) -> TokenStream {
        let Self { private, bits, layout, name, .. } = self;
        let Layout { vis, ident, .. } = layout;
        let new = self.body(self.initial());
        let mut methods = quote! {
            /// Returns the word with every field at its default, which is zero unless its declaration says
            /// otherwise.
            #[inline]
            #[must_use]
            #vis const fn new() -> Self {
                #new
            }

            /// Returns the word of these bits, whatever they are.
            #[inline]
            #[must_use]
            #vis const fn from_bits(bits: #bits) -> Self {
                Self(bits)
            }

            /// Returns the bits of the word.
            #[inline]
            #[must_use]
            #vis const fn bits(self) -> #bits {
                self.0
            }
        };
        let mut emitted: HashSet<String> = ["new", "from_bits", "bits"].map(String::from).into();
        for (index, field) in self.accessible() {
            for (ident, item) in self.accessors(index, field) {
                // A clash has been reported; the second of two names would be reported again.
                if emitted.insert(ident.unraw().to_string()) {
                    methods.extend(item);
                }
            }
        }
        let mut items = quote! {
            #[automatically_derived]
            #[allow(dead_code, deprecated, reason = "not every word needs every method")]
            impl #ident { #methods }

            #[automatically_derived]
            impl ::core::default::Default for #ident {
                #[inline]
                fn default() -> Self {
                    Self::new()
                }
            }
        };
        let (debug, display) = if layout.stub {
            (self.body(TokenStream::new()), self.body(TokenStream::new()))
        } else {
            let rows = layout.fields.iter().enumerate().map(|(index, field)| self.row(index, field));
            items.extend(quote! {
                #[automatically_derived]
                impl #private::Word for #ident {
                    type Bits = #bits;
                    #[inline(always)]
                    fn from_bits(bits: #bits) -> Self {
                        Self(bits)
                    }
                    #[inline(always)]
                    fn bits(self) -> #bits {
                        self.0
                    }
                }

                #[automatically_derived]
                #[allow(deprecated, reason = "a deprecated field is printed like any other")]
                impl #private::field::Rows for #ident {
                    const NAME: &'static ::core::primitive::str = #name;
                    fn with_rows<R>(self, f: impl ::core::ops::FnOnce(&[#private::field::Row<'_>]) -> R) -> R {
                        f(&[#(#rows),*])
                    }
                }
            });
            items.extend(layout.fields.iter().enumerate().map(|(index, field)| self.place(index, field)));
            items
                .extend(layout.fields.iter().enumerate().map(|(index, field)| self.assertions(index, field)));
            (quote!(#private::field::debug(*self, f)), quote!(#private::field::draw(*self, f)))
        };
        items.extend(quote! {
            /// Never panics: a pattern that a field's type does not know is printed as its bits.
            #[automatically_derived]
            impl ::core::fmt::Debug for #ident {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    #debug
                }
            }

            /// Draws the word: a line per field, with its bits and its value.
            #[automatically_derived]
            impl ::core::fmt::Display for #ident {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    #display
                }
            }
        });
        items
    }

    /// The value of `new`.
    fn initial(&self) -> TokenStream {
        let bits = &self.bits;
        let mut terms = Vec::new();
        for (_, field) in self.accessible() {
            let Some(default) = &field.default else { continue };
            let value = if field.kind == Kind::Custom {
                quote!((#default) as #bits)
            } else {
                let ty = &field.ty;
                // The type's own constant, so that a default of another type is an error at the default.
                quote!({ const DEFAULT: #ty = #default; DEFAULT as #bits })
            };
            terms.push(if field.lo == 0 {
                quote!((#value))
            } else {
                let lo = literal(field.lo);
                quote!(((#value) << #lo))
            });
        }
        if terms.is_empty() { quote!(Self(0)) } else { quote!(Self(#(#terms)|*)) }
    }

    /// The packing constant and the methods of one field, by name.
    fn accessors(&self, index: usize, field: &Field) -> Vec<(Ident, TokenStream)> {
        let Self { private, .. } = self;
        let Field { ident, vis, ty, name, attrs, .. } = field;
        let place = docs::place(field);
        let span = ident.span();
        let try_name = format_ident!("try_{name}", span = span);
        let with = format_ident!("with_{name}", span = span);
        let set = format_ident!("set_{name}", span = span);
        let (docs, others): (Vec<_>, Vec<_>) = attrs.iter().partition(|attr| attr.path().is_ident("doc"));
        let getter_doc = if docs.is_empty() {
            vec![format!(" Returns `{name}`: {place}.")]
        } else {
            vec![String::new(), format!(" {}.", capitalised(&place))]
        };
        let constant_fn = (field.kind != Kind::Custom).then(|| quote!(const));
        let get = self.body(self.get(index, field));
        let with_body = self.body(self.with(index, field));
        let set_body = self.body(quote!(*self = self.#with(value)));
        let get_panics = match field.kind {
            Kind::Custom => {
                vec![
                    String::new(),
                    " # Panics".to_owned(),
                    String::new(),
                    format!(
                        " Panics when the type does not know the pattern; [`{try_name}`](Self::{try_name}) does not."
                    ),
                ]
            }
            _ => Vec::new(),
        };
        let with_panics = if self.can_overflow(field) {
            let when = match field.kind {
                Kind::Custom => {
                    " Panics when the type's `FromBits` returns more bits than the field has.".to_owned()
                }
                _ => format!(" Panics when `value` does not fit in {place}; at compile time in a constant."),
            };
            vec![String::new(), " # Panics".to_owned(), String::new(), when]
        } else {
            Vec::new()
        };
        let with_doc = format!(" Returns the word with `{name}` replaced by `value`.");
        let set_doc = format!(" Replaces `{name}` by `value`.");
        let mut items = Vec::new();
        items.extend(self.pack(field));
        items.push((
            ident.clone(),
            quote! {
                #(#docs)*
                #(#[doc = #getter_doc])*
                #(#[doc = #get_panics])*
                #(#others)*
                #[inline]
                #[must_use]
                #vis #constant_fn fn #ident(self) -> #ty { #get }
            },
        ));
        if field.kind == Kind::Custom {
            let marker = marker(index);
            let doc = format!(" Returns `{name}` ({place}), unless its type does not know the pattern.");
            let body = self.body(quote!(#private::field::try_get::<#marker>(self)));
            items.push((
                try_name.clone(),
                quote! {
                    #[doc = #doc]
                    ///
                    /// # Errors
                    ///
                    /// Returns the bits that the type's `FromBits` refused.
                    #[inline]
                    #[must_use = "bits that are no value of the field are an error"]
                    #vis fn #try_name(self) -> ::core::result::Result<#ty, #private::UnknownBits> { #body }
                },
            ));
        }
        items.push((
            with.clone(),
            quote! {
                #[doc = #with_doc]
                #(#[doc = #with_panics])*
                #[inline]
                #[must_use]
                #vis #constant_fn fn #with(self, value: #ty) -> Self { #with_body }
            },
        ));
        items.push((
            set.clone(),
            quote! {
                #[doc = #set_doc]
                #(#[doc = #with_panics])*
                #[inline]
                #vis #constant_fn fn #set(&mut self, value: #ty) { #set_body }
            },
        ));
        items
    }

    pub(super) fn pack(&self, field: &Field) -> Option<(Ident, TokenStream)> {
        // mycelium-bitfield 0.1.5 cannot write to a field that is the whole word: its `max_value` overflows.
        if field.lo == 0 && field.end().is_none_or(|end| end == self.layout.backing.width()) {
            return None;
        }
        let private = &self.private;
        let vis = &field.vis;
        let constant = constant(field);
        let pack = Ident::new(self.layout.backing.pack(), Span::call_site());
        let pack = quote!(#private::mycelium_bitfield::#pack);
        let doc = format!(" Where `{}` is: {}.", field.name, docs::place(field));
        let lo = literal(field.lo);
        let value = match field.width {
            // Not `starting_at` nor `from_range`, which are off by one.
            Width::Fixed(width) if field.lo == 0 => {
                let width = literal(width);
                quote!(#pack::least_significant(#width))
            }
            Width::Fixed(width) => {
                let width = literal(width);
                quote!(#pack::least_significant(#lo).next(#width))
            }
            Width::Rest => quote!(#pack::least_significant(#lo).remaining()),
        };
        let value = if self.layout.stub { quote!(#pack::least_significant(1)) } else { value };
        Some((constant.clone(), quote! { #[doc = #doc] #vis const #constant: #pack = #value; }))
    }

    fn get(&self, index: usize, field: &Field) -> TokenStream {
        let private = &self.private;
        match field.kind {
            Kind::Custom => {
                let marker = marker(index);
                quote!(#private::field::get::<#marker>(self))
            }
            Kind::Bool => {
                let mask = self.mask(field);
                quote!(self.0 & #mask != 0)
            }
            Kind::Int(int) => {
                let lo = literal(field.lo);
                let down = if field.lo == 0 { quote!(self.0) } else { quote!(self.0 >> #lo) };
                let value = match field.width {
                    Width::Fixed(width)
                        if field.end() != Some(self.layout.backing.width()) || self.ends_early() =>
                    {
                        let low = self.hex(ones(width));
                        // A shift binds more tightly than a mask.
                        quote!(#down & #low)
                    }
                    _ => down,
                };
                if int == self.layout.backing {
                    value
                } else {
                    let ty = &field.ty;
                    quote!((#value) as #ty)
                }
            }
        }
    }

    fn with(&self, index: usize, field: &Field) -> TokenStream {
        let Self { private, bits, .. } = self;
        let mask = self.mask(field);
        match field.kind {
            Kind::Custom => {
                let marker = marker(index);
                quote!(#private::field::with::<#marker>(self, value))
            }
            Kind::Bool => quote! {
                if value { Self(self.0 | #mask) } else { Self(self.0 & !#mask) }
            },
            Kind::Int(int) => {
                let cast = if int == self.layout.backing { quote!(value) } else { quote!((value as #bits)) };
                let lo = literal(field.lo);
                let up = if field.lo == 0 { cast } else { quote!((#cast << #lo)) };
                let check = self.can_overflow(field).then(|| {
                    let message = self.refusal(field);
                    let ty = &field.ty;
                    let most = match field.width {
                        Width::Fixed(width) => {
                            let most =
                                LitInt::new(&format!("{:#x}_{}", ones(width), int.name()), Span::call_site());
                            quote!(#most)
                        }
                        Width::Rest if int == self.layout.backing => quote!(#bits::MAX >> #lo),
                        Width::Rest => quote!((#bits::MAX >> #lo) as #ty),
                    };
                    quote! {
                        if value > #most {
                            #private::field::does_not_fit(#message);
                        }
                    }
                });
                quote! {
                    #check
                    Self(self.0 & !#mask | #up)
                }
            }
        }
    }

    /// The panic's message for a value that the field cannot hold. Put together here, since code that formats
    /// it at run time is large.
    fn refusal(&self, field: &Field) -> String {
        let name = self.full_name(field);
        let place = match field.width {
            Width::Fixed(1) => "the 1 bit".into(),
            Width::Fixed(width) => format!("the {width} bits"),
            Width::Rest => format!("the bits from {} on", field.lo),
        };
        format!("the value does not fit in {place} of `{name}`")
    }

    /// Whether the field's type holds values that the field does not.
    pub(super) fn can_overflow(&self, field: &Field) -> bool {
        match (field.kind, field.width) {
            (Kind::Bool, _) => false,
            (Kind::Custom, _) => true,
            // On a narrower target the type is narrower too, and then the check is never true.
            (Kind::Int(int), Width::Fixed(width)) => width < int.width(),
            (Kind::Int(int), Width::Rest) => field.lo > 0 || int != self.layout.backing,
        }
    }

    /// One row of the drawn word.
    fn row(&self, index: usize, field: &Field) -> TokenStream {
        let private = &self.private;
        let name = if field.reserved { "reserved" } else { &field.name };
        let (lo, width) = (literal(field.lo), self.width(field));
        let value = match field.kind {
            _ if field.reserved => quote!(::core::option::Option::None),
            Kind::Custom => {
                let marker = marker(index);
                quote!(::core::option::Option::Some(&#private::field::shown::<#marker>(self)))
            }
            _ => {
                let ident = &field.ident;
                quote!(::core::option::Option::Some(&self.#ident()))
            }
        };
        quote!(#private::field::Row { name: #name, lo: #lo, width: #width, value: #value })
    }

    /// Says where a field of a user's type is, for the functions that access it.
    fn place(&self, index: usize, field: &Field) -> TokenStream {
        if field.kind != Kind::Custom || field.reserved {
            return TokenStream::new();
        }
        let Self { private, layout, .. } = self;
        let word = &layout.ident;
        let (marker, ty, name) = (marker(index), &field.ty, self.full_name(field));
        let refusal = self.refusal(field);
        let (lo, width) = (literal(field.lo), self.width(field));
        quote! {
            struct #marker;

            #[automatically_derived]
            impl #private::field::Field for #marker {
                type Word = #word;
                type Ty = #ty;
                const NAME: &'static ::core::primitive::str = #name;
                const REFUSAL: &'static ::core::primitive::str = #refusal;
                const LO: ::core::primitive::u32 = #lo;
                const WIDTH: ::core::primitive::u32 = #width;
            }
        }
    }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
