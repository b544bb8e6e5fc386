//! Expansion snapshots, and what is reported.

use proc_macro2::TokenStream;
use quote::quote;

use super::{modes::MODES, wait_map};
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

/// Compares the expansion of `#[wait_map(args)] item` with the one in `expected/`.
#[track_caller]
fn expands(name: &str, args: TokenStream, item: &str) {
    expect::check(name, wait_map(args, parsed(item)));
}

/// An item as text, which takes one line.
fn parsed(item: &str) -> TokenStream {
    item.parse().expect("tokens")
}

fn unit() -> TokenStream {
    parsed("struct M;")
}

#[test]
fn unique() {
    let item = "/** One waiter per tag. */ pub struct Completions;";
    expands("wait_map_unique", quote!(key = u16, value = Cqe, match = unique), item);
}

#[test]
fn unique_as_the_library_uses_it() {
    let args =
        quote!(key = K, value = V, match = unique, future = Wait, subscribe = Subscribe, crate = crate);
    expands("wait_map_generic", args, "pub struct WaitMap<K, V> where K: PartialEq;");
}

#[test]
fn fifo() {
    let args = quote!(key = Topic, value = Msg, match = fifo);
    expands("wait_map_fifo", args, "pub(crate) struct Mailboxes;");
}

#[test]
fn fifo_without_value_and_with_every_kind_of_parameter() {
    // The user's lifetimes have the names that the macro would choose.
    let args = quote!(key = (&'map [T; N], &'wait str), match = fifo, crate = "::renamed::sync");
    let item = "struct r#Names<'map, 'wait, T = u8, const N: usize = 4> where T: 'map;";
    expands("wait_map_params", args, item);
}

#[test]
fn after_a_misuse_a_stub_takes_anything() {
    let args = quote!(key = u16, value = Cqe, match = oldest);
    expands("wait_map_stub", args, "pub struct Completions<T>;");
}

/// The number of bounds on the struct that `#[wait_map(args)] item` makes.
fn bounds(args: TokenStream, item: &str) -> usize {
    let file: syn::File = syn::parse2(wait_map(args, parsed(item))).expect("the expansion parses");
    let Some(syn::Item::Struct(item)) = file.items.first() else { panic!("the struct comes first") };
    item.generics.where_clause.as_ref().map_or(0, |clause| clause.predicates.len())
}

#[test]
fn the_bound_of_the_key_is_added_once() {
    for (item, expected) in [
        ("struct M<K>;", 1),
        ("struct M<K: Copy>;", 1),
        ("struct M<K: Eq>;", 0),
        ("struct M<K> where K: Copy + core::cmp::Ord;", 1),
        ("struct M<K> where K: PartialEq<u8>;", 2),
    ] {
        assert_eq!(bounds(quote!(key = K, match = fifo), item), expected, "{item}");
    }
    assert_eq!(bounds(quote!(key = (K, u8), match = fifo), "struct M<K: Eq>;"), 1);
}

#[test]
fn misuses() {
    reports(quote!(key = u8, match = fifo), unit(), &[]);
    reports(quote!(), unit(), &["missing `key` and `match`"]);
    reports(quote!(match = fifo), unit(), &["missing `key`: add `key = …`"]);
    reports(
        quote!(key = u8),
        unit(),
        &["missing `match`: add `match = …`, with `unique` for one waiter per key, `fifo` for"],
    );
    reports(
        quote!(key = u8, match = best),
        unit(),
        &["unknown mode `best`: `match` takes `unique`, `fifo`, `up_to`, `mask` and `predicate`"],
    );
    reports(quote!(key = u8, match = 3), unit(), &["`match` takes the rule that finds the waiters to wake"]);
    reports(quote!(key = , match = fifo), unit(), &["`key` needs the type of the keys: write `key = u16`"]);
    reports(quote!(key = 7, match = fifo), unit(), &["`key` takes the type of the keys: write `key = u16`"]);
    reports(quote!(key = u8, key = u16, match = fifo), unit(), &["`key` is given twice"]);
    reports(quote!(key = u8, match = fifo, match = unique), unit(), &["`match` is given twice"]);
    reports(
        quote!(kye = u8, match = fifo),
        unit(),
        &[
            "unknown argument `kye`: `#[wait_map]` takes `key`, `value`, `match`, `buckets`, `undelivered`, `wrapping`, `consume`, `event`, `future`, `subscribe` and `crate`",
        ],
    );
    // A value that cannot be read ends at its own comma, not at one inside it.
    reports(quote!(kye = Map<u8, fn(u8) -> u8>, match = fifo), unit(), &["unknown argument `kye`"]);
}

#[test]
fn up_to() {
    let item = "/** Up to which record the log is on disk. */ pub struct Flushed;";
    expands("wait_map_up_to", quote!(key = Lsn, match = up_to), item);
}

#[test]
fn up_to_wrapping_and_generic() {
    expands("wait_map_up_to_wrapping", quote!(key = N, match = up_to, wrapping), "pub struct Acked<N>;");
}

#[test]
fn mask() {
    expands("wait_map_mask", quote!(key = u32, match = mask), "pub(crate) struct Events;");
}

#[test]
fn predicate() {
    let args = quote!(key = Path, event = str, match = predicate(Path::is_prefix_of));
    expands("wait_map_predicate", args, "pub struct Watch;");
}

#[test]
fn predicate_with_a_value_that_is_given_back() {
    let args = quote!(
        key = &'a Path,
        value = V,
        event = Change<'_>,
        match = predicate(Path::is_in),
        undelivered = pool::give_back
    );
    expands("wait_map_undelivered", args, "struct Watch<'a, V>;");
}

#[test]
fn buckets() {
    expands("wait_map_buckets", quote!(key = usize, match = fifo, buckets = 64), "pub struct Futex;");
}

#[test]
fn modes_have_arguments_of_their_own() {
    let modes = [
        ("unique", quote!(match = unique)),
        ("fifo", quote!(match = fifo)),
        ("up_to", quote!(match = up_to)),
        ("mask", quote!(match = mask)),
        ("predicate", quote!(match = predicate(a::b), event = str)),
    ];
    for (word, argument, fits) in [
        ("wrapping", quote!(wrapping), &["up_to"][..]),
        ("consume", quote!(consume), &["mask"]),
        ("event", quote!(event = u8), &["predicate"]),
        ("buckets", quote!(buckets = 4), &["unique", "fifo"]),
        ("undelivered", quote!(undelivered = a::b), &["unique", "fifo", "predicate"]),
    ] {
        for (mode, arguments) in &modes {
            if word == "event" && *mode == "predicate" {
                continue;
            }
            let value = matches!(*mode, "unique" | "fifo" | "predicate").then(|| quote!(value = u8,));
            let error = format!("not with `match = {mode}`: remove it");
            let expected: &[&str] = if fits.contains(mode) { &[] } else { &[&error] };
            reports(quote!(key = u8, #value #arguments, #argument), unit(), expected);
        }
    }
    reports(
        quote!(key = u8, value = u8, match = up_to),
        unit(),
        &["with `match = up_to`, what a wait yields is the position: remove `value`"],
    );
    reports(
        quote!(key = u8, value = u8, match = mask),
        unit(),
        &["with `match = mask`, what a wait yields is the flags that matched: remove `value`"],
    );
    reports(
        quote!(key = u8, match = fifo, undelivered = a::b),
        unit(),
        &["`undelivered` takes the values that no waiter took, and there are none: add `value = …`"],
    );
    reports(quote!(key = u8, match = up_to, wrapping = true), unit(), &["`wrapping` stands alone"]);
}

/// Fails if a mode or an option is added without a row in the macro's documentation.
#[test]
fn the_macros_page_has_a_row_for_each_mode_and_option() {
    let (_, page) = include_str!("../lib.rs").split_once("pub fn primitive(").expect("it comes before");
    let has_row = |name: &str| page.lines().any(|line| line.starts_with(&format!("/// | `{name}")));
    for mode in MODES {
        assert!(has_row(mode.name), "{}", mode.name);
        for option in mode.options {
            assert!(has_row(option.word), "{}", option.word);
        }
    }
}

#[test]
fn numbers_of_buckets() {
    for (number, expected) in [
        (quote!(1), None),
        (quote!(1024_usize), None),
        (quote!(0), Some("there is at least one bucket")),
        (quote!(48), Some("the number of buckets is a power of two: write 32 or 64")),
        (quote!(N), Some("`buckets` takes the number of buckets, a power of two as a literal")),
        (quote!(-4), Some("there is at least one bucket")),
        (quote!(4.0), Some("`buckets` takes the number of buckets")),
        (quote!(99999999999999999999999), Some("this is more buckets than a `usize` can count")),
        (quote!(), Some("`buckets` needs the number of buckets")),
    ] {
        let item = unit();
        let expected: Vec<_> = expected.into_iter().collect();
        reports(quote!(key = u8, match = fifo, buckets = #number), item, &expected);
    }
}

#[test]
fn predicates_need_a_function_and_an_event() {
    reports(quote!(key = u8, match = predicate(a::b)), unit(), &["missing `event`: add `event = …`"]);
    for missing in [quote!(predicate), quote!(predicate())] {
        reports(
            quote!(key = u8, match = #missing, event = u8),
            unit(),
            &["`predicate` needs a function: write `match = predicate(Path::is_prefix_of)`"],
        );
    }
    for wrong in [quote!(predicate(|a, b| a == b)), quote!(predicate(7)), quote!(predicate(a::b, c))] {
        reports(
            quote!(key = u8, match = #wrong, event = u8),
            unit(),
            &["`predicate` takes a function by its path"],
        );
    }
    reports(
        quote!(key = u8, match = predicate(<u8 as PartialEq<u8>>::eq), event = [Cow<'_, &str>]),
        unit(),
        &[],
    );
    reports(
        quote!(key = u8, match = predicate(a::b), event = Lock),
        unit(),
        &["here `Lock` would be the raw lock"],
    );
}

#[test]
fn bounds_that_the_user_wrote_are_not_added() {
    let bounds = |args: TokenStream, bound: &str| bounds(args, &format!("struct M<K> where K: {bound};"));
    let up_to = || quote!(key = K, match = up_to);
    assert_eq!(bounds(up_to(), "Sized"), 3);
    assert_eq!(bounds(up_to(), "Copy"), 2);
    assert_eq!(bounds(up_to(), "Copy + Ord"), 1);
    assert_eq!(bounds(up_to(), "sync_core::Position"), 1);
    assert_eq!(bounds(quote!(key = K, match = up_to, wrapping), "SequenceNumber"), 1);
    assert_eq!(bounds(quote!(key = K, match = mask), "Copy"), 2);
    assert_eq!(bounds(quote!(key = K, match = fifo, buckets = 2), "Eq"), 2);
    assert_eq!(bounds(quote!(key = K, match = fifo, buckets = 2), "Eq + Hash"), 1);
    assert_eq!(bounds(quote!(key = K, match = predicate(a), event = u8), "Sized"), 1);
}

#[test]
fn types_that_no_struct_can_hold() {
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
    let unit = || parsed("struct M<T>;");
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
    let unit = || parsed("struct M<'a, A, B, C, const N: usize>;");
    reports(
        args(),
        unit(),
        &["`'a` is neither in the key nor in the value", "`C` is neither in the key nor in the value"],
    );
}

#[test]
fn several_mistakes_are_reported_at_once() {
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
            "the number of buckets is a power of two: write 2 or 4",
            "a wait map has no fields",
            "`#[wait_map]` adds a last parameter `Lock`",
            "`#[wait_map]` implements `Default` itself",
            "needs a lifetime with a name",
        ],
    );
}

/// The compiler's own error about a type that cannot stand in a struct would be a second one about one
/// mistake.
#[test]
fn a_map_of_a_type_that_cannot_stand_in_a_struct_is_a_stub() {
    for key in [quote!(&str), quote!(Lock)] {
        let tokens = wait_map(quote!(key = #key, match = unique), parsed("struct Map;"));
        assert_eq!(messages(&tokens).len(), 1, "{key}");
        assert!(tokens.to_string().contains("fn wake_one"), "a stub has every method: {key}");
    }
}

/// Where a wait yields something of the key's type, code that waits on a stub and uses that has no error of
/// its own.
#[test]
fn a_stub_gives_what_its_mode_would_give() {
    let gives = |mode: TokenStream| {
        let tokens = wait_map(quote!(key = u64, match = #mode), parsed("struct Map<T>;"));
        assert_eq!(messages(&tokens).len(), 1, "{mode}");
        tokens.to_string()
    };
    for mode in [quote!(up_to), quote!(mask)] {
        let tokens = gives(mode);
        assert!(tokens.contains("WakeOutcome < u64 >"), "{tokens}");
    }
    let tokens = gives(quote!(fifo));
    assert!(tokens.contains("WakeOutcome < () >"), "{tokens}");
}

#[test]
fn a_predicate_map_that_says_too_little_can_be_notified_all_the_same() {
    let notify = |args| wait_map(args, parsed("struct Map;")).to_string();
    let without_value = notify(quote!(key = u8, match = predicate));
    assert!(without_value.contains("fn notify <"), "{without_value}");
    let with_value = notify(quote!(key = u8, value = u8, match = predicate));
    assert!(with_value.contains("fn notify_with <"), "{with_value}");
}
