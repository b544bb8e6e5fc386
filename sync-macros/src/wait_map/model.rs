//! A use of `#[wait_map]` that makes sense.

use proc_macro2::TokenStream;
use syn::{ExprPath, Ident, Lifetime, Type};

use super::modes::Mode;
use crate::queue_owner::QueueOwner;

/// The wait map.
pub(super) struct WaitMap {
    pub(super) owner: QueueOwner,
    /// How a wake-up finds its waiters; after a misuse that leaves the key or the mode open, a stub.
    pub(super) mode: Box<dyn Mode>,
    pub(super) key: Type,
    /// The type of the library that knows the mode: `Unique<K, V>`, `Fifo<K, V>`.
    pub(super) rule: TokenStream,
    /// Whether a wait may find its key taken, which its error can say.
    pub(super) one_per_key: bool,
    /// What a wait yields, for the user.
    pub(super) value: Value,
    /// Where values go that no waiter takes, if anywhere.
    pub(super) undelivered: Option<ExprPath>,
    pub(super) names: Futures,
}

/// What a wake-up gives to a wait.
pub(super) struct Value {
    pub(super) ty: Type,
    /// Whether the user named it: otherwise the wake methods do not take it, and it is what the mode gives:
    /// `()`, a position or flags.
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
