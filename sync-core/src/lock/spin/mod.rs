//! Locks that spin, and cells that are filled once.
//!
//! | type | what it is |
//! | --- | --- |
//! | [`Spinlock`] | a raw lock for a [`blocking::Mutex`](crate::blocking::Mutex) or an async primitive |
//! | [`TicketLock`] | the same, first come, first served |
//! | [`RwSpinlock`] | a raw lock for a [`blocking::RwLock`](crate::blocking::RwLock) |
//! | [`InitOnce`] | a cell that is filled once |
//! | [`Lazy`] | a cell that fills itself when it is first read |
//!
//! They work everywhere and never yield the processor. A spinlock that an interrupt handler takes deadlocks
//! when the interrupted code holds it on the same processor: use the `critical-section` feature or a raw lock
//! of your own there (see [`blocking`](crate::blocking)).

#![expect(unsafe_code, reason = "raw locks implement unsafe traits; a cell is filled behind `&`")]

mod mutex;
pub mod once;
mod rwlock;
mod ticket;

pub use self::{
    mutex::Spinlock,
    once::{InitOnce, Lazy},
    rwlock::RwSpinlock,
    ticket::TicketLock,
};
