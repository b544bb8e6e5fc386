//! What is generated, and that a mistake changes nothing about which names are.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{ImplItem, Item, visit::Visit};

use super::bitfield;
use crate::expect;

#[test]
fn queue_state() {
    let word = quote! {
        /// The word of a queue.
        #[derive(PartialEq, Eq)]
        pub(crate) struct QueueState {
            /// What the queue is doing.
            #[bits(2)]
            phase: Phase,
            /// No task may wait any more.
            closed: bool,
            /// How often `wake_all` has been called; wraps.
            #[bits(.., counter)]
            wake_alls: usize,
        }
    };
    expect::check("bitfield_queue_state", bitfield(quote!(usize, atomic = AtomicQueueState), word));
}

#[test]
fn every_kind_of_field() {
    let word = quote! {
        struct Word {
            #[bits(3, counter, default = THREE)]
            narrow: u8,
            r#type: bool,
            #[bits(4)]
            _reserved: u8,
            pub(super) byte: u8,
            #[bits(.., default = 1)]
            mode: path::Mode,
        }
    };
    expect::check("bitfield_every_kind_of_field", bitfield(quote!(u32, crate = crate), word));
}

#[test]
fn whole_word() {
    let word = quote!(
        pub struct Whole {
            all: u64,
        }
    );
    expect::check("bitfield_whole_word", bitfield(quote!(u64, atomic = AtomicWhole), word));
}

#[test]
fn stub() {
    let word = quote!(
        pub struct Word {
            closed: bool,
            #[bits(9)]
            count: u8,
        }
    );
    expect::check("bitfield_stub", bitfield(quote!(u32, atomic = AtomicWord), word));
}

/// The names of all methods and constants in inherent `impl`s, with their types.
fn surface(tokens: TokenStream) -> Vec<String> {
    struct Names(Vec<String>);
    impl Visit<'_> for Names {
        fn visit_item_impl(&mut self, item: &syn::ItemImpl) {
            let ty = &item.self_ty;
            for inner in item.items.iter().filter(|_| item.trait_.is_none()) {
                let name = match inner {
                    ImplItem::Fn(method) => {
                        let sig = &method.sig;
                        quote!(#sig).to_string()
                    }
                    ImplItem::Const(constant) => constant.ident.to_string(),
                    // `const_fn!` around `new`.
                    other => quote!(#other).to_string().split('{').take(2).collect(),
                };
                self.0.push(format!("{}: {name}", quote!(#ty)));
            }
        }
    }
    let mut names = Names(Vec::new());
    names.visit_file(&syn::parse2(tokens).unwrap());
    names.0.sort();
    names.0
}

#[test]
fn a_mistake_removes_no_method() {
    let word = |extra: TokenStream| {
        quote! {
            pub struct Word {
                #[bits(2)]
                phase: Phase,
                closed: bool,
                #[bits(3, counter)]
                mid: u8,
                #[bits(.., counter)]
                top: usize,
                #extra
            }
        }
    };
    let good = surface(bitfield(quote!(usize, atomic = AtomicWord), word(quote!())));
    assert!(good.len() > 30, "{good:#?}");
    let mistakes = [
        bitfield(quote!(usize, atomic = AtomicWord, unknown), word(quote!())),
        bitfield(quote!(isize, atomic = AtomicWord), word(quote!())),
        bitfield(quote!(usize, atomic = AtomicWord), word(quote!(#[bits(0)] _zero: u8))),
        bitfield(quote!(usize, atomic = AtomicWord), word(quote!(closed: bool))),
        bitfield(quote!(atomic = AtomicWord), word(quote!())),
    ];
    for mistake in mistakes {
        assert!(mistake.to_string().contains("compile_error"));
        let items: TokenStream = mistake;
        assert_eq!(surface(items), good);
    }
}

#[test]
fn what_cannot_be_a_word_is_left_as_it_was() {
    for item in [
        quote!(
            enum Word {
                A,
            }
        ),
        quote!(
            struct Word(u8);
        ),
        quote!(
            struct Word<T> {
                t: T,
            }
        ),
    ] {
        let file: syn::File = syn::parse2(bitfield(quote!(u8), item.clone())).unwrap();
        let [first, Item::Macro(error)] = &file.items[..] else { panic!("the item and one error") };
        assert_eq!(quote!(#first).to_string(), item.to_string());
        assert!(error.mac.path.segments.last().unwrap().ident == "compile_error");
    }
}

#[test]
fn what_cannot_be_a_word_keeps_all_but_the_bits() {
    let item = quote!(
        struct Word(
            #[bits(2)]
            #[cfg(unix)]
            u8,
            #[doc = "kept"] u8,
        );
    );
    let tokens = bitfield(quote!(u8), item).to_string();
    let kept = "struct Word (# [cfg (unix)] u8 , # [doc = \"kept\"] u8 ,)";
    assert!(tokens.starts_with(kept), "{tokens}");
}
