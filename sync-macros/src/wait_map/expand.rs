//! Model to tokens. Cannot fail.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Ident, Lifetime};

use super::{docs, model::WaitMap, new};
use crate::queue_owner::{Future, Subscription, docs::doc};

pub(super) fn expand(map: &WaitMap) -> TokenStream {
    let WaitMap { owner, rule, .. } = map;
    let declaration = owner.declaration(rule);
    let futures = futures(map);
    let new = owner.implement_default(&new::around_default_lock(map));
    let methods = methods(map);
    let default = new::default(map);
    let traits = owner.common_traits(rule);
    let undelivered = undelivered(map);
    quote! {
        #declaration
        #futures
        #new
        #methods
        #default
        #traits
        #undelivered
    }
}

fn methods(map: &WaitMap) -> TokenStream {
    let (new, of_mode, closing) = (new::around_any_lock(map), map.mode.methods(map), map.owner.closing());
    map.owner.implement(None, &[], &quote!(#new #of_mode #closing))
}

/// The method `name` that waits, and its owned twin, for what `waiter` makes of the parameter `param`.
pub(super) fn wait(map: &WaitMap, name: &str, param: &str, waiter: &TokenStream, docs: &str) -> TokenStream {
    let (owner, key) = (&map.owner, &map.key);
    let (p, vis) = (&owner.private, &owner.vis);
    let (docs, docs_of_owned) = (doc(docs), doc(&docs::wait_owned(map, name)));
    let (future, future_owned) = (future(map), future_owned(map));
    let (name, name_owned) = (format_ident!("{name}"), format_ident!("{name}_owned"));
    let param: Ident = format_ident!("{param}");
    let queue = owner.queue_of(&quote!(&#param));
    let named = |name: &Option<Ident>, wait| match name {
        Some(name) => quote!(#name { __sync_wait: #wait }),
        None => wait,
    };
    let wait = named(&map.names.wait, quote!(#p::Queue::wait(#queue, #waiter)));
    let wait_owned =
        named(&map.names.wait_owned, quote!(#p::wait_owned(::core::clone::Clone::clone(self), #waiter)));
    let with_alloc = owner.with_alloc(&quote! {
        #docs_of_owned
        #vis fn #name_owned(self: &#p::Arc<Self>, #param: #key) -> #future_owned {
            #wait_owned
        }
    });
    quote! {
        #docs
        #vis fn #name(&self, #param: #key) -> #future {
            #wait
        }

        #with_alloc
    }
}

/// What `wait` returns.
pub(super) fn future(map: &WaitMap) -> TokenStream {
    let WaitMap { owner, rule, names, .. } = map;
    if let Some(name) = &names.wait {
        let args = owner.params.args(&[syn::parse_quote!('_)], &quote!(Lock));
        quote!(#name #args)
    } else {
        let (p, queue) = (&owner.private, owner.queue(rule));
        quote!(#p::Wait<#rule, Lock, &#queue>)
    }
}

/// What `wait_owned` returns.
pub(super) fn future_owned(map: &WaitMap) -> TokenStream {
    let WaitMap { owner, names, .. } = map;
    if let Some(name) = &names.wait_owned {
        let args = owner.params.args(&[], &quote!(Lock));
        quote!(#name #args)
    } else {
        let (p, ty) = (&owner.private, owner.ty(&quote!(Lock)));
        quote!(#p::WaitOwned<#ty>)
    }
}

/// What waking several asks of the value.
pub(super) fn clone_bound(map: &WaitMap) -> Option<TokenStream> {
    let (p, ty) = (&map.owner.private, &map.value.ty);
    if !map.value.given {
        return None;
    }
    if map.value.generic {
        return Some(quote!(where #ty: ::core::clone::Clone));
    }
    // A bound that names no parameter would have to hold, and a value that is not `Clone` could not be
    // used at all; bound by a lifetime, it is only asked for where the method is called.
    let any = map.owner.params.fresh_lifetime("value", &[quote!(#ty)]);
    Some(quote!(where for<#any> #ty: #p::ClonedValue))
}

/// What is done with values that no waiter takes.
fn undelivered(map: &WaitMap) -> Option<TokenStream> {
    let path = map.undelivered.as_ref()?;
    let (p, key, value) = (&map.owner.private, &map.key, &map.value.ty);
    let call = called_with(path, &["key", "value"]);
    let (key_name, value_name) = (hygienic("key"), hygienic("value"));
    Some(map.owner.implement_marker(
        &quote!(#p::Undelivered<#key, #value>),
        &quote! {
            fn undelivered(#key_name: &#key, #value_name: #value) {
                #call
            }
        },
    ))
}

/// A name that the user's paths do not mean.
pub(super) fn hygienic(name: &str) -> Ident {
    Ident::new(name, proc_macro2::Span::mixed_site())
}

/// A call of the user's function `path` for the variables that [`hygienic`] makes of `args`. What is wrong
/// with it is reported where the path is.
pub(super) fn called_with(path: &syn::ExprPath, args: &[&str]) -> TokenStream {
    let span = syn::spanned::Spanned::span(path);
    let args = args.iter().map(|name| Ident::new(name, proc_macro2::Span::mixed_site().located_at(span)));
    quote::quote_spanned!(crate::queue_owner::generated_at(span)=> #path(#(#args),*))
}

/// The futures.
fn futures(map: &WaitMap) -> TokenStream {
    let WaitMap { owner, rule, names, value, .. } = map;
    let p = &owner.private;
    let in_map = &names.map;
    let queue = owner.queue(rule);
    let ty = owner.ty(&quote!(Lock));
    let error = if map.one_per_key { quote!(#p::WaitError) } else { quote!(#p::Closed) };
    let value = &value.ty;
    let output = quote!(::core::result::Result<#value, #error>);
    let subscribed = quote!(::core::result::Result<(), #error>);
    let subscribe = docs::subscribe_method(map);
    let future = |docs: String, lifetimes: &[_], name, wait, subscription| {
        let (docs, output, subscribed) = (doc(&docs), output.clone(), subscribed.clone());
        let subscribe = &subscribe;
        let methods = methods_of_future(map, lifetimes, name);
        let future = Future { docs, lifetimes, name, wait, output, subscribe, subscribed, subscription };
        let future = owner.future(&future);
        quote!(#future #methods)
    };
    let wait = names.wait.as_ref().map(|name| {
        let ty = quote!(#p::Wait<#rule, Lock, & #in_map #queue>);
        let subscription = names.subscribe.as_ref();
        let subscription =
            subscription.map(|name| Subscription { docs: doc(&docs::subscribe(map)), pin: &names.pin, name });
        future(docs::future(map, false), core::slice::from_ref(in_map), name, ty, subscription)
    });
    let owned = names.wait_owned.as_ref().map(|name| {
        let owned = future(docs::future(map, true), &[], name, quote!(#p::WaitOwned<#ty>), None);
        owner.with_alloc(&owned)
    });
    quote!(#wait #owned)
}

/// What the futures of a mode have besides.
fn methods_of_future(map: &WaitMap, lifetimes: &[Lifetime], name: &Ident) -> Option<TokenStream> {
    let methods = map.mode.methods_of_future(map)?;
    Some(map.owner.implement_future(lifetimes, name, &methods))
}
