//! What compiled Rust code expects to find: functions on memory, and what a panic does.

use core::{arch::asm, panic::PanicInfo};

use sync_core::spin::InitOnce;

use crate::{console::Unlocked, cpu::interrupts, devices::debug_exit};

static ON_PANIC: InitOnce<fn()> = InitOnce::uninitialized();

/// Calls `report` after the message of a panic, before the machine is switched off.
pub fn on_panic(report: fn()) {
    ON_PANIC.init(report);
}

/// Prints where and why, and ends the run with the status of a failure.
#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    interrupts::disable();
    // The holder of the console may be the one that panicked.
    Unlocked.line(format_args!("{info}"));
    if let Some(report) = ON_PANIC.try_get() {
        report();
    }
    debug_exit::exit(debug_exit::Status::Failure)
}

/// The precompiled `core` names it, for unwinding, which does not happen here.
#[unsafe(no_mangle)]
extern "C" fn rust_eh_personality() {}

/// # Safety
///
/// As C's.
#[unsafe(no_mangle)]
unsafe extern "C" fn memcpy(to: *mut u8, from: *const u8, len: usize) -> *mut u8 {
    // SAFETY: the caller's promise. Not a loop in Rust, which would be compiled to a call of `memcpy`.
    unsafe {
        asm!("rep movsb", inout("rcx") len => _, inout("rdi") to => _, inout("rsi") from => _,
            options(nostack, preserves_flags));
    }
    to
}

/// # Safety
///
/// As C's.
#[unsafe(no_mangle)]
unsafe extern "C" fn memmove(to: *mut u8, from: *const u8, len: usize) -> *mut u8 {
    if to.addr().wrapping_sub(from.addr()) >= len {
        // SAFETY: going up, each byte is read before it may be written.
        return unsafe { memcpy(to, from, len) };
    }
    // SAFETY: the caller's promise; going down, each byte is read before it is written.
    unsafe {
        asm!("std", "rep movsb", "cld", inout("rcx") len => _, inout("rdi") to.wrapping_add(len).wrapping_sub(1) => _,
            inout("rsi") from.wrapping_add(len).wrapping_sub(1) => _, options(nostack));
    }
    to
}

/// # Safety
///
/// As C's.
#[unsafe(no_mangle)]
unsafe extern "C" fn memset(to: *mut u8, byte: i32, len: usize) -> *mut u8 {
    // SAFETY: the caller's promise.
    unsafe {
        asm!("rep stosb", inout("rcx") len => _, inout("rdi") to => _, in("al") byte.to_le_bytes()[0],
            options(nostack, preserves_flags));
    }
    to
}

/// # Safety
///
/// As C's.
#[unsafe(no_mangle)]
unsafe extern "C" fn memcmp(left: *const u8, right: *const u8, len: usize) -> i32 {
    let (mut left, mut right, mut rest) = (left, right, len);
    while rest > 0 {
        // SAFETY: there are `rest` bytes more.
        let l = unsafe { left.read() };
        // SAFETY: as above.
        let r = unsafe { right.read() };
        if l != r {
            return i32::from(l) - i32::from(r);
        }
        (left, right, rest) = (left.wrapping_add(1), right.wrapping_add(1), rest - 1);
    }
    0
}

/// # Safety
///
/// As C's.
#[unsafe(no_mangle)]
unsafe extern "C" fn bcmp(left: *const u8, right: *const u8, len: usize) -> i32 {
    // SAFETY: the caller's promise.
    unsafe { memcmp(left, right, len) }
}

/// # Safety
///
/// As C's.
#[unsafe(no_mangle)]
unsafe extern "C" fn strlen(text: *const u8) -> usize {
    let mut len = 0;
    // SAFETY: the caller's promise: there is a zero, and all before it can be read.
    while unsafe { text.wrapping_add(len).read() } != 0 {
        len += 1;
    }
    len
}
