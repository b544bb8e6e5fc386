//! Model to tokens. Cannot fail.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Ident, ext::IdentExt};

use super::{
    docs,
    model::{Group, Pair, Primitive},
};
use crate::host::docs::{self as common, doc};

pub(super) fn expand(primitive: &Primitive) -> TokenStream {
    let Primitive { host, rule, .. } = primitive;
    let declaration = host.declaration(rule);
    let new = host.implement_default(&new(primitive));
    let methods = methods(primitive);
    let waiters = waiters(primitive);
    let default = default(primitive);
    let traits = host.common_traits(rule);
    let futures = primitive.groups.iter().map(|group| futures(primitive, group));
    quote! {
        #declaration
        #(#futures)*
        #new
        #methods
        #waiters
        #default
        #traits
    }
}

/// `new`, which exists for the default lock alone: elsewhere the lock could not be inferred.
fn new(primitive: &Primitive) -> TokenStream {
    let Primitive { host, rule, .. } = primitive;
    let (p, vis) = (&host.private, &host.vis);
    let docs = doc(&common::new("a primitive in the state `state`, with nobody waiting"));
    quote! {
        #p::const_fn! {
            #docs
            #[must_use]
            #vis fn new(state: <#rule as #p::Policy>::State) -> Self {
                Self::new_with_raw_mutex(state, #p::DefaultMutex::new())
            }
        }
    }
}

fn methods(primitive: &Primitive) -> TokenStream {
    let Primitive { host, rule, .. } = primitive;
    let (p, vis) = (&host.private, &host.vis);
    let docs = doc(&common::new_with_raw_mutex("a primitive in the state `state`, with nobody waiting"));
    let waits = primitive.groups.iter().map(|group| waits(primitive, group));
    let notify = notify(primitive);
    let closing = host.closing();
    host.implement(
        None,
        &[],
        &quote! {
            #p::const_fn! {
                #docs
                #[must_use]
                #vis fn new_with_raw_mutex(state: <#rule as #p::Policy>::State, lock: Lock) -> Self {
                    Self { __sync_queue: #p::CachePadded::new(#p::Queue::new(state, lock)) }
                }
            }

            #(#waits)*
            #notify
            #closing
        },
    )
}

/// The method that waits, and its owned twin.
fn waits(primitive: &Primitive, group: &Group) -> TokenStream {
    let Primitive { host, rule, .. } = primitive;
    let Some(methods) = &group.methods else { return TokenStream::new() };
    let (p, vis) = (&host.private, &host.vis);
    let lock = quote!(Lock);
    let (borrowed, owned) = (&methods.borrowed, &methods.owned);

    let (param, waiter) = if group.waiter.is_some() {
        let (default, of_method) = (host.ty(&host.default_lock()), waiter_of(methods));
        (TokenStream::new(), quote!(<#default>::#of_method()))
    } else {
        (quote!(waiter: <#rule as #p::Policy>::Waiter), quote!(waiter))
    };
    let (future, future_owned) = if let Some(futures) = &group.futures {
        let elided = syn::parse_quote!('_);
        let (name, args) = (&futures.borrowed, host.params.args(&[elided], &lock));
        let (name_owned, args_owned) = (&futures.owned, host.params.args(&[], &lock));
        (quote!(#name #args), quote!(#name_owned #args_owned))
    } else {
        let (queue, ty) = (host.queue(rule), host.ty(&lock));
        (quote!(#p::Wait<#rule, Lock, &#queue>), quote!(#p::WaitOwned<#ty>))
    };
    let doc_borrowed = doc(&docs::wait(host, group, methods));
    let doc_owned = doc(&docs::wait_owned(group, methods));
    let with_alloc = host.with_alloc(&quote! {
        #doc_owned
        #vis fn #owned(self: &#p::Arc<Self>, #param) -> #future_owned {
            #p::wait_owned(::core::clone::Clone::clone(self), #waiter)
        }
    });
    quote! {
        #doc_borrowed
        #vis fn #borrowed(&self, #param) -> #future {
            #p::Queue::wait(&self.__sync_queue, #waiter)
        }

        #with_alloc
    }
}

/// The waiters of the methods that take none.
///
/// Each expression stands in one place, so that rustc judges it once.
fn waiters(primitive: &Primitive) -> Option<TokenStream> {
    let Primitive { host, rule, groups, .. } = primitive;
    let p = &host.private;
    let mut functions = groups
        .iter()
        .filter_map(|group| {
            let (waiter, name) = (group.waiter.as_ref()?, waiter_of(group.methods.as_ref()?));
            Some(quote! {
                fn #name() -> <#rule as #p::Policy>::Waiter {
                    #waiter
                }
            })
        })
        .peekable();
    functions.peek()?;
    Some(host.implement_transparent(&quote!(#(#functions)*)))
}

/// The name of the function that makes the waiter of a method.
fn waiter_of(methods: &Pair) -> Ident {
    format_ident!("__sync_waiter_of_{}", methods.borrowed.unraw())
}

/// What the user's own methods are made with.
fn notify(primitive: &Primitive) -> TokenStream {
    let Primitive { host, rule, .. } = primitive;
    let p = &host.private;
    let (notify, count) = (doc(docs::NOTIFY), doc(docs::NOTIFY_COUNT));
    let params = quote! {
        event: <#rule as #p::Policy>::Event<'_>,
        change: impl ::core::ops::FnOnce(&mut <#rule as #p::Policy>::State)
    };
    quote! {
        #notify
        fn notify(&self, #params) {
            self.notify_count(event, change);
        }

        #count
        fn notify_count(&self, #params) -> ::core::primitive::usize {
            #p::Queue::notify(&self.__sync_queue, event, change)
        }
    }
}

fn default(primitive: &Primitive) -> TokenStream {
    let Primitive { host, rule, .. } = primitive;
    let p = &host.private;
    // A bound that names no parameter would have to hold; bound by a lifetime, it is only asked for
    // where somebody wants the default.
    let state = host.params.fresh_lifetime("state", &[]);
    let bounds = [
        syn::parse_quote!(for<#state> <#rule as #p::Policy>::State: ::core::default::Default),
        syn::parse_quote!(Lock: ::core::default::Default),
    ];
    host.implement(
        Some(&quote!(::core::default::Default)),
        &bounds,
        &quote! {
            fn default() -> Self {
                Self::new_with_raw_mutex(::core::default::Default::default(), ::core::default::Default::default())
            }
        },
    )
}

/// The public names of the futures.
fn futures(primitive: &Primitive, group: &Group) -> TokenStream {
    let Primitive { host, rule, borrow, .. } = primitive;
    let Some(futures) = &group.futures else { return TokenStream::new() };
    let p = &host.private;
    let queue = host.queue(rule);
    let ty = host.ty(&quote!(Lock));
    let borrowed = host.alias(
        &docs::future(host, group, false),
        core::slice::from_ref(borrow),
        &futures.borrowed,
        &quote!(#p::Wait<#rule, Lock, & #borrow #queue>),
    );
    let owned =
        host.alias(&docs::future(host, group, true), &[], &futures.owned, &quote!(#p::WaitOwned<#ty>));
    let owned = host.with_alloc(&owned);
    quote!(#borrowed #owned)
}
