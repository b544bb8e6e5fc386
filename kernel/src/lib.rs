//! What a small x86_64 kernel needs around `sync-core`: boot, interrupts, two CPUs, and an executor whose
//! tasks are woken by interrupt handlers. No allocator, no nightly feature, the host's own toolchain.
//!
//! To be read in this order: [`executor`] and [`time`], which is how the library is used; [`critical`], which
//! is what the library asks for; then how the machine gets there, from [`boot`] on.
//!
//! The layers, each of which uses only those below it:
//!
//! 1. `sizes`, `irq`: what an image is made of, and how a task waits for an interrupt;
//! 2. `critical`, `runtime`: what the library and the compiler ask for;
//! 3. `costs`: what a call costs;
//! 4. `boot`: from the loader to `main`;
//! 5. `smp`: the second CPU;
//! 6. `executor`: runs tasks;
//! 7. `executor::waker`: wakes them;
//! 8. `executor::ready`, `executor::task`: which are ready, and where they are;
//! 9. `time`, `descriptors`: the clock, and where a CPU finds its stacks and handlers;
//! 10. `interrupts`: from a vector to a function;
//! 11. `console`: text;
//! 12. `devices::apic`, `devices::debug_exit`, `devices::pic`, `devices::pit`, `devices::serial`: the
//!     devices;
//! 13. `devices`: how they are reached;
//! 14. `cpu`: which one this is.
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
