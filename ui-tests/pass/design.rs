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
pub struct Msg;

mod maps {
    use super::{Cqe, Msg, Topic};
    use sync_core::wait_map;

    #[wait_map(key = u16, value = Cqe, match = unique)]        pub struct Completions;  // one waiter per tag
    #[wait_map(key = Topic, value = Msg, match = fifo)]        pub struct Mailboxes;    // wake_one / wake_n / wake_all
    #[wait_map(key = K, value = V, match = unique)]            pub struct Map<K, V> where K: Eq;
}

fn main() {
    static TOKENS: Tokens = Tokens::new(3);
    static COMPLETIONS: maps::Completions = maps::Completions::new();
    static MAILBOXES: maps::Mailboxes = maps::Mailboxes::new();
    static MAP: maps::Map<u8, u8> = maps::Map::new();

    TOKENS.add(1);
    let _: Acquire<'_> = TOKENS.acquire(3);
    let _ = (COMPLETIONS.wait(1), COMPLETIONS.wake(&1, Cqe));
    let _ = (MAILBOXES.wait(Topic), MAILBOXES.wake_one(&Topic, Msg));
    let _ = (MAP.wait(1), MAP.wake(&1, 2));
    assert!(!MAP.is_closed());
}
