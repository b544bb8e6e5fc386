//! Static memory for one future of a type without a name.

use core::{
    cell::UnsafeCell,
    mem::MaybeUninit,
    pin::Pin,
    sync::atomic::{AtomicBool, Ordering::Relaxed},
};

/// What an executor polls.
pub(super) type Future = Pin<&'static mut (dyn core::future::Future<Output = ()> + Send)>;

/// Returns the bytes that the future of `function` takes.
pub const fn size_of_task<A, F: core::future::Future>(_function: fn(A) -> F) -> usize {
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

// SAFETY: the call that changes `taken` from false has the memory to itself, forever.
unsafe impl<const SIZE: usize> Sync for Task<SIZE> {}

impl<const SIZE: usize> Task<SIZE> {
    /// Returns empty room.
    #[expect(clippy::new_without_default, reason = "it is of use in a static only")]
    pub const fn new() -> Self {
        Self { taken: AtomicBool::new(false), memory: UnsafeCell::new(Memory([MaybeUninit::uninit(); SIZE])) }
    }

    /// Calls `function`, and returns the future, which stays here.
    ///
    /// # Panics
    ///
    /// When it is called twice: the memory belongs to the first future forever.
    pub fn place<A, F>(&'static self, function: fn(A) -> F, argument: A) -> Future
    where
        F: core::future::Future<Output = ()> + Send + 'static,
    {
        const { assert!(size_of::<F>() <= SIZE, "the future is larger than the memory") };
        const { assert!(align_of::<F>() <= align_of::<Memory<SIZE>>(), "the future asks for more alignment") };
        assert!(!self.taken.swap(true, Relaxed), "this task was started before");
        let memory = self.memory.get().cast::<F>();
        // SAFETY: it is large enough, aligned, and this call's alone.
        unsafe { memory.write(function(argument)) };
        // SAFETY: it was just written, and there is no other reference to it.
        let future: &'static mut F = unsafe { &mut *memory };
        // SAFETY: it stays there forever.
        unsafe { Pin::new_unchecked(future) }
    }
}
