//! What stands for a `WaitMap`.

use core::hash::BuildHasherDefault;
use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::sync::{Mutex, PoisonError};

use tokio::sync::oneshot;

use super::Keyed;

/// What a server without a wait map does: a tokio oneshot per request, found through a hash map.
///
/// The hasher is the standard one with fixed keys: as slow, and the same in every run.
#[derive(Debug, Default)]
pub struct OneshotMap(Mutex<HashMap<u16, oneshot::Sender<u64>, BuildHasherDefault<DefaultHasher>>>);

impl Keyed for OneshotMap {
    #[inline]
    fn wait(&'static self, key: u16) -> impl Future {
        let (sender, receiver) = oneshot::channel();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key, sender);
        receiver
    }

    #[inline]
    fn wake(&'static self, key: u16, value: u64) -> bool {
        let sender = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&key);
        sender.is_some_and(|sender| sender.send(value).is_ok())
    }
}
