//! A use of `#[wait_map]` that makes sense.

use proc_macro2::TokenStream;
use syn::{ExprPath, Ident, Lifetime, Type};

use crate::host::Host;

/// How a wake finds its waiters.
pub(super) enum Mode {
    /// At most one waiter per key.
    Unique,
    /// Any number of waiters per key, oldest first.
    Fifo,
    /// Those who wait for a position that was reached.
    UpTo {
        /// Whether positions are sequence numbers that wrap, and not in the order of `Ord`.
        wrapping: bool,
    },
    /// Those who wait for flags that are set.
    Mask {
        /// Whether the first one takes the flags.
        consume: bool,
    },
    /// Those of whose key and the event a function holds. `None` after a misuse that leaves open which one: then
    /// nobody can be notified of anything.
    Predicate(Option<Box<Predicate>>),
}

/// Which keys an event is for.
pub(super) struct Predicate {
    /// The function.
    pub(super) holds: ExprPath,
    /// The type that it is asked about.
    pub(super) event: Type,
}

/// The wait map.
pub(super) struct WaitMap {
    pub(super) host: Host,
    /// The type of the library that knows the mode: `Unique<K, V>`, `Fifo<K, V>`.
    pub(super) rule: TokenStream,
    /// Whether a wait may find its key taken, which its error can say.
    pub(super) is_unique: bool,
    /// What a wait yields, for the user.
    pub(super) value: Value,
    /// Where values go that nobody gets, if not nowhere.
    pub(super) undelivered: Option<ExprPath>,
    pub(super) names: Futures,
    pub(super) body: Body,
}

/// What a wake gives to a wait.
pub(super) struct Value {
    pub(super) ty: Type,
    /// Whether the user named it: otherwise the wake methods do not take it, and it is what the mode gives: `()`, a
    /// position or flags.
    pub(super) given: bool,
    /// Whether it depends on a parameter of the struct.
    pub(super) generic: bool,
}

/// The names of the futures. `None` after a misuse: the methods then return the type without its name.
pub(super) struct Futures {
    pub(super) wait: Option<Ident>,
    pub(super) wait_owned: Option<Ident>,
    pub(super) subscribe: Option<Ident>,
    /// The lifetime of a borrowed map, and of a wait's pin; none of the user's has their names.
    pub(super) map: Lifetime,
    pub(super) pin: Lifetime,
}

/// What the methods are.
pub(super) enum Body {
    /// Those of the mode, for keys of this type.
    Whole(Mode, Box<Type>),
    /// After a misuse that leaves the key or the mode open: those of all modes, which take anything. They return
    /// keys of this type, if it is known.
    Stub(Option<Box<Type>>),
}
