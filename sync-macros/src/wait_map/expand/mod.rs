//! Model to tokens. Cannot fail.

mod fifo;
mod stub;
mod unique;

use proc_macro2::TokenStream;
use quote::quote;
use syn::Type;

use super::{
    docs,
    model::{Body, Mode, WaitMap},
};
use crate::host::docs::{self as common, doc};

pub(super) fn expand(map: &WaitMap) -> TokenStream {
    let WaitMap { host, rule, .. } = map;
    let declaration = host.declaration(rule);
    let aliases = aliases(map);
    let new = host.implement_default(&new(map));
    let methods = methods(map);
    let default = default(map);
    let traits = host.common_traits(rule);
    quote! {
        #declaration
        #aliases
        #new
        #methods
        #default
        #traits
    }
}

/// `new`, which exists for the default lock alone: elsewhere the lock could not be inferred.
fn new(map: &WaitMap) -> TokenStream {
    let (p, vis) = (&map.host.private, &map.host.vis);
    let docs = doc(&common::new("a map in which nobody waits"));
    quote! {
        #p::const_fn! {
            #docs
            #[must_use]
            #vis fn new() -> Self {
                Self::new_with_raw_mutex(#p::DefaultMutex::new())
            }
        }
    }
}

fn methods(map: &WaitMap) -> TokenStream {
    let host = &map.host;
    let (p, vis) = (&host.private, &host.vis);
    let docs = doc(&common::new_with_raw_mutex("a map in which nobody waits"));
    let of_mode = match &map.body {
        Body::Whole(mode @ Mode::Unique, key) => {
            let (waits, own) = (waits(map, *mode, key), unique::methods(map, key));
            quote!(#waits #own)
        }
        Body::Whole(mode @ Mode::Fifo, key) => {
            let (waits, own) = (waits(map, *mode, key), fifo::methods(map, key));
            quote!(#waits #own)
        }
        Body::Stub => stub::methods(map),
    };
    let closing = host.closing();
    host.implement(
        None,
        &[],
        &quote! {
            #p::const_fn! {
                #docs
                #[must_use]
                #vis fn new_with_raw_mutex(lock: Lock) -> Self {
                    Self { __sync_queue: #p::CachePadded::new(#p::Queue::new((), lock)) }
                }
            }

            #of_mode
            #closing
        },
    )
}

/// `wait` and `wait_owned`.
fn waits(map: &WaitMap, mode: Mode, key: &Type) -> TokenStream {
    let host = &map.host;
    let (p, vis) = (&host.private, &host.vis);
    let (future, future_owned) = (future(map), future_owned(map));
    let doc_borrowed = doc(&docs::wait(map, mode));
    let doc_owned = doc(&docs::wait_owned(map));
    let with_alloc = host.with_alloc(&quote! {
        #doc_owned
        #vis fn wait_owned(self: &#p::Arc<Self>, key: #key) -> #future_owned {
            #p::wait_owned(::core::clone::Clone::clone(self), key)
        }
    });
    quote! {
        #doc_borrowed
        #vis fn wait(&self, key: #key) -> #future {
            #p::Queue::wait(&self.__sync_queue, key)
        }

        #with_alloc
    }
}

/// What `wait` returns.
fn future(map: &WaitMap) -> TokenStream {
    let WaitMap { host, rule, names, .. } = map;
    if let Some(name) = &names.wait {
        let args = host.params.args(&[syn::parse_quote!('_)], &quote!(Lock));
        quote!(#name #args)
    } else {
        let (p, queue) = (&host.private, host.queue(rule));
        quote!(#p::Wait<#rule, Lock, &#queue>)
    }
}

/// What `wait_owned` returns.
fn future_owned(map: &WaitMap) -> TokenStream {
    let WaitMap { host, names, .. } = map;
    if let Some(name) = &names.wait_owned {
        let args = host.params.args(&[], &quote!(Lock));
        quote!(#name #args)
    } else {
        let (p, ty) = (&host.private, host.ty(&quote!(Lock)));
        quote!(#p::WaitOwned<#ty>)
    }
}

/// The parameter and the argument for the value, both with the comma before them.
fn value(map: &WaitMap) -> (TokenStream, TokenStream) {
    let ty = &map.value.ty;
    if map.value.given { (quote!(, value: #ty), quote!(, value)) } else { (quote!(), quote!(, ())) }
}

fn default(map: &WaitMap) -> TokenStream {
    let bounds = [syn::parse_quote!(Lock: ::core::default::Default)];
    map.host.implement(
        Some(&quote!(::core::default::Default)),
        &bounds,
        &quote! {
            fn default() -> Self {
                Self::new_with_raw_mutex(::core::default::Default::default())
            }
        },
    )
}

/// The public names of the futures.
fn aliases(map: &WaitMap) -> TokenStream {
    let WaitMap { host, rule, names, .. } = map;
    let p = &host.private;
    let (in_map, in_wait) = (&names.map, &names.pin);
    let queue = host.queue(rule);
    let ty = host.ty(&quote!(Lock));
    let wait = names.wait.as_ref().map(|name| {
        let ty = quote!(#p::Wait<#rule, Lock, & #in_map #queue>);
        host.alias(&docs::future(map, false), core::slice::from_ref(in_map), name, &ty)
    });
    let owned = names.wait_owned.as_ref().map(|name| {
        let alias = host.alias(&docs::future(map, true), &[], name, &quote!(#p::WaitOwned<#ty>));
        host.with_alloc(&alias)
    });
    let subscribe = names.subscribe.as_ref().map(|name| {
        let ty = quote!(#p::Subscribe<#in_wait, #rule, Lock, & #in_map #queue>);
        host.alias(&docs::subscribe(map), &[in_wait.clone(), in_map.clone()], name, &ty)
    });
    quote!(#wait #owned #subscribe)
}
