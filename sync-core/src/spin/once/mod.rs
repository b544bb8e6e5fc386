//! Cells that are filled once, and then read by everybody.
//!
//! - [`InitOnce`] is filled by whoever has the value first.
//! - [`Lazy`] knows how to make its value, and does so when somebody asks for it.
//!
//! Reading costs one load and one comparison. Both drop the value with the cell.
//!
//! # One at a time
//!
//! However many ask at once, one runs its initializer, and the others spin until there is a value.
//!
//! **If it panics,** the panic goes on in the thread that ran it, and the cell is as before: not initialized, not
//! poisoned. The threads that were waiting try again, each with its own initializer.
//!
//! **If it asks for the value of the cell that it is to fill,** it waits for itself: a dead-lock. And so it
//! does if an interrupt handler asks for the value while the initializer that it interrupted runs on the same
//! processor: fill a cell before the interrupt is enabled, or have the handler use [`InitOnce::try_get`] and
//! [`Lazy::get_if_present`], which never wait.

mod cell;
mod error;
mod init_once;
mod lazy;

pub use self::{error::TryInitError, init_once::InitOnce, lazy::Lazy};
