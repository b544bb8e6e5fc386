//! [`Barrier`].

use sync_core::Barrier;

use crate::support::{Waiter, Work, exhaustive, leak};

/// B1 barrier.  Property: both go on, one of them as the leader, and each sees what the other did before.
/// Threads: two, each of which works, and waits.
/// Interleavings that matter: the last one is counted between the other's counting and its queueing.
/// Bound: none.
/// Fails if: `try_ready` never lets any task through (seen).
/// Not covered: three parties.
#[test]
fn a_barrier_lets_both_go_on() {
    exhaustive(|roles| {
        let (barrier, works) = (leak(Barrier::new(2)), [leak(Work::new()), leak(Work::new())]);
        let party = move |me: usize| {
            works[me].done();
            let leads = loom::future::block_on(barrier.wait()).is_leader();
            assert!(works[1 - me].seen());
            leads
        };
        let (a, b) = roles.at_once(move || party(0), move || party(1));
        assert!(a != b, "one leads");
        assert_eq!(barrier.arrived(), 0);
    });
}

/// B2 one leaves.  Property: one that is dropped is counted with those that complete its round, or not at
/// all. Threads: one drops a wait that is queued, one comes, and if that completes the round, another one for
/// the next. Interleavings that matter: the newcomers are counted before, inside and after the drop.
/// Bound: none.
/// Fails if: a dropped wait is taken out of the count though its round is over (seen). That it is taken out
/// at all, a plain test sees.
/// Not covered: three parties.
#[test]
fn a_waiter_that_leaves_a_barrier_is_not_counted() {
    exhaustive(|roles| {
        let barrier = leak(Barrier::new(2));
        let first = Waiter::queued(barrier.wait());
        let ((), (second, third)) = roles.at_once(
            move || drop(first),
            || {
                let second = Waiter::polled(1, barrier.wait());
                // The next round.
                let third = second.is_ready().then(|| Waiter::queued(barrier.wait()));
                (second, third)
            },
        );
        assert_eq!(barrier.arrived(), 1);
        assert!(Waiter::polled(1, barrier.wait()).yields().is_leader());
        assert!(!third.unwrap_or(second).yields().is_leader());
        assert_eq!(barrier.arrived(), 0);
        Waiter::polled(1, barrier.wait()).waits();
    });
}
