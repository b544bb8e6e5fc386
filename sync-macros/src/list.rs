//! Comma-separated arguments, where one mistake does not hide the next.

use proc_macro2::{Spacing, Span, TokenTree};
use syn::{
    Ident, Token,
    ext::IdentExt,
    parse::{ParseStream, Parser, discouraged::Speculative},
};

use crate::diag::Errors;

/// Parses `tokens` as a list, one `item` at a time; after a mistake it goes on after the item's comma.
pub(crate) fn each(
    tokens: proc_macro2::TokenStream,
    errors: &mut Errors,
    mut item: impl FnMut(ParseStream<'_>, &mut Errors) -> syn::Result<()>,
) {
    let parser = |input: ParseStream<'_>| {
        while !input.is_empty() {
            let ahead = input.fork();
            if let Err(error) = item(&ahead, errors) {
                errors.push(error);
                // From the item's start, to know what is inside `<…>`.
                skip_to_comma(input);
            } else {
                input.advance_to(&ahead);
                if !input.is_empty() && !input.peek(Token![,]) {
                    errors.push(input.error("expected `,` between two arguments"));
                    skip_to_comma(input);
                }
            }
            if input.parse::<Option<Token![,]>>()?.is_none() {
                break;
            }
        }
        Ok(())
    };
    let result = parser.parse2(tokens);
    errors.ok(result);
}

/// Skips to the next comma that no `<…>` holds, as far as can be told without knowing what is there.
pub(crate) fn skip_to_comma(input: ParseStream<'_>) {
    let mut depth = 0_usize;
    let mut arrow = false;
    while !input.is_empty() && (depth > 0 || !input.peek(Token![,])) {
        // A token tree can always be parsed while there is one.
        let Ok(tree) = input.parse::<TokenTree>() else { return };
        match &tree {
            TokenTree::Punct(punct) if punct.as_char() == '<' => depth += 1,
            // `->` and `=>` close nothing.
            TokenTree::Punct(punct) if punct.as_char() == '>' && !arrow => depth = depth.saturating_sub(1),
            _ => {}
        }
        arrow = matches!(&tree, TokenTree::Punct(punct)
            if matches!(punct.as_char(), '-' | '=') && punct.spacing() == Spacing::Joint);
    }
}

/// Parses a name, keywords such as `crate` included.
pub(crate) fn name(input: ParseStream<'_>) -> syn::Result<Ident> {
    input.call(Ident::parse_any)
}

/// The arguments that were given already.
#[derive(Default)]
pub(crate) struct Seen(Vec<String>);

impl Seen {
    /// Notes an argument, and complains at `span` if it was there before.
    pub(crate) fn once(&mut self, what: &str, span: Span, errors: &mut Errors) {
        if self.0.iter().any(|seen| seen == what) {
            errors.at_span(span, format_args!("{what} is given twice; remove one of the two"));
        } else {
            self.0.push(what.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use proc_macro2::TokenStream;
    use quote::quote;
    use syn::parse::Parser;

    use super::*;

    /// What is left after the first argument of `tokens`.
    fn behind_the_first(tokens: TokenStream) -> String {
        let skip = |input: ParseStream<'_>| {
            skip_to_comma(input);
            input.parse::<TokenStream>()
        };
        skip.parse2(tokens).expect("any tokens will do").to_string()
    }

    #[test]
    fn a_comma_in_angle_brackets_ends_nothing() {
        for first in [
            quote!(a),
            quote!(key = Map<a, b>),
            quote!(key = Map<Map<a, b>, Map<c, d>>),
            quote!(key = Map<a + b, c>),
            quote!(key = Box<dyn Fn(a, b) -> c, d>),
            quote!(key = Odd<a => b, c>),
            quote!((a, b)),
        ] {
            assert_eq!(behind_the_first(quote!(#first, next)), ", next", "{first}");
        }
    }

    #[test]
    fn a_bracket_too_many_opens_nothing() {
        assert_eq!(behind_the_first(quote!(a > b, c)), ", c");
        assert_eq!(behind_the_first(quote!(a < b, c)), "");
    }
}
