//! The examples of the design, as they are written there.
#![forbid(unsafe_code)]

use sync_core::{Policy, ScopedRawMutex, Select};

/// A counting semaphore in which each task asks for its own number of tokens.
#[sync_core::primitive(method = acquire, future = Acquire)]
pub struct Tokens;

impl Policy for Tokens {             // plain Rust, untouched by the macro
    type State = usize;              // guarded by the list's lock
    type Waiter = usize;             // lives in the waiting task's node
    type Value = ();
    type Event<'e> = ();
    fn try_ready(available: &mut usize, need: &usize) -> Option<()> {
        (*available >= *need).then(|| *available -= *need)
    }
    fn select(available: &mut usize, need: &mut usize, _: &mut ()) -> Select<()> {
        match Self::try_ready(available, need) { Some(()) => Select::Wake(()), None => Select::Stop }
    }
}

impl<Lock: ScopedRawMutex> Tokens<Lock> {
    pub fn add(&self, n: usize) { self.notify((), |available| *available += n) }
}

pub struct Cqe;
#[derive(PartialEq)]
pub struct Topic;
#[derive(Clone)]
pub struct Msg;
pub type Lsn = u64;
pub struct Path(&'static str);
impl Path {
    fn is_prefix_of(&self, path: &str) -> bool { path.starts_with(self.0) }
}

mod maps {
    use super::{Cqe, Lsn, Msg, Path, Topic};
    use sync_core::wait_map;

    #[wait_map(key = u16, value = Cqe, match = unique)]        pub struct Completions;  // one waiter per tag
    #[wait_map(key = Topic, value = Msg, match = fifo)]        pub struct Mailboxes;    // wake_one / wake_n / wake_all
    #[wait_map(key = Lsn, match = up_to)]                      pub struct Flushed;      // advance(n) wakes all <= n; current()
    #[wait_map(key = u32, match = mask)]                       pub struct Events;       // set / clear; wait_any / wait_all
    #[wait_map(key = usize, match = fifo, buckets = 64)]       pub struct Futex;        // K: Hash, a lock per bucket
    #[wait_map(key = Path, event = str, match = predicate(Path::is_prefix_of))] pub struct Watch;
    #[wait_map(key = K, value = V, match = unique)]            pub struct Map<K, V> where K: Eq;
}

fn main() {
    static TOKENS: Tokens = Tokens::new(3);
    static COMPLETIONS: maps::Completions = maps::Completions::new();
    static MAILBOXES: maps::Mailboxes = maps::Mailboxes::new();
    static FLUSHED: maps::Flushed = maps::Flushed::new();
    static EVENTS: maps::Events = maps::Events::new();
    static FUTEX: maps::Futex = maps::Futex::new();
    static WATCH: maps::Watch = maps::Watch::new();
    static MAP: maps::Map<u8, u8> = maps::Map::new();

    TOKENS.add(1);
    let _: Acquire<'_> = TOKENS.acquire(3);
    let _ = (COMPLETIONS.wait(1), COMPLETIONS.wake(&1, Cqe));
    let _ = (MAILBOXES.wait(Topic), MAILBOXES.wake_one(&Topic, Msg));
    let _ = (MAILBOXES.wake_n(&Topic, 2, Msg), MAILBOXES.wake_all(&Topic, Msg));
    let _ = (FLUSHED.wait(1), FLUSHED.advance(2), FLUSHED.current());
    let _ = (EVENTS.wait_any(1), EVENTS.wait_all(3).clear_on_exit(), EVENTS.set(1), EVENTS.clear(1), EVENTS.get());
    let _ = (FUTEX.wait(1), FUTEX.wake_one(&1), FUTEX.wake_n(&1, 2), FUTEX.wake_all(&1));
    let _ = (WATCH.wait(Path("/etc")), WATCH.notify("/etc/hosts"));
    let _ = (MAP.wait(1), MAP.wake(&1, 2));
    assert!(!MAP.is_closed());
}
