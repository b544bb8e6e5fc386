//! What the library asks of a kernel: critical sections, which keep interrupt handlers and the other CPU out.
//!
//! With its feature `critical-section`, every primitive's raw lock is one of these. A spin lock alone would
//! not do: a handler that interrupts the holder of the lock, and spins for it on the same CPU, waits forever.
//! The mode `counter-example` of this kernel shows it.
//!
//! | state | who may do what |
//! | --- | --- |
//! | `OWNER` is 0 | any CPU may enter: 0 to n + 1, with interrupts off |
//! | `OWNER` is n + 1 | CPU n is inside `DEPTH` sections; it may enter another, and at depth 0 it leaves: n + 1 to 0 |
//!
//! Entering is an `Acquire` of the `Release` with which the last one left. With one CPU there is no other to
//! wait for, and what remains is to turn interrupts off and on.

use core::{
    hint::spin_loop,
    sync::atomic::{
        AtomicUsize,
        Ordering::{Acquire, Relaxed, Release},
    },
};

use crate::cpu::{self, interrupts};

static OWNER: AtomicUsize = AtomicUsize::new(0);

/// Written by the owner only.
static DEPTH: AtomicUsize = AtomicUsize::new(0);

struct Section;

critical_section::set_impl!(Section);

// SAFETY: between `acquire` and the `release` that belongs to it, this CPU takes no interrupt, and no other
// CPU is past `acquire`: it would have to change `OWNER` from 0.
unsafe impl critical_section::Impl for Section {
    unsafe fn acquire() -> bool {
        let interrupts_were_on = interrupts::are_enabled();
        interrupts::disable();
        // Only now: a task may not move to another CPU, but an interrupt could come in between.
        let me = cpu::id() + 1;
        if OWNER.load(Relaxed) != me {
            while OWNER.compare_exchange_weak(0, me, Acquire, Relaxed).is_err() {
                spin_loop();
            }
        }
        let depth = DEPTH.load(Relaxed);
        DEPTH.store(depth + 1, Relaxed);
        #[cfg(feature = "costs")]
        crate::costs::entered(depth);
        interrupts_were_on
    }

    unsafe fn release(interrupts_were_on: bool) {
        let depth = DEPTH.load(Relaxed) - 1;
        #[cfg(feature = "costs")]
        crate::costs::left(depth);
        DEPTH.store(depth, Relaxed);
        if depth == 0 {
            OWNER.store(0, Release);
        }
        if interrupts_were_on {
            interrupts::enable();
        }
    }
}
