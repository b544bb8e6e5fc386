//! `match = mask`: those wait whose flags are not set.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Type;

use super::{
    super::{
        docs::{self as common, mask as docs},
        model::WaitMap,
    },
    waits,
};
use crate::host::docs::doc;

pub(super) fn methods(map: &WaitMap, key: &Type, consume: bool) -> TokenStream {
    let host = &map.host;
    let (p, vis) = (&host.private, &host.vis);
    let (get, set, clear) = (doc(docs::GET), doc(&docs::set(consume)), doc(&docs::clear()));
    let any = quote!(#p::Wanted::new(mask, false));
    let any = waits(
        map,
        "wait_any",
        key,
        "mask",
        &any,
        [docs::wait_any(map, consume), common::wait_owned(map, "wait_any")],
    );
    let all = quote!(#p::Wanted::new(mask, true));
    let all = waits(
        map,
        "wait_all",
        key,
        "mask",
        &all,
        [docs::wait_all(map, consume), common::wait_owned(map, "wait_all")],
    );
    quote! {
        #get
        #[must_use]
        #vis fn get(&self) -> #key {
            #p::Queue::get(&self.__sync_queue)
        }

        #set
        #vis fn set(&self, bits: #key) -> ::core::primitive::usize {
            #p::Queue::set(&self.__sync_queue, bits)
        }

        #clear
        #vis fn clear(&self, bits: #key) -> #key {
            #p::Queue::clear(&self.__sync_queue, bits)
        }

        #any
        #all
    }
}

/// What the futures have besides.
pub(super) fn clear_on_exit(map: &WaitMap) -> TokenStream {
    let (p, vis, docs) = (&map.host.private, &map.host.vis, doc(docs::CLEAR_ON_EXIT));
    quote! {
        #docs
        #[must_use = "futures do nothing unless `.await`ed or polled"]
        #vis fn clear_on_exit(mut self) -> Self {
            #p::Wait::set_clear_on_exit(&mut self.__sync_wait);
            self
        }
    }
}
