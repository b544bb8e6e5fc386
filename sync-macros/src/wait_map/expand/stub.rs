//! What stands in for the methods after a misuse that leaves the key or the mode open.
//!
//! They take anything, so that the code that calls them brings no errors of its own. Nothing of it ever
//! runs: the misuse was reported.

use proc_macro2::TokenStream;
use quote::quote;

use super::{super::model::WaitMap, future, future_owned};

pub(super) fn methods(map: &WaitMap) -> TokenStream {
    let host = &map.host;
    let (p, vis, ty) = (&host.private, &host.vis, &map.value.ty);
    let (future, future_owned) = (future(map), future_owned(map));
    let value = if map.value.given { quote!(_: #ty) } else { quote!() };
    let key = host.params.fresh_type("Key", &[]);
    let t = host.params.fresh_type("T", &[]);
    let stays_away = quote!({ ::core::unimplemented!() });
    let with_alloc = host.with_alloc(&quote! {
        #[doc(hidden)]
        #vis fn wait_owned<#key>(self: &#p::Arc<Self>, _: #key) -> #future_owned #stays_away
    });
    quote! {
        #[doc(hidden)]
        #vis fn wait<#key>(&self, _: #key) -> #future #stays_away

        #with_alloc

        #[doc(hidden)]
        #vis fn wake<#key>(&self, _: &#key, #value) -> #p::WakeOutcome<#ty> #stays_away

        #[doc(hidden)]
        #vis fn wake_one<#key>(&self, _: &#key, #value) -> #p::WakeOutcome<#ty> #stays_away

        #[doc(hidden)]
        #vis fn wake_n<#key>(&self, _: &#key, _: ::core::primitive::usize, #value) -> ::core::primitive::usize #stays_away

        #[doc(hidden)]
        #vis fn wake_all<#key>(&self, _: &#key, #value) -> ::core::primitive::usize #stays_away

        #[doc(hidden)]
        #vis async fn wait_for<#key>(
            &self,
            _: #key,
            _: impl ::core::ops::FnMut() -> ::core::primitive::bool,
        ) -> ::core::result::Result<(), #p::WaitError> #stays_away

        #[doc(hidden)]
        #vis async fn wait_for_value<#key, #t>(
            &self,
            _: #key,
            _: impl ::core::ops::FnMut() -> ::core::option::Option<#t>,
        ) -> ::core::result::Result<#t, #p::WaitError> #stays_away
    }
}
