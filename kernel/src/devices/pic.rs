//! The two 8259 interrupt controllers: sixteen lines of devices, to the first CPU.

use pic8259::ChainedPics;
use sync_core::blocking::Mutex;

/// The vector of line 0. Those below are the CPU's exceptions.
pub(crate) const FIRST_VECTOR: u8 = 0x20;

const LINES: u8 = 16;

// SAFETY: the vectors from here on are no exceptions'.
static PICS: Mutex<ChainedPics> = Mutex::new(unsafe { ChainedPics::new_contiguous(FIRST_VECTOR) });

/// Moves the lines away from the CPU's exceptions, and masks all of them.
pub fn init() {
    PICS.with_lock(|pics| {
        // SAFETY: this kernel's vectors, as above.
        unsafe { pics.initialize() };
        // SAFETY: a masked line does nothing. Line 2 is where the second controller is.
        unsafe { pics.write_masks(!(1 << 2), !0) };
    });
}

/// Returns the vector of `line`.
pub(crate) fn vector(line: u8) -> u8 {
    assert!(line < LINES, "there are {LINES} lines, not a line {line}");
    FIRST_VECTOR + line
}

/// Lets `line`, which has a handler, interrupt.
pub(crate) fn enable(line: u8) {
    PICS.with_lock(|pics| {
        // SAFETY: reads a mask.
        let [first, second] = unsafe { pics.read_masks() };
        let mask = u16::from_le_bytes([first, second]) & !(1 << line);
        let [first, second] = mask.to_le_bytes();
        // SAFETY: the line has a handler.
        unsafe { pics.write_masks(first, second) };
    });
}

/// Returns whether `vector` is that of a line.
pub(crate) fn is_line(vector: u8) -> bool {
    (FIRST_VECTOR..FIRST_VECTOR + LINES).contains(&vector)
}

/// Returns whether nothing has interrupted: a line was quiet again before the CPU asked which one it is.
pub(crate) fn is_spurious(vector: u8) -> bool {
    const IN_SERVICE: u8 = 0x0b;
    let (command, line) = match vector.wrapping_sub(FIRST_VECTOR) {
        7 => (0x20, 7),
        15 => (0xa0, 7),
        _ => return false,
    };
    super::write(command, IN_SERVICE);
    let spurious = super::read(command) >> line & 1 == 0;
    if spurious && command == 0xa0 {
        // To the first controller, line 2 was a real interrupt.
        end_of_interrupt(FIRST_VECTOR + 2);
    }
    spurious
}

/// Lets the line of `vector` interrupt again.
pub(crate) fn end_of_interrupt(vector: u8) {
    PICS.with_lock(|pics| {
        // SAFETY: called at the end of this vector's interrupt.
        unsafe { pics.notify_end_of_interrupt(vector) };
    });
}
