//! Tokens to syntax: the arguments, grouped by method.

use proc_macro2::TokenStream;
use syn::{Expr, Ident, Type, parse::ParseStream};

use crate::{
    diag::Errors,
    host::args::{self, twice, unknown, value},
    krate::Krate,
};

/// What stands between the parentheses.
#[derive(Default)]
pub(super) struct Args {
    pub(super) groups: Vec<Group>,
    pub(super) word: Option<Type>,
    pub(super) krate: Option<Krate>,
    /// Whether all of it could be read: only then does what is missing mean anything.
    pub(super) whole: bool,
}

/// One `method`, its `future` and its `waiter`, as far as they are given, and the words' own tokens.
#[derive(Default)]
pub(super) struct Group {
    pub(super) method: Option<Ident>,
    pub(super) future: Option<Future>,
    pub(super) waiter: Option<Expr>,
}

/// `word = name`.
pub(super) struct Future {
    pub(super) word: Ident,
    pub(super) name: Ident,
}

pub(super) fn parse(tokens: TokenStream, errors: &mut Errors) -> Args {
    let mut args = Args::default();
    args.whole = args::read(tokens, errors, |word, input| argument(&mut args, word, input));
    args
}

fn argument(args: &mut Args, word: &Ident, input: ParseStream<'_>) -> syn::Result<()> {
    match word.to_string().as_str() {
        "method" => {
            let name = value(word, input, "the name of a method", "acquire")?;
            group_without(args, |group| group.method.is_some()).method = Some(name);
        }
        "future" => {
            let name = value(word, input, "the name of a future type", "Acquire")?;
            group_without(args, |group| group.future.is_some()).future =
                Some(Future { word: word.clone(), name });
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
        "crate" => {
            let krate = args::krate(word, input)?;
            if args.krate.is_some() {
                return Err(twice(word));
            }
            args.krate = Some(krate);
        }
        _ => return Err(unknown(word, "primitive", &["method", "future", "waiter", "word", "crate"])),
    }
    Ok(())
}

/// The last group, or a new one when the last one has what is about to be added.
fn group_without(args: &mut Args, has: impl Fn(&Group) -> bool) -> &mut Group {
    if args.groups.last().is_none_or(has) {
        args.groups.push(Group::default());
    }
    let last = args.groups.len() - 1;
    &mut args.groups[last]
}
