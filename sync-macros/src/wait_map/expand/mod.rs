//! Model to tokens. Cannot fail.

mod fifo;
mod mask;
mod new;
mod predicate;
mod stub;
mod unique;
mod up_to;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Ident, Lifetime, Type};

use super::{
    docs,
    model::{Body, Mode, WaitMap},
};
use crate::host::{Future, docs::doc};

pub(super) fn expand(map: &WaitMap) -> TokenStream {
    let WaitMap { host, rule, .. } = map;
    let declaration = host.declaration(rule);
    let futures = futures(map);
    let new = host.implement_default(&new::around_default_lock(map));
    let methods = methods(map);
    let default = new::default(map);
    let traits = host.common_traits(rule);
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
    let host = &map.host;
    let new = new::around_any_lock(map);
    let of_mode = match &map.body {
        Body::Whole(mode, key) => of_mode(map, mode, key),
        Body::Stub(key) => stub::methods(map, key.as_deref()),
    };
    let closing = host.closing();
    host.implement(
        None,
        &[],
        &quote! {
            #new
            #of_mode
            #closing
        },
    )
}

fn of_mode(map: &WaitMap, mode: &Mode, key: &Type) -> TokenStream {
    let p = &map.host.private;
    let param = match mode {
        Mode::UpTo { .. } => "until",
        _ => "key",
    };
    let wait = || {
        let waiter = format_ident!("{param}");
        let waiter =
            if let Mode::Predicate(_) = mode { quote!(#p::Aged::new(#waiter)) } else { quote!(#waiter) };
        let docs = [docs::wait(map, mode), docs::wait_owned(map, "wait")];
        waits(map, "wait", key, param, &waiter, docs)
    };
    match mode {
        Mode::Unique => [wait(), unique::methods(map, key)].into_iter().collect(),
        Mode::Fifo => [wait(), fifo::methods(map, key)].into_iter().collect(),
        Mode::UpTo { .. } => [up_to::methods(map, key), wait()].into_iter().collect(),
        Mode::Mask { consume } => mask::methods(map, key, *consume),
        Mode::Predicate(predicate) => {
            [wait(), predicate::methods(map, predicate.as_deref())].into_iter().collect()
        }
    }
}

/// A method that waits and its owned twin, for what `waiter` makes of the parameter; `texts` document the two.
fn waits(
    map: &WaitMap,
    name: &str,
    key: &Type,
    param: &str,
    waiter: &TokenStream,
    [borrowed, owned]: [String; 2],
) -> TokenStream {
    let host = &map.host;
    let (p, vis) = (&host.private, &host.vis);
    let (future, future_owned) = (future(map), future_owned(map));
    let (name, name_owned) = (format_ident!("{name}"), format_ident!("{name}_owned"));
    let param: Ident = format_ident!("{param}");
    let queue = host.queue_of(&quote!(&#param));
    let (borrowed, owned) = (doc(&borrowed), doc(&owned));
    let named = |name: &Option<Ident>, wait| match name {
        Some(name) => quote!(#name { __sync_wait: #wait }),
        None => wait,
    };
    let wait = named(&map.names.wait, quote!(#p::Queue::wait(#queue, #waiter)));
    let wait_owned =
        named(&map.names.wait_owned, quote!(#p::wait_owned(::core::clone::Clone::clone(self), #waiter)));
    let with_alloc = host.with_alloc(&quote! {
        #owned
        #vis fn #name_owned(self: &#p::Arc<Self>, #param: #key) -> #future_owned {
            #wait_owned
        }
    });
    quote! {
        #borrowed
        #vis fn #name(&self, #param: #key) -> #future {
            #wait
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

/// What waking several asks of the value.
fn clone_bound(map: &WaitMap) -> Option<TokenStream> {
    let (p, ty) = (&map.host.private, &map.value.ty);
    if !map.value.given {
        return None;
    }
    if map.value.generic {
        return Some(quote!(where #ty: ::core::clone::Clone));
    }
    // A bound that names no parameter would have to hold, and a value that is not `Clone` could not be
    // used at all; bound by a lifetime, it is only asked for where somebody calls the method.
    let any = map.host.params.fresh_lifetime("value", &[quote!(#ty)]);
    Some(quote!(where for<#any> #ty: #p::ClonedValue))
}

/// What is done with values that nobody gets.
fn undelivered(map: &WaitMap) -> Option<TokenStream> {
    let (path, Body::Whole(_, key)) = (map.undelivered.as_ref()?, &map.body) else { return None };
    let (p, value) = (&map.host.private, &map.value.ty);
    let call = called_with(path, &["key", "value"]);
    let (key_name, value_name) = (hygienic("key"), hygienic("value"));
    Some(map.host.implement_marker(
        &quote!(#p::Undelivered<#key, #value>),
        &quote! {
            fn undelivered(#key_name: &#key, #value_name: #value) {
                #call
            }
        },
    ))
}

/// A name that the user's paths do not mean.
fn hygienic(name: &str) -> Ident {
    Ident::new(name, proc_macro2::Span::mixed_site())
}

/// A call of the user's function `path` for the variables that [`hygienic`] makes of `args`. What is wrong with it is
/// told where the path is.
fn called_with(path: &syn::ExprPath, args: &[&str]) -> TokenStream {
    let span = syn::spanned::Spanned::span(path);
    let args = args.iter().map(|name| Ident::new(name, proc_macro2::Span::mixed_site().located_at(span)));
    quote::quote_spanned!(crate::host::generated_at(span)=> #path(#(#args),*))
}

/// The futures.
fn futures(map: &WaitMap) -> TokenStream {
    let WaitMap { host, rule, names, value, .. } = map;
    let p = &host.private;
    let (in_map, in_wait) = (&names.map, &names.pin);
    let queue = host.queue(rule);
    let ty = host.ty(&quote!(Lock));
    let error = if map.is_unique { quote!(#p::WaitError) } else { quote!(#p::Closed) };
    let value = &value.ty;
    let output = quote!(::core::result::Result<#value, #error>);
    let subscribed = quote!(::core::result::Result<(), #error>);
    let subscribe = docs::subscribe_method(map);
    let future = |docs: String, lifetimes: &[_], name, wait| {
        let (docs, output, subscribed) = (doc(&docs), output.clone(), subscribed.clone());
        let subscribe = &subscribe;
        let methods = methods_of_future(map, lifetimes, name);
        let future = Future { docs, lifetimes, name, wait, output, subscribe, subscribed };
        let future = host.future(&future);
        quote!(#future #methods)
    };
    let wait = names.wait.as_ref().map(|name| {
        let ty = quote!(#p::Wait<#rule, Lock, & #in_map #queue>);
        future(docs::future(map, false), core::slice::from_ref(in_map), name, ty)
    });
    let owned = names.wait_owned.as_ref().map(|name| {
        let owned = future(docs::future(map, true), &[], name, quote!(#p::WaitOwned<#ty>));
        host.with_alloc(&owned)
    });
    let subscribe = names.subscribe.as_ref().zip(names.wait.as_ref()).map(|(name, wait)| {
        let args = host.params.args(core::slice::from_ref(in_map), &quote!(Lock));
        let ty = quote!(#p::Subscribe<#in_wait, #wait #args>);
        host.alias(&docs::subscribe(map), &[in_wait.clone(), in_map.clone()], name, &ty)
    });
    quote!(#wait #owned #subscribe)
}

/// What the futures of a mode have besides.
fn methods_of_future(map: &WaitMap, lifetimes: &[Lifetime], name: &Ident) -> Option<TokenStream> {
    let Body::Whole(Mode::Mask { consume: false }, _) = map.body else { return None };
    Some(map.host.implement_future(lifetimes, name, &mask::clear_on_exit(map)))
}
