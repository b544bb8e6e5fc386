//! Expansions compared with the files in `expected/`, and messages read back out of an expansion.

use std::{env, fs, path::PathBuf};

use proc_macro2::{TokenStream, TokenTree};

/// Compares `tokens`, pretty-printed, with `expected/<name>.rs`.
///
/// With `UPDATE_EXPECTED` in the environment the file is written instead: read the diff.
#[track_caller]
pub(crate) fn compare(name: &str, tokens: TokenStream) {
    let file = syn::parse2(tokens).expect("an expansion is a list of items");
    let actual = prettyplease::unparse(&file);
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("expected").join(format!("{name}.rs"));
    if env::var_os("UPDATE_EXPECTED").is_some() {
        fs::write(&path, actual).expect("expected/ is writable");
        return;
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        expected == actual,
        "the expansion differs from {}; if it should, set UPDATE_EXPECTED=1 and read the diff\n{actual}",
        path.display()
    );
}

/// The messages of the `compile_error!` invocations in `tokens`, in order.
pub(crate) fn messages(tokens: &TokenStream) -> Vec<String> {
    let mut found = Vec::new();
    let mut after_name = false;
    for tree in tokens.clone() {
        match tree {
            TokenTree::Ident(ident) => after_name = ident == "compile_error",
            TokenTree::Group(group) if after_name => {
                let message: syn::LitStr = syn::parse2(group.stream()).expect("a message");
                found.push(message.value());
                after_name = false;
            }
            TokenTree::Group(group) => found.extend(messages(&group.stream())),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
    found
}
