//! What is generated.

use quote::quote;

use super::derive;
use crate::expect;

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
