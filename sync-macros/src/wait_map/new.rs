//! Constructors.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use syn::{WherePredicate, parse_quote};

use super::{model::WaitMap, modes::Start};
use crate::queue_owner::{
    Store,
    docs::{self, doc},
};

/// The constructors for the default lock alone: elsewhere the lock could not be inferred.
pub(super) fn around_default_lock(map: &WaitMap) -> TokenStream {
    let (p, vis) = (&map.owner.private, &map.owner.vis);
    if let Store::Buckets(_) = map.owner.store {
        let docs = doc(NEW_OF_BUCKETS);
        return quote! {
            #p::const_fn! {
                #docs
                #[must_use]
                #vis fn new() -> Self {
                    Self { __sync_queue: #p::Buckets::new() }
                }
            }
        };
    }
    let docs = doc(&docs::new(map.mode.docs(map).new));
    let bound = map.mode.start(map).bound.map(|bound| quote!(where #bound));
    let more = map.mode.around_default_lock(map);
    quote! {
        #p::const_fn! {
            #docs
            #[must_use]
            #vis fn new() -> Self #bound {
                Self::new_with_raw_mutex(#p::DefaultMutex::new())
            }
        }

        #more
    }
}

/// The constructors for any lock.
pub(super) fn around_any_lock(map: &WaitMap) -> TokenStream {
    let (p, vis) = (&map.owner.private, &map.owner.vis);
    if let Store::Buckets(number) = map.owner.store {
        return around_locks(map, number);
    }
    let docs = doc(&docs::new_with_raw_mutex(map.mode.docs(map).new));
    let Start { state, bound } = map.mode.start(map);
    let bound = bound.map(|bound| quote!(where #bound));
    quote! {
        #p::const_fn! {
            #docs
            #[must_use]
            #vis fn new_with_raw_mutex(lock: Lock) -> Self #bound {
                Self { __sync_queue: #p::CachePadded::new(#p::Queue::new(#state, lock)) }
            }
        }
    }
}

/// The constructors for a lock per bucket.
fn around_locks(map: &WaitMap, number: usize) -> TokenStream {
    let (p, vis) = (&map.owner.private, &map.owner.vis);
    let number = Literal::usize_unsuffixed(number);
    let (given, constant) = (doc(NEW_WITH_RAW_MUTEXES), doc(NEW_WITH_CONST_RAW_MUTEXES));
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
    bounds.extend(map.mode.start(map).bound.map(|bound| -> WherePredicate { parse_quote!(#bound) }));
    let make = match map.owner.store {
        Store::Queue => quote!(Self::new_with_raw_mutex(::core::default::Default::default())),
        // Rust 1.85 takes no `_` for a constant argument, so the type is left to inference as a whole.
        Store::Buckets(_) => quote!(Self { __sync_queue: ::core::default::Default::default() }),
    };
    map.owner.implement(
        Some(&quote!(::core::default::Default)),
        &bounds,
        &quote! {
            fn default() -> Self {
                #make
            }
        },
    )
}

const NEW_OF_BUCKETS: &str = "\
Returns a map with no task waiting, with a default raw lock for each bucket.

[`new_with_raw_mutexes`](Self::new_with_raw_mutexes) and \
[`new_with_const_raw_mutexes`](Self::new_with_const_raw_mutexes) take other locks. Usable in a `static`, \
except in models under `--cfg loom`.";

const NEW_WITH_RAW_MUTEXES: &str = "\
Returns a map with no task waiting, with one of `locks` for each bucket.

With a `Lock` that masks interrupts while it is held, interrupt handlers may use it. Not a `const fn`: for a \
`static` with another lock than the default one there is \
[`new_with_const_raw_mutexes`](Self::new_with_const_raw_mutexes).";

const NEW_WITH_CONST_RAW_MUTEXES: &str = "\
Returns a map with no task waiting, with a new `Lock` for each bucket.

With a `Lock` that masks interrupts while it is held, interrupt handlers may use it. Usable in a `static`, \
except in models under `--cfg loom`.";
