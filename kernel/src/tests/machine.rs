//! What compiled code relies on, while interrupts come and go.

use core::{
    arch::asm,
    hint::black_box,
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
};

use kernel::{cpu, interrupts, spawn, time::CLOCK};
use sync_core::Latch;

/// How many interrupts have to come in between.
const TICKS: u64 = 50;

/// Code may use the 128 bytes below its stack pointer without moving it. An interrupt handler on the same
/// stack would write there. (Without a stack of its own for interrupts, this fails at almost each tick.)
pub(super) async fn red_zone() {
    let until = CLOCK.current() + TICKS;
    let mut corrupted = 0_u64;
    while CLOCK.current() < until {
        let mut all_there = u64::MAX;
        // SAFETY: without `nostack`, the compiler keeps nothing below the stack pointer here.
        unsafe {
            asm!(
                "mov [rsp - 8], {all}",
                "mov [rsp - 40], {all}",
                "mov [rsp - 72], {all}",
                "mov [rsp - 128], {all}",
                "mov {n:e}, 10000",
                "2: dec {n:e}",
                "jnz 2b",
                "and {all}, [rsp - 8]",
                "and {all}, [rsp - 40]",
                "and {all}, [rsp - 72]",
                "and {all}, [rsp - 128]",
                n = out(reg) _,
                all = inout(reg) all_there,
            );
        }
        corrupted += u64::from(all_there != u64::MAX);
    }
    assert_eq!(corrupted, 0, "times that an interrupt wrote into the red zone");
}

/// A handler is compiled code, and uses SSE registers as it likes; this one, all of them.
pub(super) async fn sse_state() {
    const VECTOR: u8 = 0x80;
    interrupts::set_handler(VECTOR, || {
        // SAFETY: changes the registers that it names.
        unsafe {
            asm!(
                "pcmpeqd xmm0, xmm0",
                "movdqa xmm7, xmm0",
                "movdqa xmm8, xmm0",
                "movdqa xmm15, xmm0",
                out("xmm0") _, out("xmm7") _, out("xmm8") _, out("xmm15") _,
                options(nomem, nostack),
            );
        }
    });
    let mut registers = [0x0123_4567_89ab_cdef_u64, 7, 8, 15];
    // SAFETY: changes the registers that it names, and the handler changes none, which is what is tested.
    unsafe {
        asm!(
            "movq xmm0, {a}",
            "movq xmm7, {b}",
            "movq xmm8, {c}",
            "movq xmm15, {d}",
            "int {vector}",
            "movq {a}, xmm0",
            "movq {b}, xmm7",
            "movq {c}, xmm8",
            "movq {d}, xmm15",
            vector = const VECTOR,
            a = inout(reg) registers[0],
            b = inout(reg) registers[1],
            c = inout(reg) registers[2],
            d = inout(reg) registers[3],
            out("xmm0") _, out("xmm7") _, out("xmm8") _, out("xmm15") _,
        );
    }
    assert_eq!(registers, [0x0123_4567_89ab_cdef, 7, 8, 15], "a handler changed a register");
}

/// No other CPU, and no interrupt, is in between.
pub(super) async fn critical_sections() {
    const EACH: usize = 20_000;
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    static DONE: Latch = Latch::new(cpu::MAX);

    async fn work((): ()) {
        for _ in 0..EACH {
            critical_section::with(|_| {
                assert!(!cpu::interrupts::are_enabled());
                let before = COUNT.load(Relaxed);
                // One inside the other changes nothing.
                critical_section::with(|_| core::hint::spin_loop());
                assert!(!cpu::interrupts::are_enabled(), "the inner one ended the outer one");
                COUNT.store(before + 1, Relaxed);
            });
            assert!(cpu::interrupts::are_enabled());
        }
        DONE.count_down(1);
    }

    spawn!(0, work(()));
    if cpu::online() == 2 {
        spawn!(1, work(()));
    } else {
        DONE.count_down(1);
    }
    DONE.wait().await.expect("it is counted down");
    assert_eq!(COUNT.load(Relaxed), EACH * cpu::online(), "two were inside at a time");
}

/// They are this kernel's own.
pub(super) async fn memory_functions() {
    let mut bytes: [u8; 200] = core::array::from_fn(|n| u8::try_from(n).expect("below 256"));
    let copy = black_box(bytes);
    assert!(black_box(&copy[..]) == black_box(&bytes[..]));
    bytes.copy_within(black_box(0..150), 7);
    assert!(bytes[7..157] == copy[..150], "to higher addresses");
    assert!(bytes[..7] == copy[..7] && bytes[157..] == copy[157..], "no more than that");
    bytes.copy_within(black_box(7..157), 0);
    assert!(bytes[..150] == copy[..150], "to lower addresses");
    bytes[black_box(3)..black_box(9)].fill(black_box(0xa5));
    assert_eq!(bytes[2..10], [2, 0xa5, 0xa5, 0xa5, 0xa5, 0xa5, 0xa5, 9]);
    assert!(black_box([1_u8, 2, 3]) < black_box([1, 3, 0]), "the first that differs decides");
}
