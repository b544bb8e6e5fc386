//! `match = predicate(…)`: those wait to whom nothing happened that they wait for.

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    super::{
        docs::predicate as docs,
        model::{Predicate, WaitMap},
    },
    called_with, clone_bound, hygienic,
    stub::stays_away,
};
use crate::host::docs::doc;

pub(super) fn methods(map: &WaitMap, predicate: Option<&Predicate>) -> TokenStream {
    let Some(Predicate { holds, event: ty }) = predicate else { return stub(map) };
    let host = &map.host;
    let (p, vis) = (&host.private, &host.vis);
    let docs = doc(&docs::notify(map, holds));
    let (key, event) = (hygienic("key"), hygienic("event"));
    let call = called_with(holds, &["key", "event"]);
    if map.value.given {
        let (value, clause) = (&map.value.ty, clone_bound(map));
        quote! {
            #docs
            #vis fn notify_with(&self, #event: &#ty, value: #value) -> ::core::primitive::usize #clause {
                #p::Queue::notify_with(&self.__sync_queue, |#key| #call, value)
            }
        }
    } else {
        quote! {
            #docs
            #vis fn notify(&self, #event: &#ty) -> ::core::primitive::usize {
                #p::Queue::notify_all(&self.__sync_queue, |#key| #call)
            }
        }
    }
}

/// After a misuse that leaves open what is notified of what: it takes anything.
fn stub(map: &WaitMap) -> TokenStream {
    let host = &map.host;
    let (vis, value) = (&host.vis, &map.value.ty);
    let event = host.params.fresh_type("Event", &[quote!(#value)]);
    let stays_away = stays_away();
    if map.value.given {
        quote! {
            #[doc(hidden)]
            #vis fn notify_with<#event: ?::core::marker::Sized>(&self, _: &#event, _: #value) -> ::core::primitive::usize #stays_away
        }
    } else {
        quote! {
            #[doc(hidden)]
            #vis fn notify<#event: ?::core::marker::Sized>(&self, _: &#event) -> ::core::primitive::usize #stays_away
        }
    }
}
