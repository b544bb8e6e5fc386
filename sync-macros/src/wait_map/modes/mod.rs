//! The modes: how a wake-up finds its waiters. Each has a file with all that is its own.
//!
//! A new mode is such a file and a line of [`MODES`].

mod by_key;
mod fifo;
mod mask;
mod predicate;
mod stub;
mod unique;
mod up_to;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Path, Type};

pub(super) use self::stub::Stub;
use super::{
    bounds::Requirements,
    model::WaitMap,
    options::{ModeOption, Read},
    parse::{Args, ModeName},
};
use crate::diag::Errors;

/// All of them, in the order in which messages name them.
pub(super) static MODES: [&Declaration; 5] =
    [&unique::MODE, &fifo::MODE, &up_to::MODE, &mask::MODE, &predicate::MODE];

/// What is known of a mode by its name.
pub(super) struct Declaration {
    /// What stands behind `match =`.
    pub(super) name: &'static str,
    /// What reads its argument, which stands in parentheses behind the name.
    pub(super) argument: Option<Read>,
    /// What it takes of the arguments that not every mode takes.
    pub(super) options: &'static [&'static ModeOption],
    /// What it is for, for the message that the mode is missing.
    pub(super) purpose: &'static str,
    /// What its keys are, for the message that the key is missing.
    pub(super) key: &'static str,
    /// What a wait yields that is of the key's type; otherwise it yields the map's `value`.
    pub(super) yields: Option<&'static str>,
    /// Whether a wait may find its key taken, which its error can say.
    pub(super) one_per_key: bool,
    /// Makes it of its arguments, or reports what of them is missing.
    pub(super) new: fn(&ModeName, &Args, &mut Errors) -> Box<dyn Mode>,
}

impl Declaration {
    /// Returns whether the option `word` is one of this mode.
    pub(super) fn takes(&self, word: &str) -> bool {
        self.options.iter().any(|option| option.word == word)
    }
}

/// What a mode generates.
pub(super) trait Mode {
    /// The type of the library that knows the mode; values that no waiter takes go to `sink`.
    fn rule(&self, p: &Path, key: &Type, value: &Type, sink: Option<&TokenStream>) -> TokenStream;

    /// What it requires of the key.
    fn require(&self, _of: &mut Requirements<'_>) {}

    /// How a map starts.
    fn start(&self, _map: &WaitMap) -> Start {
        Start { state: quote!(()), bound: None }
    }

    /// Constructors besides `new`, for the default lock alone.
    fn around_default_lock(&self, _map: &WaitMap) -> TokenStream {
        TokenStream::new()
    }

    /// The methods of the map, in the order in which its page shows them.
    fn methods(&self, map: &WaitMap) -> TokenStream;

    /// What the futures have besides.
    fn methods_of_future(&self, _map: &WaitMap) -> Option<TokenStream> {
        None
    }

    /// What the documentation that all modes have says of this one.
    fn docs(&self, map: &WaitMap) -> Docs;
}

/// How a map starts.
pub(super) struct Start {
    /// What it is besides its waiters.
    pub(super) state: TokenStream,
    /// What has to hold for that.
    pub(super) bound: Option<TokenStream>,
}

/// The parts of the documentation in which modes differ.
pub(super) struct Docs {
    /// What the type is: "map", "event group".
    pub(super) noun: &'static str,
    /// What a new one is: "a map with …".
    pub(super) new: &'static str,
    /// The methods that wait, without their owned twins.
    pub(super) waits: &'static [&'static str],
    /// What a wait has once it is in its place: "from then on …".
    pub(super) from_then: &'static str,
    /// What `subscribe` may fail with.
    pub(super) subscribe_errors: &'static str,
    /// What happens when a future is polled again after it was ready, and what else there is to know of it.
    pub(super) future: &'static str,
    /// What a dropped future means, and what becomes of what it was given.
    pub(super) cancel: String,
}
