//! Static memory for one future of a type without a name.

use core::{
    cell::UnsafeCell,
    future::Future,
    mem::MaybeUninit,
    pin::Pin,
    sync::atomic::{AtomicBool, Ordering::Relaxed},
};

/// Returns the bytes that the future of `function` takes.
pub const fn size_of_task<A, F: Future>(_function: fn(A) -> F) -> usize {
    size_of::<F>()
}

/// Room for a future of `SIZE` bytes, in a `static`. See [`spawn!`](crate::spawn).
#[derive(Debug)]
pub struct Task<const SIZE: usize> {
    taken: AtomicBool,
    memory: UnsafeCell<Memory<SIZE>>,
}

#[derive(Debug)]
#[repr(align(16))]
struct Memory<const SIZE: usize>([MaybeUninit<u8>; SIZE]);

// SAFETY: the one who changes `taken` from false has the memory to itself, for ever.
unsafe impl<const SIZE: usize> Sync for Task<SIZE> {}

impl<const SIZE: usize> Task<SIZE> {
    /// Returns empty room.
    #[expect(clippy::new_without_default, reason = "it is of use in a static only")]
    pub const fn new() -> Self {
        Self { taken: AtomicBool::new(false), memory: UnsafeCell::new(Memory([MaybeUninit::uninit(); SIZE])) }
    }

    /// Calls `function`, and makes the future a task of `cpu`.
    ///
    /// # Panics
    ///
    /// When it is called twice: the memory belongs to the first task for ever. When the CPU has no room for a task.
    pub fn spawn<A, F>(&'static self, cpu: usize, function: fn(A) -> F, argument: A)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        const { assert!(size_of::<F>() <= SIZE, "the future is larger than the memory") };
        const { assert!(align_of::<F>() <= align_of::<Memory<SIZE>>(), "the future asks for more alignment") };
        assert!(!self.taken.swap(true, Relaxed), "this task was started before");
        let memory = self.memory.get().cast::<F>();
        // SAFETY: it is large enough, aligned, and nobody else's.
        unsafe { memory.write(function(argument)) };
        // SAFETY: it was just written, and nobody else has it.
        let future: &'static mut F = unsafe { &mut *memory };
        // SAFETY: it stays there for ever.
        super::spawn(cpu, unsafe { Pin::new_unchecked(future) });
    }
}
