//! What is seen of a future, a guard, a permit or a subscription is its own name: in type errors, in hovers
//! and in `Debug`.
//!
//! Seen to fail with: a `Debug` of the wait that prints `Wait`, whatever its type is called; one of a subscription that
//! prints `Subscription`.

#![cfg(not(loom))]

extern crate alloc;
// With `watched`, the critical section that the lock needs is there.
extern crate tests as _;

// With `watched`, the critical section that the lock needs is there.
use alloc::sync::Arc;
use core::{
    any::type_name_of_val,
    fmt::Debug,
    future::Future,
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
};
use tests as _;

use sync_core::{
    AutoEvent, Barrier, Condvar, Event, Latch, Mutex, MutexGuard, OwnedMutexGuard, OwnedRwLockReadGuard,
    OwnedRwLockUpgradableReadGuard, OwnedRwLockWriteGuard, Policy, RwLock, RwLockReadGuard,
    RwLockUpgradableReadGuard, RwLockWriteGuard, ScopedRawMutex, Select, Semaphore, WaitCell, WaitMap,
    WaitQueue, waiter::Subscribable,
};

/// What a type of these is an argument of, or the argument of one.
const ARGUMENTS: [&str; 5] = ["u8", "u32", "DefaultMutex", "mut", "Closed"];

/// `value` is a `name`, and neither its type nor what it prints names anything but that and its arguments.
fn is_named<T: Debug>(value: &T, name: &str) {
    prints_no_inside(value);
    let text = format!("{value:?}");
    assert!(text.starts_with(&format!("{name} {{")), "{text} is no {name}");
    has_type(value, name);
}

/// The name of the type of `value` is made of `name` and of [`ARGUMENTS`].
fn has_type<T>(value: &T, name: &str) {
    let full = type_name_of_val(value);
    // Without the lifetimes and the paths, which errors shorten to what can be named.
    let words = full.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':' || c == '\''));
    let words = words.filter_map(|word| word.rsplit("::").next()).filter(|word| !word.is_empty());
    for word in words.filter(|word| !word.starts_with('\'')) {
        assert!(name.split(' ').any(|part| part == word) || ARGUMENTS.contains(&word), "{full} names {word}");
    }
    let outer = full.split('<').next().and_then(|path| path.rsplit("::").next());
    assert_eq!(outer, name.split(' ').next(), "{full}");
}

/// `value` prints no word of the inside.
fn prints_no_inside(value: &dyn Debug) {
    let text = format!("{value:?}");
    for inside in [
        "LockHandle",
        "QueueRef",
        "Rule",
        "Ref",
        "Queue<",
        "NodeState",
        "Node",
        "Held",
        "Guard",
        "Turns",
        "__",
    ] {
        assert!(!text.contains(inside), "{text} names {inside}");
    }
}

fn now<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it is not ready"),
    }
}

/// A future, what registers it, and what it yields.
fn future<F: Subscribable + Debug>(future: F, name: &str, states: [&str; 2]) -> Pin<Box<F>> {
    is_named(&future, name);
    let mut future = Box::pin(future);
    let subscribe = sync_core::waiter::Subscribe::new(future.as_mut());
    has_type(&subscribe, &format!("Subscribe {name}"));
    prints_no_inside(&subscribe);
    assert!(format!("{future:?}").contains(&format!("state: {}", states[0])), "{future:?}");
    let _ = now(sync_core::waiter::Subscribe::new(future.as_mut()));
    assert!(format!("{future:?}").contains(&format!("state: {}", states[1])), "{future:?}");
    future
}

const GOES_ON: [&str; 2] = ["idle", "ready"];
const WAITS: [&str; 2] = ["idle", "waiting"];

#[test]
fn of_a_mutex() {
    let mutex = &Arc::new(Mutex::new(7u8));
    let guard = now(future(mutex.lock(), "Lock", GOES_ON));
    has_type(&guard, "MutexGuard");
    has_type(&MutexGuard::map(guard, |value| value), "MappedMutexGuard");
    let guard = now(future(Arc::clone(mutex).lock_owned(), "LockOwned", GOES_ON));
    has_type(&guard, "OwnedMutexGuard");
    drop(future(mutex.lock(), "Lock", WAITS));
    let part = OwnedMutexGuard::map(guard, |value| value);
    has_type(&part, "OwnedMappedMutexGuard");
    assert_eq!(format!("{part:?}"), "7");
}

#[test]
fn of_a_readers_writer_lock() {
    let lock = &Arc::new(RwLock::new(7u8));
    let guard = now(future(lock.read(), "Read", GOES_ON));
    has_type(&guard, "RwLockReadGuard");
    has_type(&RwLockReadGuard::map(guard, |value| value), "MappedRwLockReadGuard");
    let guard = now(future(lock.upgradable_read(), "UpgradableRead", GOES_ON));
    has_type(&guard, "RwLockUpgradableReadGuard");
    let upgrade = future(RwLockUpgradableReadGuard::upgrade(guard), "Upgrade", GOES_ON);
    let guard = now(upgrade);
    has_type(&guard, "RwLockWriteGuard");
    drop(future(lock.read(), "Read", WAITS));
    has_type(&RwLockWriteGuard::map(guard, |value| value), "MappedRwLockWriteGuard");
    drop(now(future(lock.write(), "Write", GOES_ON)));

    let guard = now(future(lock.read_owned(), "ReadOwned", GOES_ON));
    has_type(&guard, "OwnedRwLockReadGuard");
    has_type(&OwnedRwLockReadGuard::map(guard, |value| value), "OwnedMappedRwLockReadGuard");
    let guard = now(future(lock.upgradable_read_owned(), "UpgradableReadOwned", GOES_ON));
    has_type(&guard, "OwnedRwLockUpgradableReadGuard");
    let guard = now(future(OwnedRwLockUpgradableReadGuard::upgrade(guard), "UpgradeOwned", GOES_ON));
    has_type(&guard, "OwnedRwLockWriteGuard");
    has_type(&OwnedRwLockWriteGuard::map(guard, |value| value), "OwnedMappedRwLockWriteGuard");
    drop(now(future(lock.write_owned(), "WriteOwned", GOES_ON)));
}

#[test]
fn of_a_semaphore() {
    let semaphore = &Arc::new(Semaphore::new(2));
    let permit = now(future(semaphore.acquire(1), "Acquire", GOES_ON)).unwrap();
    is_named(&permit, "Permit");
    let owned = now(future(semaphore.acquire_owned(1), "AcquireOwned", GOES_ON)).unwrap();
    is_named(&owned, "OwnedPermit");
    drop(future(semaphore.acquire(1), "Acquire", WAITS));
}

#[test]
fn of_what_only_wakes() {
    let cell = WaitCell::new();
    has_type(&cell.wait(), "Wait");
    has_type(&cell.subscribe(), "Subscribe");
    prints_no_inside(&cell.wait());

    let queue = &Arc::new(WaitQueue::new());
    drop(future(queue.wait(), "Wait", WAITS));
    drop(future(queue.wait_owned(), "WaitOwned", WAITS));
    let (event, auto, latch) =
        (&Arc::new(Event::new()), &Arc::new(AutoEvent::new()), &Arc::new(Latch::new(1)));
    drop(future(event.wait(), "Wait", WAITS));
    drop(future(event.wait_owned(), "WaitOwned", WAITS));
    drop(future(auto.wait(), "AutoWait", WAITS));
    drop(future(auto.wait_owned(), "AutoWaitOwned", WAITS));
    drop(future(latch.wait(), "Wait", WAITS));
    drop(future(latch.wait_owned(), "WaitOwned", WAITS));
    event.close();
    let mut closed = Box::pin(event.wait());
    assert!(now(closed.as_mut()).is_err());
    assert_eq!(format!("{closed:?}"), "Wait { state: closed, .. }");
    prints_no_inside(&Barrier::new(2));
    prints_no_inside(&Condvar::new());
}

#[test]
fn of_a_map() {
    let map = &Arc::new(WaitMap::<u8, u32>::new());
    let mut wait = future(map.wait(1), "Wait", WAITS);
    is_named(&wait.as_mut().subscribe(), "Subscribe");
    let mut owned = future(map.wait_owned(2), "WaitOwned", WAITS);
    has_type(&owned.as_mut().subscribe(), "Subscribe WaitOwned");
    drop(owned);
    assert!(matches!(map.wake(&1, 3), sync_core::wait_map::WakeOutcome::Woke));
    assert_eq!(now(wait.as_mut()), Ok(3));
    assert_eq!(format!("{wait:?}"), "Wait { state: finished, .. }");
}

/// Tokens.
#[sync_core::primitive(method = acquire, future = Take, new() = 0)]
struct Tokens;

impl Policy for Tokens {
    type State = u8;
    type Waiter = u8;
    type Value = ();
    type Event<'e> = ();

    fn try_ready(free: &mut u8, wanted: &u8) -> Option<()> {
        (*free >= *wanted).then(|| *free -= *wanted)
    }

    fn select(free: &mut u8, wanted: &mut u8, (): &mut ()) -> Select<()> {
        Self::try_ready(free, wanted).map_or(Select::Stop, Select::Wake)
    }
}

impl<Lock: ScopedRawMutex> Tokens<Lock> {
    fn add(&self, more: u8) {
        self.notify((), |free| *free += more);
    }
}

#[sync_core::wait_map(key = u32, match = mask, future = Flagged)]
struct Flags;

#[sync_core::wait_map(key = K, value = V, match = fifo, buckets = 4, future = r#Delivery)]
struct Mailboxes<K: Eq + core::hash::Hash, V>;

#[test]
fn of_generated_types() {
    let tokens = &Arc::new(Tokens::new());
    drop(future(tokens.acquire(1), "Take", WAITS));
    let wait = future(tokens.acquire_owned(1), "TakeOwned", WAITS);
    assert_eq!(tokens.waiters(), 1);
    tokens.add(1);
    assert_eq!(tokens.waiters(), 0);
    assert_eq!(now(wait), Ok(()));

    let flags = &Arc::new(Flags::new());
    let mut wait = future(flags.wait_any(1).clear_on_exit(), "Flagged", WAITS);
    is_named(&wait.as_mut().subscribe(), "FlaggedSubscribe");
    drop(wait);
    drop(future(flags.wait_all_owned(1).clear_on_exit(), "FlaggedOwned", WAITS));

    let mailboxes = &Arc::new(Mailboxes::<u8, u32>::new());
    let mut first = future(mailboxes.wait(1), "Delivery", WAITS);
    is_named(&first.as_mut().subscribe(), "DeliverySubscribe");
    let second = future(mailboxes.wait_owned(2), "DeliveryOwned", WAITS);
    assert_eq!(mailboxes.waiters(), 2);
    drop((first, second));
    assert_eq!(mailboxes.waiters(), 0);
}
