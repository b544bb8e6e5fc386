//! `match = fifo`: any number of waiters per key, oldest first.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Type, WherePredicate, parse_quote};

use super::{
    super::{docs, model::WaitMap},
    value,
};
use crate::host::docs::doc;

pub(super) fn methods(map: &WaitMap, key: &Type) -> TokenStream {
    let host = &map.host;
    let (p, vis) = (&host.private, &host.vis);
    let (param, arg) = value(map);
    let ty = &map.value.ty;
    let clause = clone_bound(map).map(|bound| quote!(where #bound));
    let (one, n, all) = (doc(&docs::wake_one(map)), doc(&docs::wake_n(map)), doc(&docs::wake_all(map)));
    quote! {
        #one
        #vis fn wake_one(&self, key: &#key #param) -> #p::WakeOutcome<#ty> {
            #p::Queue::wake_one(&self.__sync_queue, key #arg)
        }

        #n
        #vis fn wake_n(&self, key: &#key, n: ::core::primitive::usize #param) -> ::core::primitive::usize #clause {
            #p::Queue::wake_n(&self.__sync_queue, key, n #arg)
        }

        #all
        #vis fn wake_all(&self, key: &#key #param) -> ::core::primitive::usize #clause {
            #p::Queue::wake_all(&self.__sync_queue, key #arg)
        }
    }
}

/// What waking several asks of the value.
fn clone_bound(map: &WaitMap) -> Option<WherePredicate> {
    let ty = &map.value.ty;
    if !map.value.given {
        return None;
    }
    if map.value.generic {
        return Some(parse_quote!(#ty: ::core::clone::Clone));
    }
    // A bound that names no parameter would have to hold, and a value that is not `Clone` could not be
    // used at all; bound by a lifetime, it is only asked for where somebody calls the method.
    let any = map.host.params.fresh_lifetime("value", &[quote!(#ty)]);
    Some(parse_quote!(for<#any> #ty: ::core::clone::Clone))
}
