//! Tokens to syntax: the arguments.

use proc_macro2::TokenStream;
use syn::{
    ExprPath, Ident, LitInt, Token, Type,
    parse::{Parse, ParseStream},
};

use crate::{
    diag::Errors,
    host::args::{self, enumerate, twice, unknown, value},
    krate::Krate,
    list,
};

const KNOWN: [&str; 11] = [
    "key",
    "value",
    "match",
    "event",
    "buckets",
    "undelivered",
    "wrapping",
    "consume",
    "future",
    "subscribe",
    "crate",
];
const MODES: [&str; 5] = ["unique", "fifo", "up_to", "mask", "predicate"];

/// What stands between the parentheses.
#[derive(Default)]
pub(super) struct Args {
    pub(super) key: Option<Type>,
    pub(super) value: Option<Argument<Type>>,
    pub(super) mode: Option<ModeName>,
    pub(super) event: Option<Argument<Type>>,
    /// How many.
    pub(super) buckets: Option<Argument<usize>>,
    pub(super) undelivered: Option<Argument<ExprPath>>,
    pub(super) wrapping: Option<Argument<()>>,
    pub(super) consume: Option<Argument<()>>,
    pub(super) future: Option<Ident>,
    pub(super) subscribe: Option<Ident>,
    pub(super) krate: Option<Krate>,
    /// Whether all of it could be read: only then does what is missing mean anything.
    pub(super) whole: bool,
}

/// An argument that not every mode has.
pub(super) struct Argument<T> {
    /// The word by which it is given.
    pub(super) word: Ident,
    pub(super) value: T,
}

/// What stands behind `match =`.
pub(super) struct ModeName {
    pub(super) name: Ident,
    pub(super) kind: Kind,
}

/// A mode, without what other arguments say about it.
#[derive(Clone)]
pub(super) enum Kind {
    Unique,
    Fifo,
    UpTo,
    Mask,
    /// With its function, unless that was reported.
    Predicate(Option<ExprPath>),
}

pub(super) fn parse(tokens: TokenStream, errors: &mut Errors) -> Args {
    let mut args = Args::default();
    args.whole = args::read(tokens, errors, |word, input| argument(&mut args, word, input));
    args
}

fn argument(args: &mut Args, word: &Ident, input: ParseStream<'_>) -> syn::Result<()> {
    match word.to_string().as_str() {
        "key" => set(&mut args.key, word, value(word, input, "the type of the keys", "u16")?),
        "value" => {
            let ty = value(word, input, "the type of what a wait yields", "Reply")?;
            set_argument(&mut args.value, word, ty)
        }
        "match" => {
            let name: AnyName = value(word, input, "the rule that finds whom to wake", "unique")?;
            mode(&mut args.mode, word, name.0, input)
        }
        "event" => {
            let ty = value(word, input, "the type of what the predicate is asked about", "Change")?;
            set_argument(&mut args.event, word, ty)
        }
        "buckets" => buckets(&mut args.buckets, word, input),
        "undelivered" => {
            let path = value(
                word,
                input,
                "the path of a function that takes the key, by reference, and the value",
                "give_back",
            )?;
            set_argument(&mut args.undelivered, word, path)
        }
        "wrapping" => flag(&mut args.wrapping, word, input),
        "consume" => flag(&mut args.consume, word, input),
        "future" => set(&mut args.future, word, value(word, input, "the name of a future type", "Wait")?),
        "subscribe" => {
            set(&mut args.subscribe, word, value(word, input, "the name of a future type", "Subscribe")?)
        }
        "crate" => set(&mut args.krate, word, args::krate(word, input)?),
        _ => Err(unknown(word, "wait_map", &KNOWN)),
    }
}

/// Puts `new` into `slot`, which should be empty.
fn set<T>(slot: &mut Option<T>, word: &Ident, new: T) -> syn::Result<()> {
    if slot.is_some() {
        return Err(twice(word));
    }
    *slot = Some(new);
    Ok(())
}

fn set_argument<T>(slot: &mut Option<Argument<T>>, word: &Ident, value: T) -> syn::Result<()> {
    set(slot, word, Argument { word: word.clone(), value })
}

/// Notes a word that takes no value.
fn flag(slot: &mut Option<Argument<()>>, word: &Ident, input: ParseStream<'_>) -> syn::Result<()> {
    set_argument(slot, word, ())?;
    if input.peek(Token![=]) {
        return Err(input.error(format!("`{word}` stands alone: remove the value")));
    }
    Ok(())
}

/// Reads how many buckets there are. If that makes no sense, there is one, so that what is generated for them is
/// there.
fn buckets(slot: &mut Option<Argument<usize>>, word: &Ident, input: ParseStream<'_>) -> syn::Result<()> {
    set_argument(slot, word, 1)?;
    let literal: LitInt = value(word, input, "the number of buckets, a power of two as a literal", "64")?;
    match literal.base10_parse::<usize>() {
        Ok(number) if number.is_power_of_two() => {
            *slot = Some(Argument { word: word.clone(), value: number });
            Ok(())
        }
        Ok(0) => Err(syn::Error::new_spanned(
            literal,
            "there is at least one bucket: write a power of two, or leave out `buckets` to have one lock for all",
        )),
        Ok(number) => {
            let message = match (number.checked_next_power_of_two(), number) {
                (Some(more), _) => format!("write {} or {more}", more / 2),
                (None, _) => "write a smaller one".to_owned(),
            };
            Err(syn::Error::new_spanned(
                literal,
                format!("the number of buckets is a power of two: {message}"),
            ))
        }
        Err(_) if literal.base10_digits().starts_with('-') => {
            Err(syn::Error::new_spanned(literal, "there is at least one bucket: write a power of two"))
        }
        Err(_) => {
            Err(syn::Error::new_spanned(literal, "nobody has so many buckets: write a smaller power of two"))
        }
    }
}

/// An identifier that may be a keyword.
struct AnyName(Ident);

impl Parse for AnyName {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        list::name(input).map(Self)
    }
}

fn mode(slot: &mut Option<ModeName>, word: &Ident, name: Ident, input: ParseStream<'_>) -> syn::Result<()> {
    let kind = match name.to_string().as_str() {
        "unique" => Kind::Unique,
        "fifo" => Kind::Fifo,
        "up_to" => Kind::UpTo,
        "mask" => Kind::Mask,
        "predicate" => Kind::Predicate(None),
        _ => {
            let known = enumerate(&MODES);
            return Err(syn::Error::new_spanned(
                &name,
                format!("unknown mode `{name}`: `match` takes {known}"),
            ));
        }
    };
    let is_predicate = matches!(kind, Kind::Predicate(_));
    // Known from here on, whatever its function is.
    set(slot, word, ModeName { name: name.clone(), kind })?;
    if is_predicate {
        let path = predicate(&name, input)?;
        *slot = Some(ModeName { name, kind: Kind::Predicate(Some(path)) });
    }
    Ok(())
}

/// Reads the function of `predicate(…)`.
fn predicate(name: &Ident, input: ParseStream<'_>) -> syn::Result<ExprPath> {
    const WRITE: &str = "write `match = predicate(Path::is_prefix_of)`, with the path of a function \
                         `fn(&Key, &Event) -> bool`";
    let missing = || syn::Error::new_spanned(name, format!("`predicate` needs a function: {WRITE}"));
    if !input.peek(syn::token::Paren) {
        return Err(missing());
    }
    let inside;
    syn::parenthesized!(inside in input);
    if inside.is_empty() {
        return Err(missing());
    }
    let wrong = |span| syn::Error::new(span, format!("`predicate` takes a function by its path: {WRITE}"));
    let path = inside.parse().map_err(|error| wrong(error.span()))?;
    if inside.is_empty() { Ok(path) } else { Err(wrong(inside.span())) }
}
