//! Tasks wait for each other.
#![no_std]
#![no_main]

use kernel::sizes::join;
use sync_core::Barrier;

static BARRIER: Barrier = Barrier::new(2);

kernel::image!(async {
    join(BARRIER.wait(), BARRIER.wait()).await;
});
