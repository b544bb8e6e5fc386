//! What is right up to a boundary, and wrong or documented differently beyond it.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::{ToTokens, quote};

use super::bitfield;
use crate::{diag::messages, expect};

fn said(args: TokenStream, word: TokenStream) -> Vec<String> {
    messages(&bitfield(args, word))
}

fn none() -> [&'static str; 0] {
    []
}

/// How often `part` is in the expansion.
fn count(part: &str, args: TokenStream, word: TokenStream) -> usize {
    bitfield(args, word).to_string().matches(part).count()
}

/// `ty`, as it comes from the `$ty:ty` of a user's macro.
fn in_a_group(ty: TokenStream) -> TokenTree {
    Group::new(Delimiter::None, ty).into()
}

#[test]
fn the_16_bits_that_every_usize_has_are_not_asserted() {
    let fit = |first: u32, second: TokenStream| {
        let first = proc_macro2::Literal::u32_unsuffixed(first);
        let word = quote!(struct Word { #[bits(#first)] a: u64, #second });
        count("does not fit in the `usize`", quote!(usize), word)
    };
    assert_eq!(fit(16, quote!()), 0);
    assert_eq!(fit(17, quote!()), 1);
    assert_eq!(fit(15, quote!(#[bits(..)] b: u64)), 0);
    assert_eq!(fit(16, quote!(#[bits(..)] b: u64)), 1);
    let word = quote!(
        struct Word {
            #[bits(20)]
            a: u32,
        }
    );
    assert_eq!(count("does not fit in the `usize`", quote!(u32), word), 0);
}

#[test]
fn only_the_counter_at_the_top_is_added_to_in_one_operation() {
    let word = quote!(
        struct Word {
            #[bits(3, counter)]
            a: u8,
            #[bits(5, counter)]
            b: u8,
        }
    );
    let tokens = bitfield(quote!(u8, atomic = A), word).to_string();
    let (below, top) = tokens.split_once("fn fetch_add_a").expect("a method for each");
    assert!(below.contains("An exchange loop") && !below.contains("One operation"), "{tokens}");
    assert!(top.contains("One operation: the field is at the top") && !top.contains("An exchange loop"));
    // Where the word is as wide as the target says, a field that ends somewhere need not end at the top.
    let word = quote!(
        struct Word {
            #[bits(63)]
            a: u64,
            #[bits(1, counter)]
            b: u8,
        }
    );
    assert_eq!(count("An exchange loop", quote!(usize, atomic = A), word), 1);
    let word = quote!(
        struct Word {
            #[bits(1)]
            a: u8,
            #[bits(.., counter)]
            b: usize,
        }
    );
    assert_eq!(count("One operation: the field is at the top", quote!(usize, atomic = A), word), 1);
}

#[test]
fn what_is_left_of_the_word_may_be_as_wide_as_the_type() {
    assert_eq!(
        said(
            quote!(u16),
            quote!(
                struct W {
                    a: u8,
                    #[bits(..)]
                    b: u8,
                }
            )
        ),
        none()
    );
    let said = said(
        quote!(u32),
        quote!(
            struct W {
                a: u8,
                #[bits(..)]
                b: u8,
            }
        ),
    );
    assert_eq!(said.len(), 1);
    assert!(said[0].contains("24 bits and its type has 8"), "{said:?}");
}

#[test]
fn one_mistake_is_not_reported_twice() {
    // That nothing is left may be because of the integer that is missing,
    let said_of_missing = said(
        quote!(),
        quote!(
            struct W {
                a: u64,
                #[bits(..)]
                b: u8,
            }
        ),
    );
    assert_eq!(said_of_missing.len(), 1, "{said_of_missing:?}");
    // that a width is missing because of the one that could not be read,
    for bits in [quote!(colour), quote!(default), quote!()] {
        let said_of_bits = said(
            quote!(u8),
            quote!(
                struct W {
                    #[bits(#bits)]
                    a: Mode,
                }
            ),
        );
        assert_eq!(said_of_bits.len(), 1, "{said_of_bits:?}");
    }
    // and is because of the field before that has been reported.
    let said_of_full = said(
        quote!(u8),
        quote!(
            struct W {
                a: u8,
                b: bool,
                #[bits(..)]
                c: u8,
            }
        ),
    );
    assert_eq!(said_of_full.len(), 1, "{said_of_full:?}");
    assert!(said_of_full[0].starts_with("`b` needs 1 bit"), "{said_of_full:?}");
}

#[test]
fn a_usize_alone_is_a_whole_usize() {
    assert_eq!(
        said(
            quote!(usize),
            quote!(
                struct W {
                    all: usize,
                }
            )
        ),
        none()
    );
    for (args, word) in [
        (
            quote!(u64),
            quote!(
                struct W {
                    all: usize,
                }
            ),
        ),
        (
            quote!(usize),
            quote!(
                struct W {
                    all: usize,
                    more: bool,
                }
            ),
        ),
        (
            quote!(usize),
            quote!(
                struct W {
                    more: bool,
                    rest: usize,
                }
            ),
        ),
    ] {
        let said = said(args, word);
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].starts_with("a `usize` is 32 or 64 bits wide"), "{said:?}");
    }
}

#[test]
fn a_type_is_known_by_its_whole_name() {
    assert_eq!(
        said(
            quote!(u8),
            quote!(
                struct W {
                    #[bits(2)]
                    a: io,
                }
            )
        ),
        none()
    );
    assert_eq!(
        said(
            quote!(u8),
            quote!(
                struct W {
                    #[bits(2)]
                    a: <T>::bool,
                }
            )
        ),
        none()
    );
    let said = said(
        quote!(u8),
        quote!(
            struct W {
                #[bits(2)]
                a: i8,
            }
        ),
    );
    assert_eq!(said, ["the integers of a bitfield are unsigned: use `u8` instead of `i8`"]);
}

#[test]
fn a_type_that_comes_through_a_macro_is_the_same() {
    let word = |ty: &dyn ToTokens| quote!(struct W { a: #ty });
    let (plain, grouped) = (quote!(bool), in_a_group(quote!(bool)));
    assert_eq!(said(quote!(u8), word(&grouped)), none());
    let part = "fetch_set_a";
    let expected = count(part, quote!(u8, atomic = A), word(&plain));
    assert_ne!(expected, 0);
    assert_eq!(count(part, quote!(u8, atomic = A), word(&grouped)), expected);
}

#[test]
fn only_an_enum_has_a_method_that_can_fail() {
    let clash = |ty: TokenStream| said(quote!(u8), quote!(struct W { try_a: bool, #[bits(1)] a: #ty }));
    assert_eq!(clash(quote!(u8)), none());
    let said = clash(quote!(Mode));
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains("`try_a`"), "{said:?}");
}

#[test]
fn the_table_says_what_is_unused_and_nothing_of_a_full_word() {
    let unused = |width: u32| {
        let width = proc_macro2::Literal::u32_unsuffixed(width);
        count(
            "unused",
            quote!(u8),
            quote!(
                struct W {
                    #[bits(#width)]
                    a: u8,
                }
            ),
        )
    };
    assert_eq!(unused(7), 1);
    assert_eq!(unused(8), 0);
}

#[test]
fn a_field_that_is_the_whole_word_is_not_shifted() {
    let word = quote!(
        struct W {
            #[bits(..)]
            all: usize,
        }
    );
    for shifted in ["<< 0", "BITS - 0"] {
        assert_eq!(count(shifted, quote!(usize, atomic = A), word.clone()), 0, "{shifted}");
    }
    assert_ne!(count("usize :: MAX", quote!(usize, atomic = A), word), 0);
}

#[test]
fn a_value_is_checked_where_its_type_holds_more_than_the_field() {
    let checks = |args, word| count("does_not_fit", args, word);
    assert_eq!(
        checks(
            quote!(usize),
            quote!(
                struct W {
                    #[bits(..)]
                    a: usize,
                }
            )
        ),
        0
    );
    assert_ne!(
        checks(
            quote!(usize),
            quote!(
                struct W {
                    #[bits(..)]
                    a: u64,
                }
            )
        ),
        0
    );
    assert_ne!(
        checks(
            quote!(usize),
            quote!(
                struct W {
                    a: bool,
                    #[bits(..)]
                    b: usize,
                }
            )
        ),
        0
    );
    // What it is compared with has its type.
    let rest = |ty: TokenStream| {
        count(":: MAX >> 1) as u64", quote!(usize), quote!(struct W { a: bool, #[bits(..)] b: #ty }))
    };
    assert_eq!(rest(quote!(usize)), 0);
    assert_ne!(rest(quote!(u64)), 0);
}

#[test]
fn only_a_doc_comment_is_the_meaning_of_a_field() {
    let meaning = |attribute| {
        let tokens = bitfield(quote!(u8), quote!(struct W { #attribute a: u8 })).to_string();
        let row = tokens.split("| `0..8` | `a` | `u8` |").nth(1).expect("the row of the field");
        row.split('|').next().expect("a cell").trim().to_owned()
    };
    assert_eq!(meaning(quote!(#[doc = " What it is."])), "What it is.");
    assert_eq!(meaning(quote!(#[deprecated = "not this"])), "");
    assert_eq!(meaning(quote!(#[deprecated = "not this"] #[doc = "but this"])), "but this");
}

#[test]
fn the_stub_of_a_full_word() {
    let word = quote!(
        struct Word {
            all: u8,
            more: bool,
        }
    );
    expect::check("bitfield_stub_of_a_full_word", bitfield(quote!(u8, atomic = AtomicWord), word));
}
