//! The kernel's own tests, run on the bare machine. What the command line says:
//!
//! | word | |
//! | --- | --- |
//! | `cpus=N` | fail unless there are N CPUs |
//! | `console=N` | the host sends N bytes after the line that asks for them; without it, their test is skipped |
//! | `panic` | instead of the tests: one that panics, and must fail the run |
//! | `overflow` | instead: one that needs more stack than there is, which must be found out |
//! | `counter-example` | instead: the deadlock of a plain spin lock; needs two CPUs, of which the second watches |
//! | `costs` | instead: what each operation costs; needs the feature `costs`, and `-icount` |
//!
//! The layers, each of which uses only those below it:
//!
//! 1. `tests`, `counter_example`, `measure`: what it does;
//! 2. `testing`: how a test is run.
#![no_std]
#![no_main]

mod counter_example;
#[cfg(feature = "costs")]
mod measure;
mod testing;
mod tests;

use kernel::{
    boot::CommandLine,
    cpu::{self, interrupts},
    devices::apic,
    executor, irq, smp, spawn,
};

kernel::entry!(main);

fn main(line: CommandLine) -> ! {
    apic::init(true);
    irq::init();
    interrupts::enable();
    smp::start_second();
    if let Some(cpus) = line.value("cpus") {
        assert_eq!(Ok(cpu::online()), cpus.parse(), "CPUs that run, and CPUs that were promised");
    }

    if line.has("counter-example") {
        counter_example::start();
    } else if line.has("costs") {
        #[cfg(feature = "costs")]
        measure::run();
        #[cfg(not(feature = "costs"))]
        panic!("built without the feature `costs`");
    } else {
        spawn!(0, test(line));
    }
    executor::run()
}

async fn test(line: CommandLine) {
    if line.has("panic") {
        tests::run_one_that_panics().await;
    } else if line.has("overflow") {
        tests::run_one_that_overflows().await;
    } else {
        tests::run_all(line).await;
    }
}
