//! A use of `#[wait_map]` that makes sense.

use proc_macro2::TokenStream;
use syn::{Ident, Lifetime, Type};

use crate::host::Host;

/// How a wake finds its waiters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// At most one waiter per key.
    Unique,
    /// Any number of waiters per key, oldest first.
    Fifo,
}

/// The wait map.
pub(super) struct WaitMap {
    pub(super) host: Host,
    /// The type of the library that knows the mode: `Unique<K, V>`, `Fifo<K, V>`.
    pub(super) rule: TokenStream,
    /// What a wait yields, for the user.
    pub(super) value: Value,
    pub(super) names: Futures,
    pub(super) body: Body,
}

/// What a wake gives to a wait.
pub(super) struct Value {
    pub(super) ty: Type,
    /// Whether the user named it: otherwise it is `()`, and the wake methods do not take it.
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
    /// After a misuse that leaves the key or the mode open: those of all modes, which take anything.
    Stub,
}
