//! Cells that are filled once, and then read by any number of threads.
//!
//! - [`InitOnce`] is filled by the first that has the value.
//! - [`Lazy`] knows how to make its value, and does so when it is first asked for it.
//!
//! Reading costs one load and one comparison. Both drop the value with the cell.
//!
//! # One at a time
//!
//! However many threads ask at once, one runs its initializer, and the others spin until there is a value.
//!
//! **If it panics,** the panic continues in the thread that ran it, and the cell is as before: not
//! initialized, not poisoned. The threads that were waiting try again, each with its own initializer.
//!
//! **If it asks for the value of the cell that it is to fill,** it waits for itself: a deadlock. The same
//! happens if an interrupt handler asks for the value while the initializer that it interrupted runs on the
//! same processor: fill a cell before the interrupt is enabled, or have the handler use [`InitOnce::try_get`]
//! and [`Lazy::get_if_present`], which never wait.

mod cell;
mod error;
mod init_once;
mod lazy;

pub use self::{error::TryInitError, init_once::InitOnce, lazy::Lazy};
