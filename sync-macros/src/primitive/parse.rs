//! Tokens to syntax: the arguments, grouped by method.

use proc_macro2::TokenStream;
use syn::{
    Attribute, Expr, Ident, Token, Type, parenthesized,
    parse::{Parse, ParseStream},
    punctuated::Punctuated,
    token::Paren,
};

use crate::{
    crate_path::CratePath,
    diag::Errors,
    queue_owner::args::{self, twice, undocumented, unknown, value},
};

/// What stands between the parentheses.
#[derive(Default)]
pub(super) struct Args {
    pub(super) groups: Vec<Group>,
    pub(super) word: Option<Type>,
    pub(super) new: Option<New>,
    pub(super) crate_path: Option<CratePath>,
    /// Whether all of it could be read: only then does what is missing mean anything.
    pub(super) complete: bool,
}

/// One `method`, its `future` and its `waiter`, as far as they are given, and the words' own tokens.
#[derive(Default)]
pub(super) struct Group {
    pub(super) method: Option<Method>,
    pub(super) future: Option<Future>,
    pub(super) waiter: Option<Expr>,
}

/// `/// docs method = name`.
pub(super) struct Method {
    pub(super) docs: Vec<Attribute>,
    pub(super) name: Ident,
}

/// `/// docs word = name`.
pub(super) struct Future {
    pub(super) docs: Vec<Attribute>,
    pub(super) word: Ident,
    pub(super) name: Ident,
}

/// `/// docs new(name: Type, …) = state`.
pub(super) struct New {
    pub(super) docs: Vec<Attribute>,
    pub(super) params: Vec<Param>,
    pub(super) state: Expr,
}

/// `name: Type`.
pub(super) struct Param {
    pub(super) name: Ident,
    pub(super) ty: Type,
}

impl Parse for Param {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.parse()?;
        input.parse::<Token![:]>()?;
        Ok(Self { name, ty: input.parse()? })
    }
}

pub(super) fn parse(tokens: TokenStream, errors: &mut Errors) -> Args {
    let mut args = Args::default();
    args.complete =
        args::read_documented(tokens, errors, |docs, word, input| argument(&mut args, docs, word, input));
    args
}

fn argument(args: &mut Args, docs: Vec<Attribute>, word: &Ident, input: ParseStream<'_>) -> syn::Result<()> {
    let takes_docs = matches!(word.to_string().as_str(), "method" | "future" | "new");
    if let Some(docs) = docs.first().filter(|_| !takes_docs) {
        return Err(undocumented(docs, word));
    }
    match word.to_string().as_str() {
        "method" => {
            let name = value(word, input, "the name of a method", "acquire")?;
            group_without(args, |group| group.method.is_some()).method = Some(Method { docs, name });
        }
        "future" => {
            let name = value(word, input, "the name of a future type", "Acquire")?;
            group_without(args, |group| group.future.is_some()).future =
                Some(Future { docs, word: word.clone(), name });
        }
        "waiter" => {
            let waiter = value(word, input, "an expression of the policy's `Waiter` type", "()")?;
            let Some(group) = args.groups.last_mut() else {
                return Err(syn::Error::new_spanned(
                    word,
                    "`waiter` belongs to a method: write it after `method` and `future`",
                ));
            };
            if group.waiter.is_some() {
                return Err(twice(word));
            }
            group.waiter = Some(waiter);
        }
        "word" => {
            let ty = value(word, input, "the type of a `#[bitfield]`", "State")?;
            if args.word.is_some() {
                return Err(twice(word));
            }
            args.word = Some(ty);
        }
        "new" => {
            let (params, state) = constructor(word, input)?;
            if args.new.is_some() {
                return Err(twice(word));
            }
            args.new = Some(New { docs, params, state });
        }
        "crate" => {
            let crate_path = args::crate_path(word, input)?;
            if args.crate_path.is_some() {
                return Err(twice(word));
            }
            args.crate_path = Some(crate_path);
        }
        _ => return Err(unknown(word, "primitive", &["method", "future", "waiter", "word", "new", "crate"])),
    }
    Ok(())
}

/// Reads the `(name: Type, …) = state` of `new`.
fn constructor(word: &Ident, input: ParseStream<'_>) -> syn::Result<(Vec<Param>, Expr)> {
    const WHAT: &str = "what it is given and the state that it makes of that: write `new(n: usize) = n`";
    if !input.peek(Paren) {
        return Err(syn::Error::new_spanned(word, format!("`new` needs {WHAT}")));
    }
    let inside;
    parenthesized!(inside in input);
    let params = Punctuated::<Param, Token![,]>::parse_terminated(&inside)
        .map_err(|error| syn::Error::new(error.span(), format!("`new` takes {WHAT}")))?;
    let state = value(word, input, "the state that it makes", "0")?;
    Ok((params.into_iter().collect(), state))
}

/// The last group, or a new one when the last one has what is about to be added.
fn group_without(args: &mut Args, has: impl Fn(&Group) -> bool) -> &mut Group {
    if args.groups.last().is_none_or(has) {
        args.groups.push(Group::default());
    }
    let last = args.groups.len() - 1;
    &mut args.groups[last]
}
