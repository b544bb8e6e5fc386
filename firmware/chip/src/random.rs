//! Numbers without a pattern, the same in each run.

use core::{
    ops::Range,
    sync::atomic::{AtomicU32, Ordering::Relaxed},
};

/// Returns a number of the range. For the clock's interrupt, which nothing interrupts that calls it, too.
pub(crate) fn random(range: Range<u32>) -> u32 {
    static STATE: AtomicU32 = AtomicU32::new(0x9e37_79b9);
    // Marsaglia's xorshift.
    let mut state = STATE.load(Relaxed);
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    STATE.store(state, Relaxed);
    range.start + state % (range.end - range.start)
}
