//! [`OnceCell`].

use super::*;

#[test]
fn it_is_made_once() {
    let cell = OnceCell::new();
    assert_eq!((cell.get(), format!("{cell:?}")), (None, "OnceCell(<empty>)".to_owned()));
    assert_eq!(*block_on(cell.get_or_init(async || 1)), 1);
    assert_eq!(*block_on(cell.get_or_init(async || unreachable!("it is there"))), 1);
    assert_eq!((cell.get(), cell.set(2), format!("{cell:?}")), (Some(&1), Err(2), "OnceCell(1)".to_owned()));
    let mut cell: OnceCell<_> = OnceCell::from(3);
    *cell.get_mut().unwrap() += 1;
    assert_eq!(cell.into_inner(), Some(4));
}

#[test]
fn waiters_get_the_one_value() {
    let (cell, ready) = (OnceCell::new(), Event::new());
    let mut first = Waiter::queued(cell.get_or_init(async || {
        ready.wait().await.unwrap();
        1
    }));
    let crowd: Vec<_> =
        (0..CROWD).map(|_| Waiter::queued(cell.get_or_init(async || unreachable!()))).collect();
    assert_eq!(cell.set(2), Err(2), "a task makes it");
    ready.set();
    assert_eq!(first.poll_now(), Poll::Ready(&1));
    for waiting in crowd {
        assert_eq!(waiting.yields(), &1);
    }
}

/// In line; making; given the turn; with no waiter behind.
#[test]
fn dropped_at_each_point() {
    let cell = OnceCell::new();
    let make = || Waiter::queued(cell.get_or_init(pending::<u32>));
    drop(Waiter::new(cell.get_or_init(pending::<u32>)));
    let (first, second, third, mut fourth) = (make(), make(), make(), make());
    drop(second);
    fourth.waits();
    // Making: the next one has the turn; given that and dropped: the one behind it has.
    drop(first);
    assert_eq!((third.task.woken(), fourth.task.woken()), (1, 0));
    drop(third);
    assert_eq!(fourth.task.woken(), 1);
    assert!(fourth.poll_now().is_pending(), "it is making");
    drop(fourth);
    assert_eq!(cell.set(5), Ok(()));
    assert_eq!(cell.get(), Some(&5));
}

/// Given the value, and dropped before it has looked. Fails if the cell is empty then: it would be filled
/// again, beside references to the first value. Seen to fail with: `put_back` returning the word of an empty
/// cell.
#[test]
fn dropped_when_the_value_is_there() {
    let (cell, ready) = (OnceCell::new(), Event::new());
    let mut first = Waiter::queued(cell.get_or_init(async || {
        ready.wait().await.unwrap();
        1
    }));
    let second = Waiter::queued(cell.get_or_init(async || unreachable!()));
    ready.set();
    assert_eq!(first.poll_now(), Poll::Ready(&1));
    assert_eq!(second.task.woken(), 1);
    drop(second);
    assert_eq!((cell.get(), cell.set(2)), (Some(&1), Err(2)));
}

#[test]
fn an_error_or_a_panic_hands_the_turn_on() {
    quiet();
    let (cell, ready) = (OnceCell::new(), Event::new());
    let mut failing = Waiter::queued(cell.get_or_try_init(async || {
        ready.wait().await.unwrap();
        Err("no carrier")
    }));
    let mut panicking = Waiter::queued(cell.get_or_init(async || std::panic::panic_any(SILENT)));
    let good = Waiter::queued(cell.get_or_init(async || 3));
    ready.set();
    assert_eq!(failing.poll_now(), Poll::Ready(Err("no carrier")));
    assert_eq!(panicking.task.woken(), 1);
    assert!(panics(panicking.wait(), Waker::noop()));
    assert_eq!(good.yields(), &3);
}

#[test]
fn values_are_dropped_once() {
    let value = Arc::new(());
    let cell: OnceCell<_> = OnceCell::new();
    assert_eq!(cell.set(Arc::clone(&value)), Ok(()));
    assert!(cell.set(Arc::clone(&value)).is_err());
    assert_eq!(Arc::strong_count(&value), 2);
    drop(cell);
    assert_eq!(Arc::strong_count(&value), 1);
}
