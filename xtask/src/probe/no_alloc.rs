//! Links sync-core into a static library that has no allocator.
#![no_std]

use sync_core as _;

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}
