//! `match = unique`: at most one waiter per key, as maitake-sync's `WaitMap` has it.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Type;

use super::{
    super::{docs::equality as docs, model::WaitMap},
    value,
};
use crate::host::docs::doc;

pub(super) fn methods(map: &WaitMap, key: &Type) -> TokenStream {
    let host = &map.host;
    let (p, vis) = (&host.private, &host.vis);
    let (param, arg) = value(map);
    let ty = &map.value.ty;
    let (queue, queue_of_own) = (host.queue_of(&quote!(key)), host.queue_of(&quote!(&key)));
    let wake = doc(&docs::wake(map));
    let wait_for = doc(docs::WAIT_FOR);
    let wait_for_value = doc(docs::WAIT_FOR_VALUE);
    let f = host.params.fresh_type("F", &[quote!(#key)]);
    let t = host.params.fresh_type("T", &[quote!(#key)]);
    quote! {
        #wake
        #vis fn wake(&self, key: &#key #param) -> #p::WakeOutcome<#ty> {
            #p::Queue::wake(#queue, key #arg)
        }

        #wait_for
        #vis async fn wait_for<#f>(&self, key: #key, f: #f) -> ::core::result::Result<(), #p::WaitError>
        where
            #f: ::core::ops::FnMut() -> ::core::primitive::bool,
        {
            #p::Queue::wait_for(#queue_of_own, key, f).await
        }

        #wait_for_value
        #vis async fn wait_for_value<#t, #f>(
            &self,
            key: #key,
            f: #f,
        ) -> ::core::result::Result<#t, #p::WaitError>
        where
            #f: ::core::ops::FnMut() -> ::core::option::Option<#t>,
        {
            #p::Queue::wait_for_value(#queue_of_own, key, f).await
        }
    }
}
