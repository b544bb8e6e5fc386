//! Mutexes and readers-writer locks: one at a time, and whole values.

use alloc::sync::Arc;
use std::thread;

use sync_core::{Mutex, RwLock, RwLockUpgradableReadGuard, RwLockWriteGuard, Semaphore};

use super::{Bare, Jobs, StormConfig, storms};
use crate::{Count, GiveUp};

storms! {
    one_has_the_mutex
    one_has_the_owned_mutex
    one_writes
    one_writes_and_owns
    one_may_upgrade
    one_may_upgrade_and_owns
    one_has_the_permit
    one_has_the_owned_permit
    readers_see_whole_values
}

/// Every turn counts once, though others give up while they wait, or when it would have been theirs.
/// Seen to fail with: a release of a contended mutex that clears `locked`.
macro_rules! has_turns {
    ($($name:ident: $lock:expr, |$wait:ident| $take:expr, |$try:ident| $try_take:expr;)*) => {$(
        fn $name(config: StormConfig) -> usize {
            let ring = ($lock, Bare::default(), Count::new());
            let mut jobs = Jobs::new(config, ring);
            jobs.spawn(config.workers, |ring, mut dice| async move {
                let ($wait, bare, turns) = &*ring;
                for _ in 0..config.items / 2 {
                    if dice.roll(8) == 0 {
                        let $try = $wait;
                        if let Some(_turn) = $try_take {
                            bare.up(false);
                            turns.up();
                        }
                    } else if let Some(_turn) = GiveUp::after(dice.patience(), $take).await {
                        bare.up(dice.roll(32) == 0);
                        turns.up();
                    }
                }
            });
            let (lock, bare, turns) = jobs.run();
            let $try = &lock;
            assert!($try_take.is_some(), "no task has it any more");
            assert_eq!(bare.get(), turns.get());
            turns.get()
        }
    )*};
}

has_turns! {
    one_has_the_mutex: Mutex::new(()), |lock| lock.lock(), |lock| lock.try_lock();
    one_has_the_owned_mutex: Arc::new(Mutex::new(())),
        |lock| Arc::clone(lock).lock_owned(), |lock| Arc::clone(lock).try_lock_owned().ok();
    one_writes: RwLock::new(()), |lock| lock.write(), |lock| lock.try_write();
    one_writes_and_owns: Arc::new(RwLock::new(())), |lock| lock.write_owned(), |lock| lock.try_write_owned();
    one_may_upgrade: RwLock::new(()), |lock| lock.upgradable_read(), |lock| lock.try_upgradable_read();
    one_may_upgrade_and_owns: Arc::new(RwLock::new(())),
        |lock| lock.upgradable_read_owned(), |lock| lock.try_upgradable_read_owned();
    one_has_the_permit: Semaphore::new(1),
        |lock| async { lock.acquire(1).await.expect("no task closes it") }, |lock| lock.try_acquire(1).ok();
    one_has_the_owned_permit: Arc::new(Semaphore::new(1)),
        |lock| async { lock.acquire_owned(1).await.expect("no task closes it") },
        |lock| lock.try_acquire_owned(1).ok();
}

/// Readers never see half a change, no task writes between what an upgrade has read and what it writes, and
/// every change is there in the end.
/// Seen to fail with: `admits` that lets a writer in beside a reader (an assertion in the library is faster).
fn readers_see_whole_values(config: StormConfig) -> usize {
    struct Book {
        lock: RwLock<[usize; 2]>,
        written: Count,
        read: Count,
    }
    let book = Book { lock: RwLock::new([0, 0]), written: Count::new(), read: Count::new() };
    let mut jobs = Jobs::new(config, book);
    jobs.spawn(config.workers, |book, mut dice| async move {
        let write = |page: &mut [usize; 2], slowly: bool| {
            page[0] += 1;
            if slowly {
                thread::yield_now();
            }
            page[1] += 1;
            book.written.up();
        };
        for _ in 0..config.items / 2 {
            let (patience, slowly) = (dice.patience(), dice.roll(32) == 0);
            match dice.roll(4) {
                0 => {
                    let Some(mut page) = GiveUp::after(patience, book.lock.write()).await else { continue };
                    write(&mut page, slowly);
                    let written = *page;
                    if dice.roll(2) == 0 {
                        let page = RwLockWriteGuard::downgrade(page);
                        assert_eq!(*page, written, "a task has written meanwhile");
                    }
                }
                1 => {
                    let wait = book.lock.upgradable_read();
                    let Some(page) = GiveUp::after(patience, wait).await else { continue };
                    let read = *page;
                    let upgrade = RwLockUpgradableReadGuard::upgrade(page);
                    let Some(mut page) = GiveUp::after(dice.patience(), upgrade).await else { continue };
                    assert_eq!(*page, read, "a task has written meanwhile");
                    write(&mut page, slowly);
                }
                _ => {
                    let Some(page) = GiveUp::after(patience, book.lock.read()).await else { continue };
                    let half = page[0];
                    if slowly {
                        thread::yield_now();
                    }
                    assert_eq!([half, page[0]], [page[1]; 2], "half a change");
                    book.read.up();
                }
            }
        }
    });
    let book = jobs.run();
    let page = *book.lock.try_write().expect("no task has it any more");
    assert_eq!(page, [book.written.get(); 2]);
    book.written.get() + book.read.get()
}
