//! A value that an attempt yields is not lost without a warning: every public `try_…` of sync-core says why.
//!
//! No lint asks for it. The tokens are read, not the items, because many of the methods are written inside a
//! macro. What the compiler says where a result is dropped is in `ui-tests/ui/must_use`.

use std::fs;
use std::path::Path;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The names of the public functions called `try_…` without a `#[must_use = "reason"]`, and how many were
/// looked at.
fn attempts(tokens: TokenStream, lacking: &mut Vec<String>) -> usize {
    let trees: Vec<_> = tokens.into_iter().collect();
    let mut seen = 0;
    for (index, tree) in trees.iter().enumerate() {
        match tree {
            TokenTree::Group(group) => seen += attempts(group.stream(), lacking),
            TokenTree::Ident(word) if word == "fn" => {
                let Some(TokenTree::Ident(name)) = trees.get(index + 1) else { continue };
                let before = without_qualifiers(&trees[..index]);
                let Some((TokenTree::Ident(visible), before)) = before.split_last() else { continue };
                if visible == "pub" && name.to_string().starts_with("try_") {
                    seen += 1;
                    if !says_why(before) {
                        lacking.push(name.to_string());
                    }
                }
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
    seen
}

fn without_qualifiers(mut trees: &[TokenTree]) -> &[TokenTree] {
    while let Some((TokenTree::Ident(word), before)) = trees.split_last()
        && ["const", "async", "unsafe"].iter().any(|qualifier| word == qualifier)
    {
        trees = before;
    }
    trees
}

/// Whether one of the attributes at the end of `trees` is a `must_use` with a reason.
fn says_why(mut trees: &[TokenTree]) -> bool {
    while let [before @ .., TokenTree::Punct(hash), TokenTree::Group(group)] = trees
        && hash.as_char() == '#'
        && group.delimiter() == Delimiter::Bracket
    {
        if group.stream().to_string().starts_with("must_use =") {
            return true;
        }
        trees = before;
    }
    false
}

/// Looks through every file below `folder`.
fn look_through(folder: &Path, lacking: &mut Vec<String>) -> usize {
    let entries =
        fs::read_dir(folder).expect("sync-core has sources").map(|entry| entry.expect("readable").path());
    entries
        .map(|path| {
            if path.is_dir() {
                return look_through(&path, lacking);
            }
            if path.extension().is_none_or(|end| end != "rs") {
                return 0;
            }
            let text = fs::read_to_string(&path).expect("a source file is text");
            let mut here = Vec::new();
            let seen = attempts(text.parse().expect("it compiles"), &mut here);
            lacking.extend(here.into_iter().map(|name| format!("{}: {name}", path.display())));
            seen
        })
        .sum()
}

/// Fails if: the attribute of any of them is taken away, or loses its reason.
#[test]
fn every_attempt_says_why_its_result_must_be_used() {
    let mut lacking = Vec::new();
    let seen = look_through(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../sync-core/src"), &mut lacking);
    assert!(lacking.is_empty(), "no `#[must_use = \"…\"]` on {lacking:#?}");
    assert!(seen >= 24, "only {seen} were found");
}

#[test]
fn an_attempt_without_a_reason_is_found_wherever_it_is() {
    let tokens = quoted(
        r#"
        impl Lock {
            #[must_use = "why"]
            #[inline]
            pub const fn try_this(&self) {}
            #[must_use]
            pub fn try_that(&self) {}
            pub(crate) fn try_inside(&self) {}
            fn try_private(&self) {}
        }
        items! { pub mod a { impl B { #[inline] pub unsafe fn try_there() {} } } }
        "#,
    );
    let mut lacking = Vec::new();
    assert_eq!(attempts(tokens, &mut lacking), 3);
    assert_eq!(lacking, ["try_that", "try_there"]);
}

fn quoted(text: &str) -> TokenStream {
    text.parse().expect("tokens")
}
