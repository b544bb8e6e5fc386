//! The path by which this crate uses its own macros (`crate = crate::own`): what their output makes of it is
//! allowed its piece of unsafe code, which in other crates needs no allowance, and stays pinned because there
//! is no other `impl` here; see [`named`](crate::named).

pub(crate) mod __private {
    pub(crate) use crate::__private::*;
    // Before what comes by the asterisk.
    pub(crate) use crate::named::own_future as future;
}
