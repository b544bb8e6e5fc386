//! `match = up_to`: those wait who are not reached yet.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Type;

use super::super::{docs::up_to as docs, model::WaitMap};
use crate::host::docs::doc;

pub(super) fn methods(map: &WaitMap, key: &Type) -> TokenStream {
    let host = &map.host;
    let (p, vis) = (&host.private, &host.vis);
    let (current, advance) = (doc(docs::CURRENT), doc(&docs::advance()));
    quote! {
        #current
        #[must_use]
        #vis fn current(&self) -> #key {
            #p::Queue::current(&self.__sync_queue)
        }

        #advance
        #vis fn advance(&self, to: #key) -> ::core::primitive::usize {
            #p::Queue::advance(&self.__sync_queue, to)
        }
    }
}
