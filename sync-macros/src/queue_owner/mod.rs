//! The type around a queue: what `#[primitive]` and `#[wait_map]` have in common.
//!
//! Both macros take a unit struct and turn it into a struct with one private field, a
//! `__private::Queue<Rule, Lock>`, whose last parameter is the raw lock. They differ in the rule and in the
//! methods that they add.

pub(crate) mod args;
pub(crate) mod docs;
pub(crate) mod generics;
pub(crate) mod item;
pub(crate) mod mention;
pub(crate) mod names;
#[cfg(test)]
mod tests;

use proc_macro2::{Literal, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{Attribute, Ident, Lifetime, Path, Token, Visibility, WherePredicate, ext::IdentExt};

use self::{docs::doc, generics::Params};

/// The user's struct, and where the generated code finds its names.
pub(crate) struct QueueOwner {
    /// `<crate>::__private`.
    pub(crate) private: Path,
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) struct_token: Token![struct],
    pub(crate) ident: Ident,
    pub(crate) params: Params,
    /// What makes the rule one, on the struct and on every `impl`: where it does not hold, rustc says so
    /// once, where this bound's tokens say they are, and takes it for granted in the rest.
    pub(crate) rule_bounds: Vec<WherePredicate>,
    /// What the struct holds.
    pub(crate) store: Store,
}

/// What is in the one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Store {
    /// A queue.
    Queue,
    /// This many queues, each for the keys that hash to it.
    Buckets(usize),
}

/// A future of the queue's owner: a struct around a wait.
pub(crate) struct Future<'a> {
    /// Its documentation, as attributes.
    pub(crate) docs: TokenStream,
    /// Its lifetimes that are not the owner's.
    pub(crate) lifetimes: &'a [Lifetime],
    pub(crate) name: &'a Ident,
    /// The type of the wait.
    pub(crate) wait: TokenStream,
    pub(crate) output: TokenStream,
    /// The documentation of its method `subscribe`.
    pub(crate) subscribe: &'a str,
    /// What comes of that.
    pub(crate) subscribed: TokenStream,
    /// What that method returns, if it has a name of its own.
    pub(crate) subscription: Option<Subscription<'a>>,
}

/// What the method `subscribe` of a future returns: a struct around the pin of the future.
pub(crate) struct Subscription<'a> {
    /// Its documentation, as attributes.
    pub(crate) docs: TokenStream,
    /// The lifetime of the pin.
    pub(crate) pin: &'a Lifetime,
    pub(crate) name: &'a Ident,
}

impl QueueOwner {
    /// The struct's name as text: without `r#`.
    pub(crate) fn name(&self) -> String {
        self.ident.unraw().to_string()
    }

    /// The default raw lock.
    pub(crate) fn default_lock(&self) -> TokenStream {
        let p = &self.private;
        quote!(#p::DefaultMutex)
    }

    /// The struct's type around `lock`.
    pub(crate) fn ty(&self, lock: &TokenStream) -> TokenStream {
        let (ident, args) = (&self.ident, self.params.args(&[], lock));
        quote!(#ident #args)
    }

    /// The queue's type, its rule being `rule`.
    pub(crate) fn queue(&self, rule: &TokenStream) -> TokenStream {
        let p = &self.private;
        quote!(#p::Queue<#rule, Lock>)
    }

    /// The field's type.
    fn held(&self, rule: &TokenStream) -> TokenStream {
        let (p, queue) = (&self.private, self.queue(rule));
        match self.store {
            Store::Queue => quote!(#p::CachePadded<#queue>),
            Store::Buckets(number) => {
                let number = Literal::usize_unsuffixed(number);
                quote!(#p::Buckets<#rule, #number, Lock>)
            }
        }
    }

    /// The queue in which `key`, an expression for a reference, is waited for.
    pub(crate) fn queue_of(&self, key: &TokenStream) -> TokenStream {
        let p = &self.private;
        match self.store {
            Store::Queue => quote!(&self.__sync_queue),
            Store::Buckets(_) => quote!(#p::Buckets::of(&self.__sync_queue, #key)),
        }
    }

    /// The type of the library that is in the field, for calling what both have.
    fn holder(&self) -> TokenStream {
        let p = &self.private;
        match self.store {
            Store::Queue => quote!(#p::Queue),
            Store::Buckets(_) => quote!(#p::Buckets),
        }
    }

    /// The struct.
    pub(crate) fn declaration(&self, rule: &TokenStream) -> TokenStream {
        let Self { attrs, vis, struct_token, ident, .. } = self;
        let default = self.default_lock();
        let params = self.params.declared(ident, &default);
        let clause = self.params.where_clause(&self.rule_bounds);
        let (trivial, deprecated) = (self.allow_trivial(), self.allow_deprecated());
        let held = self.held(rule);
        let fields = quote!(__sync_queue: #held,);
        // With its ends where the user wrote them, rustc shows that line for the struct.
        let body = quote_spanned!(self.params.end(ident)=> { #fields });
        quote! {
            #(#attrs)*
            #trivial
            #deprecated
            #vis #struct_token #ident #params #clause #body
        }
    }

    /// rustc warns of a bound without parameters, which either holds or does not.
    fn allow_trivial(&self) -> Option<TokenStream> {
        let trivial = self.rule_bounds.iter().any(|bound| !self.params.reach(&quote!(#bound)));
        trivial.then(|| quote!(#[allow(trivial_bounds, reason = "says what is missing where it is missing")]))
    }

    /// What the generated items do with a deprecated struct is not a use of it.
    fn allow_deprecated(&self) -> Option<TokenStream> {
        let deprecated = self.attrs.iter().any(|attr| attr.path().is_ident("deprecated"));
        deprecated.then(|| quote!(#[allow(deprecated, reason = "belongs to the item that is deprecated")]))
    }

    /// An `impl` block for the struct around every lock, of `of` (a trait, or nothing).
    pub(crate) fn implement(
        &self,
        of: Option<&TokenStream>,
        more: &[WherePredicate],
        items: &TokenStream,
    ) -> TokenStream {
        let lock = quote!(Lock);
        let params = self.params.implemented(Some(&lock));
        let ty = self.ty(&lock);
        let mut bounds = self.bounds_around_every_lock();
        bounds.extend_from_slice(more);
        let clause = self.params.where_clause(&bounds);
        let Some(of) = of else { return self.inherent(&params, &ty, clause.as_ref(), items) };
        let (trivial, deprecated) = (self.allow_trivial(), self.allow_deprecated());
        quote! {
            #[automatically_derived]
            #trivial
            #deprecated
            impl #params #of for #ty #clause { #items }
        }
    }

    /// An `impl` of `of` for the struct around the default lock, which stands for all of them.
    pub(crate) fn implement_marker(&self, of: &TokenStream, items: &TokenStream) -> TokenStream {
        let params = self.params.implemented(None);
        let ty = self.ty(&self.default_lock());
        let clause = self.params.where_clause(&self.rule_bounds);
        let (trivial, deprecated) = (self.allow_trivial(), self.allow_deprecated());
        quote! {
            #[automatically_derived]
            #trivial
            #deprecated
            impl #params #of for #ty #clause { #items }
        }
    }

    /// An `impl` block for the struct around the default lock.
    pub(crate) fn implement_default(&self, items: &TokenStream) -> TokenStream {
        let params = self.params.implemented(None);
        let ty = self.ty(&self.default_lock());
        let clause = self.params.where_clause(&self.rule_bounds);
        self.inherent(&params, &ty, clause.as_ref(), items)
    }

    /// An `impl` block for the struct around the default lock in which associated types of the rule are
    /// what the user's `impl` says.
    ///
    /// Where the struct has parameters, a bound on it in a where clause would hide that from rustc.
    pub(crate) fn implement_transparent(&self, items: &TokenStream) -> TokenStream {
        if self.params.0.params.is_empty() {
            return self.implement_default(items);
        }
        let params = self.params.implemented(None);
        let ty = self.ty(&self.default_lock());
        let clause = self.params.where_clause(&[]);
        self.inherent(&params, &ty, clause.as_ref(), items)
    }

    fn inherent(
        &self,
        params: &TokenStream,
        ty: &TokenStream,
        clause: Option<&TokenStream>,
        items: &TokenStream,
    ) -> TokenStream {
        let (unused, trivial, deprecated) = (allow_unused(), self.allow_trivial(), self.allow_deprecated());
        quote! {
            #unused
            #trivial
            #deprecated
            impl #params #ty #clause { #items }
        }
    }

    /// The struct of a future, with the struct's parameters, and of its subscription.
    pub(crate) fn future(&self, future: &Future<'_>) -> TokenStream {
        let Future { docs, lifetimes, name, wait, output, subscribe, subscribed, subscription } = future;
        let (p, vis) = (&self.private, &self.vis);
        let (unused, trivial, deprecated) = (allow_unused(), self.allow_trivial(), self.allow_deprecated());
        let declared = self.params.declared_after(lifetimes, &self.default_lock());
        let params = self.params.implemented_after(lifetimes);
        let args = self.params.args_after(lifetimes);
        let bounds = self.params.predicates(&self.bounds_around_every_lock());
        let subscribe = doc(subscribe);
        let returns = subscription.as_ref().map(|Subscription { pin, name, .. }| {
            let args = self.params.args_after(&after(pin, lifetimes));
            quote!(as #pin #name [#args])
        });
        let subscription = subscription.as_ref().map(|subscription| self.subscription(future, subscription));
        quote! {
            #p::future! {
                [#unused #trivial #deprecated]
                #docs
                #vis struct #name [#declared] [#params] [#args] [#bounds]
                #wait => #output;
                #subscribe
                subscribe => #subscribed #returns;
            }
            #subscription
        }
    }

    /// The struct that `subscribe` returns. It is `Unpin`: nothing but the future needs its place.
    fn subscription(&self, future: &Future<'_>, subscription: &Subscription<'_>) -> TokenStream {
        let Future { lifetimes, name: wait, subscribed, .. } = future;
        let Subscription { docs, pin, name } = subscription;
        let (p, vis, text) = (&self.private, &self.vis, name.unraw().to_string());
        let (unused, trivial, deprecated) = (allow_unused(), self.allow_trivial(), self.allow_deprecated());
        let of_wait = self.params.args_after(lifetimes);
        let lifetimes = after(pin, lifetimes);
        let declared = self.params.declared_after(&lifetimes, &self.default_lock());
        let (params, args) = (self.params.implemented_after(&lifetimes), self.params.args_after(&lifetimes));
        let clause = self.params.where_clause(&self.bounds_around_every_lock());
        quote! {
            #docs
            #unused
            #trivial
            #deprecated
            #[must_use = "futures do nothing unless `.await`ed or polled"]
            #vis struct #name<#declared> #clause {
                __sync_wait: ::core::pin::Pin<& #pin mut #wait<#of_wait>>,
            }

            #[automatically_derived]
            #trivial
            #deprecated
            impl<#params> ::core::future::Future for #name<#args> #clause {
                type Output = #subscribed;

                #[inline]
                fn poll(
                    mut self: ::core::pin::Pin<&mut Self>,
                    cx: &mut ::core::task::Context<'_>,
                ) -> ::core::task::Poll<#subscribed> {
                    #p::Subscribable::poll_subscribe(::core::pin::Pin::as_mut(&mut self.__sync_wait), cx)
                }
            }

            #[automatically_derived]
            #trivial
            #deprecated
            impl<#params> ::core::fmt::Debug for #name<#args> #clause {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    f.debug_struct(#text).field("wait", &self.__sync_wait).finish()
                }
            }
        }
    }

    /// What has to hold around every lock, besides what the user wrote.
    fn bounds_around_every_lock(&self) -> Vec<WherePredicate> {
        let p = &self.private;
        let mut bounds = self.rule_bounds.clone();
        bounds.push(syn::parse_quote!(Lock: #p::ScopedRawMutex));
        bounds
    }

    /// An `impl` of `items` for the future `name`.
    pub(crate) fn implement_future(
        &self,
        lifetimes: &[Lifetime],
        name: &Ident,
        items: &TokenStream,
    ) -> TokenStream {
        let (unused, trivial, deprecated) = (allow_unused(), self.allow_trivial(), self.allow_deprecated());
        let (params, args) = (self.params.implemented_after(lifetimes), self.params.args_after(lifetimes));
        let clause = self.params.where_clause(&self.bounds_around_every_lock());
        quote! {
            #unused
            #trivial
            #deprecated
            impl<#params> #name<#args> #clause { #items }
        }
    }

    /// Puts `items` where the library has its `alloc` feature.
    pub(crate) fn with_alloc(&self, items: &TokenStream) -> TokenStream {
        let p = &self.private;
        quote!(#p::alloc! { #items })
    }

    /// `close`, `is_closed` and `waiters`.
    pub(crate) fn closing(&self) -> TokenStream {
        self.closing_of("close", "is_closed")
    }

    /// `close` and `is_closed`, which are called like this in the queue, and `waiters`.
    pub(crate) fn closing_of(&self, queue_close: &str, queue_is_closed: &str) -> TokenStream {
        let (vis, holder) = (&self.vis, self.holder());
        let (close, is_closed) = (doc(&docs::close(self.store)), doc(&docs::is_closed()));
        let waiters = doc(&docs::waiters(self.store));
        let (queue_close, queue_is_closed) =
            (format_ident!("{queue_close}"), format_ident!("{queue_is_closed}"));
        quote! {
            #close
            #vis fn close(&self) {
                #holder::#queue_close(&self.__sync_queue);
            }

            #is_closed
            #[must_use]
            #vis fn is_closed(&self) -> ::core::primitive::bool {
                #holder::#queue_is_closed(&self.__sync_queue)
            }

            #waiters
            #[must_use]
            #vis fn waiters(&self) -> ::core::primitive::usize {
                // Those that are left in a closed one are about to be woken by `close`.
                if self.is_closed() { 0 } else { #holder::waiters(&self.__sync_queue) }
            }
        }
    }

    /// `Debug` and the trait by which owned futures find the queue.
    pub(crate) fn common_traits(&self, rule: &TokenStream) -> TokenStream {
        self.common_traits_with(rule, "debug")
    }

    /// [`common_traits`](Self::common_traits), where the queue's method for `Debug` is called `debug`.
    pub(crate) fn common_traits_with(&self, rule: &TokenStream, debug: &str) -> TokenStream {
        let (p, holder) = (&self.private, self.holder());
        let queue_debug = format_ident!("{debug}");
        let name = self.name();
        let queue = self.queue_of(&quote!(waiter));
        let waiter = match self.store {
            Store::Queue => quote!(_),
            Store::Buckets(_) => quote!(waiter),
        };
        let debug = self.implement(
            Some(&quote!(::core::fmt::Debug)),
            &[],
            &quote! {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    #holder::#queue_debug(&self.__sync_queue, #name, f)
                }
            },
        );
        let as_queue = self.implement(
            Some(&quote!(#p::AsQueue)),
            &[],
            &quote! {
                type Rule = #rule;
                type Lock = Lock;

                fn as_queue(&self, #waiter: &#p::WaiterOf<#rule>) -> &#p::Queue<#rule, Lock> {
                    #queue
                }
            },
        );
        // Only what is shared needs to be found by its owner's type.
        let as_queue = self.with_alloc(&as_queue);
        quote!(#debug #as_queue)
    }
}

/// `span` for an error's place, but known to come from a macro: lints about style leave it alone.
pub(crate) fn generated_at(span: Span) -> Span {
    Span::call_site().located_at(span)
}

/// `tokens` (without groups, a path for instance) at `span`.
pub(crate) fn respan(tokens: &TokenStream, span: Span) -> TokenStream {
    let moved = tokens.clone().into_iter().map(|mut token| {
        token.set_span(span);
        token
    });
    moved.collect()
}

/// `first` and `others`.
fn after(first: &Lifetime, others: &[Lifetime]) -> Vec<Lifetime> {
    core::iter::once(first).chain(others).cloned().collect()
}

/// Every instance has all the methods; few users call them all.
fn allow_unused() -> TokenStream {
    quote!(#[allow(dead_code, reason = "generated in full, used as needed")])
}
