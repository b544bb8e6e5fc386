//! Model to tokens. Cannot fail.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Attribute, Ident, Type, ext::IdentExt, spanned::Spanned};

use super::{
    docs,
    model::{Group, Pair, Primitive},
};
use crate::queue_owner::{
    Future,
    docs::{self as common, doc},
    generated_at,
};

pub(super) fn expand(primitive: &Primitive) -> TokenStream {
    let Primitive { owner, rule, .. } = primitive;
    let declaration = owner.declaration(rule);
    let new = owner.implement_default(&new(primitive));
    let methods = methods(primitive);
    let waiters = waiters(primitive);
    let word = primitive.word.as_ref().map(|word| state_word(primitive, word));
    let made = made(primitive);
    let default = default(primitive);
    let debug = if primitive.word.is_some() { "debug_word" } else { "debug" };
    let traits = owner.common_traits_with(rule, debug);
    let futures = primitive.groups.iter().map(|group| futures(primitive, group));
    quote! {
        #declaration
        #(#futures)*
        #new
        #methods
        #waiters
        #word
        #made
        #default
        #traits
    }
}

/// What a primitive starts with: its policy's state, or its word.
fn state(primitive: &Primitive) -> TokenStream {
    let Primitive { owner, policy, word, .. } = primitive;
    let p = &owner.private;
    if let Some(word) = word { word.to_token_stream() } else { quote!(<#policy as #p::Policy>::State) }
}

/// The trait that the policy implements, with the type that implements it.
fn of_policy(primitive: &Primitive) -> TokenStream {
    let Primitive { owner, policy, word, .. } = primitive;
    let p = &owner.private;
    if word.is_some() { quote!(<#policy as #p::WordPolicy>) } else { quote!(<#policy as #p::Policy>) }
}

/// What the primitive's own flags are called in the user's word.
fn state_word(primitive: &Primitive, word: &Type) -> TokenStream {
    let p = &primitive.owner.private;
    let span = generated_at(word.span());
    // A flag that is missing is missing in the word that is named here.
    let flag = |name: &str| {
        let (get, with) = (Ident::new(name, span), format_ident!("with_{name}", span = span));
        (quote_spanned!(span=> #word::#get(self)), quote_spanned!(span=> #word::#with(self, on)))
    };
    let (waiting, and_waiting) = flag("waiting");
    let (closed, and_closed) = flag("closed");
    quote! {
        const _: () = #p::assert_atomic::<#word>();

        #[automatically_derived]
        impl #p::StateWord for #word {
            #[inline]
            fn is_waiting(self) -> ::core::primitive::bool {
                #waiting
            }

            #[inline]
            fn and_waiting(self, on: ::core::primitive::bool) -> Self {
                #and_waiting
            }

            #[inline]
            fn is_closed(self) -> ::core::primitive::bool {
                #closed
            }

            #[inline]
            fn and_closed(self, on: ::core::primitive::bool) -> Self {
                #and_closed
            }
        }
    }
}

/// `new`, which exists for the default lock alone: elsewhere the lock could not be inferred.
fn new(primitive: &Primitive) -> TokenStream {
    let owner = &primitive.owner;
    let (p, vis) = (&owner.private, &owner.vis);
    let (params, args) = params(primitive);
    let what = |what| format!("a new `{}` {what}", owner.name());
    let docs = match &primitive.new {
        Some(new) => written_or(&new.docs, || common::new(&what("with no task waiting"))),
        None => doc(&common::new(&what("in the state `state`, with no task waiting"))),
    };
    quote! {
        #p::const_fn! {
            #docs
            #[must_use]
            #vis fn new(#params) -> Self {
                Self::new_with_raw_mutex(#args #p::DefaultMutex::new())
            }
        }
    }
}

/// The parameters that make a state, and their names as arguments.
fn params(primitive: &Primitive) -> (TokenStream, TokenStream) {
    if let Some(new) = &primitive.new {
        let (names, types) =
            (new.params.iter().map(|param| &param.name), new.params.iter().map(|param| &param.ty));
        let args = names.clone();
        (quote!(#(#names: #types,)*), quote!(#(#args,)*))
    } else {
        let state = state(primitive);
        (quote!(state: #state,), quote!(state,))
    }
}

/// The function that makes the state of what `new` is given.
///
/// The expression stands in one place, so that rustc judges it once.
fn made(primitive: &Primitive) -> Option<TokenStream> {
    let Primitive { owner, new, .. } = primitive;
    let expression = &new.as_ref()?.state;
    let (p, state, (params, _)) = (&owner.private, state(primitive), params(primitive));
    Some(owner.implement_transparent(&quote! {
        #p::const_fn! {
            fn __sync_state(#params) -> #state {
                #expression
            }
        }
    }))
}

fn methods(primitive: &Primitive) -> TokenStream {
    let owner = &primitive.owner;
    let (p, vis, (params, args)) = (&owner.private, &owner.vis, params(primitive));
    let (what, state) = if primitive.new.is_some() {
        let default = owner.ty(&owner.default_lock());
        ("what [`new`](Self::new) does".to_owned(), quote!(<#default>::__sync_state(#args)))
    } else {
        (format!("a new `{}` in the state `state`, with no task waiting", owner.name()), quote!(state))
    };
    let docs = doc(&common::new_with_raw_mutex(&what));
    let waits = primitive.groups.iter().map(|group| waits(primitive, group));
    let (queue, own, closing) = match &primitive.word {
        Some(word) => (
            quote! {
                #p::Queue::with_atomic(
                    #p::PolicyWord::new(
                        <<#word as #p::Word>::Bits as #p::AtomicBits>::Atomic::new(#word::bits(#state)),
                    ),
                    lock,
                )
            },
            word_methods(primitive, word),
            owner.closing_of("close_word", "is_word_closed"),
        ),
        None => (quote!(#p::Queue::new(#state, lock)), notify(primitive), owner.closing()),
    };
    owner.implement(
        None,
        &[],
        &quote! {
            #p::const_fn! {
                #docs
                #[must_use]
                #vis fn new_with_raw_mutex(#params lock: Lock) -> Self {
                    Self { __sync_queue: #p::CachePadded::new(#queue) }
                }
            }

            #(#waits)*
            #own
            #closing
        },
    )
}

/// The method that waits, and its owned twin.
fn waits(primitive: &Primitive, group: &Group) -> TokenStream {
    let Primitive { owner, rule, .. } = primitive;
    let Some(methods) = &group.methods else { return TokenStream::new() };
    let (p, vis) = (&owner.private, &owner.vis);
    let lock = quote!(Lock);
    let (borrowed, owned) = (&methods.borrowed, &methods.owned);

    let (param, waiter) = if group.waiter.is_some() {
        let (default, of_method) = (owner.ty(&owner.default_lock()), waiter_of(methods));
        (TokenStream::new(), quote!(<#default>::#of_method()))
    } else {
        let of_policy = of_policy(primitive);
        (quote!(waiter: #of_policy::Waiter), quote!(waiter))
    };
    let wait = quote!(#p::Queue::wait(&self.__sync_queue, #waiter));
    let wait_owned = quote!(#p::wait_owned(::core::clone::Clone::clone(self), #waiter));
    let (future, wait, future_owned, wait_owned) = if let Some(futures) = &group.futures {
        let elided = syn::parse_quote!('_);
        let (name, args) = (&futures.borrowed, owner.params.args(&[elided], &lock));
        let (name_owned, args_owned) = (&futures.owned, owner.params.args(&[], &lock));
        (
            quote!(#name #args),
            quote!(#name { __sync_wait: #wait }),
            quote!(#name_owned #args_owned),
            quote!(#name_owned { __sync_wait: #wait_owned }),
        )
    } else {
        let (queue, ty) = (owner.queue(rule), owner.ty(&lock));
        (quote!(#p::Wait<#rule, Lock, &#queue>), wait, quote!(#p::WaitOwned<#ty>), wait_owned)
    };
    let doc_borrowed = written_or(&group.method_docs, || docs::wait(primitive, group, methods));
    let doc_owned = doc(&docs::wait_owned(primitive, group, methods));
    let with_alloc = owner.with_alloc(&quote! {
        #doc_owned
        #vis fn #owned(self: &#p::Arc<Self>, #param) -> #future_owned {
            #wait_owned
        }
    });
    quote! {
        #doc_borrowed
        #vis fn #borrowed(&self, #param) -> #future {
            #wait
        }

        #with_alloc
    }
}

/// The documentation that the user has written, or else what is generated.
fn written_or(docs: &[Attribute], generated: impl FnOnce() -> String) -> TokenStream {
    if docs.is_empty() { doc(&generated()) } else { quote!(#(#docs)*) }
}

/// The waiters of the methods that take none.
///
/// Each expression stands in one place, so that rustc judges it once.
fn waiters(primitive: &Primitive) -> Option<TokenStream> {
    let Primitive { owner, groups, .. } = primitive;
    let of_policy = of_policy(primitive);
    let mut functions = groups
        .iter()
        .filter_map(|group| {
            let (waiter, name) = (group.waiter.as_ref()?, waiter_of(group.methods.as_ref()?));
            Some(quote! {
                fn #name() -> #of_policy::Waiter {
                    #waiter
                }
            })
        })
        .peekable();
    functions.peek()?;
    Some(owner.implement_transparent(&quote!(#(#functions)*)))
}

/// The name of the function that makes the waiter of a method.
fn waiter_of(methods: &Pair) -> Ident {
    format_ident!("__sync_waiter_of_{}", methods.borrowed.unraw())
}

/// What the user's own methods are made with, where the state is a word.
fn word_methods(primitive: &Primitive, word: &Type) -> TokenStream {
    let p = &primitive.owner.private;
    let of_policy = of_policy(primitive);
    let (snapshot, try_take, change) = (doc(docs::WORD), doc(docs::TRY_TAKE), doc(docs::CHANGE));
    quote! {
        #snapshot
        fn word(&self) -> #word {
            #p::Queue::snapshot(&self.__sync_queue)
        }

        #try_take
        #[must_use = "what was taken is dropped with this, and no other waiter gets it"]
        fn try_take(&self, waiter: &#of_policy::Waiter) -> ::core::option::Option<#of_policy::Value> {
            #p::Queue::try_take(&self.__sync_queue, waiter)
        }

        #change
        fn change(&self, f: impl ::core::ops::Fn(#word) -> #word) {
            #p::Queue::change(&self.__sync_queue, f);
        }
    }
}

/// What the user's own methods are made with.
fn notify(primitive: &Primitive) -> TokenStream {
    let Primitive { owner, policy: rule, .. } = primitive;
    let p = &owner.private;
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
    let owner = &primitive.owner;
    match &primitive.new {
        Some(new) if new.params.is_empty() => {
            return owner.implement(
                Some(&quote!(::core::default::Default)),
                &[syn::parse_quote!(Lock: ::core::default::Default)],
                &quote! {
                    fn default() -> Self {
                        Self::new_with_raw_mutex(::core::default::Default::default())
                    }
                },
            );
        }
        // There is no telling what to give it.
        Some(_) => return TokenStream::new(),
        None => {}
    }
    let initial = state(primitive);
    // A bound that names no parameter would have to hold; bound by a lifetime, it is only asked for
    // where the default is used.
    let state = owner.params.fresh_lifetime("state", &[]);
    let bounds = [
        syn::parse_quote!(for<#state> #initial: ::core::default::Default),
        syn::parse_quote!(Lock: ::core::default::Default),
    ];
    owner.implement(
        Some(&quote!(::core::default::Default)),
        &bounds,
        &quote! {
            fn default() -> Self {
                Self::new_with_raw_mutex(::core::default::Default::default(), ::core::default::Default::default())
            }
        },
    )
}

/// The futures.
fn futures(primitive: &Primitive, group: &Group) -> TokenStream {
    let Primitive { owner, rule, borrow, .. } = primitive;
    let Some(futures) = &group.futures else { return TokenStream::new() };
    let p = &owner.private;
    let queue = owner.queue(rule);
    let ty = owner.ty(&quote!(Lock));
    let of_policy = of_policy(primitive);
    let output = quote!(::core::result::Result<#of_policy::Value, #p::Closed>);
    let subscribed = quote!(::core::result::Result<(), #p::Closed>);
    let future = |docs, lifetimes, name, wait| {
        let (output, subscribed) = (output.clone(), subscribed.clone());
        owner.future(&Future {
            docs,
            lifetimes,
            name,
            wait,
            output,
            subscribe: docs::SUBSCRIBE,
            subscribed,
            subscription: None,
        })
    };
    let borrowed = future(
        written_or(&group.future_docs, || docs::future(primitive, group, false)),
        core::slice::from_ref(borrow),
        &futures.borrowed,
        quote!(#p::Wait<#rule, Lock, & #borrow #queue>),
    );
    let owned =
        future(doc(&docs::future(primitive, group, true)), &[], &futures.owned, quote!(#p::WaitOwned<#ty>));
    let owned = owner.with_alloc(&owned);
    quote!(#borrowed #owned)
}
