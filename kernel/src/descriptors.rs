//! The tables by which a CPU finds its stacks and its interrupt handlers.

use core::{cell::UnsafeCell, mem::MaybeUninit};

use sync_core::spin::InitOnce;
use x86_64::{
    PrivilegeLevel, VirtAddr,
    instructions::tables::{lidt, load_tss},
    structures::{
        DescriptorTablePointer,
        gdt::{Descriptor, SegmentSelector},
        tss::TaskStateSegment,
    },
};

use crate::{cpu, interrupts};

/// The bytes of the stack for interrupts. They do not nest, so it is the deepest handler that counts.
const INTERRUPT_STACK: usize = 0x8000;

const ENTRIES: usize = cpu::task_state(cpu::MAX);

unsafe extern "C" {
    static gdt: UnsafeCell<[u64; ENTRIES]>;
}

#[repr(align(16))]
struct Stack(UnsafeCell<MaybeUninit<[u8; INTERRUPT_STACK]>>);

// SAFETY: the program takes its address only; the one CPU it belongs to uses it.
unsafe impl Sync for Stack {}

impl Stack {
    const fn new() -> Self {
        Self(UnsafeCell::new(MaybeUninit::uninit()))
    }

    fn top(&self) -> VirtAddr {
        VirtAddr::from_ptr(self.0.get().wrapping_add(1))
    }
}

/// For interrupts and for exceptions, so that an exception in a handler can still be reported.
static STACKS: [[Stack; 2]; cpu::MAX] = [const { [const { Stack::new() }; 2] }; cpu::MAX];

static TASK_STATES: [InitOnce<TaskStateSegment>; cpu::MAX] = [const { InitOnce::uninitialized() }; cpu::MAX];

/// Tells `cpu`, which runs this, where its stacks and handlers are. Interrupts stay off.
pub(crate) fn load(cpu: usize) {
    let task_state = TASK_STATES[cpu].get_or_else(|| {
        let mut state = TaskStateSegment::new();
        let [interrupts, exceptions] = &STACKS[cpu];
        state.interrupt_stack_table[0] = interrupts.top();
        state.interrupt_stack_table[1] = exceptions.top();
        state
    });
    let index = cpu::task_state(cpu);
    let Descriptor::SystemSegment(low, high) = Descriptor::tss_segment(task_state) else {
        unreachable!("a task state takes two entries")
    };
    // SAFETY: `start.s` defines it with this size.
    let table = unsafe { gdt.get() };
    // SAFETY: each CPU writes its own two entries, before it uses them.
    unsafe { (*table)[index] = low };
    // SAFETY: as above.
    unsafe { (*table)[index + 1] = high };
    let selector = SegmentSelector::new(u16::try_from(index).expect("few"), PrivilegeLevel::Ring0);
    // SAFETY: the entry was just written, and the task state is a static.
    unsafe { load_tss(selector) };

    let gates = interrupts::gates();
    let limit = u16::try_from(size_of_val(gates) - 1).expect("4096 bytes");
    let pointer = DescriptorTablePointer { limit, base: VirtAddr::from_ptr(gates) };
    // SAFETY: the gates are in a static that does not change, and lead to the stubs.
    unsafe { lidt(&pointer) };
}
