//! What is generated.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;

use super::derive;
use crate::{diag::messages, expect};

#[test]
fn some_patterns() {
    let item = quote! {
        #[repr(u8)]
        enum Phase {
            Empty = 0,
            Waiting = 1,
            Woken = 2,
        }
    };
    expect::check("from_bits_some_patterns", derive(item));
}

#[test]
fn all_patterns() {
    let item = quote! {
        #[repr(u64)]
        #[bits(crate = crate)]
        enum Two {
            One = 1,
            Zero = 0,
        }
    };
    expect::check("from_bits_all_patterns", derive(item));
}

#[test]
fn fallback() {
    let item = quote! {
        #[repr(u32)]
        #[bits(20)]
        enum Kind {
            #[fallback]
            Other,
            Known,
        }
    };
    expect::check("from_bits_fallback", derive(item));
}

#[test]
fn a_complete_enum_lists_every_pattern_of_its_width() {
    for (variants, complete) in [(1, false), (2, true), (3, false), (4, true), (5, false), (8, true)] {
        let names = (0..variants).map(|i| quote::format_ident!("V{i}"));
        let item = quote! { #[repr(u8)] enum E { #(#names),* } };
        assert_eq!(derive(item).to_string().contains("Infallible"), complete, "{variants} variants");
    }
}

fn said(item: TokenStream) -> Vec<String> {
    messages(&derive(item))
}

#[test]
fn a_number_may_be_written_in_other_ways() {
    let plain = derive(quote!(
        #[repr(u8)]
        enum E {
            A = 2,
            B = 3,
            C = 5,
        }
    ));
    // As an `$e:expr` of a user's macro has it.
    let group = TokenTree::from(Group::new(Delimiter::None, quote!(5)));
    let other = derive(quote!(#[repr(u8)] enum E { A = b'\x02', B = (3), C = #group }));
    assert_eq!(plain.to_string(), other.to_string());
}

#[test]
fn only_a_minus_makes_a_number_negative() {
    let said = said(quote!(
        #[repr(u8)]
        enum E {
            A = -1,
            B = !0,
        }
    ));
    assert_eq!(
        said,
        [
            "bits have no sign: give `A` a number from 0 upwards",
            "the macro has to know the value of `B`: write it as a number, such as `B = 2`",
        ]
    );
}

#[test]
fn a_declared_width_may_be_just_enough_and_as_wide_as_the_representation() {
    let none: [&str; 0] = [];
    assert_eq!(
        said(quote!(
            #[repr(u8)]
            #[bits(2)]
            enum E {
                A = 3,
            }
        )),
        none
    );
    assert_eq!(
        said(quote!(
            #[repr(u8)]
            #[bits(8)]
            enum E {
                A = 3,
            }
        )),
        none
    );
    assert_eq!(
        said(quote!(
            #[repr(u8)]
            #[bits(1)]
            enum E {
                A = 3,
            }
        ))
        .len(),
        1
    );
    assert_eq!(
        said(quote!(
            #[repr(u8)]
            #[bits(9)]
            enum E {
                A = 3,
            }
        ))
        .len(),
        1
    );
}

#[test]
fn where_a_usize_is_too_narrow_there_is_no_implementation_for_it() {
    let conditions = |largest: u64| {
        let largest = proc_macro2::Literal::u64_unsuffixed(largest);
        let tokens = derive(quote!(#[repr(u64)] enum E { A = 0, B = #largest })).to_string();
        let not_16 = tokens.matches("cfg (not (target_pointer_width = \"16\"))").count();
        let only_64 = tokens.matches("cfg (target_pointer_width = \"64\")").count();
        (not_16, only_64)
    };
    assert_eq!(conditions((1 << 16) - 1), (0, 0));
    assert_eq!(conditions(1 << 16), (1, 0));
    assert_eq!(conditions((1 << 32) - 1), (1, 0));
    assert_eq!(conditions(1 << 32), (0, 1));
}
