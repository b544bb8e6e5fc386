//! Interrupts after any number of instructions of what they interrupt.
//!
//! An interrupt handler, or a task of a higher priority on a preemptive executor, comes between any two
//! instructions, and what it came between does not go on before it is through. [`at`] does that: the
//! processor traps after each instruction of an operation (the trap flag of x86), and after the n-th one the
//! handler of the trap's signal makes a call. Where loom and shuttle let go of a thread at its atomic
//! accesses and go on with it whenever they like, this is the compiled code, and what has come between is not
//! interrupted in turn.
//!
//! What runs in the handler may have interrupted the allocator: neither it nor the operation may allocate.

#![expect(unsafe_code, reason = "a signal handler that changes the flags of what it interrupts")]

use core::{
    arch::asm,
    cell::Cell,
    ffi::{c_int, c_void},
    mem::MaybeUninit,
    ptr,
};
use std::sync::Once;

/// The trap flag, in the register of flags.
const TRAP: i64 = 0x100;

/// What the handler of a thread has to do.
struct Plan<'a> {
    /// After how many more instructions.
    left: Cell<usize>,
    interrupt: Cell<Option<&'a mut dyn FnMut()>>,
}

std::thread_local! {
    /// The plan of this thread, while it makes single steps.
    static PLAN: Cell<*const Plan<'static>> = const { Cell::new(ptr::null()) };
}

/// Makes single steps until it is dropped.
struct Steps;

impl Steps {
    fn of(plan: &Plan<'_>) -> Self {
        PLAN.set(ptr::from_ref(plan).cast());
        // SAFETY: the flag makes the processor trap after each instruction, and changes nothing else; the
        // trap's signal has a handler.
        unsafe { asm!("pushfq", "or qword ptr [rsp], 0x100", "popfq") };
        Self
    }
}

impl Drop for Steps {
    #[inline(always)]
    fn drop(&mut self) {
        // SAFETY: takes the flag back, and changes nothing else.
        unsafe { asm!("pushfq", "and qword ptr [rsp], -0x101", "popfq") };
        PLAN.set(ptr::null());
    }
}

/// Calls `operation`, and `interrupt` when it has made `n` instructions; returns what it returned, and how
/// many it made if those were fewer.
///
/// Neither may allocate, and `interrupt` must not panic.
///
/// # Panics
///
/// If there can be no handler for traps.
pub fn at<R>(n: usize, operation: impl FnOnce() -> R, mut interrupt: impl FnMut()) -> (R, Option<usize>) {
    static HANDLER: Once = Once::new();
    HANDLER.call_once(|| {
        let mut action = MaybeUninit::<libc::sigaction>::zeroed();
        // SAFETY: all zeros are a `sigaction`: no handler, no flags, an empty set.
        let action = unsafe { action.assume_init_mut() };
        action.sa_sigaction = on_trap as *const () as usize;
        action.sa_flags = libc::SA_SIGINFO;
        // SAFETY: `on_trap` has the signature that `SA_SIGINFO` asks for, and `action` lives.
        let failed = unsafe { libc::sigaction(libc::SIGTRAP, action, ptr::null_mut()) };
        assert_eq!(failed, 0, "no handler for traps");
    });
    let plan = Plan { left: Cell::new(n), interrupt: Cell::new(Some(&mut interrupt)) };
    let steps = Steps::of(&plan);
    let result = operation();
    drop(steps);
    let made = plan.interrupt.take().map(|_| n - plan.left.get());
    (result, made)
}

/// After each instruction.
extern "C" fn on_trap(_: c_int, _: *mut libc::siginfo_t, context: *mut c_void) {
    // SAFETY: `Steps` has put it there, and takes it back before the plan is gone; this is its thread, as a
    // trap is the thread's whose instruction it comes after. What changes of the plan is in cells, so a
    // shared reference is enough.
    let plan = unsafe { PLAN.get().as_ref() };
    let interrupt = match plan {
        Some(plan) if plan.left.get() > 0 => {
            plan.left.set(plan.left.get() - 1);
            return;
        }
        Some(plan) => plan.interrupt.take(),
        None => None,
    };
    // SAFETY: with `SA_SIGINFO` the third argument is a `ucontext_t`.
    let context = unsafe { &mut *context.cast::<libc::ucontext_t>() };
    context.uc_mcontext.gregs[usize::try_from(libc::REG_EFL).expect("an index")] &= !TRAP;
    if let Some(interrupt) = interrupt {
        interrupt();
    }
}
