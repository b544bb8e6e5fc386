// `Held` is the proof that a lock is held. This took one out of a word of its own making; it compiled once.
#![forbid(unsafe_code)]

use sync_core::{
    __private::{AtomicMutexState, DefaultMutex, QueueRef, Held, Lending, MutexState, Via},
    mutex::{Exclusive, Mutex},
};

type Way = Via<&'static Mutex<u8>, Lending<Exclusive>>;

fn main() {
    let word = AtomicMutexState::new(MutexState::new());
    let held: Option<Held> = <Way as QueueRef<Exclusive, DefaultMutex>>::fast(&word, &(), 0);
}
