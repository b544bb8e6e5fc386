//! What waits without blocking, and what it is made of.

use alloc::{rc::Rc, sync::Arc};
use core::{cell::Cell, marker::PhantomPinned};

use sync_core::{
    Closed, FromBits, Policy, ScopedRawMutex, Select, UnknownBits, WaitCell, WaitMap, WaitQueue,
    blocking::{DefaultMutex, LocalLock as Local, Mutex},
    mutex, rwlock, semaphore,
    spin::{Spinlock, TicketLock},
    util::{Backoff, CachePadded},
    wait_cell, wait_map, wait_queue, waiter,
};

use crate::probes::prelude::*;

impl PartialEq for NotSend {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// A lock that must stay on its thread, though others may use it there.
struct Homebound(NotSend);

macro_rules! lock {
    ($($lock:ty)*) => {$(
        #[expect(unsafe_code, reason = "a raw lock is unsafe to implement")]
        // SAFETY: no task takes it twice, as no task takes it at all.
        unsafe impl ScopedRawMutex for $lock {
            fn with_lock<R>(&self, _: impl FnOnce() -> R) -> R {
                unreachable!("it is never taken")
            }
            fn try_with_lock<R>(&self, _: impl FnOnce() -> R) -> Option<R> {
                None
            }
            fn is_locked(&self) -> bool {
                true
            }
        }
    )*};
}

lock! { Homebound }

#[sync_core::wait_map(key = K, value = V, match = fifo)]
struct Fifo<K: PartialEq, V>;

#[sync_core::wait_map(key = u8, match = unique)]
struct Keys;

/// A primitive with everything as its user says.
#[sync_core::primitive(method = wait, future = Turn)]
struct Any<S, W, V>;

impl<S, W, V> Policy for Any<S, W, V> {
    type State = Option<S>;
    type Waiter = W;
    type Value = V;
    type Event<'e> = ();

    fn try_ready(_: &mut Option<S>, _: &W) -> Option<V> {
        None
    }

    fn select(_: &mut Option<S>, _: &mut W, (): &mut ()) -> Select<V> {
        Select::Stop
    }
}

#[derive(Clone, Copy, Debug, FromBits)]
#[repr(u8)]
enum Mode {
    Off = 0,
    On = 1,
}

#[sync_core::bitfield(u8, atomic = AtomicFlags)]
struct Flags {
    on: bool,
    #[bits(1)]
    mode: Mode,
}

type Subscribed<'w, 'map, K, V, Lock = DefaultMutex> = wait_map::Subscribe<'w, 'map, K, V, Lock>;

table! {
    // The table knows what it asks.
    &'static mut u8:                              + + + - +;
    Rc<u8>:                                       - - + + +;
    Cell<u8>:                                     + - + + -;
    PhantomPinned:                                + + - + +;

    // What has nothing to it.
    //                                          Send Sync Unpin Unwind RefUnwind
    Closed:                                       + + + + +;
    wait_map::WaitError:                          + + + + +;
    wait_map::WakeOutcome<u8>:                    + + + + +;
    wait_map::WakeOutcome<NotSync>:               + - + + -;
    wait_map::WakeOutcome<NotSend>:               - + + . .;
    wait_cell::PollWaitError:                     + + + + +;
    UnknownBits:                                  + + + + +;
    Select<u8>:                                   + + + + +;
    Backoff:                                      + + + + +;
    CachePadded<u8>:                              + + + + +;
    CachePadded<NotSync>:                         + - + + -;
    CachePadded<NotSend>:                         - + + . .;
    Flags:                                        + + + + +;
    AtomicFlags:                                  + + + . .;

    // Locks.
    DefaultMutex:                                 + + + + +;
    Spinlock:                                     + + + + +;
    TicketLock:                                   + + + + +;
    Local:                                        + - + . .;
    Mutex<u8>:                                    + + + + .;
    Mutex<NotSync>:                               + + + . .;
    Mutex<NotSend>:                               - - + . .;
    Mutex<u8, Local>:                             + - + . .;
    Mutex<u8, Homebound>:                         - + + . .;

    // The cell, whose waits hold a reference and a number.
    WaitCell:                                     + + + + .;
    wait_cell::Wait<'static>:                     + + + . .;
    wait_cell::Subscribe<'static>:                + + + . .;

    // The asynchronous mutex: its value goes from thread to thread with it, and no task looks at it from two
    // but through one guard. A guard may be sent though the raw lock may not (`Homebound`): it only refers to
    // it.
    mutex::Mutex<u8>:                             + + + . .;
    mutex::Mutex<NotSync>:                        + + + . .;
    mutex::Mutex<NotSend>:                        - - + . .;
    mutex::Mutex<u8, Local>:                      + - + . .;
    mutex::Mutex<u8, Homebound>:                  - + + . .;
    mutex::Mutex<[u8]>:                           + + + . .;
    mutex::MutexGuard<'static, u8>:               + + + . .;
    mutex::MutexGuard<'static, NotSync>:          + - + . .;
    mutex::MutexGuard<'static, NotSend>:          - . + . .;
    mutex::MutexGuard<'static, u8, Local>:        - - + . .;
    mutex::MutexGuard<'static, u8, Homebound>:    + + + . .;
    // A guard does not mind being moved, whatever it guards.
    mutex::MutexGuard<'static, PhantomPinned>:    + + + . .;
    // The last one frees the value and the lock, wherever it is: maitake-sync's is `Send` although `L` is
    // not, with which safe code takes a lock to another thread. (That it is not `Sync` there either is more
    // than it takes, and comes with the `Arc` in it.)
    mutex::OwnedMutexGuard<u8>:                   + + + . .;
    mutex::OwnedMutexGuard<NotSync>:              + - + . .;
    mutex::OwnedMutexGuard<NotSend>:              - - + . .;
    mutex::OwnedMutexGuard<u8, Local>:            - - + . .;
    mutex::OwnedMutexGuard<u8, Homebound>:        - . + . .;
    mutex::OwnedMutexGuard<PhantomPinned>:        + + + . .;
    // What is not in the part stays where it is, so only the part counts; one that owns may free the whole.
    mutex::MappedMutexGuard<'static, u8>:         + + + . .;
    mutex::MappedMutexGuard<'static, NotSync>:    + - + . .;
    mutex::MappedMutexGuard<'static, NotSend>:    - . + . .;
    mutex::MappedMutexGuard<'static, u8, Local>:  - - + . .;
    mutex::MappedMutexGuard<'static, u8, Homebound>: + + + . .;
    mutex::MappedMutexGuard<'static, PhantomPinned>: + + + . .;
    mutex::OwnedMappedMutexGuard<u8, u8>:         + + + . .;
    mutex::OwnedMappedMutexGuard<NotSync, u8>:    + . + . .;
    mutex::OwnedMappedMutexGuard<NotSend, u8>:    - . + . .;
    mutex::OwnedMappedMutexGuard<u8, NotSync>:    + - + . .;
    mutex::OwnedMappedMutexGuard<u8, NotSend>:    - . + . .;
    mutex::OwnedMappedMutexGuard<u8, u8, Local>:  - - + . .;
    mutex::OwnedMappedMutexGuard<u8, u8, Homebound>: - . + . .;
    mutex::OwnedMappedMutexGuard<PhantomPinned, PhantomPinned>: + + + . .;
    // A wait yields a guard wherever it is polled.
    mutex::Lock<'static, u8>:                     + + - . .;
    mutex::Lock<'static, NotSync>:                + . - . .;
    mutex::Lock<'static, NotSend>:                - . - . .;
    mutex::Lock<'static, u8, Local>:              - - - . .;
    mutex::Lock<'static, u8, Homebound>:          + + - . .;
    mutex::LockOwned<u8>:                         + + - . .;
    mutex::LockOwned<NotSync>:                    + . - . .;
    mutex::LockOwned<NotSend>:                    - . - . .;
    mutex::LockOwned<u8, Local>:                  - - - . .;
    mutex::LockOwned<u8, Homebound>:              - . - . .;

    // The readers-writer lock: two may look at its value at the same time.
    rwlock::RwLock<u8>:                           + + + . .;
    rwlock::RwLock<NotSync>:                      + - + . .;
    rwlock::RwLock<NotSend>:                      - - + . .;
    rwlock::RwLock<u8, Local>:                    + - + . .;
    rwlock::RwLock<u8, Homebound>:                - + + . .;
    rwlock::RwLock<[u8]>:                         + + + . .;
    // A reader's guard is a reference.
    rwlock::RwLockReadGuard<'static, u8>:         + + + . .;
    rwlock::RwLockReadGuard<'static, NotSync>:    - - + . .;
    rwlock::RwLockReadGuard<'static, NotSend>:    + + + . .;
    rwlock::RwLockReadGuard<'static, u8, Local>:  - - + . .;
    rwlock::RwLockReadGuard<'static, u8, Homebound>: + + + . .;
    rwlock::RwLockReadGuard<'static, PhantomPinned>: + + + . .;
    // It may become a writer's, and that a reader's.
    rwlock::RwLockUpgradableReadGuard<'static, u8>: + + + . .;
    rwlock::RwLockUpgradableReadGuard<'static, NotSync>: - - + . .;
    rwlock::RwLockUpgradableReadGuard<'static, NotSend>: - . + . .;
    rwlock::RwLockUpgradableReadGuard<'static, u8, Local>: - - + . .;
    rwlock::RwLockUpgradableReadGuard<'static, u8, Homebound>: + + + . .;
    rwlock::RwLockUpgradableReadGuard<'static, PhantomPinned>: + + + . .;
    rwlock::RwLockWriteGuard<'static, u8>:        + + + . .;
    rwlock::RwLockWriteGuard<'static, NotSync>:   - - + . .;
    rwlock::RwLockWriteGuard<'static, NotSend>:   - . + . .;
    rwlock::RwLockWriteGuard<'static, u8, Local>: - - + . .;
    rwlock::RwLockWriteGuard<'static, u8, Homebound>: + + + . .;
    rwlock::RwLockWriteGuard<'static, PhantomPinned>: + + + . .;
    // Each of them may be the last one, which frees the value: maitake-sync's reader is `Send` where the
    // value is not, with which safe code takes the value to another thread.
    rwlock::OwnedRwLockReadGuard<u8>:             + + + . .;
    rwlock::OwnedRwLockReadGuard<NotSync>:        - - + . .;
    rwlock::OwnedRwLockReadGuard<NotSend>:        - . + . .;
    rwlock::OwnedRwLockReadGuard<u8, Local>:      - - + . .;
    rwlock::OwnedRwLockReadGuard<u8, Homebound>:  - . + . .;
    rwlock::OwnedRwLockReadGuard<PhantomPinned>:  + + + . .;
    rwlock::OwnedRwLockUpgradableReadGuard<u8>:   + + + . .;
    rwlock::OwnedRwLockUpgradableReadGuard<NotSync>: - - + . .;
    rwlock::OwnedRwLockUpgradableReadGuard<NotSend>: - . + . .;
    rwlock::OwnedRwLockUpgradableReadGuard<u8, Local>: - - + . .;
    rwlock::OwnedRwLockUpgradableReadGuard<u8, Homebound>: - . + . .;
    rwlock::OwnedRwLockWriteGuard<u8>:            + + + . .;
    rwlock::OwnedRwLockWriteGuard<NotSync>:       - - + . .;
    rwlock::OwnedRwLockWriteGuard<NotSend>:       - . + . .;
    rwlock::OwnedRwLockWriteGuard<u8, Local>:     - - + . .;
    rwlock::OwnedRwLockWriteGuard<u8, Homebound>: - . + . .;
    rwlock::OwnedRwLockWriteGuard<PhantomPinned>: + + + . .;
    rwlock::MappedRwLockReadGuard<'static, u8>:   + + + . .;
    rwlock::MappedRwLockReadGuard<'static, NotSync>: - - + . .;
    rwlock::MappedRwLockReadGuard<'static, NotSend>: + + + . .;
    rwlock::MappedRwLockReadGuard<'static, u8, Local>: - - + . .;
    rwlock::MappedRwLockReadGuard<'static, u8, Homebound>: + + + . .;
    rwlock::MappedRwLockReadGuard<'static, PhantomPinned>: + + + . .;
    rwlock::MappedRwLockWriteGuard<'static, u8>:  + + + . .;
    rwlock::MappedRwLockWriteGuard<'static, NotSync>: . - + . .;
    rwlock::MappedRwLockWriteGuard<'static, NotSend>: - . + . .;
    rwlock::MappedRwLockWriteGuard<'static, u8, Local>: - - + . .;
    rwlock::MappedRwLockWriteGuard<'static, PhantomPinned>: + + + . .;
    rwlock::OwnedMappedRwLockReadGuard<u8, u8>:   + + + . .;
    rwlock::OwnedMappedRwLockReadGuard<NotSend, u8>: - . + . .;
    rwlock::OwnedMappedRwLockReadGuard<NotSync, u8>: - . + . .;
    rwlock::OwnedMappedRwLockReadGuard<u8, NotSync>: - - + . .;
    rwlock::OwnedMappedRwLockReadGuard<u8, u8, Local>: - - + . .;
    rwlock::OwnedMappedRwLockWriteGuard<u8, u8>:  + + + . .;
    rwlock::OwnedMappedRwLockWriteGuard<NotSend, u8>: - . + . .;
    rwlock::OwnedMappedRwLockWriteGuard<u8, NotSend>: - . + . .;
    rwlock::OwnedMappedRwLockWriteGuard<u8, NotSync>: . - + . .;
    rwlock::OwnedMappedRwLockWriteGuard<u8, u8, Homebound>: - . + . .;
    rwlock::Read<'static, u8>:                    + + - . .;
    rwlock::Read<'static, NotSync>:               - . - . .;
    rwlock::Read<'static, NotSend>:               + + - . .;
    rwlock::Read<'static, u8, Local>:             - - - . .;
    rwlock::Read<'static, u8, Homebound>:         + + - . .;
    rwlock::UpgradableRead<'static, u8>:        + + - . .;
    rwlock::UpgradableRead<'static, NotSync>:   - . - . .;
    rwlock::UpgradableRead<'static, NotSend>:   - . - . .;
    rwlock::UpgradableRead<'static, u8, Local>: - - - . .;
    rwlock::Write<'static, u8>:             + + - . .;
    rwlock::Write<'static, NotSync>:        - . - . .;
    rwlock::Write<'static, NotSend>:        - . - . .;
    rwlock::Write<'static, u8, Local>:      - - - . .;
    rwlock::Write<'static, u8, Homebound>:  + + - . .;
    rwlock::Upgrade<'static, u8>:                 + + - . .;
    rwlock::Upgrade<'static, NotSync>:            - . - . .;
    rwlock::Upgrade<'static, NotSend>:            - . - . .;
    rwlock::Upgrade<'static, u8, Local>:          - - - . .;
    rwlock::ReadOwned<u8>:                        + + - . .;
    rwlock::ReadOwned<NotSend>:                   - . - . .;
    rwlock::ReadOwned<NotSync>:                   - . - . .;
    rwlock::ReadOwned<u8, Homebound>:             - . - . .;
    rwlock::UpgradableReadOwned<u8>:                  + + - . .;
    rwlock::UpgradableReadOwned<NotSend>:             - . - . .;
    rwlock::UpgradableReadOwned<NotSync>:             - . - . .;
    rwlock::WriteOwned<u8>:                       + + - . .;
    rwlock::WriteOwned<NotSend>:                  - . - . .;
    rwlock::WriteOwned<NotSync>:                  - . - . .;
    rwlock::WriteOwned<u8, Local>:                - - - . .;
    rwlock::UpgradeOwned<u8>:                     + + - . .;
    rwlock::UpgradeOwned<NotSend>:                - . - . .;
    rwlock::UpgradeOwned<NotSync>:                - . - . .;

    // The semaphore has nothing but its raw lock. maitake-sync's acquire futures are `Sync` whatever the lock
    // is; nothing can be done with a shared one, so `Local` is refused for no other reason than that the auto
    // trait says so.
    semaphore::TryAcquireError:                   + + + + +;
    semaphore::Semaphore:                         + + + . .;
    semaphore::Semaphore<Local>:                  + - + . .;
    semaphore::Semaphore<Homebound>:              - + + . .;
    semaphore::Permit<'static>:                   + + + . .;
    semaphore::Permit<'static, Local>:            - - + . .;
    semaphore::Permit<'static, Homebound>:        + + + . .;
    semaphore::OwnedPermit:                       + + + . .;
    semaphore::OwnedPermit<Local>:                - - + . .;
    // As maitake-sync's: the last one frees the lock.
    semaphore::OwnedPermit<Homebound>:            - . + . .;
    semaphore::Acquire<'static>:                  + + - . .;
    semaphore::Acquire<'static, Local>:           - . - . .;
    semaphore::Acquire<'static, Homebound>:       + + - . .;
    semaphore::AcquireOwned:                      + + - . .;
    semaphore::AcquireOwned<Local>:               - . - . .;
    semaphore::AcquireOwned<Homebound>:           - . - . .;

    // The queue: it is shared as far as its lock is; its waits move and are shared as far as it is shared,
    // for there is nothing to be done with a shared wait.
    WaitQueue:                                    + + + . .;
    WaitQueue<Local>:                             + - + . .;
    WaitQueue<Homebound>:                         - + + . .;
    wait_queue::Wait<'static>:                    + + - . .;
    wait_queue::Wait<'static, Local>:             - - - . .;
    wait_queue::Wait<'static, Homebound>:         + + - . .;
    wait_queue::WaitOwned:                        + + - . .;
    wait_queue::WaitOwned<Local>:                 - - - . .;
    // The last one frees the lock, wherever it is.
    wait_queue::WaitOwned<Homebound>:             - - - . .;

    // The map: keys and values go from thread to thread, and no task looks at them from two.
    WaitMap<u8, u8>:                              + + + . .;
    WaitMap<NotSync, NotSync>:                    + + + . .;
    WaitMap<NotSend, u8>:                         - - + . .;
    WaitMap<u8, NotSend>:                         - - + . .;
    WaitMap<u8, u8, Local>:                       + - + . .;
    WaitMap<u8, u8, Homebound>:                   - + + . .;
    wait_map::Wait<'static, u8, u8>:              + + - . .;
    wait_map::Wait<'static, NotSync, NotSync>:    + + - . .;
    wait_map::Wait<'static, NotSend, u8>:         - - - . .;
    wait_map::Wait<'static, u8, NotSend>:         - - - . .;
    wait_map::Wait<'static, u8, u8, Local>:       - - - . .;
    wait_map::Wait<'static, u8, u8, Homebound>:   + + - . .;
    wait_map::WaitOwned<u8, u8>:                  + + - . .;
    wait_map::WaitOwned<NotSend, u8>:             - - - . .;
    wait_map::WaitOwned<u8, NotSend>:             - - - . .;
    wait_map::WaitOwned<u8, u8, Local>:           - - - . .;
    wait_map::WaitOwned<u8, u8, Homebound>:       - - - . .;
    Subscribed<'static, 'static, u8, u8>:         + + + . .;
    Subscribed<'static, 'static, NotSend, u8>:    - - + . .;
    Subscribed<'static, 'static, u8, NotSend>:    - - + . .;
    Subscribed<'static, 'static, u8, u8, Local>:  - - + . .;

    // What the macros make is no different.
    Fifo<u8, u8>:                                 + + + . .;
    Fifo<NotSync, NotSync>:                       + + + . .;
    Fifo<NotSend, u8>:                            - - + . .;
    Fifo<u8, NotSend>:                            - - + . .;
    Fifo<u8, u8, Local>:                          + - + . .;
    Fifo<u8, u8, Homebound>:                      - + + . .;
    FifoWait<'static, u8, u8>:                    + + - . .;
    FifoWait<'static, NotSend, u8>:               - - - . .;
    FifoWait<'static, u8, NotSend>:               - - - . .;
    FifoWait<'static, u8, u8, Local>:             - - - . .;
    FifoWaitOwned<u8, u8>:                        + + - . .;
    FifoWaitOwned<u8, NotSend>:                   - - - . .;
    FifoWaitOwned<u8, u8, Homebound>:             - - - . .;
    FifoWaitSubscribe<'static, 'static, u8, u8>:  + + + . .;
    Keys:                                         + + + . .;
    KeysWait<'static>:                            + + - . .;
    KeysWaitOwned:                                + + - . .;

    // A policy's state, waiters and values are all under the lock.
    Any<u8, u8, u8>:                              + + + . .;
    Any<NotSync, NotSync, NotSync>:               + + + . .;
    Any<NotSend, u8, u8>:                         - - + . .;
    Any<u8, NotSend, u8>:                         - - + . .;
    Any<u8, u8, NotSend>:                         - - + . .;
    Any<u8, u8, u8, Local>:                       + - + . .;
    Any<u8, u8, u8, Homebound>:                   - + + . .;
    Turn<'static, u8, u8, u8>:                    + + - . .;
    Turn<'static, NotSend, u8, u8>:               - - - . .;
    Turn<'static, u8, NotSend, u8>:               - - - . .;
    Turn<'static, u8, u8, NotSend>:               - - - . .;
    Turn<'static, u8, u8, u8, Local>:             - - - . .;
    TurnOwned<u8, u8, u8>:                        + + - . .;
    TurnOwned<NotSend, u8, u8>:                   - - - . .;
    TurnOwned<u8, u8, u8, Homebound>:             - - - . .;

    // The pieces, in case a task names them.
    waiter::Queue<Any<NotSend, u8, u8>, Spinlock>: - - + . .;
    Arc<WaitQueue<Local>>:                        - - + . .;
}

/// The futures of `async` methods are as good as what they hold.
#[test]
fn async_methods_may_run_on_any_thread() {
    fn send<T: Send>(_: &T) {}
    let (queue, cell, map) = (WaitQueue::new(), WaitCell::new(), WaitMap::<u8, u8>::new());
    send(&queue.wait_for(|| true));
    send(&queue.wait_for_value(|| Some(1)));
    send(&cell.wait_for(|| true));
    send(&cell.wait_for_value(|| Some(1)));
    send(&map.wait_for(1, || true));
    send(&map.wait_for_value(1, || Some(1)));
    // And the checks above can fail.
    const { assert!(<send::Check<u8>>::HAS && !<send::Check<Rc<u8>>>::HAS) }
    const { assert!(<sync::Check<NotSend>>::HAS && !<send::Check<NotSend>>::HAS) }
}

/// The primitives that `#[primitive]` makes, and their futures.
mod primitives {
    use sync_core::{
        AutoEvent, Barrier, Condvar, Event, Latch, Mutex as AsyncMutex, OnceCell, barrier::BarrierWaitResult,
        event, latch,
    };

    use super::*;

    table! {
        Event: + + + . .;
        AutoEvent: + + + . .;
        Latch: + + + . .;
        Barrier: + + + . .;
        Condvar: + + + . .;
        OnceCell<u8>: + + + . .;
        BarrierWaitResult: + + + + +;
        event::Wait<'static>: + + - . .;
        event::WaitOwned: + + - . .;
        event::AutoWait<'static>: + + - . .;
        event::AutoWaitOwned: + + - . .;
        latch::Wait<'static>: + + - . .;
        latch::WaitOwned: + + - . .;
        // A lock for one thread keeps all of them there.
        Event<Local>: + - + . .;
        AutoEvent<Local>: + - + . .;
        Latch<Local>: + - + . .;
        Barrier<Local>: + - + . .;
        Condvar<Local>: + - + . .;
        OnceCell<u8, Local>: + - + . .;
        event::Wait<'static, Local>: - - - . .;
        Event<Homebound>: - + + . .;
        // A task that comes last drops the value, and a task that looks has it: both must be possible
        // elsewhere.
        OnceCell<NotSend>: - - . . .;
        OnceCell<NotSync>: + - . . .;
    }

    /// Of futures without a name: `Send` where what they use is.
    fn is_send(_: &impl Send) {}

    #[test]
    fn futures_without_a_name_may_go_to_another_thread() {
        let (barrier, condvar, cell, mutex) =
            (Barrier::new(1), Condvar::new(), OnceCell::new(), AsyncMutex::new(0));
        is_send(&barrier.wait());
        is_send(&condvar.wait(mutex.try_lock().expect("it is free")));
        is_send(&cell.get_or_init(async || 1_u8));
    }
}
