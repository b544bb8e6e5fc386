//! [`AutoEvent`].

use super::*;

#[test]
fn it_lets_one_through_and_remembers_one() {
    let event = AutoEvent::new();
    assert!(!event.try_wait());
    event.set();
    event.set();
    assert!(event.is_set() && event.try_wait() && !event.try_wait());
    let (first, second) = (Waiter::queued(event.wait()), Waiter::queued(event.wait()));
    event.set();
    assert!(!event.is_set(), "the first has it");
    second.waits();
    assert_eq!(first.yields(), Ok(()));
    event.set();
    assert_eq!(second.yields(), Ok(()));
    event.set();
    event.reset();
    assert!(!event.try_wait());
}

#[test]
fn a_wait_that_is_dropped_hands_it_on() {
    let event = AutoEvent::new();
    // Not polled; queued.
    drop(Waiter::new(event.wait()));
    drop(Waiter::queued(event.wait()));
    assert!(!format!("{event:?}").contains("waiting: true"), "{event:?}");
    // Given, with a task behind it, and with no waiter.
    let (first, second) = (Waiter::queued(event.wait()), Waiter::queued(event.wait()));
    event.set();
    drop(first);
    assert!(!event.is_set());
    assert!(second.task.woken() == 1);
    drop(second);
    assert!(event.try_wait());
}

#[test]
fn closed() {
    let event = AutoEvent::new();
    event.set();
    event.close();
    assert!(!event.try_wait());
    assert!(matches!(Waiter::new(event.wait()).poll_now(), Poll::Ready(Err(_))));
}
