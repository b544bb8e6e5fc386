//! Writes the atomic cell: a newtype whose methods name the fields. Their algorithms are in sync-core.

use std::collections::HashSet;

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{Ident, ext::IdentExt};

use super::{
    expand::{Out, literal, marker},
    model::{Backing, Field, Kind, Layout},
};

impl Out<'_> {
    pub(super) fn atomic_struct(&self) -> TokenStream {
        let Self { private, layout, name, .. } = self;
        let Some(atomic) = &layout.atomic else { return TokenStream::new() };
        let Layout { vis, ident, .. } = layout;
        let doc = format!(" A [`{name}`] that threads and interrupt handlers share: the word in memory.");
        let inner = if layout.stub { quote!(#ident) } else { quote!(#private::AtomicWord<#ident>) };
        quote! {
            #[doc = #doc]
            ///
            /// Every operation reads or writes the whole word at once. Orderings are those of the integer's
            /// own atomic type, and so are the panics: a load cannot be `Release`, a store cannot be
            /// `Acquire`, and the ordering of a failed exchange must be one of a load.
            #[repr(transparent)]
            #vis struct #atomic(#inner);
        }
    }

    pub(super) fn atomic_impls(&self) -> TokenStream {
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
        // Whether the target has such a cell only sync-core knows.
        let wide = (layout.backing == Backing::U64)
            .then(|| quote_spanned!(atomic.span()=> const _: () = #private::assert_atomic::<#word>();));
        let vis = &layout.vis;
        let new =
            self.body(quote!(Self(#private::AtomicWord::new(#private::atomic::#integer::new(value.bits())))));
        let debug_name = atomic.unraw().to_string();
        let debug = self.body(quote!(
            ::core::fmt::DebugTuple::finish(::core::fmt::Formatter::debug_tuple(f, #debug_name).field(&self.0))
        ));
        quote! {
            #wide

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

            /// As [`compare_exchange`](Self::compare_exchange), but may fail although the word is `current`:
            /// meant for loops.
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

            /// Returns the snapshot of a cell that is not shared.
            #[inline]
            #[must_use]
            #vis fn into_inner(self) -> #word {
                #into_inner
            }

            /// Lets `f` change the snapshot of a cell that is not shared meanwhile, and returns what `f`
            /// returns. Needs no atomic operation.
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
                        " An exchange loop: a plain addition could carry into the next field. A read that precedes a failed exchange has the strongest ordering that `order` allows."
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
                    " Replaces `{name}` by `to` while it is `from`, leaving the other fields as they are, and returns the previous snapshot."
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
                    /// Returns the snapshot in which the field was not `from`, read with the ordering
                    /// `failure`; the word is unchanged then. A change of another field alone does not make
                    /// it fail.
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
