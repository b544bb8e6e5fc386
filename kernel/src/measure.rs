//! The table of what each operation costs on this machine, printed for kernel/README.md.

#[macro_use]
#[path = "../../firmware/costs/src/operations.rs"]
mod operations;

use core::{mem::size_of_val, pin::pin, time::Duration};

use embassy_futures::join::join_array;

use kernel::{
    costs::{self, Cost},
    devices::debug_exit::{self, Status},
    println,
    time::{sleep, timeout},
};
use sync_core::{Barrier, Mutex, RwLock, Semaphore, WaitCell, WaitMap, WaitQueue, wait_map::WakeOutcome};

use self::operations::{Flags, Reached, Rows, poll};

pub(crate) fn run() -> ! {
    println!("| operation | critical sections | longest, instructions | call, instructions | stack, bytes |");
    println!("| --- | ---: | ---: | ---: | ---: |");
    operations::all::<Table>();
    many_keys();
    println!("");
    println!("| a task that waits in | bytes of its future |");
    println!("| --- | ---: |");
    futures();
    debug_exit::exit(Status::Success)
}

struct Table;

impl Rows for Table {
    fn row(name: &str, f: impl FnOnce()) {
        let Cost { sections, longest, instructions, stack } = costs::of(f);
        println!("| {name} | {sections} | {longest} | {instructions} | {stack} |");
    }
}

/// More than a microcontroller has room for.
fn many_keys() {
    static MAP: WaitMap<usize, u32> = WaitMap::new();
    with_waiting!(256, |n| MAP.wait(n), {
        Table::row("`WaitMap::wake`, the last of 256", || {
            assert!(matches!(MAP.wake(&255, 7), WakeOutcome::Woke));
        });
    });
}

fn futures() {
    static LOCK: Mutex<u32> = Mutex::new(0);
    static RW: RwLock<u32> = RwLock::new(0);
    static PERMITS: Semaphore = Semaphore::new(0);
    static CELL: WaitCell = WaitCell::new();
    static QUEUE: WaitQueue = WaitQueue::new();
    static MAP: WaitMap<usize, u32> = WaitMap::new();
    static REACHED: Reached = Reached::new();
    static FLAGS: Flags = Flags::new();
    static BARRIER: Barrier = Barrier::new(2);
    for (name, bytes) in [
        ("`Mutex::lock`", size_of_val(&LOCK.lock())),
        ("`RwLock::read`, `write`", size_of_val(&RW.write())),
        ("`Semaphore::acquire`", size_of_val(&PERMITS.acquire(1))),
        ("`WaitCell::wait`", size_of_val(&CELL.wait())),
        ("`WaitQueue::wait`", size_of_val(&QUEUE.wait())),
        ("`WaitMap<usize, u32>::wait`", size_of_val(&MAP.wait(1))),
        ("`up_to` of `u64`", size_of_val(&REACHED.wait(1))),
        ("`mask` of `u32`", size_of_val(&FLAGS.wait_all(1))),
        ("`Barrier::wait`", size_of_val(&BARRIER.wait())),
        ("`sleep` of this kernel", size_of_val(&sleep(Duration::ZERO))),
        ("`timeout` of this kernel, for a `Mutex::lock`", size_of_val(&timeout(Duration::ZERO, LOCK.lock()))),
    ] {
        println!("| {name} | {bytes} |");
    }
}
