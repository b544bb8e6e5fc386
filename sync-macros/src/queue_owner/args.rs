//! An attribute's arguments: `word = value, word, …`.

use proc_macro2::TokenStream;
use syn::{
    Attribute, Ident, Token,
    parse::{Parse, ParseStream},
};

use crate::{crate_path::CratePath, diag::Errors, list};

/// Calls `each` with every argument's word and with what follows it.
///
/// Returns whether all of them could be understood: only then is a missing one reported.
pub(crate) fn read(
    tokens: TokenStream,
    errors: &mut Errors,
    mut each: impl FnMut(&Ident, ParseStream<'_>) -> syn::Result<()>,
) -> bool {
    read_documented(tokens, errors, |docs, word, input| match docs.first() {
        Some(docs) => Err(undocumented(docs, word)),
        None => each(word, input),
    })
}

/// [`read`], where documentation may stand before an argument; `each` gets that, too.
pub(crate) fn read_documented(
    tokens: TokenStream,
    errors: &mut Errors,
    mut each: impl FnMut(Vec<Attribute>, &Ident, ParseStream<'_>) -> syn::Result<()>,
) -> bool {
    let mut complete = true;
    list::each(tokens, errors, |input, _| {
        let result = docs(input).and_then(|docs| each(docs, &word(input)?, input));
        complete &= result.is_ok();
        result
    });
    complete
}

fn docs(input: ParseStream<'_>) -> syn::Result<Vec<Attribute>> {
    let docs = if input.peek(Token![#]) { Attribute::parse_outer(input)? } else { Vec::new() };
    match docs.iter().find(|docs| !docs.path().is_ident("doc")) {
        Some(other) => {
            Err(syn::Error::new_spanned(other, "only documentation, `/// …`, may stand before an argument"))
        }
        None => Ok(docs),
    }
}

/// The error for documentation where there is nothing to document.
pub(crate) fn undocumented(docs: &Attribute, word: &Ident) -> syn::Error {
    syn::Error::new_spanned(docs, format!("`{word}` makes nothing that could have documentation of its own"))
}

fn word(input: ParseStream<'_>) -> syn::Result<Ident> {
    list::name(input)
        .map_err(|error| syn::Error::new(error.span(), "expected an argument of the form `word = value`"))
}

/// Reads the `= value` of the argument `word`; `what` and `example` say what it should be.
pub(crate) fn value<T: Parse>(
    word: &Ident,
    input: ParseStream<'_>,
    what: &str,
    example: &str,
) -> syn::Result<T> {
    let missing =
        || syn::Error::new_spanned(word, format!("`{word}` needs {what}: write `{word} = {example}`"));
    if !input.peek(Token![=]) {
        return Err(missing());
    }
    input.parse::<Token![=]>()?;
    if input.is_empty() || input.peek(Token![,]) {
        return Err(missing());
    }
    let wrong = |span| syn::Error::new(span, format!("`{word}` takes {what}: write `{word} = {example}`"));
    input.parse().map_err(|error| wrong(error.span()))
}

/// Reads the value of `crate`: a path, with or without quotes.
pub(crate) fn crate_path(word: &Ident, input: ParseStream<'_>) -> syn::Result<CratePath> {
    value(word, input, "the path of sync-core in this crate", "path")
}

/// The error for a word that the macro does not know.
pub(crate) fn unknown(word: &Ident, of: &str, known: &[&str]) -> syn::Error {
    let known = enumerate(known);
    syn::Error::new_spanned(word, format!("unknown argument `{word}`: `#[{of}]` takes {known}"))
}

/// The error for an argument that is given a second time.
pub(crate) fn twice(word: &Ident) -> syn::Error {
    syn::Error::new_spanned(word, format!("`{word}` is given twice; remove one of the two"))
}

/// "`a`, `b` and `c`".
pub(crate) fn enumerate(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => format!("`{one}`"),
        [all @ .., last] => {
            let all: Vec<_> = all.iter().map(|word| format!("`{word}`")).collect();
            format!("{} and `{last}`", all.join(", "))
        }
    }
}
