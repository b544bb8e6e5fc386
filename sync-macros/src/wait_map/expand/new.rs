//! Constructors.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use syn::{Type, WherePredicate, parse_quote};

use super::{
    super::{
        docs::new as docs,
        model::{Body, Mode, WaitMap},
    },
    stub,
};
use crate::host::{Store, docs::doc};

/// Where a map starts.
enum Start<'a> {
    /// With nothing in it but waiters.
    Empty,
    /// With this state.
    State(TokenStream),
    /// At this position, which `starting_at` takes from the caller; of a type of which that has to hold.
    Position { start: TokenStream, ty: &'a Type, bound: Option<TokenStream> },
}

fn start(map: &WaitMap) -> Start<'_> {
    let host = &map.host;
    let p = &host.private;
    match &map.body {
        Body::Whole(Mode::UpTo { wrapping: true }, ty) => {
            Start::Position { start: quote!(<#ty as #p::SequenceNumber>::ZERO), ty, bound: None }
        }
        Body::Whole(Mode::UpTo { wrapping: false }, ty) => {
            let position = if map.value.generic {
                quote!(#ty: #p::Position)
            } else {
                // Bound by a lifetime, it is only asked for where somebody calls the method.
                let any = host.params.fresh_lifetime("start", &[quote!(#ty)]);
                quote!(for<#any> #ty: #p::Position)
            };
            Start::Position { start: quote!(<#ty as #p::Position>::START), ty, bound: Some(position) }
        }
        Body::Whole(Mode::Mask { .. }, ty) => Start::State(quote!(<#ty as #p::Flags>::NONE)),
        Body::Whole(Mode::Predicate(_), _) => Start::State(quote!(0)),
        _ => Start::Empty,
    }
}

/// The constructors for the default lock alone: elsewhere the lock could not be inferred.
pub(super) fn around_default_lock(map: &WaitMap) -> TokenStream {
    let (p, vis) = (&map.host.private, &map.host.vis);
    let new = doc(&docs::new(map));
    let lock = quote!(#p::DefaultMutex::new());
    match (start(map), map.host.store) {
        (_, Store::Buckets(_)) => quote! {
            #p::const_fn! {
                #new
                #[must_use]
                #vis fn new() -> Self {
                    Self { __sync_queue: #p::Buckets::new() }
                }
            }
        },
        (Start::Position { start, ty, bound }, Store::Queue) => {
            let clause = bound.map(|bound| quote!(where #bound));
            let starting_at = doc(&docs::starting_at());
            quote! {
                #p::const_fn! {
                    #new
                    #[must_use]
                    #vis fn new() -> Self #clause {
                        Self::starting_at(#start)
                    }
                }

                #p::const_fn! {
                    #starting_at
                    #[must_use]
                    #vis fn starting_at(position: #ty) -> Self {
                        Self::starting_at_with_raw_mutex(position, #lock)
                    }
                }
            }
        }
        (Start::Empty | Start::State(_), Store::Queue) => {
            let stub = matches!(map.body, Body::Stub(_)).then(|| stub::starting_at(map));
            quote! {
                #p::const_fn! {
                    #new
                    #[must_use]
                    #vis fn new() -> Self {
                        Self::new_with_raw_mutex(#lock)
                    }
                }

                #stub
            }
        }
    }
}

/// The constructors for any lock.
pub(super) fn around_any_lock(map: &WaitMap) -> TokenStream {
    let (p, vis) = (&map.host.private, &map.host.vis);
    let new = doc(&docs::new_with_raw_mutex(map));
    let (start, clause, starting_at) = match (start(map), map.host.store) {
        (_, Store::Buckets(number)) => return around_locks(map, number),
        (Start::Empty, _) => (quote!(()), None, None),
        (Start::State(state), _) => (state, None, None),
        (Start::Position { start, ty, bound }, _) => {
            let docs = doc(&docs::starting_at_with_raw_mutex());
            let starting_at = quote! {
                #p::const_fn! {
                    #docs
                    #[must_use]
                    #vis fn starting_at_with_raw_mutex(position: #ty, lock: Lock) -> Self {
                        Self { __sync_queue: #p::CachePadded::new(#p::Queue::new(position, lock)) }
                    }
                }
            };
            (start, bound.map(|bound| quote!(where #bound)), Some(starting_at))
        }
    };
    quote! {
        #p::const_fn! {
            #new
            #[must_use]
            #vis fn new_with_raw_mutex(lock: Lock) -> Self #clause {
                Self { __sync_queue: #p::CachePadded::new(#p::Queue::new(#start, lock)) }
            }
        }

        #starting_at
    }
}

/// The constructors for a lock per bucket.
fn around_locks(map: &WaitMap, number: usize) -> TokenStream {
    let (p, vis) = (&map.host.private, &map.host.vis);
    let number = Literal::usize_unsuffixed(number);
    let (given, constant) = (doc(&docs::new_with_raw_mutexes()), doc(&docs::new_with_const_raw_mutexes()));
    quote! {
        #given
        #[must_use]
        #vis fn new_with_raw_mutexes(locks: [Lock; #number]) -> Self {
            Self { __sync_queue: #p::Buckets::with_locks(locks) }
        }

        #p::const_fn! {
            #constant
            #[must_use]
            #vis fn new_with_const_raw_mutexes() -> Self
            where
                Lock: #p::ConstInit,
            {
                Self { __sync_queue: #p::Buckets::with_const_locks() }
            }
        }
    }
}

pub(super) fn default(map: &WaitMap) -> TokenStream {
    let mut bounds = vec![parse_quote!(Lock: ::core::default::Default)];
    if let Start::Position { bound, .. } = start(map) {
        bounds.extend(bound.map(|bound| -> WherePredicate { parse_quote!(#bound) }));
    }
    let make = match map.host.store {
        Store::Queue => quote!(Self::new_with_raw_mutex(::core::default::Default::default())),
        // Rust 1.85 takes no `_` for a constant argument, so the type is left to inference as a whole.
        Store::Buckets(_) => quote!(Self { __sync_queue: ::core::default::Default::default() }),
    };
    map.host.implement(
        Some(&quote!(::core::default::Default)),
        &bounds,
        &quote! {
            fn default() -> Self {
                #make
            }
        },
    )
}
