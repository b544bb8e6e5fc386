//! Ten thousand waiters at once, and threads that wait, give up, wake and close as fast as they can.
//!
//! Every test has a watchdog: a wake-up that is lost shows as a task that sleeps for ever.

#![cfg(not(loom))]

extern crate alloc;

use alloc::{sync::Arc, vec::Vec};
use core::{cell::Cell, future::Future, pin::Pin};
use std::thread;

use sync_core::{
    Closed, RwLock, RwLockUpgradableReadGuard, RwLockWriteGuard, Semaphore, WaitCell, WaitMap, WaitQueue,
    wait_map::{WaitError, WakeOutcome},
};
use tests::{
    Count, Dice, GiveUp, Hooks, Shared, Tracked, Tracker, Turns, Waiter, block_on, leak,
    subjects::{Gate, Keyed, Mailboxes, Subject},
    turns, within,
};

const CROWD: usize = 10_000;

/// Who waits now, for those that wait again.
type Again = Shared<Vec<Arc<Waiter>>>;

/// Has `n` wait whose wakers wait again at once, in the middle of what woke them, and counts the wake-ups.
fn crowd<S: Subject>(subject: &'static S, n: usize) -> (Vec<Arc<Waiter>>, &'static Count, &'static Again) {
    let woken: &'static Count = leak(Count::new());
    let again: &'static Again = leak(Shared::new(Vec::new()));
    let waiters: Vec<_> = (0..n).map(|_| Waiter::new(subject)).collect();
    for waiter in &waiters {
        let hooks = Hooks::new().on_wake(move || {
            woken.up();
            let waiter = Waiter::new(subject);
            waiter.poll();
            again.lock().push(waiter);
        });
        waiter.poll_with(&hooks.waker());
        assert!(waiter.is_pending());
    }
    (waiters, woken, again)
}

/// Wakes a crowd with `wake`, which must end, wake each of them once, and none of those that came since.
/// Seen to fail with: `NodeState::is_before` saying that everybody is.
fn wakes_the_crowd<S: Subject>(wake: fn(&'static S)) {
    let subject = S::make();
    let (waiters, woken, again) = crowd(subject, CROWD);
    wake(subject);
    assert_eq!(woken.get(), CROWD);
    for waiter in &waiters {
        waiter.poll();
        assert!(waiter.was_woken());
    }
    let again = core::mem::take(&mut *again.lock());
    assert_eq!(again.len(), CROWD);
    for waiter in &again {
        assert_eq!(waiter.task.woken(), 0, "it came after the call");
    }
    wake(subject);
    for waiter in again {
        assert_eq!(waiter.task.woken(), 1);
        waiter.poll();
        assert!(waiter.was_woken());
    }
}

fn closes_on_the_crowd<S: Subject>(n: usize) {
    let subject = S::make();
    let (waiters, woken, again) = crowd(subject, n);
    subject.close();
    assert_eq!(woken.get(), n);
    for waiter in waiters.iter().chain(&*again.lock()) {
        waiter.poll();
        assert!(waiter.was_closed());
    }
    assert_eq!(again.lock().len(), n);
}

#[test]
fn ten_thousand_are_woken_at_once_while_each_waits_again() {
    within(60, || wakes_the_crowd::<WaitQueue>(Subject::wake_all));
    within(60, || wakes_the_crowd::<Mailboxes>(Subject::wake_all));
    within(60, || wakes_the_crowd::<Gate>(Subject::wake_all));
    within(60, || wakes_the_crowd::<Semaphore>(Subject::wake_all));
}

#[test]
fn ten_thousand_are_counted_out_while_each_waits_again() {
    within(60, || wakes_the_crowd::<WaitQueue>(|queue| _ = queue.wake_n(CROWD)));
    within(60, || wakes_the_crowd::<Mailboxes>(|map| Subject::wake_n(map, CROWD)));
    within(60, || wakes_the_crowd::<Gate>(|gate| gate.wake_n(CROWD)));
}

#[test]
fn ten_thousand_are_told_of_a_close_while_each_tries_again() {
    within(60, || closes_on_the_crowd::<WaitQueue>(CROWD));
    within(60, || closes_on_the_crowd::<Mailboxes>(CROWD));
    within(60, || closes_on_the_crowd::<Gate>(CROWD));
    within(60, || closes_on_the_crowd::<Semaphore>(CROWD));
    // Whoever joins looks for its own key among all the others.
    within(60, || closes_on_the_crowd::<Keyed>(1000));
}

type Job = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Runs every job at the same time: on a thread of its own, or as a task of tokio.
#[derive(Clone, Copy, Debug)]
enum On {
    Threads,
    Tokio,
}

impl On {
    fn run(self, jobs: Vec<Job>) {
        match self {
            Self::Threads => {
                let threads: Vec<_> = jobs.into_iter().map(|job| thread::spawn(|| block_on(job))).collect();
                for thread in threads {
                    thread.join().expect("its assertions hold");
                }
            }
            Self::Tokio => {
                let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).build();
                let runtime = runtime.expect("threads can be spawned");
                runtime.block_on(async {
                    let tasks: Vec<_> = jobs.into_iter().map(tokio::spawn).collect();
                    for task in tasks {
                        task.await.expect("its assertions hold");
                    }
                });
            }
        }
    }
}

const ITEMS: usize = 20_000;
const WORKERS: usize = 4;

/// Items are put in one at a time, with one wake-up each, and the next one once it was taken. In the same line are
/// others who come, give up and come again, and who pass on what they get. Fails if a wake-up that was given to
/// somebody who gives up is lost: then nobody takes the item, and nobody puts in another.
/// Seen to fail with: `Signal::abandon` without `wake_one`.
fn every_item_is_taken(on: On) {
    struct Shelf {
        full: WaitQueue,
        empty: WaitQueue,
        items: Count,
        taken: Count,
    }
    let shelf: &'static Shelf = leak(Shelf {
        full: WaitQueue::new(),
        empty: WaitQueue::new(),
        items: Count::new(),
        taken: Count::new(),
    });
    let mut jobs: Vec<Job> = Vec::new();
    for seed in 0..2 {
        jobs.push(Box::pin(async move {
            let mut dice = Dice::new(seed);
            loop {
                let take = shelf.full.wait_for_value(|| shelf.items.down().then_some(()));
                match GiveUp::after(dice.patience(), take).await {
                    Some(Ok(())) => {
                        shelf.taken.up();
                        shelf.empty.wake();
                    }
                    Some(Err(Closed { .. })) => break,
                    None => {}
                }
            }
        }));
    }
    for _ in 0..2 {
        jobs.push(Box::pin(async move {
            while !shelf.full.is_closed() {
                if let Some(Ok(())) = GiveUp::after(Some(1), shelf.full.wait()).await {
                    shelf.full.wake();
                }
                thread::yield_now();
            }
        }));
    }
    jobs.push(Box::pin(async move {
        for n in 1..=ITEMS {
            shelf.items.up();
            shelf.full.wake();
            let taken = shelf.empty.wait_for(|| shelf.taken.get() == n).await;
            taken.expect("nobody closes that one");
        }
        shelf.full.close();
    }));
    on.run(jobs);
    assert_eq!((shelf.taken.get(), shelf.items.get()), (ITEMS, 0));
    assert_eq!(shelf.full.waiters() + shelf.empty.waiters(), 0);
}

/// As many passes are given out as are used, though many are given to waits that are dropped.
fn every_pass_is_used(on: On) {
    let gate: &'static Gate = leak(Gate::new(0));
    let used: &'static Count = leak(Count::new());
    let mut jobs: Vec<Job> = Vec::new();
    for seed in 0..WORKERS {
        jobs.push(Box::pin(async move {
            let mut dice = Dice::new(seed);
            loop {
                match GiveUp::after(dice.patience(), gate.pass(())).await {
                    Some(Ok(_)) => {
                        let used = used.up() + 1;
                        if used == ITEMS {
                            gate.close();
                        }
                    }
                    Some(Err(_)) => break,
                    None => {}
                }
            }
        }));
    }
    for seed in 0..2 {
        jobs.push(Box::pin(async move {
            let mut dice = Dice::new(100 + seed);
            let mut left = ITEMS / 2;
            while left > 0 {
                let n = left.min(1 + dice.roll(5));
                gate.add(n);
                left -= n;
                if dice.roll(8) == 0 {
                    thread::yield_now();
                }
            }
        }));
    }
    on.run(jobs);
    assert_eq!(used.get(), ITEMS);
    assert!(gate.is_closed());
}

/// Every value is used, or comes back, or is dropped with the last wait of its key; once.
#[sync_core::wait_map(key = usize, value = Tracked, match = fifo)]
struct Parcels;

fn every_value_ends_up_somewhere(on: On) {
    struct Post {
        parcels: Parcels,
        tracker: Tracker,
        received: Count,
        sent: Count,
        senders: Count,
    }
    let post: &'static Post = leak(Post {
        parcels: Parcels::new(),
        tracker: Tracker::new(),
        received: Count::new(),
        sent: Count::new(),
        senders: Count::new(),
    });
    post.senders.set(2);
    let mut jobs: Vec<Job> = Vec::new();
    for seed in 0..WORKERS {
        jobs.push(Box::pin(async move {
            let mut dice = Dice::new(seed);
            loop {
                let key = dice.roll(2);
                match GiveUp::after(dice.patience(), post.parcels.wait(key)).await {
                    Some(Ok(value)) => {
                        assert_eq!(value.number, key, "the value of another key");
                        post.received.up();
                    }
                    Some(Err(_)) => break,
                    None => {}
                }
            }
        }));
    }
    for seed in 0..2 {
        jobs.push(Box::pin(async move {
            let mut dice = Dice::new(100 + seed);
            for _ in 0..ITEMS / 4 {
                let key = dice.roll(2);
                let value = post.tracker.value(key);
                match dice.roll(3) {
                    0 => _ = post.sent.add(post.parcels.wake_n(&key, 2, value)),
                    1 => _ = post.sent.add(post.parcels.wake_all(&key, value)),
                    _ => {
                        if let WakeOutcome::Woke = post.parcels.wake_one(&key, value) {
                            post.sent.up();
                        }
                    }
                }
                if dice.roll(4) == 0 {
                    thread::yield_now();
                }
            }
            post.senders.down();
            if post.senders.get() == 0 {
                post.parcels.close();
            }
        }));
    }
    on.run(jobs);
    assert_eq!(post.tracker.alive(), 0, "a value is forgotten");
    assert!(post.received.get() <= post.sent.get(), "more were received than sent");
    assert!(post.received.get() > 0);
}

/// Requests are answered by tag; each wait that is not given up gets the answer to its own request.
fn every_request_is_answered(on: On) {
    struct Line {
        replies: WaitMap<usize, usize>,
        requests: Shared<Vec<usize>>,
        asked: WaitQueue,
        clients: Count,
    }
    let line: &'static Line = leak(Line {
        replies: WaitMap::new(),
        requests: Shared::new(Vec::new()),
        asked: WaitQueue::new(),
        clients: Count::new(),
    });
    line.clients.set(WORKERS);
    let mut jobs: Vec<Job> = Vec::new();
    for client in 0..WORKERS {
        jobs.push(Box::pin(async move {
            let mut dice = Dice::new(client);
            for n in 0..ITEMS / 8 {
                let tag = n * WORKERS + client;
                let request = async {
                    let mut reply = Box::pin(line.replies.wait(tag));
                    reply.as_mut().subscribe().await?;
                    line.requests.lock().push(tag);
                    line.asked.wake();
                    reply.await
                };
                match GiveUp::after(dice.patience(), request).await {
                    Some(Ok(answer)) => assert_eq!(answer, tag * 2),
                    Some(Err(error)) => panic!("{error}"),
                    None => {}
                }
            }
            line.clients.down();
            if line.clients.get() == 0 {
                line.asked.close();
            }
        }));
    }
    jobs.push(Box::pin(async move {
        while let Ok(tag) = line.asked.wait_for_value(|| line.requests.lock().pop()).await {
            // Gone if it was given up.
            let _outcome = line.replies.wake(&tag, tag * 2);
        }
    }));
    on.run(jobs);
    line.replies.close();
    assert_eq!(block_on(line.replies.wait(0)), Err(WaitError::Closed));
}

/// One task waits in a cell for what several others count up.
fn every_count_is_seen(on: On) {
    struct Device {
        ready: WaitCell,
        count: Count,
    }
    const SOURCES: usize = 3;
    let device: &'static Device = leak(Device { ready: WaitCell::new(), count: Count::new() });
    let mut jobs: Vec<Job> = Vec::new();
    jobs.push(Box::pin(async move {
        let mut dice = Dice::new(1);
        let mut seen = 0;
        while seen < SOURCES * ITEMS {
            let next = device.ready.wait_for_value(|| Some(device.count.get()).filter(|count| *count > seen));
            match GiveUp::after(dice.patience(), next).await {
                Some(Ok(count)) => seen = count,
                Some(Err(closed)) => panic!("{closed}"),
                None => {}
            }
        }
    }));
    for _ in 0..SOURCES {
        jobs.push(Box::pin(async move {
            for _ in 0..ITEMS {
                device.count.up();
                device.ready.wake();
            }
        }));
    }
    on.run(jobs);
}

/// Everything at once, with no order to it: nobody may be forgotten when it is closed at the end.
fn nobody_is_forgotten(on: On) {
    let queue: &'static WaitQueue = leak(WaitQueue::new());
    let ended: &'static Count = leak(Count::new());
    let mut jobs: Vec<Job> = Vec::new();
    for seed in 0..WORKERS {
        jobs.push(Box::pin(async move {
            let mut dice = Dice::new(seed);
            while GiveUp::after(dice.patience(), queue.wait()).await.is_none_or(|woken| woken.is_ok()) {
                // Another one may wait for that.
                if dice.roll(3) == 0 {
                    queue.wake();
                }
            }
            ended.up();
        }));
    }
    jobs.push(Box::pin(async move {
        let mut dice = Dice::new(200);
        for _ in 0..ITEMS {
            match dice.roll(4) {
                0 => queue.wake_all(),
                1 => _ = queue.wake_n(dice.roll(4)),
                _ => queue.wake(),
            }
        }
        queue.close();
    }));
    on.run(jobs);
    assert_eq!(ended.get(), WORKERS);
    assert_eq!(queue.waiters(), 0);
}

/// A number that is neither atomic nor guarded by anything but the lock under test.
struct Bare(Cell<usize>);

#[expect(unsafe_code, reason = "what is tested is that nobody else looks at it")]
// SAFETY: whoever uses it has his turn, which only one at a time has.
unsafe impl Sync for Bare {}

impl Bare {
    /// Counts one up, as slowly as it takes for others to come in between if they can.
    fn up(&self, slowly: bool) {
        let was = self.0.get();
        if slowly {
            thread::yield_now();
        }
        self.0.set(was + 1);
    }
}

/// Every turn counts once, though others give up while they wait, or when it would have been theirs.
/// Seen to fail with: a release of a contended mutex that clears `locked`.
fn has_turns<T: Turns>(on: On, items: usize) {
    struct Ring<T: Turns> {
        lock: &'static T,
        bare: Bare,
        turns: Count,
    }
    let ring: &'static Ring<T> =
        leak(Ring { lock: T::make(), bare: Bare(Cell::new(0)), turns: Count::new() });
    let mut jobs: Vec<Job> = Vec::new();
    for seed in 0..WORKERS {
        jobs.push(Box::pin(async move {
            let mut dice = Dice::new(seed);
            for _ in 0..items {
                if dice.roll(8) == 0 {
                    if let Some(guard) = ring.lock.try_lock() {
                        ring.bare.up(false);
                        ring.turns.up();
                        drop(guard);
                    }
                } else if let Some(guard) = GiveUp::after(dice.patience(), ring.lock.lock()).await {
                    ring.bare.up(dice.roll(32) == 0);
                    ring.turns.up();
                    drop(guard);
                }
            }
        }));
    }
    on.run(jobs);
    let _guard = ring.lock.try_lock().expect("nobody has it any more");
    assert_eq!(ring.bare.0.get(), ring.turns.get());
    assert!(ring.turns.get() > 0);
}

fn one_has_the_mutex(on: On) {
    has_turns::<turns::Locking>(on, ITEMS / 2);
    has_turns::<turns::LockingOwned>(on, ITEMS / 8);
}

fn one_writes(on: On) {
    has_turns::<turns::Writing>(on, ITEMS / 2);
    has_turns::<turns::WritingOwned>(on, ITEMS / 8);
}

fn one_may_upgrade(on: On) {
    has_turns::<turns::Upgrading>(on, ITEMS / 2);
    has_turns::<turns::UpgradingOwned>(on, ITEMS / 8);
}

fn one_has_the_permit(on: On) {
    has_turns::<turns::Acquiring>(on, ITEMS / 2);
    has_turns::<turns::AcquiringOwned>(on, ITEMS / 8);
}

/// Readers never see half a change, nobody writes between what an upgrade has read and what it writes, and every change
/// is there in the end.
/// Seen to fail with: `admits` that lets a writer in beside a reader (an assertion in the library is faster).
fn readers_see_whole_values(on: On) {
    struct Book {
        lock: RwLock<[usize; 2]>,
        written: Count,
    }
    let book: &'static Book = leak(Book { lock: RwLock::new([0, 0]), written: Count::new() });
    let mut jobs: Vec<Job> = Vec::new();
    for seed in 0..WORKERS {
        jobs.push(Box::pin(async move {
            let mut dice = Dice::new(seed);
            let write = |page: &mut [usize; 2], slowly: bool| {
                page[0] += 1;
                if slowly {
                    thread::yield_now();
                }
                page[1] += 1;
                book.written.up();
            };
            for _ in 0..ITEMS / 2 {
                let (patience, slowly) = (dice.patience(), dice.roll(32) == 0);
                match dice.roll(4) {
                    0 => {
                        let Some(mut page) = GiveUp::after(patience, book.lock.write()).await else {
                            continue;
                        };
                        write(&mut page, slowly);
                        let written = *page;
                        if dice.roll(2) == 0 {
                            let page = RwLockWriteGuard::downgrade(page);
                            assert_eq!(*page, written, "somebody has written meanwhile");
                        }
                    }
                    1 => {
                        let wait = book.lock.upgradable_read();
                        let Some(page) = GiveUp::after(patience, wait).await else { continue };
                        let read = *page;
                        let upgrade = RwLockUpgradableReadGuard::upgrade(page);
                        let Some(mut page) = GiveUp::after(dice.patience(), upgrade).await else { continue };
                        assert_eq!(*page, read, "somebody has written meanwhile");
                        write(&mut page, slowly);
                    }
                    _ => {
                        let Some(page) = GiveUp::after(patience, book.lock.read()).await else { continue };
                        let half = page[0];
                        if slowly {
                            thread::yield_now();
                        }
                        assert_eq!([half, page[0]], [page[1]; 2], "half a change");
                    }
                }
            }
        }));
    }
    on.run(jobs);
    let page = *book.lock.try_write().expect("nobody has it any more");
    assert_eq!(page, [book.written.get(); 2]);
}

/// Never more permits than there are, and in the end as many; whatever is split, merged, forgotten, added and given up.
fn permits_are_conserved(on: On) {
    const ALL: usize = 10;
    struct Pool {
        permits: Semaphore,
        used: Count,
    }
    let pool: &'static Pool = leak(Pool { permits: Semaphore::new(ALL), used: Count::new() });
    let mut jobs: Vec<Job> = Vec::new();
    for seed in 0..WORKERS {
        jobs.push(Box::pin(async move {
            let mut dice = Dice::new(seed);
            for _ in 0..ITEMS / 2 {
                let n = dice.roll(ALL + 1);
                let Some(permit) = GiveUp::after(dice.patience(), pool.permits.acquire(n)).await else {
                    continue;
                };
                let mut permit = permit.expect("nobody closes it");
                assert!(pool.used.add(n) + n <= ALL, "more permits than there are");
                (0..n).for_each(|_| assert!(pool.used.down()));
                match dice.roll(8) {
                    0 => {
                        permit.forget();
                        pool.permits.add_permits(n);
                    }
                    1 => {
                        let part = permit.split(n / 2).expect("it has them");
                        permit.merge(part);
                    }
                    2 => drop(permit.split(n / 3)),
                    3 => pool.permits.add_permits(pool.permits.forget_permits(1)),
                    _ => {}
                }
            }
        }));
    }
    on.run(jobs);
    assert_eq!((pool.permits.available_permits(), pool.permits.waiters()), (ALL, 0));
}

/// Closed while many ask for many: nobody sleeps on, and what was given back is there.
fn nobody_waits_for_a_closed_semaphore(on: On) {
    const ALL: usize = 5;
    let permits: &'static Semaphore = leak(Semaphore::new(ALL));
    let acquired: &'static Count = leak(Count::new());
    let mut jobs: Vec<Job> = Vec::new();
    for seed in 0..WORKERS {
        jobs.push(Box::pin(async move {
            let mut dice = Dice::new(seed);
            loop {
                let n = dice.roll(ALL + 1);
                match GiveUp::after(dice.patience(), permits.acquire(n)).await {
                    Some(Ok(_permit)) if acquired.up() == ITEMS => permits.close(),
                    Some(Err(_)) => break,
                    Some(Ok(_)) | None => {}
                }
            }
        }));
    }
    on.run(jobs);
    assert!(permits.is_closed());
    // Nobody gets them any more, but they are there.
    assert_eq!(
        (permits.available_permits(), permits.waiters(), permits.forget_permits(2 * ALL)),
        (0, 0, ALL)
    );
}

/// One test per storm, on threads and on tokio.
macro_rules! storms {
    ($($storm:ident)*) => {
        mod on_threads {
            $(#[test]
            fn $storm() {
                super::within(60, || super::$storm(super::On::Threads));
            })*
        }
        mod on_tokio {
            $(#[test]
            fn $storm() {
                super::within(60, || super::$storm(super::On::Tokio));
            })*
        }
    };
}

storms! {
    every_item_is_taken
    every_pass_is_used
    every_value_ends_up_somewhere
    every_request_is_answered
    every_count_is_seen
    nobody_is_forgotten
    one_has_the_mutex
    one_writes
    one_may_upgrade
    one_has_the_permit
    readers_see_whole_values
    permits_are_conserved
    nobody_waits_for_a_closed_semaphore
}
