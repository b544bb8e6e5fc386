//! Tokens to syntax: the arguments.

use proc_macro2::TokenStream;
use syn::{
    Ident, Type,
    parse::{Parse, ParseStream},
};

use super::model::Mode;
use crate::{
    diag::Errors,
    host::args::{self, enumerate, twice, unknown, value},
    krate::Krate,
    list,
};

/// The arguments that this version has.
const KNOWN: [&str; 6] = ["key", "value", "match", "future", "subscribe", "crate"];
/// The arguments that a later version has.
const LATER: [&str; 5] = ["buckets", "undelivered", "consume", "wrapping", "event"];
/// The modes that this version has.
const MODES: [&str; 2] = ["unique", "fifo"];
/// The modes that a later version has.
const LATER_MODES: [&str; 3] = ["up_to", "mask", "predicate"];

/// What stands between the parentheses.
#[derive(Default)]
pub(super) struct Args {
    pub(super) key: Option<Type>,
    pub(super) value: Option<Type>,
    pub(super) mode: Option<Mode>,
    pub(super) future: Option<Ident>,
    pub(super) subscribe: Option<Ident>,
    pub(super) krate: Option<Krate>,
    /// Whether all of it could be read: only then does what is missing mean anything.
    pub(super) whole: bool,
}

pub(super) fn parse(tokens: TokenStream, errors: &mut Errors) -> Args {
    let mut args = Args::default();
    args.whole = args::read(tokens, errors, |word, input| argument(&mut args, word, input));
    args
}

fn argument(args: &mut Args, word: &Ident, input: ParseStream<'_>) -> syn::Result<()> {
    match word.to_string().as_str() {
        "key" => set(&mut args.key, word, value(word, input, "the type of the keys", "u16")?),
        "value" => set(&mut args.value, word, value(word, input, "the type of what a wait yields", "Reply")?),
        "match" => {
            let name: ModeName = value(word, input, "the rule that finds whom to wake", "unique")?;
            set(&mut args.mode, word, mode(&name.0, input)?)
        }
        "future" => set(&mut args.future, word, value(word, input, "the name of a future type", "Wait")?),
        "subscribe" => {
            set(&mut args.subscribe, word, value(word, input, "the name of a future type", "Subscribe")?)
        }
        "crate" => set(&mut args.krate, word, args::krate(word, input)?),
        later if LATER.contains(&later) => Err(syn::Error::new_spanned(
            word,
            format!("`{word}` is not there yet in this version: remove it"),
        )),
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

/// An identifier that may be a keyword.
struct ModeName(Ident);

impl Parse for ModeName {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        list::name(input).map(Self)
    }
}

fn mode(name: &Ident, input: ParseStream<'_>) -> syn::Result<Mode> {
    let known = enumerate(&MODES);
    match name.to_string().as_str() {
        "unique" => Ok(Mode::Unique),
        "fifo" => Ok(Mode::Fifo),
        later if LATER_MODES.contains(&later) => {
            // What belongs to the mode, `predicate(path)`, is no mistake of its own.
            list::skip_to_comma(input);
            Err(syn::Error::new_spanned(
                name,
                format!("`match = {name}` is not there yet in this version, which has {known}"),
            ))
        }
        _ => Err(syn::Error::new_spanned(name, format!("unknown mode `{name}`: `match` takes {known}"))),
    }
}
