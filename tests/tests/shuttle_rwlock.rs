//! [`RwLock`] with eight tasks on four threads, under schedules that shuttle draws.
//!
//! Seen to fail with: the last reader that leaves hands nothing over; waits that are put in front of the line
//! (both a deadlock); `admits` that lets a reader in beside a writer (an assertion of the library is faster).
#![cfg(shuttle)]

extern crate alloc;

use alloc::{boxed::Box, sync::Arc};

use sync_core::{RwLock, RwLockUpgradableReadGuard, RwLockWriteGuard};
use tests::{
    Count, GiveUp, schedules,
    schedules::{Job, TASKS, dice, on_threads},
};

/// How often each task locks.
const ROUNDS: usize = 3;

/// Readers never see half a change, no task writes between what an upgrade has read and what it writes, and
/// every change is there in the end; though others give up.
fn readers_see_whole_values() {
    struct Book {
        lock: RwLock<[usize; 2]>,
        written: Count,
    }
    fn write(book: &Book, page: &mut [usize; 2]) {
        page[0] += 1;
        shuttle::thread::yield_now();
        page[1] += 1;
        book.written.up();
    }
    let book = Arc::new(Book { lock: RwLock::new([0, 0]), written: Count::new() });
    let task = |book: Arc<Book>| async move {
        let mut dice = dice();
        for _ in 0..ROUNDS {
            let patience = dice.patience();
            match dice.roll(4) {
                0 => {
                    let Some(mut page) = GiveUp::after(patience, book.lock.write()).await else { continue };
                    write(&book, &mut page);
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
                    write(&book, &mut page);
                }
                _ => {
                    let Some(page) = GiveUp::after(patience, book.lock.read()).await else { continue };
                    let half = page[0];
                    shuttle::thread::yield_now();
                    assert_eq!([half, page[0]], [page[1]; 2], "half a change");
                }
            }
        }
    };
    on_threads((0..TASKS).map(|_| Box::pin(task(Arc::clone(&book))) as Job).collect());
    let page = *book.lock.try_write().expect("no task has it any more");
    assert_eq!(page, [book.written.get(); 2]);
}

schedules! { readers_see_whole_values }
