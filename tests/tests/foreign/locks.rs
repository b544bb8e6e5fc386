//! Mutexes and readers-writer locks: handing over, by a release and by everything else that makes room.

use alloc::{sync::Arc, vec::Vec};

use sync_core::{
    Mutex, MutexGuard, OwnedMutexGuard, RwLock, RwLockReadGuard, RwLockUpgradableReadGuard, RwLockWriteGuard,
};
use tests::{
    fuse::{Call, Value, Waiting, call},
    watched::Watched,
};

use crate::scene::{Act, WithUserCode, all, none, one, wait};

struct Exclusive(Mutex<Value, Watched>);

/// The same, by waits and guards that own it.
struct Owned(Arc<Mutex<Value, Watched>>);

impl WithUserCode for Exclusive {
    type Kept<'s> = MutexGuard<'s, Value, Watched>;

    fn make() -> Self {
        Self(Mutex::new_with_raw_mutex(Value::new(), Watched::default()))
    }
    fn keep(&self) -> Self::Kept<'_> {
        self.0.try_lock().expect("no task has it")
    }
    fn wait(&self, _: usize) -> Waiting<'_> {
        wait(self.0.lock(), Some)
    }
    fn give<'s>(&'s self, kept: &mut Option<Self::Kept<'s>>) {
        *kept = None;
    }
    fn acts() -> Vec<Act<Self>> {
        vec![
            Act::new("unlock", one, |_, kept| *kept = None),
            // The panic comes out through the guard, which unlocks.
            Act::new("replace the value, and unlock", one, |_, kept| {
                if let Some(mut guard) = kept.take() {
                    *guard = Value::new();
                }
            }),
            Act::new("narrow, and unlock", one, |_, kept| {
                drop(kept.take().map(|guard| {
                    MutexGuard::map(guard, |value| {
                        call(Call::Closure);
                        value
                    })
                }));
            }),
            Act::new("try to narrow, and unlock", one, |_, kept| {
                drop(kept.take().map(|guard| {
                    MutexGuard::try_map(guard, |value| {
                        call(Call::Closure);
                        None::<&mut Value>.or(Some(value))
                    })
                }));
            }),
        ]
    }
}

impl WithUserCode for Owned {
    type Kept<'s> = OwnedMutexGuard<Value, Watched>;

    fn make() -> Self {
        Self(Arc::new(Mutex::new_with_raw_mutex(Value::new(), Watched::default())))
    }
    fn keep(&self) -> Self::Kept<'_> {
        self.0.clone().try_lock_owned().expect("no task has it")
    }
    fn wait(&self, _: usize) -> Waiting<'_> {
        wait(self.0.clone().lock_owned(), Some)
    }
    fn give<'s>(&'s self, kept: &mut Option<Self::Kept<'s>>) {
        *kept = None;
    }
    fn acts() -> Vec<Act<Self>> {
        vec![Act::new("unlock", one, |_, kept| *kept = None)]
    }
    fn is_alone(&self) -> bool {
        Arc::strong_count(&self.0) == 1
    }
}

type Lock = RwLock<Value, Watched>;

fn lock() -> Lock {
    RwLock::new_with_raw_mutex(Value::new(), Watched::default())
}

/// Many readers behind a writer.
struct Readers(Lock);

impl WithUserCode for Readers {
    type Kept<'s> = RwLockWriteGuard<'s, Value, Watched>;
    const PASSES_ON: usize = 0;
    const GIVES_ALL: bool = true;

    fn make() -> Self {
        Self(lock())
    }
    fn keep(&self) -> Self::Kept<'_> {
        self.0.try_write().expect("no task has it")
    }
    fn wait(&self, _: usize) -> Waiting<'_> {
        wait(self.0.read(), Some)
    }
    fn give<'s>(&'s self, kept: &mut Option<Self::Kept<'s>>) {
        *kept = None;
    }
    fn acts() -> Vec<Act<Self>> {
        vec![
            Act::new("the writer goes", all, |_, kept| *kept = None),
            Act::new("the writer becomes a reader", all, |_, kept| {
                drop(kept.take().map(RwLockWriteGuard::downgrade));
            }),
            Act::new("the writer becomes upgradable", all, |_, kept| {
                drop(kept.take().map(RwLockWriteGuard::downgrade_to_upgradable));
            }),
        ]
    }
}

/// Writers behind a reader.
struct Writers(Lock);

impl WithUserCode for Writers {
    type Kept<'s> = RwLockReadGuard<'s, Value, Watched>;

    fn make() -> Self {
        Self(lock())
    }
    fn keep(&self) -> Self::Kept<'_> {
        self.0.try_read().expect("no task has it")
    }
    fn wait(&self, _: usize) -> Waiting<'_> {
        wait(self.0.write(), Some)
    }
    fn give<'s>(&'s self, kept: &mut Option<Self::Kept<'s>>) {
        *kept = None;
    }
    fn acts() -> Vec<Act<Self>> {
        vec![Act::new("the reader goes", one, |_, kept| *kept = None)]
    }
}

/// A writer, and readers behind it that only its turn keeps out.
struct Behind(Arc<Lock>);

impl WithUserCode for Behind {
    type Kept<'s> = RwLockReadGuard<'s, Value, Watched>;
    /// All of them.
    const FRONT_LEAVES: usize = usize::MAX;
    const PASSES_ON: usize = 100;

    fn make() -> Self {
        Self(Arc::new(lock()))
    }
    fn keep(&self) -> Self::Kept<'_> {
        self.0.try_read().expect("no task has it")
    }
    fn wait(&self, nth: usize) -> Waiting<'_> {
        if nth == 0 || self.0.try_read().is_some() {
            wait(self.0.write_owned(), Some)
        } else {
            wait(self.0.read_owned(), Some)
        }
    }
    fn give<'s>(&'s self, kept: &mut Option<Self::Kept<'s>>) {
        *kept = None;
    }
    fn acts() -> Vec<Act<Self>> {
        vec![Act::new("the reader goes", one, |_, kept| *kept = None)]
    }
    fn is_alone(&self) -> bool {
        Arc::strong_count(&self.0) == 1
    }
}

/// Upgradable readers, of which there is one at a time, in line behind one.
struct Upgradables(Lock);

impl WithUserCode for Upgradables {
    type Kept<'s> = RwLockUpgradableReadGuard<'s, Value, Watched>;

    fn make() -> Self {
        Self(lock())
    }
    fn keep(&self) -> Self::Kept<'_> {
        self.0.try_upgradable_read().expect("no task has it")
    }
    fn wait(&self, _: usize) -> Waiting<'_> {
        wait(self.0.upgradable_read(), Some)
    }
    fn give<'s>(&'s self, kept: &mut Option<Self::Kept<'s>>) {
        *kept = None;
    }
    fn acts() -> Vec<Act<Self>> {
        vec![
            Act::new("the upgradable one goes", one, |_, kept| *kept = None),
            Act::new("it becomes a reader", one, |_, kept| {
                drop(kept.take().map(RwLockUpgradableReadGuard::downgrade));
            }),
            Act::new("it writes", none, |_, kept| {
                let guard = kept.take().expect("it is there");
                let guard = RwLockUpgradableReadGuard::try_upgrade(guard).expect("no other task reads");
                *kept = Some(RwLockWriteGuard::downgrade_to_upgradable(guard));
            }),
        ]
    }
}

crate::tables! {
    a_mutex: Exclusive, 50;
    a_mutex_by_owned_guards: Owned, 30;
    readers_behind_a_writer: Readers, 250;
    writers_behind_a_reader: Writers, 30;
    readers_behind_a_writer_in_line: Behind, 170;
    upgradable_readers: Upgradables, 30;
}
