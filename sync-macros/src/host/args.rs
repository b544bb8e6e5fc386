//! An attribute's arguments: `word = value, word, …`.

use proc_macro2::TokenStream;
use syn::{
    Ident, Token,
    parse::{Parse, ParseStream, Parser, discouraged::Speculative},
};

use crate::{diag::Errors, krate::Krate, list};

/// Calls `each` with every argument's word and with what stands after it.
///
/// `each` consumes the argument's value. When it fails, its error is noted and reading goes on after the
/// next comma. Returns whether every argument could be understood: only then is one that is missing
/// worth a complaint.
pub(crate) fn read(
    tokens: TokenStream,
    errors: &mut Errors,
    mut each: impl FnMut(&Ident, ParseStream<'_>) -> syn::Result<()>,
) -> bool {
    let mut failures = Vec::new();
    let outcome = (|input: ParseStream<'_>| {
        while !input.is_empty() {
            let fork = input.fork();
            match argument(&fork, &mut each) {
                Ok(()) => input.advance_to(&fork),
                Err(error) => {
                    failures.push(error);
                    skip(input)?;
                }
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(())
    })
    .parse2(tokens);
    failures.extend(outcome.err());
    let whole = failures.is_empty();
    for error in failures {
        errors.push(error);
    }
    whole
}

/// Reads one argument, up to the comma.
fn argument(
    input: ParseStream<'_>,
    each: &mut impl FnMut(&Ident, ParseStream<'_>) -> syn::Result<()>,
) -> syn::Result<()> {
    let word = input
        .call(list::name)
        .map_err(|error| syn::Error::new(error.span(), "expected an argument of the form `word = value`"))?;
    each(&word, input)?;
    if input.is_empty() || input.peek(Token![,]) {
        Ok(())
    } else {
        Err(input.error(format!("expected `,` after the value of `{word}`")))
    }
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
pub(crate) fn krate(word: &Ident, input: ParseStream<'_>) -> syn::Result<Krate> {
    value::<CratePath>(word, input, "the path of sync-core in this crate", "path")
        .map(|CratePath(krate)| krate)
}

/// What `crate` takes.
struct CratePath(Krate);

impl Parse for CratePath {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        Krate::parse(input).map(Self)
    }
}

/// Skips to the next comma that separates arguments: one that no `<…>` holds, as far as can be told.
pub(crate) fn skip(input: ParseStream<'_>) -> syn::Result<()> {
    let mut depth = 0_usize;
    while !input.is_empty() && (depth > 0 || !input.peek(Token![,])) {
        // `->` and `=>` close nothing.
        if input.peek(Token![->]) || input.peek(Token![=>]) {
            input.step(|cursor| {
                let after = cursor.token_tree().and_then(|(_, rest)| rest.token_tree());
                after.map(|(_, rest)| ((), rest)).ok_or_else(|| cursor.error("unexpected end"))
            })?;
            continue;
        }
        if input.peek(Token![<]) {
            depth += 1;
        } else if input.peek(Token![>]) {
            depth = depth.saturating_sub(1);
        }
        input.step(|cursor| {
            cursor.token_tree().map(|(_, rest)| ((), rest)).ok_or_else(|| cursor.error("unexpected end"))
        })?;
    }
    Ok(())
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
