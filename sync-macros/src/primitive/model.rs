//! A use of `#[primitive]` that makes sense.

use proc_macro2::TokenStream;
use syn::{Expr, Ident, Lifetime};

use crate::host::Host;

/// The primitive.
pub(super) struct Primitive {
    pub(super) host: Host,
    /// The type that carries the user's `impl Policy`: the struct around the default lock.
    pub(super) rule: TokenStream,
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
}

/// The names of a borrowed thing and of its owned twin.
pub(super) struct Pair {
    pub(super) borrowed: Ident,
    pub(super) owned: Ident,
}
