//! What stands in for the methods after a misuse that leaves the key or the mode open.
//!
//! They take anything, so that the code that calls them brings no errors of its own. Nothing of it ever
//! runs: the misuse was reported.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Type;

use super::{super::model::WaitMap, future, future_owned};

pub(super) fn methods(map: &WaitMap, known: Option<&Type>) -> TokenStream {
    let waits = ["wait", "wait_any", "wait_all"].map(|name| waits(map, name));
    let (wakes, states) = (wakes(map), states(map, known));
    quote! {
        #(#waits)*
        #wakes
        #states
    }
}

/// The body of all of them. It has any type, as what is returned may not be known, and the error beside it keeps
/// the program from being built.
pub(super) fn stays_away() -> TokenStream {
    quote!({ ::core::unimplemented!() })
}

fn waits(map: &WaitMap, name: &str) -> TokenStream {
    let host = &map.host;
    let (p, vis) = (&host.private, &host.vis);
    let (future, future_owned) = (future(map), future_owned(map));
    let (name, name_owned) = (format_ident!("{name}"), format_ident!("{name}_owned"));
    let key = host.params.fresh_type("Key", &[]);
    let stays_away = stays_away();
    let with_alloc = host.with_alloc(&quote! {
        #[doc(hidden)]
        #vis fn #name_owned<#key>(self: &#p::Arc<Self>, _: #key) -> #future_owned #stays_away
    });
    quote! {
        #[doc(hidden)]
        #vis fn #name<#key>(&self, _: #key) -> #future #stays_away

        #with_alloc
    }
}

/// What wakes by a key or an event.
fn wakes(map: &WaitMap) -> TokenStream {
    let host = &map.host;
    let (p, vis, ty) = (&host.private, &host.vis, &map.value.ty);
    let value = if map.value.given { quote!(_: #ty) } else { quote!() };
    let key = host.params.fresh_type("Key", &[]);
    let t = host.params.fresh_type("T", &[]);
    let any = quote!(#key: ?::core::marker::Sized);
    let stays_away = stays_away();
    quote! {
        #[doc(hidden)]
        #vis fn wake<#key>(&self, _: &#key, #value) -> #p::WakeOutcome<#ty> #stays_away

        #[doc(hidden)]
        #vis fn wake_one<#key>(&self, _: &#key, #value) -> #p::WakeOutcome<#ty> #stays_away

        #[doc(hidden)]
        #vis fn wake_n<#key>(&self, _: &#key, _: ::core::primitive::usize, #value) -> ::core::primitive::usize #stays_away

        #[doc(hidden)]
        #vis fn wake_all<#key>(&self, _: &#key, #value) -> ::core::primitive::usize #stays_away

        #[doc(hidden)]
        #vis fn notify<#any>(&self, _: &#key) -> ::core::primitive::usize #stays_away

        #[doc(hidden)]
        #vis fn notify_with<#any>(&self, _: &#key, _: #ty) -> ::core::primitive::usize #stays_away

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

/// What `new` of a map with a position has beside it.
pub(super) fn starting_at(map: &WaitMap) -> TokenStream {
    let (p, vis) = (&map.host.private, &map.host.vis);
    let key = map.host.params.fresh_type("Key", &[]);
    quote! {
        #p::const_fn! {
            #[doc(hidden)]
            #vis fn starting_at<#key: ::core::marker::Copy>(_: #key) -> Self {
                Self::new()
            }
        }
    }
}

/// What keeps a position or flags.
fn states(map: &WaitMap, known: Option<&Type>) -> TokenStream {
    let (p, vis) = (&map.host.private, &map.host.vis);
    let key = map.host.params.fresh_type("Key", &[]);
    // Unless the key's type is known, it is the caller who says what comes back.
    let (back, of_back) = match known {
        Some(ty) => (quote!(#ty), quote!()),
        None => (quote!(#key), quote!(<#key>)),
    };
    let stays_away = stays_away();
    quote! {
        #p::const_fn! {
            #[doc(hidden)]
            #vis fn starting_at_with_raw_mutex<#key: ::core::marker::Copy>(_: #key, lock: Lock) -> Self {
                Self::new_with_raw_mutex(lock)
            }
        }

        #[doc(hidden)]
        #vis fn current #of_back(&self) -> #back #stays_away

        #[doc(hidden)]
        #vis fn advance<#key>(&self, _: #key) -> ::core::primitive::usize #stays_away

        #[doc(hidden)]
        #vis fn get #of_back(&self) -> #back #stays_away

        #[doc(hidden)]
        #vis fn set<#key>(&self, _: #key) -> ::core::primitive::usize #stays_away

        #[doc(hidden)]
        #vis fn clear #of_back(&self, _: #back) -> #back #stays_away
    }
}
