//! [`Event`].

use super::*;

#[test]
fn it_lets_all_tasks_through_until_it_is_reset() {
    let event = Event::new();
    let crowd: Vec<_> = (0..CROWD).map(|_| Waiter::queued(event.wait())).collect();
    event.set();
    event.set();
    assert!(event.is_set());
    assert_eq!(Waiter::new(event.wait()).poll_now(), Poll::Ready(Ok(())));
    event.reset();
    event.reset();
    assert!(!event.is_set());
    for waiting in crowd {
        assert_eq!(waiting.yields(), Ok(()));
    }
    Waiter::queued(event.wait()).waits();
}

/// The reset comes from a waker of the first batch: the others, which wait for a later one, are let through
/// too.
#[test]
fn a_reset_by_the_first_one_woken_keeps_no_waiter() {
    let event: &'static Event = leak(Event::new());
    let mut first = Box::pin(event.wait());
    let waker = Hooks::new().on_wake(|| event.reset()).waker();
    assert!(first.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    let crowd: Vec<_> = (0..CROWD).map(|_| Waiter::queued(event.wait())).collect();
    event.set();
    assert!(!event.is_set());
    for waiting in crowd {
        assert_eq!(waiting.yields(), Ok(()));
    }
}

#[test]
fn tasks_that_come_while_it_wakes_pass_at_once() {
    within(20, || {
        let event: &'static Event = leak(Event::new());
        let passed: &'static Count = leak(Count::new());
        let mut waits = Vec::new();
        for _ in 0..CROWD {
            // Each of them waits again as soon as it is woken, and as long as that works.
            let waker = Hooks::new()
                .on_wake(|| {
                    for _ in 0..10 {
                        passed.add(usize::from(Waiter::new(event.wait()).poll_now().is_ready()));
                    }
                })
                .waker();
            let mut wait = Box::pin(event.wait());
            assert!(wait.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
            waits.push(wait);
        }
        event.set();
        assert_eq!(passed.get(), CROWD * 10);
    });
}

#[test]
fn closed() {
    let event = Event::new();
    let waiting = Waiter::queued(event.wait());
    event.close();
    assert!(event.is_closed());
    assert!(waiting.yields().is_err());
    event.set();
    assert!(event.is_set());
    assert!(matches!(Waiter::new(event.wait()).poll_now(), Poll::Ready(Err(_))));
}

#[test]
fn what_was_given_before_it_was_closed_stays() {
    let event: &'static Event = leak(Event::new());
    let mut first = Box::pin(event.wait());
    let waker = Hooks::new().on_wake(|| event.close()).waker();
    assert!(first.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    let crowd: Vec<_> = (0..CROWD).map(|_| Waiter::queued(event.wait())).collect();
    event.set();
    for waiting in crowd {
        assert_eq!(waiting.yields(), Ok(()));
    }
}

#[test]
fn a_waker_that_panics_keeps_no_waiter() {
    let event = Event::new();
    let mut first = Box::pin(event.wait());
    let waker = panicking();
    assert!(first.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    let crowd: Vec<_> = (0..CROWD).map(|_| Waiter::queued(event.wait())).collect();
    assert!(catch_unwind(AssertUnwindSafe(|| event.set())).is_err());
    for waiting in crowd {
        assert_eq!(waiting.yields(), Ok(()));
    }
    assert_eq!(Waiter::new(event.wait()).poll_now(), Poll::Ready(Ok(())));
}

#[test]
fn owned_and_with_another_lock() {
    let event = Arc::new(Event::new_with_raw_mutex(Spinlock::new()));
    let waiting = Waiter::queued(event.wait_owned());
    Arc::clone(&event).set();
    assert_eq!(waiting.yields(), Ok(()));
    assert_eq!(format!("{:?}", Event::<Spinlock>::default()).split(' ').next(), Some("Event"));
}
