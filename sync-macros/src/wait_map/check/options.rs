//! Which arguments a mode has.

use super::super::parse::{Args, Argument, Kind};
use crate::{diag::Errors, host::args::enumerate};

/// Reports the arguments that the mode does not have, and takes them out.
pub(super) fn check(args: &mut Args, errors: &mut Errors) {
    let Some(mode) = &args.mode else { return };
    let by_key = matches!(mode.kind, Kind::Unique | Kind::Fifo);
    let by_predicate = matches!(mode.kind, Kind::Predicate(_));
    let gives = match mode.kind {
        Kind::UpTo => Some("the position"),
        Kind::Mask => Some("the flags that matched"),
        _ => None,
    };

    if let (Some(gives), Some(value)) = (gives, &args.value) {
        let name = &mode.name;
        errors
            .at(&value.word, format!("with `match = {name}`, what a wait yields is {gives}: remove `value`"));
        args.value = None;
    }
    let mut only = Only { mode: mode.name.to_string(), errors };
    only.check(&mut args.wrapping, &["up_to"], matches!(mode.kind, Kind::UpTo));
    only.check(&mut args.consume, &["mask"], matches!(mode.kind, Kind::Mask));
    only.check(&mut args.event, &["predicate"], by_predicate);
    only.check(&mut args.buckets, &["unique", "fifo"], by_key);
    only.check(&mut args.undelivered, &["unique", "fifo", "predicate"], by_key || by_predicate);
    // If the value is there and cannot be read, that was reported.
    if let (Some(undelivered), None, true) = (&args.undelivered, &args.value, args.whole) {
        errors.at(
            &undelivered.word,
            "`undelivered` takes the values that nobody got, and there are none: add `value = …`, or remove it",
        );
        args.undelivered = None;
    }
}

struct Only<'e> {
    mode: String,
    errors: &'e mut Errors,
}

impl Only<'_> {
    /// Reports `slot` unless it `fits`, since it is for `modes`.
    fn check<T>(&mut self, slot: &mut Option<Argument<T>>, modes: &[&str], fits: bool) {
        if fits {
            return;
        }
        if let Some(argument) = slot.take() {
            let (word, mode) = (&argument.word, &self.mode);
            let modes = enumerate(modes);
            self.errors.at(word, format!("`{word}` goes with {modes}, not with `match = {mode}`: remove it"));
        }
    }
}
