//! How the primitives' state words are laid out, for reading them in a memory dump.

use core::fmt;

use crate::state::{
    cell::CellState, mutex::MutexState, node::NodeState, once::OnceState, queue::QueueState,
    rwlock::RwLockState, semaphore::SemaphoreState, spin_rwlock::RwState,
};

/// Calls `f` for each kind of state word of this crate, with the types that have it and the word at rest,
/// which its `Display` draws with the fields and their bits.
///
/// # Panics
///
/// If `f` does.
///
/// # Examples
///
/// ```
/// let mut text = String::new();
/// sync_core::layout::for_each(|types, word| text += &format!("{types}\n{word}\n"));
/// assert!(text.contains("Semaphore") && text.contains("permits"));
/// ```
pub fn for_each(mut f: impl FnMut(&'static str, &dyn fmt::Display)) {
    f("Mutex", &MutexState::new());
    f("RwLock", &RwLockState::new());
    f("Semaphore", &SemaphoreState::new());
    f("WaitCell", &CellState::new());
    f("WaitQueue, WaitMap, #[wait_map], #[primitive] with a Policy", &QueueState::new());
    f("a waiting future", &NodeState::new());
    f("spin::RwSpinlock", &RwState::new());
    f("spin::InitOnce, spin::Lazy", &OnceState::new());
}
