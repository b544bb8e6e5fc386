//! Sizes of the primitives and their futures, and heap allocations of each operation, as JSON.
#![expect(unsafe_code, reason = "a global allocator that counts")]
#![expect(clippy::disallowed_types, reason = "no loom here")]

use core::alloc::{GlobalAlloc, Layout};
use core::sync::atomic::{AtomicUsize, Ordering};
use std::alloc::System;

use benches::ops::Run;
use benches::peers::{Keyed, Waits};
use benches::plan::{Library, Operation};
use clap::ValueEnum as _;
use serde_json::{Value, json};

struct Counting;

static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);

// SAFETY: all is forwarded to the system's allocator, as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller's duties are the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the caller's duties are the same.
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

fn main() {
    let report = json!({ "sizes": sizes(), "allocations": allocations() });
    println!("{report:#}");
}

fn allocations() -> Vec<Value> {
    const FEWER: usize = 64;
    const MORE: usize = 192;
    let mut report = Vec::new();
    for operation in Operation::value_variants() {
        for library in Library::value_variants().iter().filter(|&&library| library != Library::Floor) {
            let Some(measured) = operation.on(*library) else { continue };
            let count = |iterations| {
                let before = ALLOCATIONS.load(Ordering::Relaxed);
                measured(Run { iterations, waiters: 16, instances: MORE });
                ALLOCATIONS.load(Ordering::Relaxed) - before
            };
            // The first run also pays for what a library sets up once.
            count(1);
            let difference = count(MORE) - count(FEWER);
            assert_eq!(difference % (MORE - FEWER), 0, "an operation allocates now and then");
            report.push(json!({
                "operation": operation.argument(),
                "library": library.argument(),
                "allocations": difference / (MORE - FEWER),
            }));
        }
    }
    report
}

fn sizes() -> Vec<Value> {
    let mut report = Vec::new();
    let mut entry = |name: &str, library: Library, bytes: usize| {
        report.push(json!({ "type": name, "library": library.title(), "bytes": bytes }));
    };
    macro_rules! same_types {
        ($library:ident, $title:expr) => {
            entry("WaitQueue", $title, size_of::<$library::WaitQueue>());
            entry("— its `wait`", $title, wait_size::<$library::WaitQueue>());
            entry("WaitCell", $title, size_of::<$library::WaitCell>());
            entry("— its `wait`", $title, wait_size::<$library::WaitCell>());
            entry("WaitMap<u16, u64>", $title, size_of::<$library::WaitMap<u16, u64>>());
            entry("— its `wait`", $title, key_wait_size::<$library::WaitMap<u16, u64>>());
        };
    }
    same_types!(sync_core, Library::SyncCore);
    same_types!(maitake_sync, Library::Maitake);
    entry("Notify", Library::Tokio, size_of::<tokio::sync::Notify>());
    entry("— its `notified`", Library::Tokio, wait_size::<tokio::sync::Notify>());
    entry("Semaphore", Library::FuturesIntrusive, size_of::<futures_intrusive::sync::Semaphore>());
    entry("— its `acquire`", Library::FuturesIntrusive, wait_size::<benches::peers::Permits>());
    entry("Event", Library::EventListener, size_of::<event_listener::Event>());
    entry("— its `listen`, a box", Library::EventListener, wait_size::<event_listener::Event>());
    entry("DiatomicWaker", Library::Diatomic, size_of::<diatomic_waker::DiatomicWaker>());
    entry("AtomicWaker", Library::AtomicWaker, size_of::<atomic_waker::AtomicWaker>());
    report
}

fn wait_size<W: Waits>() -> usize {
    let primitive = benches::ops::forever(W::default());
    size_of_val(&primitive.wait())
}

fn key_wait_size<M: Keyed>() -> usize {
    let map = benches::ops::forever(M::default());
    size_of_val(&map.wait(1))
}
