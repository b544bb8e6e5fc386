//! What compiled code relies on, while interrupts come and go.

use core::{arch::asm, hint::black_box};

use kernel::time::CLOCK;

/// How many interrupts have to come in between.
const TICKS: u64 = 50;

/// Code may use the 128 bytes below its stack pointer without moving it. An interrupt handler on the same stack would
/// write there. (Without a stack of its own for interrupts, this fails at almost each tick.)
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

/// The handlers are compiled code, and use SSE registers as they like.
pub(super) async fn sse_state() {
    let until = CLOCK.current() + TICKS;
    while CLOCK.current() < until {
        let (mut low, mut high) = (u64::MAX, u64::MAX);
        // SAFETY: changes the registers that it names.
        unsafe {
            asm!(
                "movq xmm0, {low}",
                "movq xmm15, {high}",
                "mov {n:e}, 10000",
                "2: dec {n:e}",
                "jnz 2b",
                "movq {low}, xmm0",
                "movq {high}, xmm15",
                n = out(reg) _,
                low = inout(reg) low,
                high = inout(reg) high,
                out("xmm0") _,
                out("xmm15") _,
                options(nostack),
            );
        }
        assert_eq!((low, high), (u64::MAX, u64::MAX), "an interrupt changed a register");
    }
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
