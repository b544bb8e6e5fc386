//! Numbers as large as they can be, and numbers that go round.

use core::{
    future::Future,
    panic::AssertUnwindSafe,
    pin::pin,
    task::{Context, Poll, Waker},
};
use std::panic::catch_unwind;

use sync_core::{
    Barrier, Condvar, Latch, Mutex, Semaphore, WaitQueue, blocking::RawRwLock, spin::RwSpinlock, wait_map,
};
use tests::{Task, within};

#[wait_map(key = u8, match = up_to, wrapping)]
struct Bytes;

#[wait_map(key = N, match = up_to, wrapping, future = UntilNumber)]
struct Numbers<N>;

#[wait_map(key = N, match = up_to, future = UntilPosition)]
struct Positions<N>;

#[wait_map(key = u8, value = u8, match = fifo)]
struct Mailboxes;

/// What a wait yields when it is polled once.
fn once<F: Future>(future: F) -> Poll<F::Output> {
    pin!(future).poll(&mut Context::from_waker(Waker::noop()))
}

/// From every position, every other one is waited for: less than half the range ahead it waits, and the rest
/// lies behind and is reached. Seen to fail with: `leads_to` that compares with `<`, or with `MAX / 2 + 1`.
#[test]
fn sequence_numbers_of_eight_bits_all_round() {
    for position in 0..=u8::MAX {
        let bytes = Bytes::starting_at(position);
        for ahead in 0..=u8::MAX {
            let polled = once(bytes.wait(position.wrapping_add(ahead)));
            let behind = ahead == 0 || ahead > 128;
            // Half the range is as far behind as it is ahead, and it is said to lie ahead.
            assert_eq!(polled.is_ready(), behind, "{position} and {ahead} more: {polled:?}");
        }
    }
    // Three times round, in steps of every size that can be told from a step back.
    for step in 1..=127_u8 {
        let (task, bytes) = (Task::new(), Bytes::new());
        let mut position = 0_u8;
        for n in 0..=3 * 256 / usize::from(step) {
            let next = position.wrapping_add(step);
            let mut wait = pin!(bytes.wait(next));
            assert!(task.poll(wait.as_mut()).is_pending());
            // Back changes nothing.
            assert_eq!(bytes.advance(position.wrapping_sub(1)), 0);
            assert_eq!(bytes.current(), position);
            assert_eq!(bytes.advance(next), 1);
            assert_eq!(task.poll(wait.as_mut()), Poll::Ready(Ok(next)), "round {n}");
            position = next;
        }
    }
}

macro_rules! across_the_end {
    ($($name:ident: $int:ty;)*) => {$(
        #[test]
        fn $name() {
            let (task, numbers) = (Task::new(), Numbers::<$int>::starting_at(<$int>::MAX - 2));
            let mut waits = core::array::from_fn::<_, 6, _>(|n| {
                Box::pin(numbers.wait((<$int>::MAX - 1).wrapping_add(<$int>::try_from(n).expect("small"))))
            });
            // Joined in the wrong order, and told in the right one.
            for wait in waits.iter_mut().rev() {
                assert!(task.poll(wait.as_mut()).is_pending());
            }
            for (n, wait) in waits.iter_mut().enumerate() {
                let to = (<$int>::MAX - 1).wrapping_add(<$int>::try_from(n).expect("small"));
                assert_eq!(numbers.advance(to), 1);
                assert_eq!(task.poll(wait.as_mut()), Poll::Ready(Ok(to)));
            }
            // Half the range and no more can be waited for.
            let position = numbers.current();
            let half = <$int>::MAX / 2 + 1;
            assert!(once(numbers.wait(position.wrapping_add(half))).is_pending());
            assert!(once(numbers.wait(position.wrapping_add(half + 1))).is_ready());

            // Those that do not wrap end at the end.
            let positions = Positions::<$int>::starting_at(<$int>::MAX - 1);
            let mut last = Box::pin(positions.wait(<$int>::MAX));
            assert!(task.poll(last.as_mut()).is_pending());
            assert_eq!(positions.advance(0), 0);
            assert_eq!(positions.advance(<$int>::MAX), 1);
            assert_eq!(task.poll(last.as_mut()), Poll::Ready(Ok(<$int>::MAX)));
            assert_eq!(once(positions.wait(0)), Poll::Ready(Ok(<$int>::MAX)));
        }
    )*};
}

across_the_end! {
    across_the_end_of_8_bits: u8;
    across_the_end_of_16_bits: u16;
    across_the_end_of_32_bits: u32;
    across_the_end_of_64_bits: u64;
    across_the_end_of_a_word: usize;
}

/// As many as there can be, asked for by one, by two, and by one too many.
#[test]
fn all_permits() {
    const ALL: usize = Semaphore::<sync_core::blocking::DefaultMutex>::MAX_PERMITS;
    let (task, semaphore) = (Task::new(), Semaphore::new(ALL));
    let all = semaphore.try_acquire(ALL).expect("they are there");
    let mut second = Box::pin(semaphore.acquire(ALL));
    let mut third = Box::pin(semaphore.acquire(1));
    assert!(task.poll(second.as_mut()).is_pending() && task.poll(third.as_mut()).is_pending());
    drop(all);
    let Poll::Ready(Ok(mut all)) = task.poll(second.as_mut()) else { panic!("they were handed over") };
    assert!(task.poll(third.as_mut()).is_pending());
    drop(all.split(1));
    assert!(task.poll(third.as_mut()).is_ready());
    drop(all);
    assert_eq!(semaphore.available_permits(), ALL);
    let too_many = catch_unwind(AssertUnwindSafe(|| semaphore.add_permits(1)));
    assert!(too_many.is_err() && semaphore.available_permits() == ALL, "refused, and nothing has changed");
}

/// More than any task waits for: those that wait are told, and no more than one wake-up is kept, or none.
/// Seen to fail with: a `count_down` that wraps.
#[test]
fn more_than_there_are() {
    within(20, || {
        let (task, queue, map) = (Task::new(), WaitQueue::new(), Mailboxes::new());
        let mut waits = [Box::pin(queue.wait()), Box::pin(queue.wait())];
        assert!(waits.iter_mut().all(|wait| task.poll(wait.as_mut()).is_pending()));
        assert_eq!(queue.wake_n(usize::MAX), 2);
        assert!(queue.try_wait().is_ready() && queue.try_wait().is_pending(), "one is kept");
        let mut waits = [Box::pin(map.wait(1)), Box::pin(map.wait(1))];
        assert!(waits.iter_mut().all(|wait| task.poll(wait.as_mut()).is_pending()));
        assert_eq!(map.wake_n(&1, usize::MAX, 5), 2);

        let (condvar, mutex) = (Condvar::new(), Mutex::new(()));
        let mut waits = pin!(condvar.wait(mutex.try_lock().expect("it is free")));
        assert!(task.poll(waits.as_mut()).is_pending());
        assert_eq!(condvar.notify_n(usize::MAX - 1), 1);
        assert_eq!(condvar.notify_n(usize::MAX), 0);
        assert!(task.poll(waits.as_mut()).is_ready());

        let latch = Latch::new(Latch::MAX_COUNT);
        latch.count_down(Latch::MAX_COUNT - 1);
        assert_eq!(latch.count(), 1);
        latch.count_down(usize::MAX);
        assert_eq!(latch.count(), 0);
        assert!(once(latch.wait()).is_ready());
    });
}

/// A barrier for no task and one for more than there are.
#[test]
fn barriers_for_none_and_for_all() {
    for parties in [0, 1] {
        let barrier = Barrier::new(parties);
        assert!(matches!(once(barrier.wait()), Poll::Ready(result) if result.is_leader()));
    }
    let (task, barrier) = (Task::new(), Barrier::new(usize::MAX));
    let mut waits: Vec<_> = (0..10).map(|_| Box::pin(barrier.wait())).collect();
    assert!(waits.iter_mut().all(|wait| task.poll(wait.as_mut()).is_pending()));
    assert_eq!(barrier.arrived(), 10);
    drop(waits);
    assert_eq!(barrier.arrived(), 0);
}

/// As many readers as 30 bits count (without optimisation, more than 16 bits count); one more is refused, or
/// panics if it cannot be, and nothing has changed.
#[test]
#[expect(unsafe_code, reason = "a raw lock is released by hand")]
fn all_the_readers_of_a_spinlock() {
    const ALL: u32 = if cfg!(debug_assertions) { (1 << 16) + 7 } else { (1 << 30) - 1 };
    let lock = RwSpinlock::new();
    for _ in 0..ALL {
        lock.lock_shared();
    }
    assert!(!lock.try_lock_exclusive());
    if !cfg!(debug_assertions) {
        assert!(!lock.try_lock_shared());
        assert!(catch_unwind(AssertUnwindSafe(|| lock.lock_shared())).is_err());
    }
    for _ in 0..ALL {
        assert!(!lock.try_lock_exclusive());
        // SAFETY: taken above, once for each time.
        unsafe { lock.unlock_shared() };
    }
    assert!(lock.try_lock_exclusive());
}
