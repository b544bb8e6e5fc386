//! What stands in for the methods after a misuse that leaves the key or the mode open.
//!
//! They take anything, so that the code that calls them brings no errors of its own. Nothing of it ever
//! runs: the misuse was reported.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Path, Type};

use super::{
    super::{
        expand::{future, future_owned},
        model::WaitMap,
    },
    Docs, Mode, by_key,
};

/// Has the methods of all modes.
pub(in super::super) struct Stub {
    /// The type of the keys that the methods return, if it is known.
    pub(in super::super) key: Option<Type>,
    pub(in super::super) one_per_key: bool,
}

impl Mode for Stub {
    fn rule(&self, p: &Path, key: &Type, value: &Type, _: Option<&TokenStream>) -> TokenStream {
        if self.one_per_key { quote!(#p::Unique<#key, #value>) } else { quote!(#p::Fifo<#key, #value>) }
    }

    fn around_default_lock(&self, map: &WaitMap) -> TokenStream {
        let (p, vis) = (&map.owner.private, &map.owner.vis);
        let key = map.owner.params.fresh_type("Key", &[]);
        quote! {
            #p::const_fn! {
                #[doc(hidden)]
                #vis fn starting_at<#key: ::core::marker::Copy>(_: #key) -> Self {
                    Self::new()
                }
            }
        }
    }

    fn methods(&self, map: &WaitMap) -> TokenStream {
        let waits = ["wait", "wait_any", "wait_all"].map(|name| waits(map, name));
        let (wakes, states) = (wakes(map), states(map, self.key.as_ref()));
        quote! {
            #(#waits)*
            #wakes
            #states
        }
    }

    fn docs(&self, _: &WaitMap) -> Docs {
        Docs {
            noun: "map",
            new: by_key::NEW,
            waits: &["wait"],
            from_then: by_key::FROM_THEN,
            subscribe_errors: "It yields `Closed` if the map is closed.",
            future: "",
            cancel: "It is never run: the misuse was reported.".to_owned(),
        }
    }
}

/// The body of all of them. It has any type, as what is returned may not be known, and the reported error
/// keeps the program from being built.
pub(super) fn unreachable() -> TokenStream {
    quote!({ ::core::unimplemented!() })
}

fn waits(map: &WaitMap, name: &str) -> TokenStream {
    let owner = &map.owner;
    let (p, vis) = (&owner.private, &owner.vis);
    let (future, future_owned) = (future(map), future_owned(map));
    let (name, name_owned) = (format_ident!("{name}"), format_ident!("{name}_owned"));
    let key = owner.params.fresh_type("Key", &[]);
    let unreachable = unreachable();
    let with_alloc = owner.with_alloc(&quote! {
        #[doc(hidden)]
        #vis fn #name_owned<#key>(self: &#p::Arc<Self>, _: #key) -> #future_owned #unreachable
    });
    quote! {
        #[doc(hidden)]
        #vis fn #name<#key>(&self, _: #key) -> #future #unreachable

        #with_alloc
    }
}

/// What wakes by a key or an event.
fn wakes(map: &WaitMap) -> TokenStream {
    let owner = &map.owner;
    let (p, vis, ty) = (&owner.private, &owner.vis, &map.value.ty);
    let value = if map.value.given { quote!(_: #ty) } else { quote!() };
    let key = owner.params.fresh_type("Key", &[]);
    let t = owner.params.fresh_type("T", &[]);
    let any = quote!(#key: ?::core::marker::Sized);
    let unreachable = unreachable();
    quote! {
        #[doc(hidden)]
        #vis fn wake<#key>(&self, _: &#key, #value) -> #p::WakeOutcome<#ty> #unreachable

        #[doc(hidden)]
        #vis fn wake_one<#key>(&self, _: &#key, #value) -> #p::WakeOutcome<#ty> #unreachable

        #[doc(hidden)]
        #vis fn wake_n<#key>(&self, _: &#key, _: ::core::primitive::usize, #value) -> ::core::primitive::usize #unreachable

        #[doc(hidden)]
        #vis fn wake_all<#key>(&self, _: &#key, #value) -> ::core::primitive::usize #unreachable

        #[doc(hidden)]
        #vis fn notify<#any>(&self, _: &#key) -> ::core::primitive::usize #unreachable

        #[doc(hidden)]
        #vis fn notify_with<#any>(&self, _: &#key, _: #ty) -> ::core::primitive::usize #unreachable

        #[doc(hidden)]
        #vis async fn wait_for<#key>(
            &self,
            _: #key,
            _: impl ::core::ops::FnMut() -> ::core::primitive::bool,
        ) -> ::core::result::Result<(), #p::WaitError> #unreachable

        #[doc(hidden)]
        #vis async fn wait_for_value<#key, #t>(
            &self,
            _: #key,
            _: impl ::core::ops::FnMut() -> ::core::option::Option<#t>,
        ) -> ::core::result::Result<#t, #p::WaitError> #unreachable
    }
}

/// What keeps a position or flags.
fn states(map: &WaitMap, known: Option<&Type>) -> TokenStream {
    let (p, vis) = (&map.owner.private, &map.owner.vis);
    let key = map.owner.params.fresh_type("Key", &[]);
    // Unless the key's type is known, the caller says what comes back.
    let (back, of_back) = match known {
        Some(ty) => (quote!(#ty), quote!()),
        None => (quote!(#key), quote!(<#key>)),
    };
    let unreachable = unreachable();
    quote! {
        #p::const_fn! {
            #[doc(hidden)]
            #vis fn starting_at_with_raw_mutex<#key: ::core::marker::Copy>(_: #key, lock: Lock) -> Self {
                Self::new_with_raw_mutex(lock)
            }
        }

        #[doc(hidden)]
        #vis fn current #of_back(&self) -> #back #unreachable

        #[doc(hidden)]
        #vis fn advance<#key>(&self, _: #key) -> ::core::primitive::usize #unreachable

        #[doc(hidden)]
        #vis fn get #of_back(&self) -> #back #unreachable

        #[doc(hidden)]
        #vis fn set<#key>(&self, _: #key) -> ::core::primitive::usize #unreachable

        #[doc(hidden)]
        #vis fn clear #of_back(&self, _: #back) -> #back #unreachable
    }
}
