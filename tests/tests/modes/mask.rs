//! `match = mask`: flags that stay set, are cleared, or are taken.

use alloc::{boxed::Box, sync::Arc, vec::Vec};
use core::{
    future::Future,
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
};

use sync_core::{spin::Spinlock, wait_map};
use tests::{Hooks, Shared, leak};

use super::{Waiter, closed, ready};

/// What happened.
#[wait_map(key = u8, match = mask)]
struct Events;

/// What happened, for one each.
#[wait_map(key = u8, match = mask, consume)]
struct Tickets;

#[test]
fn any_and_all() {
    let events = Events::new();
    assert_eq!(events.get(), 0);
    let any = Waiter::queued(events.wait_any(0b0110));
    let all = Waiter::queued(events.wait_all(0b0110));
    assert_eq!(events.set(0b1000), 0);
    assert_eq!(events.set(0b0011), 1);
    assert_eq!(any.yields_once(), Ok(0b0010), "the flags that matched, and no others");
    all.waits();
    assert_eq!(events.set(0b0100), 1, "one at a time adds up");
    assert_eq!(all.yields_once(), Ok(0b0110));
    assert_eq!(events.get(), 0b1111, "they stay set");
}

#[test]
fn flags_that_are_set_are_ready_at_once() {
    let events = Events::<Spinlock>::default();
    assert_eq!(events.set(0b0101), 0);
    assert_eq!(ready(events.wait_any(0b0111)), Ok(0b0101));
    assert_eq!(ready(events.wait_all(0b0101)), Ok(0b0101));
    assert_eq!(ready(events.wait_any(0b0001).clear_on_exit()), Ok(0b0001));
    assert_eq!(events.get(), 0b0100);
}

#[test]
fn clear_returns_the_flags_before_and_wakes_no_waiter() {
    let events = Events::new();
    events.set(0b0111);
    let waiting = Waiter::queued(events.wait_any(0b1000));
    assert_eq!((events.clear(0b0101), events.get()), (0b0111, 0b0010));
    waiting.waits();
    assert_eq!(events.clear(0), 0b0010);
}

#[test]
fn flags_that_are_cleared_before_are_not_seen_and_after_are() {
    let events = Events::new();
    let waiting = Waiter::queued(events.wait_any(1));
    events.set(1);
    events.clear(1);
    // It saw them when they were set.
    assert_eq!(waiting.yields_once(), Ok(1));
    let late = Waiter::queued(events.wait_any(1));
    late.waits();
}

#[test]
fn all_of_them_at_one_time() {
    let events = Events::new();
    let all = Waiter::queued(events.wait_all(0b11));
    events.set(0b01);
    events.clear(0b01);
    events.set(0b10);
    all.waits();
}

#[test]
fn all_waiters_see_a_flag_before_it_is_cleared() {
    let events = Events::new();
    let first = Waiter::queued(events.wait_any(0b01).clear_on_exit());
    let second = Waiter::queued(events.wait_all(0b01).clear_on_exit());
    let third = Waiter::queued(events.wait_any(0b11));
    let other = Waiter::queued(events.wait_any(0b100));
    assert_eq!(events.set(0b1011), 3);
    assert_eq!(events.get(), 0b1010, "what was waited for is cleared, once all have seen it");
    assert_eq!(
        (first.yields_once(), second.yields_once(), third.yields_once()),
        (Ok(0b01), Ok(0b01), Ok(0b11))
    );
    other.waits();
}

#[test]
fn what_was_cleared_for_a_wait_that_is_dropped_stays_cleared() {
    let events = Events::new();
    let waiting = Waiter::queued(events.wait_any(1).clear_on_exit());
    assert_eq!(events.set(1), 1);
    drop(waiting);
    assert_eq!(events.get(), 0);
}

#[test]
fn consumed_flags_go_to_one() {
    let tickets = Tickets::new();
    let first = Waiter::queued(tickets.wait_any(0b011));
    let second = Waiter::queued(tickets.wait_any(0b001));
    let third = Waiter::queued(tickets.wait_any(0b110));
    assert_eq!(tickets.set(0b111), 2);
    assert_eq!(first.yields_once(), Ok(0b011), "all that it waited for");
    assert_eq!(third.yields_once(), Ok(0b100), "what is left");
    second.waits();
    assert_eq!(tickets.get(), 0);
    assert_eq!(tickets.set(0b001), 1);
    assert_eq!(second.yields_once(), Ok(0b001));

    tickets.set(0b11);
    assert_eq!(ready(tickets.wait_all(0b01)), Ok(0b01));
    assert_eq!(tickets.get(), 0b10);
}

#[test]
fn consumed_flags_of_a_wait_that_is_dropped_go_to_the_next() {
    let tickets = Tickets::new();
    let first = Waiter::queued(tickets.wait_any(0b11));
    let second = Waiter::queued(tickets.wait_all(0b11));
    let third = Waiter::queued(tickets.wait_any(0b11));
    assert_eq!(tickets.set(0b01), 1);
    drop(first);
    // Not enough for the second one: to the third.
    assert_eq!(third.yields_once(), Ok(0b01));
    assert_eq!(tickets.set(0b01), 0);
    assert_eq!(tickets.set(0b10), 1);
    drop(second);
    assert_eq!(tickets.get(), 0b11, "no task is left: they are set");
    assert_eq!(ready(tickets.wait_any(0b01)), Ok(0b01));
}

#[test]
fn consumed_flags_of_a_wait_that_is_dropped_after_close_are_set() {
    let tickets = Tickets::new();
    let (first, second) = (Waiter::queued(tickets.wait_any(1)), Waiter::queued(tickets.wait_any(1)));
    assert_eq!(tickets.set(1), 1);
    tickets.close();
    drop(first);
    assert_eq!(second.yields_once(), Err(closed()));
    assert_eq!(ready(tickets.wait_any(1)), Ok(1), "set is set, closed or not");
    assert_eq!(ready(tickets.wait_any(1)), Err(closed()));
}

/// More waits than a `close` tells at a time: those that are left are its own. Fails if one of them gets the
/// flags of a wait that is dropped meanwhile. Seen to fail with: `abandon` not looking whether the map is
/// closed.
#[test]
fn consumed_flags_of_a_wait_that_is_dropped_during_close_go_to_no_other() {
    let tickets: &'static Tickets = leak(Tickets::new());
    let given: &'static Shared<Option<Pin<Box<_>>>> = leak(Shared::new(None));
    let drops = Hooks::new().on_wake(|| drop(given.lock().take())).waker();
    let cx = &mut Context::from_waker(Waker::noop());
    let mut first = Box::pin(tickets.wait_any(1));
    assert!(first.as_mut().poll(cx).is_pending());
    assert_eq!(tickets.set(1), 1);
    *given.lock() = Some(first);
    let mut waits: Vec<_> = (0..40).map(|_| Box::pin(tickets.wait_any(1))).collect();
    for (place, wait) in waits.iter_mut().enumerate() {
        let cx = if place == 0 { &mut Context::from_waker(&drops) } else { &mut *cx };
        assert!(wait.as_mut().poll(cx).is_pending());
    }
    tickets.close();
    for wait in &mut waits {
        assert_eq!(wait.as_mut().poll(cx), Poll::Ready(Err(closed())));
    }
    assert_eq!(tickets.get(), 1, "they are set");
}

#[test]
fn a_closed_map_keeps_its_flags() {
    let events = Events::new();
    let any = Waiter::queued(events.wait_any(1));
    events.set(2);
    events.close();
    assert!(events.is_closed());
    assert_eq!(any.yields_once(), Err(closed()));
    assert_eq!(ready(events.wait_all(2)), Ok(2));
    assert_eq!(ready(events.wait_all(3)), Err(closed()));
    assert_eq!((events.set(1), events.get()), (0, 3));
    assert_eq!(ready(events.wait_all(3)), Ok(3));
}

#[test]
fn no_flags_at_all() {
    let events = Events::new();
    assert_eq!(ready(events.wait_all(0)), Ok(0));
    let never = Waiter::queued(events.wait_any(0));
    assert_eq!(events.set(0xff), 0);
    never.waits();
    events.close();
    assert_eq!(never.yields_once(), Err(closed()));
}

#[test]
fn more_than_fit_in_a_batch_are_woken() {
    let events = Events::new();
    let waiting: Vec<_> = (0..100).map(|at| Waiter::queued(events.wait_any(1 << (at % 2)))).collect();
    assert_eq!(events.set(0b10), 50);
    for (at, waiting) in waiting.into_iter().enumerate() {
        if at % 2 == 0 {
            waiting.waits();
        } else {
            assert_eq!(waiting.yields_once(), Ok(0b10));
        }
    }
}

#[test]
fn subscribing_sees_what_is_set_for_a_moment() {
    let events = Events::new();
    let mut wait = pin!(events.wait_any(1));
    assert_eq!(ready(wait.as_mut().subscribe()), Ok(()));
    events.set(1);
    events.clear(1);
    assert_eq!(ready(wait), Ok(1));

    events.set(1);
    let mut wait = pin!(events.wait_any(1));
    assert_eq!(ready(wait.as_mut().subscribe()), Ok(()), "it has something already");
    events.clear(1);
    assert_eq!(ready(wait), Ok(1));

    events.close();
    let mut wait = pin!(events.wait_any(1));
    assert_eq!(ready(wait.as_mut().subscribe()), Err(closed()));
}

#[test]
fn owned_waits_keep_the_map() {
    let events = Arc::new(Events::new_with_raw_mutex(Spinlock::new()));
    let any: Waiter<EventsWaitOwned<Spinlock>> = Waiter::queued(events.wait_any_owned(1).clear_on_exit());
    let all: Waiter<EventsWaitOwned<Spinlock>> = Waiter::queued(events.wait_all_owned(3));
    assert_eq!(events.set(3), 2);
    assert_eq!((any.yields_once(), all.yields_once()), (Ok(1), Ok(3)));
    assert_eq!((Arc::strong_count(&events), events.get()), (1, 2));
}
