//! Expansion snapshots, and what is reported.

use proc_macro2::TokenStream;
use quote::quote;

use super::primitive;
use crate::{diag::messages, expect};

#[track_caller]
fn reports(args: TokenStream, item: TokenStream, expected: &[&str]) {
    let expansion = primitive(args, item);
    let actual = messages(&expansion);
    assert_eq!(actual.len(), expected.len(), "{actual:#?}");
    for (actual, expected) in actual.iter().zip(expected) {
        assert!(actual.contains(expected), "`{expected}` is not in `{actual}`");
    }
    // After a misuse, too, the output is a list of items.
    syn::parse2::<syn::File>(expansion).expect("the expansion parses");
}

#[test]
fn tokens() {
    let args = quote!(method = acquire, future = Acquire);
    expect::check(
        "primitive_tokens",
        primitive(
            args,
            quote!(
                /** Tokens. */
                pub struct Tokens;
            ),
        ),
    );
}

#[test]
fn generic_with_two_methods() {
    let args = quote!(
        method = r#try,
        future = Try,
        waiter = (),
        method = write,
        future = r#Write,
        crate = crate::sync,
    );
    let item = quote! {
        #[must_use]
        pub(in crate::a) struct r#Struct<'a, T: Clone = u8, const N: usize = 4> where T: Send;
    };
    expect::check("primitive_generic", primitive(args, item));
}

#[test]
fn after_a_clash_the_struct_is_there() {
    let args = quote!(method = new, future = Acquire);
    expect::check(
        "primitive_clash",
        primitive(
            args,
            quote!(
                struct Tokens;
            ),
        ),
    );
}

#[test]
fn a_state_that_is_a_word() {
    let args = quote!(method = acquire, future = Acquire, waiter = (), word = SlotState);
    expect::check(
        "primitive_word",
        primitive(
            args,
            quote!(
                pub struct Slots;
            ),
        ),
    );
}

#[test]
fn a_constructor_and_documentation_of_its_own() {
    let args = quote!(
        /** Waits. */
        method = wait,
        /** What `wait` returns. */
        future = Wait,
        waiter = (),
        /** Returns a ring. */
        new(capacity: usize, name: &'static str) = Ring::new(capacity, name),
    );
    let item = quote!(
        pub struct Chan<T>;
    );
    expect::check("primitive_new", primitive(args, item));
    let args = quote!(method = wait, future = Wait, waiter = (), new() = (),);
    let item = quote!(
        struct Bell;
    );
    expect::check("primitive_new_of_nothing", primitive(args, item));
}

#[test]
fn constructors_that_are_none() {
    let report = |args: TokenStream, expected: &[&str]| {
        reports(
            quote!(method = a, future = A, #args),
            quote!(
                struct Tokens;
            ),
            expected,
        );
    };
    report(quote!(new() = 3), &[]);
    report(quote!(new = 3), &["`new` needs what it is given and the state that it makes of that"]);
    report(quote!(new(n) = 3), &["`new` takes what it is given"]);
    report(quote!(new(&self) = 3), &["`new` takes what it is given"]);
    report(quote!(new(n: usize)), &["`new` needs the state that it makes"]);
    report(quote!(new(n: usize) = ), &["`new` needs the state that it makes"]);
    report(quote!(new(n: usize) = n, new() = 1), &["`new` is given twice"]);
    report(quote!(new(lock: u8) = 3), &["`lock` is already the name of a parameter that is generated"]);
    report(quote!(new(n: u8, n: u8) = 3), &["`n` is already the name of a parameter named before"]);
    report(
        quote!(
            #[doc = "x"]
            crate = a
        ),
        &["`crate` makes nothing that could have documentation"],
    );
    report(
        quote!(
            #[doc = "x"]
            waiter = 3
        ),
        &["`waiter` makes nothing that could have documentation"],
    );
    report(
        quote!(
            #[must_use]
            new() = 3
        ),
        &["only documentation, `/// …`, may stand before an argument"],
    );
}

#[test]
fn misuses() {
    let ok = || quote!(method = acquire, future = Acquire);
    let unit = || {
        quote!(
            struct Tokens;
        )
    };
    reports(ok(), unit(), &[]);
    reports(quote!(), unit(), &["missing `method` and `future`"]);
    reports(
        quote!(method = acquire),
        unit(),
        &["missing `future` for the method `acquire`: add `future = Acquire`"],
    );
    reports(quote!(method = take_some), unit(), &["add `future = TakeSome`"]);
    reports(quote!(future = Acquire), unit(), &["there is no `method` for the future `Acquire`"]);
    reports(
        quote!(method = a, future = A, future = B),
        unit(),
        &["there is no `method` for the future `B`: write `method = …, future = B`, or remove it"],
    );
    reports(quote!(method = a, method = b, future = B), unit(), &["missing `future` for the method `a`"]);
    reports(
        quote!(method, future = B),
        unit(),
        &["`method` needs the name of a method: write `method = acquire`"],
    );
    reports(quote!(method = , future = B), unit(), &["`method` needs the name of a method"]);
    reports(quote!(method = "a", future = B), unit(), &["`method` takes the name of a method"]);
    reports(quote!(method = a b, future = B), unit(), &["expected `,` between two arguments"]);
    reports(
        quote!(methd = a, future = B),
        unit(),
        &[
            "unknown argument `methd`: `#[primitive]` takes `method`, `future`, `waiter`, `word`, `new` and `crate`",
        ],
    );
    reports(quote!(3, method = a, future = B), unit(), &["expected an argument of the form `word = value`"]);
    reports(quote!(waiter = (), method = a, future = B), unit(), &["`waiter` belongs to a method"]);
    reports(quote!(method = a, future = B, waiter = 1, waiter = 2), unit(), &["`waiter` is given twice"]);
    reports(quote!(method = a, future = B, crate = a, crate = b), unit(), &["`crate` is given twice"]);
    reports(quote!(method = a, future = B, crate = 7), unit(), &["`crate` takes the path of sync-core"]);
}

#[test]
fn items_that_are_no_unit_struct() {
    let ok = || quote!(method = acquire, future = Acquire);
    reports(
        ok(),
        quote!(
            enum Tokens {}
        ),
        &["write `struct Tokens;`"],
    );
    reports(ok(), quote!(union Tokens { a: u8 }), &["write `struct Tokens;`"]);
    reports(
        ok(),
        quote!(
            struct Tokens(u8);
        ),
        &["a primitive's own data is its policy's `State`"],
    );
    reports(
        ok(),
        quote!(
            struct Tokens {
                a: u8,
            }
        ),
        &["a primitive's own data is its policy's `State`"],
    );
    reports(
        ok(),
        quote!(
            fn tokens() {}
        ),
        &["put it on `struct Name;`"],
    );
    reports(ok(), quote!(impl Tokens {}), &["put it on `struct Name;`"]);
}

#[test]
fn names_that_clash() {
    let unit = || {
        quote!(
            struct Tokens<T>;
        )
    };
    for name in ["new", "new_with_raw_mutex", "notify", "notify_count", "close", "is_closed"] {
        let name = quote::format_ident!("{name}");
        let message = format!("`{name}` is already the name of a method that is generated");
        reports(quote!(method = #name, future = A), unit(), &[&message]);
    }
    reports(
        quote!(method = a, future = A, method = a, future = B),
        unit(),
        &["`a` is already the name of a method named before"],
    );
    reports(
        quote!(method = a, future = A, method = a_owned, future = B),
        unit(),
        &["`a_owned` is already the name of a method made from `a`"],
    );
    reports(
        quote!(method = a_owned, future = A, method = a, future = B),
        unit(),
        &["`a` brings `a_owned` with it, which is already the name of a method named before"],
    );
    reports(quote!(method = a, future = Tokens), unit(), &["`Tokens` is already the name of the struct"]);
    reports(
        quote!(method = a, future = T),
        unit(),
        &["`T` is already the name of a parameter of the struct"],
    );
    reports(
        quote!(method = a, future = Lock),
        unit(),
        &["`Lock` is already the name of the parameter for the raw lock"],
    );
    reports(
        quote!(method = a, future = A, method = b, future = AOwned),
        unit(),
        &["`AOwned` is already the name of a type made from `A`"],
    );
}

#[test]
fn several_mistakes_are_reported_at_once() {
    reports(
        quote!(method = new, future = Tokens, colour = red),
        quote!(
            #[derive(Debug, Clone)]
            struct Tokens<Lock>(u8);
        ),
        &[
            "unknown argument `colour`",
            "a primitive's own data",
            "`#[primitive]` adds a last parameter `Lock`",
            "`#[primitive]` implements `Debug` itself",
            "`new` is already the name",
            "`Tokens` is already the name",
        ],
    );
}

/// What is missing may be what could not be read.
#[test]
fn nothing_is_missing_beside_an_argument_that_is_not_known() {
    for given in [quote!(), quote!(method = acquire), quote!(future = Acquire)] {
        let unknown = if given.is_empty() { quote!(colour = red) } else { quote!(#given, colour = red) };
        reports(
            unknown,
            quote!(
                struct Tokens;
            ),
            &["unknown argument `colour`"],
        );
    }
}
