//! Arguments that some modes take and others do not.

use syn::{ExprPath, Ident, LitInt, Token, Type, parse::ParseStream};

use super::modes::{Declaration, MODES};
use crate::{
    diag::Errors,
    queue_owner::args::{enumerate, value},
};

/// Such an argument.
pub(super) struct ModeOption {
    /// The word by which it is given.
    pub(super) word: &'static str,
    pub(super) read: Read,
}

/// Reads what stands behind a word. What it puts into the slot counts even if it then fails, so that what is
/// generated for it is there.
pub(super) type Read = fn(&mut Option<Setting>, &Ident, ParseStream<'_>) -> syn::Result<()>;

/// What was read.
pub(super) enum Setting {
    /// A word that takes no value.
    Flag,
    Type(Box<Type>),
    Path(ExprPath),
    Number(usize),
}

/// The options that were given.
#[derive(Default)]
pub(super) struct Settings(Vec<(&'static ModeOption, Ident, Setting)>);

impl Settings {
    pub(super) fn add(&mut self, option: &'static ModeOption, word: &Ident, setting: Setting) {
        self.0.push((option, word.clone(), setting));
    }

    /// What was given for `option`.
    pub(super) fn get(&self, option: &ModeOption) -> Option<&Setting> {
        self.0.iter().find(|(given, ..)| given.word == option.word).map(|(.., setting)| setting)
    }

    /// Reports the options that `mode`, whose name is `name`, does not have, and takes them out.
    pub(super) fn check(&mut self, mode: &Declaration, name: &Ident, errors: &mut Errors) {
        self.0.retain(|(option, word, _)| {
            let fits = mode.takes(option.word);
            if !fits {
                let modes = MODES.iter().filter(|mode| mode.takes(option.word)).map(|mode| mode.name);
                let modes = enumerate(&modes.collect::<Vec<_>>());
                errors.at(word, format!("`{word}` goes with {modes}, not with `match = {name}`: remove it"));
            }
            fits
        });
    }

    /// Reports that `undelivered` has no value to take, and takes it out.
    pub(super) fn check_undelivered(&mut self, errors: &mut Errors) {
        self.0.retain(|(option, word, _)| {
            let undelivered = option.word == UNDELIVERED.word;
            if undelivered {
                errors.at(
                    word,
                    "`undelivered` takes the values that no waiter took, and there are none: add `value = …`, or remove it",
                );
            }
            !undelivered
        });
    }
}

/// `undelivered = path`.
pub(super) static UNDELIVERED: ModeOption = ModeOption {
    word: "undelivered",
    read: |slot, word, input| {
        let what = "the path of a function that takes the key, by reference, and the value";
        *slot = Some(Setting::Path(value(word, input, what, "give_back")?));
        Ok(())
    },
};

/// `buckets = 64`. If the number makes no sense, there is one.
pub(super) static BUCKETS: ModeOption = ModeOption {
    word: "buckets",
    read: |slot, word, input| {
        *slot = Some(Setting::Number(1));
        let literal = value(word, input, "the number of buckets, a power of two as a literal", "64")?;
        *slot = Some(Setting::Number(power_of_two(&literal)?));
        Ok(())
    },
};

fn power_of_two(literal: &LitInt) -> syn::Result<usize> {
    let wrong = |message: String| Err(syn::Error::new_spanned(literal, message));
    match literal.base10_parse::<usize>() {
        Ok(number) if number.is_power_of_two() => Ok(number),
        Ok(0) => wrong(
            "there is at least one bucket: write a power of two, or leave out `buckets` to have one lock for all"
                .to_owned(),
        ),
        Ok(number) => {
            let instead = match number.checked_next_power_of_two() {
                Some(more) => format!("{} or {more}", more / 2),
                None => "a smaller one".to_owned(),
            };
            wrong(format!("the number of buckets is a power of two: write {instead}"))
        }
        Err(_) if literal.base10_digits().starts_with('-') => {
            wrong("there is at least one bucket: write a power of two".to_owned())
        }
        Err(_) => wrong("this is more buckets than a `usize` can count: write a smaller power of two".to_owned()),
    }
}

/// Reads a word that takes no value.
pub(super) fn flag(slot: &mut Option<Setting>, word: &Ident, input: ParseStream<'_>) -> syn::Result<()> {
    *slot = Some(Setting::Flag);
    if input.peek(Token![=]) {
        return Err(input.error(format!("`{word}` stands alone: remove the value")));
    }
    Ok(())
}
