//! How much of the stack is used: below it are the variables, which a stack that is too small would write
//! over unnoticed.

use core::ptr;

/// What is there before the stack comes.
const PAINT: u32 = 0xcccc_cccc;

/// What must be left at the end.
const SPARE: usize = 1024;

// Of the runtime's linker scripts; both have them.
unsafe extern "C" {
    /// The end of the variables, where the stack ends as well.
    static __sheap: u32;
    /// Where it begins.
    static _stack_start: u32;
}

fn bounds() -> (*mut u32, *mut u32) {
    ((&raw const __sheap).cast_mut(), (&raw const _stack_start).cast_mut())
}

/// Paints what is not in use.
pub(crate) fn paint() {
    let (mut at, _) = bounds();
    let frame = 0_u32;
    // Far enough below this function's frame, which the compiler may lay out as it likes.
    let end = (&raw const frame).addr() - 512;
    while at.addr() < end {
        // SAFETY: it is memory of the stack, which has not come so far.
        unsafe { at.write_volatile(PAINT) };
        at = at.wrapping_add(1);
    }
}

/// How many bytes were used, of how many.
///
/// # Panics
///
/// If almost all were.
pub(crate) fn used() -> (usize, usize) {
    let (end, start) = bounds();
    let mut at = end;
    // SAFETY: it is memory of the stack, and nothing writes there while this looks.
    while at < start && unsafe { ptr::read_volatile(at) } == PAINT {
        at = at.wrapping_add(1);
    }
    let (left, size) = (at.addr() - end.addr(), start.addr() - end.addr());
    assert!(left >= SPARE, "the stack has {size} bytes, and {left} were left");
    (size - left, size)
}
