//! What a small x86_64 kernel needs around `sync-core`: boot, interrupts, two CPUs, and an executor whose tasks are
//! woken by interrupt handlers. No allocator, no nightly feature, the host's own toolchain.
//!
//! To be read in this order: [`executor`] and [`time`], which is how the library is used; [`critical`], which is what
//! the library asks for; then how the machine gets there, from [`boot`] on.
#![no_std]

pub mod boot;
#[macro_use]
pub mod console;
#[cfg(feature = "costs")]
#[expect(clippy::inline_always, reason = "what is not inlined has a frame in the stack that is measured")]
pub mod costs;
pub mod cpu;
pub mod critical;
mod descriptors;
pub mod devices;
pub mod executor;
pub mod interrupts;
pub mod irq;
mod runtime;
pub mod sizes;
pub mod smp;
pub mod time;

pub use self::runtime::on_panic;
