//! A firmware that QEMU boots: interrupts wake tasks of two priorities, on a Cortex-M or a RISC-V core with
//! 16 KiB of memory.
//!
//! What is shown is in [`tests`]; [`device`] is the peripheral whose interrupts feed it. The rest is what a
//! firmware is made of: two executors of embassy's, the higher of which is an interrupt handler, and a clock.
//!
//! | level, from the lowest | what runs there |
//! | --- | --- |
//! | thread | the executor of the tests |
//! | executor's interrupt | tasks that do not wait for those of the tests |
//! | device's interrupt | what a test wants to happen at any instruction of the two above |
//! | clock's interrupt | time; asks for the device's interrupt; notices when a handler does not return |
#![no_std]
#![no_main]

mod clock;
mod device;
mod high;
mod machine;
mod random;
mod stack;
mod testing;
mod tests;
mod watch;

use embassy_executor::Spawner;
use portable_atomic as _;
use semihosting::{experimental::env, process};

/// How the run ends, as QEMU's exit status. Cargo's own are 0, 1 and 101.
#[derive(Clone, Copy)]
enum Status {
    Success = 0,
    Failure = 33,
    /// What is above the tests does not let them run.
    Stuck = 35,
}

fn exit(status: Status) -> ! {
    process::exit(status as i32)
}

/// The first task of the lower executor: all tests, or those that the host asks for.
#[embassy_executor::task]
async fn main_task() {
    let asked_for = env::args::<256>().expect("the host tells");
    // The first one is the name of the image.
    match (&asked_for).into_iter().nth(1) {
        None => testing::suite! {
            driver: bytes;
            requests: replies, no_reply;
            priorities: mutex, semaphore, churn;
            timeouts: elapses, comes_in_time;
            hammer: permits, queue, token, map, lock, cell;
        },
        Some(Ok("panic")) => testing::suite! { fails: on_purpose; },
        // For builds with a mistake.
        Some(Ok("queue")) => testing::suite! { hammer: queue; },
        Some(Ok("churn")) => testing::suite! { priorities: churn; },
        Some(other) => panic!("there are no tests {other:?}"),
    }
}

fn start(low: Spawner) {
    stack::paint();
    high::start(machine::high());
    low.spawn(main_task().expect("it is spawned once"));
    low.spawn(watch::heartbeat().expect("it is spawned once"));
    machine::start_clock();
}

#[panic_handler]
fn panic(info: &core::panic::PanicInfo<'_>) -> ! {
    testing::on_panic(info);
    exit(Status::Failure)
}
