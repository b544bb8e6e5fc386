//! Every operation beside every other, see `support/pairs.rs`, with guards on a shelf.

use std::{
    collections::VecDeque,
    fmt::{self, Debug, Formatter},
    future::Future,
    pin::Pin,
    sync::PoisonError,
};

use sync_core::{RwLock, RwLockUpgradableReadGuard, RwLockWriteGuard};

use super::{Lock, Reader, Upgradable, Writer};
use crate::support::{
    Place, Task,
    pairs::{Linearizable, pairs},
    pinned,
};

/// Any way to hold the lock.
enum Any {
    Read(Reader),
    Upgradable(Upgradable),
    Write(Writer),
}

/// Says how a task holds the lock, and has put its guard on the shelf.
struct Holds(&'static str);

impl Debug for Holds {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// A lock with a shelf for the guards of those that hold it. `FIRST` and those that come after it, in turn,
/// ask for: 0 write, 1 read, 2 upgradable; and `HELD` says in the same way who holds it when a model begins.
struct HeldRwLock<const HELD: u8, const FIRST: u8> {
    lock: Lock,
    guards: std::sync::Mutex<VecDeque<Any>>,
}

impl<const HELD: u8, const FIRST: u8> HeldRwLock<HELD, FIRST> {
    fn put(&self, guard: Any) -> Holds {
        let name = match &guard {
            Any::Read(guard) => (guard.look(), "reads").1,
            Any::Upgradable(guard) => (guard.look(), "reads, upgradable").1,
            Any::Write(guard) => (guard.visit(), "writes").1,
        };
        self.guards.lock().unwrap_or_else(PoisonError::into_inner).push_back(guard);
        Holds(name)
    }

    /// Takes the guard that was put there last, or the oldest of those that may be exchanged.
    fn take(&self, exchange: bool) -> Option<Any> {
        let mut guards = self.guards.lock().unwrap_or_else(PoisonError::into_inner);
        if exchange {
            let at = guards.iter().position(|guard| !matches!(guard, Any::Read(_)))?;
            return guards.remove(at);
        }
        guards.pop_back()
    }
}

impl<const HELD: u8, const FIRST: u8> Linearizable for HeldRwLock<HELD, FIRST> {
    /// Beside those that read.
    const MAY_PASS: bool = true;

    type Wait = Pin<Box<dyn Future<Output = Holds> + Send>>;

    fn new() -> Self {
        Self { lock: RwLock::new(Place::new()), guards: std::sync::Mutex::default() }
    }

    fn ready(&'static self) {
        self.put(match HELD {
            0 => Any::Write(self.lock.try_write().unwrap()),
            1 => Any::Read(self.lock.try_read().unwrap()),
            _ => {
                self.put(Any::Upgradable(self.lock.try_upgradable_read().unwrap()));
                Any::Read(self.lock.try_read().unwrap())
            }
        });
    }

    fn wait(&'static self, key: u8) -> Pin<Box<Self::Wait>> {
        pinned(match (FIRST + key) % 3 {
            0 => {
                let wait = self.lock.write();
                Box::pin(async move { self.put(Any::Write(wait.await)) })
            }
            1 => {
                let wait = self.lock.read();
                Box::pin(async move { self.put(Any::Read(wait.await)) })
            }
            _ => {
                let wait = self.lock.upgradable_read();
                Box::pin(async move { self.put(Any::Upgradable(wait.await)) })
            }
        })
    }

    fn subscribe(&'static self, _: u8, _: &Task) -> Pin<Box<Self::Wait>> {
        unreachable!("a lock has no `subscribe`, and `each_way` leaves it out")
    }

    /// The task that got it last lets go.
    fn wake(&'static self, _: u8, _: u8) -> String {
        // A separate step: the shelf itself orders nothing.
        let guard = self.take(false);
        String::from(if guard.is_some() { "lets go" } else { "finds no holder" })
    }

    /// The writer or the upgradable one holds it in another way, if it can.
    fn wake_all(&'static self, _: u8, _: u8) -> String {
        let Some(guard) = self.take(true) else { return String::from("finds no holder") };
        let now = self.put(match guard {
            Any::Write(writer) => Any::Upgradable(RwLockWriteGuard::downgrade_to_upgradable(writer)),
            Any::Read(reader) => Any::Read(reader),
            Any::Upgradable(upgradable) => match RwLockUpgradableReadGuard::try_upgrade(upgradable) {
                Ok(writer) => Any::Write(writer),
                Err(upgradable) => Any::Read(RwLockUpgradableReadGuard::downgrade(upgradable)),
            },
        });
        format!("now {now:?}")
    }

    /// Tries to get it, as the first of those that wait would, and holds it.
    fn close(&'static self) {
        let lock = &self.lock;
        let guard = match FIRST {
            0 => lock.try_write().map(Any::Write),
            1 => lock.try_read().map(Any::Read),
            _ => lock.try_upgradable_read().map(Any::Upgradable),
        };
        if let Some(guard) = guard {
            self.put(guard);
        }
    }

    fn rest(&'static self) -> String {
        let names = |guard: &Any| match guard {
            Any::Read(_) => "r",
            Any::Upgradable(_) => "u",
            Any::Write(_) => "w",
        };
        let guards = self.guards.lock().unwrap_or_else(PoisonError::into_inner);
        let mut names: Vec<_> = guards.iter().map(names).collect();
        names.sort_unstable();
        let open = [
            self.lock.try_read().is_some(),
            self.lock.try_upgradable_read().is_some(),
            self.lock.try_write().is_some(),
        ];
        format!("held by {names:?}, open to read, upgradable, write: {open:?}")
    }
}

// See `support/pairs.rs`: `wake` lets go, `wake_all` holds it in another way, `close` is a `try_` method.
// Each with the lock held in each way, and one that waits in another. Two operations are not for one guard.
// Fails if: `try_enter`, `release`, `exchange`, `try_upgrade` or the change of `hand_over` is Relaxed;
// `hand_over` does not clear `waiting`; an upgrade is granted beside a reader; the last reader does not hand
// over (each seen).
macro_rules! each_way {
    ($($module:ident $held:literal $first:literal $(and $release:ident)?;)+) => {
        $(mod $module {
            use super::*;
            use crate::support::pairs::{Op, pair};

            type Subject = HeldRwLock<$held, $first>;

            pairs!(@of pairs pair Subject: release Wake, attempt Close, wait Wait, repoll Repoll,
                drop_queued DropQueued);

            each_way!(@exchange $($release Wake)? attempt Close wait Wait repoll Repoll drop_queued DropQueued);
        })+
    };
    (@exchange $($with:ident $op:ident)+) => {
        mod exchange {
            use super::*;

            $(#[test]
            fn $with() {
                pair::<Subject>(Op::WakeAll, Op::$op);
            })+
        }
    };
}
each_way! {
    a_writer_before_a_writer 0 0;
    a_writer_before_a_reader 0 1;
    a_writer_before_an_upgradable 0 2;
    a_reader_before_a_writer 1 0;
    an_upgradable_before_a_writer 2 0 and release;
    an_upgradable_before_another 2 2 and release;
}
