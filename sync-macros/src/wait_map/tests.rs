//! Expansion snapshots, and what is reported.

use proc_macro2::TokenStream;
use quote::quote;

use super::wait_map;
use crate::{diag::messages, expect};

#[track_caller]
fn reports(args: TokenStream, item: TokenStream, expected: &[&str]) {
    let expansion = wait_map(args, item);
    let actual = messages(&expansion);
    assert_eq!(actual.len(), expected.len(), "{actual:#?}");
    for (actual, expected) in actual.iter().zip(expected) {
        assert!(actual.contains(expected), "`{expected}` is not in `{actual}`");
    }
    // After a misuse, too, the output is a list of items.
    syn::parse2::<syn::File>(expansion).expect("the expansion parses");
}

#[test]
fn unique() {
    let args = quote!(key = u16, value = Cqe, match = unique);
    expect::check(
        "wait_map_unique",
        wait_map(
            args,
            quote!(
                /** One waiter per tag. */
                pub struct Completions;
            ),
        ),
    );
}

#[test]
fn unique_as_the_library_uses_it() {
    let args =
        quote!(key = K, value = V, match = unique, future = Wait, subscribe = Subscribe, crate = crate);
    expect::check(
        "wait_map_generic",
        wait_map(
            args,
            quote!(
                pub struct WaitMap<K, V>
                where
                    K: PartialEq;
            ),
        ),
    );
}

#[test]
fn fifo() {
    let args = quote!(key = Topic, value = Msg, match = fifo);
    expect::check(
        "wait_map_fifo",
        wait_map(
            args,
            quote!(
                pub(crate) struct Mailboxes;
            ),
        ),
    );
}

#[test]
fn fifo_without_value_and_with_every_kind_of_parameter() {
    // The user's lifetimes have the names that the macro would choose.
    let args = quote!(key = (&'map [T; N], &'wait str), match = fifo, crate = "::renamed::sync");
    let item = quote!(
        struct r#Names<'map, 'wait, T = u8, const N: usize = 4>
        where
            T: 'map;
    );
    expect::check("wait_map_params", wait_map(args, item));
}

#[test]
fn after_a_misuse_a_stub_takes_anything() {
    let args = quote!(key = u16, value = Cqe, match = oldest);
    expect::check(
        "wait_map_stub",
        wait_map(
            args,
            quote!(
                pub struct Completions<T>;
            ),
        ),
    );
}

#[test]
fn the_bound_of_the_key_is_added_once() {
    let bounds = |args: TokenStream, item: TokenStream| {
        let file: syn::File = syn::parse2(wait_map(args, item)).expect("the expansion parses");
        let Some(syn::Item::Struct(item)) = file.items.first() else { panic!("the struct comes first") };
        item.generics.where_clause.as_ref().map_or(0, |clause| clause.predicates.len())
    };
    let args = || quote!(key = K, match = fifo);
    assert_eq!(
        bounds(
            args(),
            quote!(
                struct M<K>;
            )
        ),
        1
    );
    assert_eq!(
        bounds(
            args(),
            quote!(
                struct M<K: Copy>;
            )
        ),
        1
    );
    assert_eq!(
        bounds(
            args(),
            quote!(
                struct M<K: Eq>;
            )
        ),
        0
    );
    assert_eq!(
        bounds(
            args(),
            quote!(
                struct M<K>
                where
                    K: Copy + core::cmp::Ord;
            )
        ),
        1
    );
    assert_eq!(
        bounds(
            args(),
            quote!(
                struct M<K>
                where
                    K: PartialEq<u8>;
            )
        ),
        2
    );
    assert_eq!(
        bounds(
            quote!(key = (K, u8), match = fifo),
            quote!(
                struct M<K: Eq>;
            )
        ),
        1
    );
}

#[test]
fn misuses() {
    let unit = || {
        quote!(
            struct M;
        )
    };
    reports(quote!(key = u8, match = fifo), unit(), &[]);
    reports(quote!(), unit(), &["missing `key` and `match`"]);
    reports(quote!(match = fifo), unit(), &["missing `key`: add `key = …`"]);
    reports(quote!(key = u8), unit(), &["missing `match`: add `match = unique`"]);
    reports(
        quote!(key = u8, match = best),
        unit(),
        &["unknown mode `best`: `match` takes `unique` and `fifo`"],
    );
    reports(quote!(key = u8, match = 3), unit(), &["`match` takes the rule that finds whom to wake"]);
    reports(quote!(key = , match = fifo), unit(), &["`key` needs the type of the keys: write `key = u16`"]);
    reports(quote!(key = 7, match = fifo), unit(), &["`key` takes the type of the keys: write `key = u16`"]);
    reports(quote!(key = u8, key = u16, match = fifo), unit(), &["`key` is given twice"]);
    reports(quote!(key = u8, match = fifo, match = unique), unit(), &["`match` is given twice"]);
    reports(
        quote!(kye = u8, match = fifo),
        unit(),
        &[
            "unknown argument `kye`: `#[wait_map]` takes `key`, `value`, `match`, `future`, `subscribe` and `crate`",
        ],
    );
    // A value that cannot be read ends at its own comma, not at one inside it.
    reports(quote!(kye = Map<u8, fn(u8) -> u8>, match = fifo), unit(), &["unknown argument `kye`"]);
}

#[test]
fn words_of_a_later_version() {
    let unit = || {
        quote!(
            struct M;
        )
    };
    for mode in [quote!(up_to), quote!(mask), quote!(predicate(Path::is_prefix_of))] {
        reports(
            quote!(key = u8, match = #mode),
            unit(),
            &["is not there yet in this version, which has `unique` and `fifo`"],
        );
    }
    for word in [
        quote!(buckets = 64),
        quote!(undelivered = a::b),
        quote!(consume),
        quote!(wrapping),
        quote!(event = str),
    ] {
        reports(
            quote!(key = u8, match = fifo, #word),
            unit(),
            &["is not there yet in this version: remove it"],
        );
    }
}

#[test]
fn types_that_no_struct_can_hold() {
    let unit = || {
        quote!(
            struct M;
        )
    };
    reports(quote!(key = &str, match = fifo), unit(), &["needs a lifetime with a name"]);
    reports(quote!(key = &'_ str, match = fifo), unit(), &["needs a lifetime with a name"]);
    reports(quote!(key = u8, value = &str, match = fifo), unit(), &["the value is kept beyond the call"]);
    reports(quote!(key = impl Copy, match = fifo), unit(), &["the key needs a type that has a name"]);
    reports(quote!(key = _, match = fifo), unit(), &["the key needs a type that has a name"]);
    reports(quote!(key = Lock, match = fifo), unit(), &["here `Lock` would be the raw lock"]);
    reports(
        quote!(key = u8, value = Box<Lock>, match = fifo),
        unit(),
        &["here `Lock` would be the raw lock"],
    );
    reports(quote!(key = fn(&str), value = Box<dyn Fn(&str)>, match = fifo), unit(), &[]);
}

#[test]
fn names_that_clash() {
    let unit = || {
        quote!(
            struct M<T>;
        )
    };
    let key = || quote!(key = T, match = fifo);
    let args = key();
    reports(quote!(#args, future = M), unit(), &["`M` is already the name of the struct"]);
    let args = key();
    reports(quote!(#args, future = T), unit(), &["`T` is already the name of a parameter of the struct"]);
    let args = key();
    reports(
        quote!(#args, subscribe = MWait),
        unit(),
        &["`MWait` is already the name of a type named before"],
    );
    let args = key();
    reports(
        quote!(#args, subscribe = MWaitOwned),
        unit(),
        &["is already the name of a type made from `MWait`"],
    );
}

#[test]
fn parameters_without_use() {
    let args = || quote!(key = A, value = B, match = fifo);
    let unit = || {
        quote!(
            struct M<'a, A, B, C, const N: usize>;
        )
    };
    reports(
        args(),
        unit(),
        &["`'a` is neither in the key nor in the value", "`C` is neither in the key nor in the value"],
    );
}

#[test]
fn several_mistakes_are_told_at_once() {
    reports(
        quote!(key = &u8, match = best, buckets = 3),
        quote!(
            #[derive(Default)]
            struct M<Lock> {
                a: u8,
            }
        ),
        &[
            "unknown mode `best`",
            "`buckets` is not there yet",
            "a wait map has no fields",
            "`#[wait_map]` adds a last parameter `Lock`",
            "`#[wait_map]` implements `Default` itself",
            "needs a lifetime with a name",
        ],
    );
}
