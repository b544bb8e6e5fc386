//! Raw locks, and the cells that they guard: what the public modules `blocking` and `spin` and every wait
//! list are made of.
//!
//! | module | what it is | what it lets safe code do |
//! | --- | --- | --- |
//! | `spin` | locks that spin, cells that are filled once | |
//! | `default_mutex` | the raw lock for those that choose none | |
//! | `raw_rwlock` | what a lock for readers and writers is | |
//! | `locked_cell` | a value beside a raw lock | reach the value under the lock |
//! | `mutex_guard`, `rw_cell`, `rw_guards` | the same for guards, and for readers and writers | |

#![expect(unsafe_code, reason = "raw locks implement unsafe traits, and guards reach what they lock")]

mod default_mutex;
mod guards;
mod locked_cell;
mod mutex_guard;
mod raw_rwlock;
mod rw_cell;
mod rw_guards;
pub mod spin;

pub use self::{
    default_mutex::DefaultMutex,
    mutex_guard::MutexGuard,
    raw_rwlock::RawRwLock,
    rw_guards::{RwLockReadGuard, RwLockWriteGuard},
};
pub(crate) use self::{locked_cell::LockedCell, rw_cell::RwCell};
