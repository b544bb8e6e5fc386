//! From a vector to a function.

use core::arch::global_asm;

use sync_core::spin::{InitOnce, Lazy};
use x86_64::registers::control::Cr2;

use crate::{
    cpu,
    devices::{apic, pic},
};

global_asm!(include_str!("stubs.s"), options(att_syntax, raw));

/// How many vectors there are.
const VECTORS: usize = 256;

/// The bytes between two stubs. As in `stubs.s`.
const STUB: usize = 16;

unsafe extern "C" {
    static interrupt_stubs: [[u8; STUB]; VECTORS];
}

/// An entry of the interrupt descriptor table.
pub(crate) type Gate = u128;

static GATES: Lazy<[Gate; VECTORS]> = Lazy::new(build_gates);

static HANDLERS: [InitOnce<fn()>; VECTORS] = [const { InitOnce::uninitialized() }; VECTORS];

/// Makes `handler` what the interrupt `vector` calls, on any CPU, with interrupts off.
///
/// # Panics
///
/// If `vector` is an exception's, or has a handler.
pub fn set_handler(vector: u8, handler: fn()) {
    assert!(vector >= pic::FIRST_VECTOR, "vector {vector:#x} is an exception");
    assert!(HANDLERS[usize::from(vector)].try_init(handler).is_ok(), "vector {vector:#x} has a handler");
}

/// Makes `handler` what the interrupt of a device's line calls, and lets the line interrupt.
///
/// # Panics
///
/// If there is no such line, or it has a handler.
pub fn set_line_handler(line: u8, handler: fn()) {
    set_handler(pic::vector(line), handler);
    pic::enable(line);
}

/// Returns the table with a gate for each stub.
pub(crate) fn gates() -> &'static [Gate; VECTORS] {
    &GATES
}

fn build_gates() -> [Gate; VECTORS] {
    let stubs = (&raw const interrupt_stubs).addr();
    core::array::from_fn(|vector| {
        // An exception has a stack of its own: it may come while a handler runs.
        let stack = if vector < usize::from(pic::FIRST_VECTOR) { 2 } else { 1 };
        gate(stubs + vector * STUB, stack)
    })
}

/// An interrupt gate: the CPU turns interrupts off, and switches to the `stack`th stack of its task state.
fn gate(address: usize, stack: u128) -> Gate {
    const CODE: u128 = 0x08;
    const PRESENT_INTERRUPT_GATE: u128 = 0x8e;
    let address = address as u128;
    address & 0xffff
        | CODE << 16
        | stack << 32
        | PRESENT_INTERRUPT_GATE << 40
        | (address >> 16 & 0xffff_ffff_ffff) << 48
}

/// What a stub leaves on the stack.
#[repr(C)]
struct Frame {
    saved: [u64; 9],
    vector: u64,
    error: u64,
    instruction: u64,
    code_segment: u64,
    flags: u64,
    stack: u64,
    stack_segment: u64,
}

/// Called by the stubs.
#[unsafe(no_mangle)]
extern "C" fn interrupt_entry(frame: &Frame) {
    let vector = u8::try_from(frame.vector).expect("the stubs know 256 vectors");
    assert!(
        vector >= pic::FIRST_VECTOR,
        "exception {vector} on CPU {}, error {:#x}, at {:#x}, stack {:#x}, last page fault at {:#x}",
        cpu::id(),
        frame.error,
        frame.instruction,
        frame.stack,
        Cr2::read_raw()
    );
    if !pic::is_spurious(vector) && vector != apic::SPURIOUS {
        if let Some(handler) = HANDLERS[usize::from(vector)].try_get() {
            handler();
        }
        // After the handler: until then, the device cannot interrupt again.
        if pic::is_line(vector) { pic::end_of_interrupt(vector) } else { apic::end_of_interrupt() }
    }
}
