//! Every operation beside every other, see `support/pairs.rs`, without permits.

use std::{future::Future, pin::Pin};

use sync_core::{Closed, Semaphore};

use super::there;
use crate::support::{
    Task,
    pairs::{Linearizable, pairs},
    pinned,
};

/// A semaphore without permits; a task that gets any keeps them for good. `FIRST` and those that come after
/// it, in turn, ask for one and two.
struct Empty<const FIRST: u8>(Semaphore);

impl<const FIRST: u8> Linearizable for Empty<FIRST> {
    const MAY_PASS: bool = true;

    /// Several rounds of a large `add_permits` are not one step: see S9.
    const CROWDS: &'static [usize] = &[0, 1];

    type Wait = Pin<Box<dyn Future<Output = Result<usize, Closed>> + Send>>;

    fn new() -> Self {
        Self(Semaphore::new(0))
    }

    fn wait(&'static self, key: u8) -> Pin<Box<Self::Wait>> {
        let wait = self.0.acquire(usize::from((FIRST + key) % 2 + 1));
        pinned(Box::pin(async move {
            let permit = wait.await?;
            let permits = permit.permits();
            permit.forget();
            Ok(permits)
        }))
    }

    /// Takes a permit away.
    fn subscribe(&'static self, _: u8, _: &Task) -> Pin<Box<Self::Wait>> {
        let taken = self.0.forget_permits(1);
        pinned(Box::pin(async move { Ok(taken) }))
    }

    fn wake(&'static self, _: u8, _: u8) -> String {
        self.0.add_permits(1);
        String::new()
    }

    /// Adds enough for two, or three.
    fn wake_all(&'static self, _: u8, _: u8) -> String {
        self.0.add_permits(3);
        String::new()
    }

    fn close(&'static self) {
        self.0.close();
    }

    fn rest(&'static self) -> String {
        let (there, wait) = (there(&self.0), self.0.waiters());
        let attempt = self.0.try_acquire(1).map(|permit| permit.permits());
        format!("{there} there, {wait} wait, {attempt:?}")
    }
}

// See `support/pairs.rs`: `wake` adds one permit and `wake_all` three; `subscribe` is `forget_permits`.
// Fails if: permits for a line that has gone meanwhile are lost; the word's `settle` is a load and a store;
// `release` does not look at `waiting`; a new waker is not stored (each seen).
mod one_before_two {
    use super::*;

    type Linearizable = Empty<0>;

    pairs!(Linearizable, and threes);
}
mod two_before_one {
    use super::*;

    type Linearizable = Empty<1>;

    pairs!(Linearizable, and threes);
}
