//! A use of `#[primitive]` that makes sense.

use proc_macro2::TokenStream;
use syn::{Attribute, Expr, Ident, Lifetime, Type};

use super::parse::New;
use crate::queue_owner::QueueOwner;

/// The primitive.
pub(super) struct Primitive {
    pub(super) owner: QueueOwner,
    /// The type that carries the user's `impl Policy` or `impl WordPolicy`: the struct around the default
    /// lock.
    pub(super) policy: TokenStream,
    /// What runs the queue: the same, or what makes a rule of it.
    pub(super) rule: TokenStream,
    /// The type of the state word, for a primitive that is one.
    pub(super) word: Option<Type>,
    /// How it is made, unless from its state.
    pub(super) new: Option<New>,
    /// The lifetime of a borrowed future's queue; none of the user's has its name.
    pub(super) borrow: Lifetime,
    pub(super) groups: Vec<Group>,
}

/// One way to wait.
pub(super) struct Group {
    /// The methods; `None` after a misuse.
    pub(super) methods: Option<Pair>,
    /// The future types; `None` after a misuse: the methods then return the types without their names.
    pub(super) futures: Option<Pair>,
    /// The waiter that the method makes, when it takes none.
    pub(super) waiter: Option<Expr>,
    /// The user's own documentation of the method and of the future; none to have it generated.
    pub(super) method_docs: Vec<Attribute>,
    pub(super) future_docs: Vec<Attribute>,
}

/// The names of a borrowed thing and of its owned twin.
pub(super) struct Pair {
    pub(super) borrowed: Ident,
    pub(super) owned: Ident,
}
