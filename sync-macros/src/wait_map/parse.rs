//! Tokens to syntax: the arguments.

use proc_macro2::TokenStream;
use syn::{
    Ident, Type,
    parse::{Parse, ParseStream},
};

use super::{
    modes::{Declaration, MODES},
    options::{ModeOption, Setting, Settings},
};
use crate::{
    crate_path::CratePath,
    diag::Errors,
    list,
    queue_owner::args::{self, enumerate, twice, unknown, value},
};

/// What stands between the parentheses.
#[derive(Default)]
pub(super) struct Args {
    pub(super) key: Option<Type>,
    /// With its word.
    pub(super) value: Option<(Ident, Type)>,
    pub(super) mode: Option<ModeName>,
    pub(super) settings: Settings,
    pub(super) future: Option<Ident>,
    pub(super) subscribe: Option<Ident>,
    pub(super) crate_path: Option<CratePath>,
    /// Whether all of it could be read: only then does what is missing mean anything.
    pub(super) complete: bool,
}

/// What stands behind `match =`.
pub(super) struct ModeName {
    pub(super) name: Ident,
    pub(super) mode: &'static Declaration,
    /// What stands in parentheses behind the name, unless it could not be read.
    pub(super) argument: Option<Setting>,
}

pub(super) fn parse(tokens: TokenStream, errors: &mut Errors) -> Args {
    let mut args = Args::default();
    args.complete = args::read(tokens, errors, |word, input| argument(&mut args, word, input));
    args
}

fn argument(args: &mut Args, word: &Ident, input: ParseStream<'_>) -> syn::Result<()> {
    match word.to_string().as_str() {
        "key" => set(&mut args.key, word, value(word, input, "the type of the keys", "u16")?),
        "value" => {
            let ty = value(word, input, "the type of what a wait yields", "Reply")?;
            set(&mut args.value, word, (word.clone(), ty))
        }
        "match" => {
            let AnyName(name) = value(word, input, "the rule that finds the waiters to wake", "unique")?;
            mode(&mut args.mode, word, name, input)
        }
        "future" => set(&mut args.future, word, value(word, input, "the name of a future type", "Wait")?),
        "subscribe" => {
            set(&mut args.subscribe, word, value(word, input, "the name of a future type", "Subscribe")?)
        }
        "crate" => set(&mut args.crate_path, word, args::crate_path(word, input)?),
        other => {
            let Some(option) = options().find(|option| option.word == other) else {
                return Err(unknown(word, "wait_map", &known()));
            };
            if args.settings.get(option).is_some() {
                return Err(twice(word));
            }
            let mut slot = None;
            let result = (option.read)(&mut slot, word, input);
            if let Some(setting) = slot {
                args.settings.add(option, word, setting);
            }
            result
        }
    }
}

/// The options of the modes; those that several have, several times.
fn options() -> impl Iterator<Item = &'static ModeOption> {
    MODES.iter().flat_map(|mode| mode.options).copied()
}

/// The words of all arguments.
fn known() -> Vec<&'static str> {
    let mut words = vec!["key", "value", "match"];
    for option in options() {
        if !words.contains(&option.word) {
            words.push(option.word);
        }
    }
    words.extend(["future", "subscribe", "crate"]);
    words
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
struct AnyName(Ident);

impl Parse for AnyName {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        list::name(input).map(Self)
    }
}

fn mode(slot: &mut Option<ModeName>, word: &Ident, name: Ident, input: ParseStream<'_>) -> syn::Result<()> {
    let Some(mode) = MODES.iter().find(|mode| name == mode.name) else {
        let known = enumerate(&MODES.map(|mode| mode.name));
        return Err(syn::Error::new_spanned(&name, format!("unknown mode `{name}`: `match` takes {known}")));
    };
    if slot.is_some() {
        return Err(twice(word));
    }
    // Known from here on, whatever its argument is.
    let ModeName { name, argument, .. } = slot.insert(ModeName { name, mode, argument: None });
    mode.argument.map_or(Ok(()), |read| read(argument, name, input))
}
