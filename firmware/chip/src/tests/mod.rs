//! What is shown.

pub(crate) mod driver;
pub(crate) mod fails;
pub(crate) mod hammer;
pub(crate) mod priorities;
pub(crate) mod requests;
pub(crate) mod timeouts;
