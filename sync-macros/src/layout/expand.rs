//! Writes the code of a checked layout. Cannot fail.

use std::collections::HashSet;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Expr, ExprLit, Ident, Lit, LitInt, Path, ext::IdentExt};

use super::{
    check::{constant, without_generated},
    docs,
    model::{Backing, Field, Kind, Layout, Width},
};

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

struct Out<'a> {
    layout: &'a Layout,
    /// `sync_core::__private`.
    private: Path,
    /// The integer's type.
    bits: Ident,
    /// The name without `r#`, for messages and documentation.
    name: String,
}

impl<'a> Out<'a> {
    fn new(layout: &'a Layout) -> Self {
        Self {
            layout,
            private: layout.krate.private(),
            bits: Ident::new(layout.backing.name(), Span::call_site()),
            name: layout.ident.unraw().to_string(),
        }
    }

    /// The body of a method; after a mistake, one that compiles whatever the layout is.
    fn body(&self, body: TokenStream) -> TokenStream {
        if self.layout.stub { quote!(::core::panic!("this bitfield does not compile")) } else { body }
    }

    fn accessible(&self) -> impl Iterator<Item = (usize, &'a Field)> {
        self.layout.fields.iter().enumerate().filter(|(_, field)| !field.reserved)
    }

    /// `Name::field`, for messages.
    fn full_name(&self, field: &Field) -> String {
        format!("{}::{}", self.name, field.name)
    }

    // The snapshot.

    fn snapshot_struct(&self) -> TokenStream {
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

    fn snapshot_impls(&self) -> TokenStream {
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
            /// Never panics: a pattern that a field's type does not know prints as its bits.
            #[automatically_derived]
            impl ::core::fmt::Debug for #ident {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    #debug
                }
            }

            /// Draws the word: a line per field with its bits and its value.
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
            let value = match field.kind {
                Kind::Custom => quote!((#default) as #bits),
                _ => {
                    let ty = &field.ty;
                    // The type's own constant, so that a default of another type is an error at the default.
                    quote!({ const DEFAULT: #ty = #default; DEFAULT as #bits })
                }
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
        let constant_fn = match field.kind {
            Kind::Custom => TokenStream::new(),
            _ => quote!(const),
        };
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
            vec![
                String::new(),
                " # Panics".to_owned(),
                String::new(),
                format!(" Panics when `value` does not fit in {place}; at compile time in a constant."),
            ]
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

    fn pack(&self, field: &Field) -> Option<(Ident, TokenStream)> {
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
                let down = if field.lo == 0 { quote!(self.0) } else { quote!((self.0 >> #lo)) };
                let value = match field.width {
                    Width::Fixed(width)
                        if field.end() != Some(self.layout.backing.width()) || self.ends_early() =>
                    {
                        let low = self.hex(ones(width));
                        quote!((#down & #low))
                    }
                    _ => down,
                };
                if int == self.layout.backing {
                    value
                } else {
                    let ty = &field.ty;
                    quote!(#value as #ty)
                }
            }
        }
    }

    /// Whether the last bit of the model may be missing on the target.
    fn ends_early(&self) -> bool {
        self.layout.backing == Backing::Usize
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
                    let name = self.full_name(field);
                    let ty = &field.ty;
                    let width = self.width(field);
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
                            #private::field::does_not_fit(#name, #width, value as ::core::primitive::u128);
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

    /// Whether the field's type holds values that the field does not.
    fn can_overflow(&self, field: &Field) -> bool {
        match (field.kind, field.width) {
            (Kind::Bool, _) => false,
            (Kind::Custom, _) => true,
            // On a narrower target the type is narrower too, and then the check is never true.
            (Kind::Int(int), Width::Fixed(width)) => width < int.width(),
            (Kind::Int(int), Width::Rest) => field.lo > 0 || int != self.layout.backing,
        }
    }

    /// The field's bits in place.
    fn mask(&self, field: &Field) -> TokenStream {
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

    /// How many bits the field has, as an expression of type `u32`.
    fn width(&self, field: &Field) -> TokenStream {
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

    fn hex(&self, value: u128) -> LitInt {
        LitInt::new(&format!("{value:#x}_{}", self.bits), Span::call_site())
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
        let (lo, width) = (literal(field.lo), self.width(field));
        quote! {
            struct #marker;

            #[automatically_derived]
            impl #private::field::Field for #marker {
                type Word = #word;
                type Ty = #ty;
                const NAME: &'static ::core::primitive::str = #name;
                const LO: ::core::primitive::u32 = #lo;
                const WIDTH: ::core::primitive::u32 = #width;
            }
        }
    }

    /// What only the compiler can check: it knows the types and the target.
    fn assertions(&self, index: usize, field: &Field) -> TokenStream {
        let Self { private, bits, layout, .. } = self;
        let word = &layout.ident;
        let span = field.width_span;
        let name = &field.name;
        let mut items = TokenStream::new();
        let target = match field.width {
            Width::Fixed(_) if layout.backing == Backing::Usize => field.end().filter(|&end| end > 16),
            Width::Rest => Some(field.lo + 1).filter(|&end| end > 16),
            Width::Fixed(_) => None,
        };
        if let Some(end) = target {
            let message =
                format!("`{name}` does not fit in the `usize` of this target: use `u64` for the word");
            let end = literal(end);
            items
                .extend(quote_spanned!(span=> const _: () = ::core::assert!(#end <= #bits::BITS, #message);));
        }
        if let (Kind::Int(Backing::Usize), Width::Fixed(width @ 17..)) = (field.kind, field.width) {
            let message = format!("`{name}` is wider than the `usize` of this target: make it a `u64`");
            let width = literal(width);
            items.extend(quote_spanned!(span=>
                const _: () = ::core::assert!(#width <= ::core::primitive::usize::BITS, #message);
            ));
        }
        if field.reserved {
            return items;
        }
        if field.kind == Kind::Custom {
            let marker = marker(index);
            let width = self.width(field);
            let ty = &field.ty;
            let ty = quote!(#ty).to_string();
            let message = format!(
                "`{name}` is too narrow: `{ty}` needs more bits (its `FromBits::BITS`) than it is given here"
            );
            items.extend(quote_spanned!(span=>
                const _: () = ::core::assert!(#private::field::needed::<#marker>() <= #width, #message);
            ));
        }
        if self.pack(field).is_some() {
            let constant = constant(field);
            let mask = self.mask(field);
            let message = format!("the packing constant of `{name}` differs from the layout");
            items.extend(quote!(
                const _: () = ::core::assert!(#word::#constant.raw_mask() == #mask, #message);
            ));
        }
        if let Some(default) = field.default.as_ref().filter(|default| !is_literal(default)) {
            if self.can_overflow(field) {
                let message = format!("the default of `{name}` does not fit in its bits");
                let (ty, width) = (&field.ty, self.width(field));
                let value = match field.kind {
                    Kind::Custom => quote!((#default) as #bits as ::core::primitive::u128),
                    _ => quote!({ const DEFAULT: #ty = #default; DEFAULT as ::core::primitive::u128 }),
                };
                let span = syn::spanned::Spanned::span(default);
                items.extend(quote_spanned!(span=>
                    const _: () = ::core::assert!(#value <= ::core::primitive::u128::MAX >> (128 - #width), #message);
                ));
            }
        }
        items
    }

    // The atomic cell.

    fn atomic_struct(&self) -> TokenStream {
        let Self { private, layout, name, .. } = self;
        let Some(atomic) = &layout.atomic else { return TokenStream::new() };
        let Layout { vis, ident, .. } = layout;
        let doc = format!(" A [`{name}`] that threads and interrupt handlers share: the word in memory.");
        let inner = if layout.stub { quote!(#ident) } else { quote!(#private::AtomicWord<#ident>) };
        quote! {
            #[doc = #doc]
            ///
            /// Every operation reads or writes the whole word at once. Orderings are those of the integer's own
            /// atomic type, and so are the panics: a load cannot be `Release`, nor a store `Acquire`, and the
            /// ordering of a failed exchange is that of a load.
            #[repr(transparent)]
            #vis struct #atomic(#inner);
        }
    }

    fn atomic_impls(&self) -> TokenStream {
        let Self { private, layout, .. } = self;
        let Some(atomic) = &layout.atomic else { return TokenStream::new() };
        let word = &layout.ident;
        let integer = Ident::new(layout.backing.atomic(), Span::call_site());
        let methods = self.whole_word();
        let mut per_field = TokenStream::new();
        let mut emitted = HashSet::new();
        for (index, field) in self.accessible() {
            for (ident, item) in self.field_operations(index, field) {
                if emitted.insert(ident.to_string()) {
                    per_field.extend(item);
                }
            }
        }
        let vis = &layout.vis;
        let new =
            self.body(quote!(Self(#private::AtomicWord::new(#private::atomic::#integer::new(value.bits())))));
        let debug_name = atomic.unraw().to_string();
        let debug = self.body(quote!(
            ::core::fmt::DebugTuple::finish(::core::fmt::Formatter::debug_tuple(f, #debug_name).field(&self.0))
        ));
        quote! {
            #[automatically_derived]
            #[allow(dead_code, reason = "not every word needs every method")]
            impl #atomic {
                #private::const_fn! {
                    /// Returns a cell that holds `value`. A `const fn`, except under `--cfg loom`.
                    #[inline]
                    #[must_use]
                    #vis fn new(value: #word) -> Self {
                        #new
                    }
                }
                #methods
                #per_field
            }

            #[automatically_derived]
            impl ::core::default::Default for #atomic {
                fn default() -> Self {
                    Self::new(#word::new())
                }
            }

            /// Shows the snapshot of a relaxed load.
            #[automatically_derived]
            impl ::core::fmt::Debug for #atomic {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    #debug
                }
            }
        }
    }

    /// The methods that take or return a whole snapshot.
    fn whole_word(&self) -> TokenStream {
        let Layout { vis, ident: word, .. } = self.layout;
        let ordering = quote!(::core::sync::atomic::Ordering);
        let result = quote!(::core::result::Result<#word, #word>);
        let load = self.body(quote!(self.0.load(order)));
        let store = self.body(quote!(self.0.store(value, order)));
        let swap = self.body(quote!(self.0.swap(value, order)));
        let strong = self.body(quote!(self.0.compare_exchange(current, new, success, failure)));
        let weak = self.body(quote!(self.0.compare_exchange_weak(current, new, success, failure)));
        let fetch_update = self.body(quote!(self.0.fetch_update(set, fetch, f)));
        let update = self.body(quote!(self.0.update(set, fetch, f)));
        let with_mut = self.body(quote!(self.0.with_mut(f)));
        let into_inner = self.body(quote!(self.0.into_inner()));
        quote! {
            /// Returns the snapshot that is there.
            #[inline]
            #[must_use]
            #vis fn load(&self, order: #ordering) -> #word {
                #load
            }

            /// Replaces the whole word, whatever is there.
            ///
            /// A change that another thread makes at the same time is lost; the read-modify-write operations
            /// keep it.
            #[inline]
            #vis fn store(&self, value: #word, order: #ordering) {
                #store
            }

            /// Replaces the whole word and returns the previous snapshot.
            #[inline]
            #vis fn swap(&self, value: #word, order: #ordering) -> #word {
                #swap
            }

            /// Replaces the whole word if it is `current`, and returns the previous snapshot.
            ///
            /// # Errors
            ///
            /// Returns the snapshot that was there instead, read with the ordering `failure`.
            #[inline]
            #vis fn compare_exchange(
                &self,
                current: #word,
                new: #word,
                success: #ordering,
                failure: #ordering,
            ) -> #result {
                #strong
            }

            /// As [`compare_exchange`](Self::compare_exchange), but may fail although the word is `current`;
            /// for loops.
            ///
            /// # Errors
            ///
            /// Returns the snapshot that was there, read with the ordering `failure`.
            #[inline]
            #vis fn compare_exchange_weak(
                &self,
                current: #word,
                new: #word,
                success: #ordering,
                failure: #ordering,
            ) -> #result {
                #weak
            }

            /// Replaces the snapshot by what `f` makes of it, and returns the previous one.
            ///
            /// `f` is called again whenever another thread has changed the word in between. `set` is the
            /// ordering of the exchange that succeeds, `fetch` that of every read before it.
            ///
            /// # Errors
            ///
            /// Returns the snapshot for which `f` returned `None`; the word is unchanged then.
            #[inline]
            #vis fn fetch_update(
                &self,
                set: #ordering,
                fetch: #ordering,
                f: impl ::core::ops::FnMut(#word) -> ::core::option::Option<#word>,
            ) -> #result {
                #fetch_update
            }

            /// Replaces the snapshot by what `f` makes of it, and returns the previous one.
            ///
            /// `f` is called again whenever another thread has changed the word in between. `set` is the
            /// ordering of the exchange that succeeds, `fetch` that of every read before it.
            #[inline]
            #vis fn update(
                &self,
                set: #ordering,
                fetch: #ordering,
                f: impl ::core::ops::FnMut(#word) -> #word,
            ) -> #word {
                #update
            }

            /// Returns the snapshot of a cell that nobody else knows.
            #[inline]
            #[must_use]
            #vis fn into_inner(self) -> #word {
                #into_inner
            }

            /// Lets `f` change the snapshot of a cell that nobody else can reach meanwhile, and returns what
            /// it returns. Needs no atomic operation.
            #[inline]
            #vis fn with_mut<R>(&mut self, f: impl ::core::ops::FnOnce(&mut #word) -> R) -> R {
                #with_mut
            }
        }
    }

    /// The operations on one field, by name.
    fn field_operations(&self, index: usize, field: &Field) -> Vec<(Ident, TokenStream)> {
        let Self { private, bits, layout, .. } = self;
        let Field { name, vis, ty, ident, .. } = field;
        let word = &layout.ident;
        let ordering = quote!(::core::sync::atomic::Ordering);
        let named = |prefix: &str| format_ident!("{prefix}_{name}", span = ident.span());
        let mask = self.mask(field);
        let (lo, width) = (literal(field.lo), self.width(field));
        match field.kind {
            Kind::Bool => [("fetch_set", "Sets"), ("fetch_clear", "Clears")]
                .into_iter()
                .map(|(operation, verb)| {
                    let method = named(operation);
                    let operation = Ident::new(operation, Span::call_site());
                    let doc = format!(" {verb} `{name}` in one operation and returns the previous snapshot.");
                    let body = self.body(quote!(self.0.#operation(#mask, order)));
                    let item = quote! {
                        #[doc = #doc]
                        #[inline]
                        #vis fn #method(&self, order: #ordering) -> #word { #body }
                    };
                    (method, item)
                })
                .collect(),
            Kind::Int(int) if field.counter => {
                let method = named("fetch_add");
                let doc = format!(
                    " Adds `n` to `{name}`, wrapping within its bits, and returns the previous snapshot."
                );
                let how = match field.end() {
                    Some(end) if end < layout.backing.width() || self.ends_early() => {
                        " An exchange loop: a plain addition could carry into the next field. A read that precedes a                          failed exchange has the strongest ordering that `order` allows."
                    }
                    _ => {
                        " One operation: the field is at the top of the word, so that no carry reaches another."
                    }
                };
                let n = if int == layout.backing { quote!(n) } else { quote!(n as #bits) };
                let body = self.body(quote!(self.0.fetch_add(#lo, #width, #n, order)));
                let item = quote! {
                    #[doc = #doc]
                    #[doc = ""]
                    #[doc = #how]
                    #[inline]
                    #vis fn #method(&self, n: #ty, order: #ordering) -> #word { #body }
                };
                vec![(method, item)]
            }
            Kind::Int(_) => Vec::new(),
            Kind::Custom => {
                let method = named("transition");
                let marker = marker(index);
                let doc = format!(
                    " Replaces `{name}` by `to` while it is `from`, leaving the other fields as they are, and returns the                      previous snapshot."
                );
                let body = self.body(quote! {
                    self.0.transition(
                        #lo,
                        #width,
                        #private::field::to_bits::<#marker>(from),
                        #private::field::to_bits::<#marker>(to),
                        success,
                        failure,
                    )
                });
                let item = quote! {
                    #[doc = #doc]
                    ///
                    /// # Errors
                    ///
                    /// Returns the snapshot in which the field was not `from`, read with the ordering `failure`; the
                    /// word is unchanged then. A change of another field alone does not make it fail.
                    #[inline]
                    #vis fn #method(
                        &self,
                        from: #ty,
                        to: #ty,
                        success: #ordering,
                        failure: #ordering,
                    ) -> ::core::result::Result<#word, #word> { #body }
                };
                vec![(method, item)]
            }
        }
    }
}

/// A private type per field, which carries its place.
fn marker(index: usize) -> Ident {
    format_ident!("__SyncField{index}")
}

/// A number without a suffix.
fn literal(number: u32) -> LitInt {
    LitInt::new(&number.to_string(), Span::call_site())
}

/// The number with the lowest `width` bits set.
fn ones(width: u32) -> u128 {
    if width >= 128 { u128::MAX } else { (1 << width) - 1 }
}

fn is_literal(expr: &Expr) -> bool {
    matches!(expr, Expr::Lit(ExprLit { lit: Lit::Int(_) | Lit::Bool(_), .. }))
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
