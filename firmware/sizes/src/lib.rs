//! What each image has: an executor for one task, an interrupt handler, critical sections, and a panic that
//! says nothing.
//!
//! An image is linked and measured, never run. It has no boot code: what is subtracted from each, the image
//! `empty`, has none either.
#![no_std]

mod critical;

use core::{
    hint::{black_box, spin_loop},
    pin::Pin,
    ptr,
    sync::atomic::{AtomicBool, Ordering::Relaxed},
    task::{Context, RawWaker, RawWakerVTable, Waker},
};

/// Whether the task is to be polled.
static READY: AtomicBool = AtomicBool::new(true);

static VTABLE: RawWakerVTable = RawWakerVTable::new(
    |_| RawWaker::new(ptr::null(), &VTABLE),
    |_| READY.store(true, Relaxed),
    |_| READY.store(true, Relaxed),
    |_| (),
);

/// Makes an image: of what its one task does, and of what its interrupt handler does.
#[macro_export]
macro_rules! image {
    (task: $task:expr $(, interrupt: $interrupt:expr)? $(,)?) => {
        /// Where the image begins.
        #[unsafe(no_mangle)]
        pub extern "C" fn _start() -> ! {
            $crate::run(interrupt, ::core::pin::pin!($task))
        }

        extern "C" fn interrupt() {
            $($interrupt;)?
        }
    };
}

/// Polls `task` whenever its waker was called. `interrupt` is kept, as a table of vectors would.
///
/// It is the same in each image: it does not know the task's type, as an executor with several tasks does
/// not.
#[inline(never)]
pub fn run(interrupt: extern "C" fn(), mut task: Pin<&mut dyn Future<Output = ()>>) -> ! {
    black_box(interrupt);
    // SAFETY: the functions of the vtable do not use the pointer.
    let waker = unsafe { Waker::from_raw(RawWaker::new(ptr::null(), &VTABLE)) };
    let mut cx = Context::from_waker(&waker);
    loop {
        if READY.load(Relaxed) {
            READY.store(false, Relaxed);
            if task.as_mut().poll(&mut cx).is_ready() {
                stop();
            }
        }
    }
}

fn stop() -> ! {
    loop {
        spin_loop();
    }
}

/// Returns `value`, which the compiler then does not know.
pub fn unknown<T>(value: T) -> T {
    black_box(value)
}

/// Uses `value`, for all that the compiler knows.
pub fn keep<T>(value: T) {
    black_box(value);
}

/// How much memory something takes: one record of the section that `cargo xtask sizes` reads.
#[repr(C)]
#[derive(Debug)]
pub struct Size {
    name: [u8; 28],
    bytes: u32,
}

impl Size {
    /// Returns the size of `T`.
    ///
    /// # Panics
    ///
    /// If the name is longer than 28 bytes.
    pub const fn of<T>(name: &str) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "on a machine that small nothing is larger")]
        let bytes = size_of::<T>() as u32;
        let mut padded = [0; 28];
        let mut at = 0;
        while at < name.len() {
            padded[at] = name.as_bytes()[at];
            at += 1;
        }
        Self { name: padded, bytes }
    }

    /// Returns the size of the future that `wait` makes, whatever its name is.
    ///
    /// # Panics
    ///
    /// If the name is longer than 28 bytes.
    pub const fn of_future<F: Future>(name: &str, _wait: fn() -> F) -> Self {
        Self::of::<F>(name)
    }
}

/// Makes an image that holds nothing but sizes.
#[macro_export]
macro_rules! sizes {
    ($($size:expr),+ $(,)?) => {
        #[unsafe(link_section = ".sizes")]
        static SIZES: [$crate::Size; [$(stringify!($size)),+].len()] = [$($size),+];

        $crate::image! {
            task: async { $crate::keep(&SIZES) },
        }
    };
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    stop()
}
