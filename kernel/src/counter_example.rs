//! What happens without critical sections: the hammer's first test, on a queue over a plain spin lock.
//!
//! The handler interrupts a task that holds the lock, on the same CPU, and spins for it: the task cannot go
//! on before the handler returns, and the handler does not return before the task goes on. Nothing on this
//! CPU ends that. Here the second CPU watches, says so, and ends the run with a status of its own; on a
//! machine with one CPU it would be still.

use core::{
    pin::pin,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

use embassy_futures::{poll_once, yield_now};
use kernel::{
    cpu,
    devices::{
        apic,
        debug_exit::{self, Status},
    },
    interrupts, println, spawn,
};
use sync_core::{WaitQueue, spin::Spinlock};

/// The mistake.
static QUEUE: WaitQueue<Spinlock> = WaitQueue::new_with_raw_mutex(Spinlock::new());

/// Odd while the handler runs.
static HANDLER: AtomicU64 = AtomicU64::new(0);

const INTERRUPTS: u64 = 100_000;

pub(crate) fn start() {
    assert_eq!(cpu::online(), 2, "the second CPU watches: boot with -smp 2");
    println!("an interrupt handler wakes tasks of a queue whose raw lock is a plain spin lock");
    interrupts::set_handler(apic::TIMER, || {
        HANDLER.fetch_add(1, Relaxed);
        QUEUE.wake();
        HANDLER.fetch_add(1, Relaxed);
        apic::interrupt_after(2_000);
    });
    spawn!(0, work(()));
    spawn!(1, watch(()));
}

async fn work((): ()) {
    apic::interrupt_after(1);
    while HANDLER.load(Relaxed) < 2 * INTERRUPTS {
        for _ in 0..1000 {
            let _ = poll_once(pin!(QUEUE.wait()).as_mut());
        }
        yield_now().await;
    }
    println!("no deadlock in {INTERRUPTS} interrupts");
    debug_exit::exit(Status::Success)
}

/// Runs on the second CPU. The clock stands still with the first one, whose interrupt it is; the counter does
/// not.
async fn watch((): ()) {
    /// One to three seconds.
    const PATIENCE: u64 = 3_000_000_000;
    let mut seen = 0;
    let mut since = cpu::time_stamp();
    loop {
        let now = HANDLER.load(Relaxed);
        if now != seen || now % 2 == 0 {
            (seen, since) = (now, cpu::time_stamp());
        } else if cpu::time_stamp() - since > PATIENCE {
            let nth = now.div_ceil(2);
            println!("deadlock: CPU 0 does not leave its interrupt handler; it is run number {nth}");
            debug_exit::exit(Status::DeadLock)
        }
        core::hint::spin_loop();
    }
}
