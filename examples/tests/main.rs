//! Runs the examples as a user does, and looks at what they print and how they end.
#![expect(
    clippy::std_instead_of_core,
    clippy::unwrap_used,
    reason = "it is a test, and has an operating system"
)]

mod config_store;
mod fair_resource;
mod interrupt;
mod request_reply;
mod support;
mod worker_pool;
