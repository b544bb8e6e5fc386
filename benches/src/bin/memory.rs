//! Sizes of the primitives and their futures, and heap allocations of each operation, as JSON.
#![expect(unsafe_code, reason = "a global allocator that counts")]
#![expect(clippy::disallowed_types, reason = "no loom here")]

use core::alloc::{GlobalAlloc, Layout};
use core::sync::atomic::{AtomicUsize, Ordering};
use std::alloc::System;

use benches::ops::{Run, forever};
use benches::peers::{
    AsyncMutex, AsyncRwLock, AsyncSemaphore, EmbassyMutex, EmbassyRwLock, EmbassySemaphore, FairMutex,
    FairSemaphore, Keyed, SaaSemaphore, Waits,
};
use benches::plan::{Library, Operation};
use benches::with_locks;
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
    let mut sizes = Sizes::default();
    waiting(&mut sizes);
    locks(&mut sizes);
    sizes.0
}

#[derive(Default)]
struct Sizes(Vec<Value>);

impl Sizes {
    fn entry(&mut self, name: &str, library: Library, bytes: usize) {
        self.0.push(json!({ "type": name, "library": library.title(), "bytes": bytes }));
    }

    fn mutex<M: AsyncMutex>(&mut self, library: Library) {
        let mutex = forever(M::default());
        self.entry("Mutex<u64>", library, size_of::<M>());
        self.entry("— its guard", library, size_of::<M::Guard>());
        self.entry("— its `lock`", library, size_of_val(&mutex.lock()));
    }

    fn rwlock<L: AsyncRwLock>(&mut self, library: Library) {
        let lock = forever(L::default());
        self.entry("RwLock<u64>", library, size_of::<L>());
        self.entry("— its guard of a reader", library, size_of::<L::Read>());
        self.entry("— of a writer", library, size_of::<L::Write>());
        self.entry("— its `read`", library, size_of_val(&lock.read()));
        self.entry("— its `write`", library, size_of_val(&lock.write()));
    }

    fn semaphore<S: AsyncSemaphore>(&mut self, library: Library) {
        let semaphore = forever(S::with_permits(1));
        self.entry("Semaphore", library, size_of::<S>());
        self.entry("— its permit", library, size_of::<S::Permit>());
        self.entry("— its `acquire`", library, size_of_val(&semaphore.acquire()));
    }
}

fn locks(sizes: &mut Sizes) {
    macro_rules! same_mutex {
        ($library:ident, $variant:ident) => {
            sizes.mutex::<$library::Mutex<u64>>(Library::$variant);
        };
    }
    with_locks!(same_mutex);
    sizes.mutex::<tokio::sync::Mutex<u64>>(Library::Tokio);
    sizes.mutex::<FairMutex>(Library::FuturesIntrusive);
    sizes.mutex::<async_lock::Mutex<u64>>(Library::AsyncLock);
    sizes.mutex::<futures_util::lock::Mutex<u64>>(Library::FuturesUtil);
    sizes.mutex::<EmbassyMutex>(Library::Embassy);
    sizes.mutex::<mea::mutex::Mutex<u64>>(Library::Mea);
    sizes.mutex::<saa::Mutex<u64>>(Library::Saa);

    macro_rules! same_rwlock {
        ($library:ident, $variant:ident) => {
            sizes.rwlock::<$library::RwLock<u64>>(Library::$variant);
        };
    }
    with_locks!(same_rwlock);
    sizes.rwlock::<tokio::sync::RwLock<u64>>(Library::Tokio);
    sizes.rwlock::<async_lock::RwLock<u64>>(Library::AsyncLock);
    sizes.rwlock::<EmbassyRwLock>(Library::Embassy);
    sizes.rwlock::<mea::rwlock::RwLock<u64>>(Library::Mea);
    sizes.rwlock::<saa::RwLock<u64>>(Library::Saa);

    macro_rules! same_semaphore {
        ($library:ident, $variant:ident) => {
            sizes.semaphore::<$library::Semaphore>(Library::$variant);
        };
    }
    with_locks!(same_semaphore);
    sizes.semaphore::<tokio::sync::Semaphore>(Library::Tokio);
    sizes.semaphore::<FairSemaphore>(Library::FuturesIntrusive);
    sizes.semaphore::<async_lock::Semaphore>(Library::AsyncLock);
    sizes.semaphore::<EmbassySemaphore>(Library::Embassy);
    sizes.semaphore::<mea::semaphore::Semaphore>(Library::Mea);
    sizes.semaphore::<SaaSemaphore>(Library::Saa);
}

fn waiting(sizes: &mut Sizes) {
    let mut entry = |name: &str, library, bytes| sizes.entry(name, library, bytes);
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
}

fn wait_size<W: Waits>() -> usize {
    let primitive = forever(W::default());
    size_of_val(&primitive.wait())
}

fn key_wait_size<M: Keyed>() -> usize {
    let map = forever(M::default());
    size_of_val(&map.wait(1))
}
