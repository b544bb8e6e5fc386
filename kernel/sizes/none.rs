//! What every image has: boot, interrupts, executor.
#![no_std]
#![no_main]

kernel::image!(async {
    core::future::pending::<()>().await;
});
