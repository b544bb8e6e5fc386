//! Ten thousand waiters at once; and the storms of the support library, on threads and on tokio, at a
//! moderate size.
//!
//! Every test has a watchdog: a wake-up that is lost shows as a task that sleeps forever.

#![cfg(not(loom))]

extern crate alloc;

use alloc::{sync::Arc, vec::Vec};

use sync_core::{Semaphore, WaitQueue};
use tests::{
    Count, Hooks, Shared, Waiter, leak, scaled,
    storms::{self, On, StormConfig},
    subjects::{Gate, Keyed, Mailboxes, Subject},
    within,
};

const CROWD: usize = scaled(10_000, 40);

/// Under Miri, as many as it takes for each to do something and to have to wait.
const ITEMS: usize = scaled(10_000, 16);

/// The waiters there are now, for those that wait again.
type Again = Shared<Vec<Arc<Waiter>>>;

/// Has `n` wait whose wakers wait again at once, in the middle of what woke them, and counts the wake-ups.
fn crowd<S: Subject>(subject: &'static S, n: usize) -> (Vec<Arc<Waiter>>, &'static Count, &'static Again) {
    let woken: &'static Count = leak(Count::new());
    let again: &'static Again = leak(Shared::new(Vec::new()));
    let waiters: Vec<_> = (0..n).map(|_| subject.waiter()).collect();
    for waiter in &waiters {
        let hooks = Hooks::new().on_wake(move || {
            woken.up();
            let waiter = subject.waiter();
            waiter.poll();
            again.lock().push(waiter);
        });
        waiter.poll_with(&hooks.waker());
        assert!(waiter.is_pending());
    }
    (waiters, woken, again)
}

/// Wakes a crowd with `wake`, which must end, wake each of them once, and none of those that came since.
/// Seen to fail with: `NodeState::is_before` saying that every task is.
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
    // A task that joins looks for its own key among all the others.
    within(60, || closes_on_the_crowd::<Keyed>(scaled(1000, 40)));
}

/// One test per storm, on threads and on tokio; the watchdog says which one does not end.
macro_rules! storms {
    ($($storm:ident)*) => {
        mod on_threads {
            $(#[test]
            fn $storm() {
                super::rages(stringify!($storm), super::On::Threads);
            })*
        }
        #[cfg(not(miri))]
        mod on_tokio {
            $(#[test]
            fn $storm() {
                super::rages(stringify!($storm), super::On::Tokio);
            })*
        }
        const TESTED: &[&str] = &[$(stringify!($storm)),*];
    };
}

storms! {
    every_item_is_taken
    nobody_is_forgotten
    every_count_is_seen
    every_pass_is_used
    permits_are_conserved
    nobody_waits_for_a_closed_semaphore
    every_value_ends_up_somewhere
    every_value_is_delivered_or_comes_back
    every_request_is_answered
    every_position_is_reached
    every_flag_is_taken_once
    every_round_of_flags_is_seen
    every_event_finds_its_own
    one_has_the_mutex
    one_has_the_owned_mutex
    one_writes
    one_writes_and_owns
    one_may_upgrade
    one_may_upgrade_and_owns
    one_has_the_permit
    one_has_the_owned_permit
    readers_see_whole_values
    every_signal_is_taken_once
    everybody_starts_and_arrives
    nobody_shares_a_slot
    everybody_meets_in_each_round
    every_notification_is_used
    one_value_is_made
    one_thread_has_the_default_mutex
    one_thread_has_the_spinlock
    threads_read_whole_values
    threads_spin_for_whole_values
    one_thread_makes_the_value
}

/// Runs a storm of a moderate size.
fn rages(name: &'static str, on: On) {
    let storm = storms::all().into_iter().find(|storm| storm.name == name).expect("it is one of them");
    within(60, move || {
        let done = (storm.run)(StormConfig { on, seed: 1, items: ITEMS, workers: scaled(4, 2) });
        assert!(done > 0, "nothing has happened");
    });
}

#[test]
fn every_storm_has_its_tests() {
    let all: Vec<_> = storms::all().iter().map(|storm| storm.name).collect();
    assert_eq!(all, TESTED);
}
