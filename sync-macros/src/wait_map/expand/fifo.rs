//! `match = fifo`: any number of waiters per key, oldest first.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Type;

use super::{
    super::{docs::equality as docs, model::WaitMap},
    clone_bound, value,
};
use crate::host::docs::doc;

pub(super) fn methods(map: &WaitMap, key: &Type) -> TokenStream {
    let host = &map.host;
    let (p, vis) = (&host.private, &host.vis);
    let (param, arg) = value(map);
    let ty = &map.value.ty;
    let clause = clone_bound(map);
    let queue = host.queue_of(&quote!(key));
    let (one, n, all) = (doc(&docs::wake_one(map)), doc(&docs::wake_n(map)), doc(&docs::wake_all(map)));
    quote! {
        #one
        #vis fn wake_one(&self, key: &#key #param) -> #p::WakeOutcome<#ty> {
            #p::Queue::wake_one(#queue, key #arg)
        }

        #n
        #vis fn wake_n(&self, key: &#key, n: ::core::primitive::usize #param) -> ::core::primitive::usize #clause {
            #p::Queue::wake_n(#queue, key, n #arg)
        }

        #all
        #vis fn wake_all(&self, key: &#key #param) -> ::core::primitive::usize #clause {
            #p::Queue::wake_all(#queue, key #arg)
        }
    }
}
