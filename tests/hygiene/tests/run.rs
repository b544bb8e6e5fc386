//! What `hygiene` makes, at work. Under `--cfg loom` each test is a model of one thread: it shows
//! that a user's types take part in its own models.

extern crate alloc;

use alloc::{sync::Arc, task::Wake};
#[expect(clippy::disallowed_types, reason = "the test's own count, not part of what a model looks at")]
use core::sync::atomic::AtomicUsize;
use core::{
    future::Future,
    pin::{Pin, pin},
    sync::atomic::Ordering,
    task::{Context, Poll, Waker},
};

use hygiene::{
    keyed::{
        Acked, Completions, Done, Events, Futex, Mail, Mailboxes, Map, Names, Notices, Pairs, Places, Reply,
        Spread, Subscribe, Tell, Told, Topic, Until, Wait, Watch, Words,
    },
    local, policies,
    policies::{Board, One, Shown, Tokens, Try},
    shadowed, words,
};
use renamed::{
    spin::Spinlock,
    wait_map::{WaitError, WakeOutcome},
};

/// Runs `test` as it is, or as a model.
fn check(test: impl Fn() + Send + Sync + 'static) {
    #[cfg(not(loom))]
    test();
    #[cfg(loom)]
    loom::model(test);
}

/// Counts how often it woke.
#[derive(Default)]
#[expect(clippy::disallowed_types, reason = "the test's own count, not part of what a model looks at")]
struct Woken(AtomicUsize);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// A task: polls, and knows how often it was woken.
#[derive(Default)]
struct Task(Arc<Woken>);

impl Task {
    fn poll<F: Future>(&self, future: Pin<&mut F>) -> Poll<F::Output> {
        let waker = Waker::from(self.0.clone());
        future.poll(&mut Context::from_waker(&waker))
    }

    fn woken(&self) -> usize {
        self.0.0.load(Ordering::Relaxed)
    }
}

/// Polls a future once that must be ready.
#[track_caller]
fn ready<F: Future>(future: F) -> F::Output {
    match Task::default().poll(pin!(future)) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("not ready"),
    }
}

fn topic(r#type: u8) -> Topic {
    Topic { r#type }
}

#[cfg(not(loom))]
static TOKENS: Tokens = Tokens::new(1);
#[cfg(not(loom))]
static COMPLETIONS: Completions<Spinlock> = Completions::new_with_raw_mutex(Spinlock::new());

#[test]
#[cfg(not(loom))]
fn they_fit_in_a_static() {
    ready(TOKENS.one()).unwrap();
    assert!(matches!(COMPLETIONS.wake(&1, Reply(2)), WakeOutcome::NoMatch(Reply(2))));
}

#[test]
fn a_primitive_waits_and_wakes_in_order() {
    check(|| {
        let tokens = Tokens::new(1);
        let (first, second) = (Task::default(), Task::default());
        let mut two: Pin<&mut Try<'_>> = pin!(tokens.r#try(2));
        let mut one: Pin<&mut One<'_>> = pin!(tokens.one());
        assert!(first.poll(two.as_mut()).is_pending());
        // There is one token, but a task was here before.
        assert!(second.poll(one.as_mut()).is_pending());

        assert_eq!(tokens.add_and_count(1), 1);
        assert_eq!((first.woken(), second.woken()), (1, 0));
        assert_eq!(first.poll(two.as_mut()), Poll::Ready(Ok(())));
        tokens.add(1);
        assert_eq!(second.woken(), 1);
        assert_eq!(second.poll(one.as_mut()), Poll::Ready(Ok(())));
    });
}

#[test]
fn a_cancelled_wait_passes_on_what_it_was_given() {
    check(|| {
        let tokens = Tokens::<Spinlock>::default();
        let (first, second) = (Task::default(), Task::default());
        let mut one = Box::pin(tokens.one());
        let mut other = pin!(tokens.one());
        assert!(first.poll(one.as_mut()).is_pending());
        assert!(second.poll(other.as_mut()).is_pending());
        assert_eq!(tokens.add_and_count(1), 1);
        drop(one);
        assert_eq!(second.woken(), 1);
        assert_eq!(second.poll(other), Poll::Ready(Ok(())));
    });
}

#[test]
fn a_closed_primitive_wakes_waiters_and_refuses_newcomers() {
    check(|| {
        let tokens = Tokens::new_with_raw_mutex(0, Spinlock::new());
        let task = Task::default();
        let mut one = pin!(tokens.one());
        assert!(task.poll(one.as_mut()).is_pending());
        assert!(!tokens.is_closed());
        tokens.close();
        assert!(tokens.is_closed());
        assert_eq!(task.woken(), 1);
        assert!(matches!(task.poll(one), Poll::Ready(Err(_))));
        assert!(ready(tokens.r#try(0)).is_err());
        assert!(format!("{tokens:?}").starts_with("Tokens {"));
    });
}

#[test]
fn a_primitive_with_parameters_of_every_kind() {
    check(|| {
        let board: Shown<'_, String, 2> = Shown::new(Board::default());
        let (first, second) = (Task::default(), Task::default());
        let mut zero = pin!(board.see(0));
        let mut one = pin!(board.see(1));
        assert!(first.poll(zero.as_mut()).is_pending());
        assert!(second.poll(one.as_mut()).is_pending());
        assert_eq!(board.show(1, "b".to_owned()), 1);
        assert_eq!((first.woken(), second.woken()), (0, 1));
        assert!(first.poll(zero).is_pending());
        assert_eq!(second.poll(one), Poll::Ready(Ok("b".to_owned())));
        assert_eq!(board.show(0, "a".to_owned()), 1);
        assert_eq!(ready(board.see_first()), Ok("a".to_owned()));
    });
}

#[test]
fn items_inside_a_function_and_inside_a_path() {
    check(|| {
        assert_eq!(ready(local::sum()), 15);
        assert!(ready(policies::through_a_gate()));
        assert_eq!(words::count(9), 9);
        assert_eq!(hygiene::made::put_up(3), (true, 5));
        assert_eq!(hygiene::keyed::unanswered(), 1);
    });
}

#[test]
fn unique_wakes_by_key() {
    check(|| {
        let map = Completions::new();
        let (first, second) = (Task::default(), Task::default());
        let mut one = pin!(map.wait(1));
        let mut two = pin!(map.wait(2));
        assert!(first.poll(one.as_mut()).is_pending());
        assert!(second.poll(two.as_mut()).is_pending());
        assert_eq!(ready(map.wait(1)), Err(WaitError::Duplicate));

        assert!(matches!(map.wake(&2, Reply(22)), WakeOutcome::Woke));
        assert!(matches!(map.wake(&2, Reply(23)), WakeOutcome::NoMatch(Reply(23))));
        assert_eq!((first.woken(), second.woken()), (0, 1));
        assert_eq!(second.poll(two.as_mut()), Poll::Ready(Ok(Reply(22))));

        map.close();
        assert_eq!(first.woken(), 1);
        assert_eq!(first.poll(one.as_mut()), Poll::Ready(Err(WaitError::Closed)));
        assert!(matches!(map.wake(&1, Reply(1)), WakeOutcome::Closed(Reply(1))));
        assert!(map.is_closed());
        assert!(format!("{map:?}").starts_with("Completions {"));
    });
}

#[test]
fn unique_waits_for_a_condition() {
    check(|| {
        let map = Map::<&str, usize>::default();
        let seen = core::cell::Cell::new(None);
        let task = Task::default();
        let mut wait = pin!(map.wait_for_value("key", || seen.get()));
        assert!(task.poll(wait.as_mut()).is_pending());
        assert!(matches!(map.wake(&"key", 0), WakeOutcome::Woke));
        assert!(task.poll(wait.as_mut()).is_pending(), "the condition does not hold yet");
        seen.set(Some(3));
        assert!(matches!(map.wake(&"key", 0), WakeOutcome::Woke));
        assert_eq!(task.poll(wait.as_mut()), Poll::Ready(Ok(3)));
        assert_eq!(ready(map.wait_for("other", || true)), Ok(()));
    });
}

#[test]
fn unique_takes_its_place_ahead_of_time() {
    check(|| {
        let map = Map::<u8, u8>::new();
        let task = Task::default();
        let mut wait: Pin<&mut Wait<'_, u8, u8>> = pin!(map.wait(1));
        assert!(matches!(map.wake(&1, 1), WakeOutcome::NoMatch(1)));
        let subscribe: Subscribe<'_, '_, u8, u8> = wait.as_mut().subscribe();
        assert_eq!(ready(subscribe), Ok(()));
        assert!(matches!(map.wake(&1, 7), WakeOutcome::Woke));
        assert_eq!(task.poll(wait), Poll::Ready(Ok(7)));
    });
}

#[test]
fn fifo_wakes_the_oldest_of_a_key() {
    check(|| {
        let boxes = Mailboxes::new();
        let tasks: [Task; 4] = Default::default();
        let mut waits = [1, 2, 1, 1].map(|kind| Box::pin(boxes.wait(topic(kind))));
        for (task, wait) in tasks.iter().zip(&mut waits) {
            assert!(task.poll(wait.as_mut()).is_pending());
        }
        assert!(matches!(boxes.wake_one(&topic(1), 10), WakeOutcome::Woke));
        assert_eq!(tasks.each_ref().map(Task::woken), [1, 0, 0, 0]);
        assert_eq!(boxes.wake_n(&topic(1), 1, 11), 1);
        assert_eq!(tasks.each_ref().map(Task::woken), [1, 0, 1, 0]);
        assert_eq!(boxes.wake_all(&topic(1), 12), 1);
        assert_eq!(boxes.wake_all(&topic(1), 13), 0);
        assert_eq!(tasks.each_ref().map(Task::woken), [1, 0, 1, 1]);
        let got = [0, 2, 3].map(|at| tasks[at].poll(waits[at].as_mut()).map(Result::unwrap));
        assert_eq!(got, [Poll::Ready(10), Poll::Ready(11), Poll::Ready(12)]);
        boxes.close();
        assert!(matches!(tasks[1].poll(waits[1].as_mut()), Poll::Ready(Err(_))));
    });
}

#[test]
fn fifo_hands_on_a_value_whose_wait_is_dropped() {
    check(|| {
        let boxes = Mailboxes::new_with_raw_mutex(Spinlock::new());
        let (first, second) = (Task::default(), Task::default());
        let mut one: Pin<Box<Mail<'_, Spinlock>>> = Box::pin(boxes.wait(topic(1)));
        let mut two = pin!(boxes.wait(topic(1)));
        assert!(first.poll(one.as_mut()).is_pending());
        assert!(second.poll(two.as_mut()).is_pending());
        assert!(matches!(boxes.wake_one(&topic(1), 5), WakeOutcome::Woke));
        drop(one);
        assert_eq!(second.woken(), 1);
        assert_eq!(second.poll(two).map(Result::unwrap), Poll::Ready(5));
    });
}

#[test]
fn maps_with_parameters_of_every_kind() {
    check(|| {
        let array = [1, 2, 3, 4];
        let key = String::from("a");
        let names: Names<'_, '_> = Names::new();
        let task = Task::default();
        let mut wait = pin!(names.wait((&array, &key)));
        assert!(task.poll(wait.as_mut()).is_pending());
        assert!(matches!(names.wake_one(&(&array, "b")), WakeOutcome::NoMatch(())));
        assert_eq!(names.wake_n(&(&array, "a"), 3), 1);
        assert_eq!(names.wake_all(&(&array, "a")), 0);
        assert!(matches!(task.poll(wait), Poll::Ready(Ok(()))));

        let pairs = Pairs::<u8, String>::default();
        assert!(matches!(pairs.wake(&1, String::new()), WakeOutcome::NoMatch(_)));
        let words = Words::new();
        assert_eq!(words.wake_all(&"a", "b"), 0);
    });
}

#[test]
fn up_to_waits_until_a_position_is_reached() {
    check(|| {
        let done = Done::new();
        let task = Task::default();
        let mut wait: Pin<&mut Until<'_>> = pin!(done.wait(3));
        assert!(task.poll(wait.as_mut()).is_pending());
        assert_eq!((done.advance(2), done.advance(4), done.current()), (0, 1, 4));
        assert_eq!(task.poll(wait).map(Result::unwrap), Poll::Ready(4));

        let acked = Acked::starting_at(u16::MAX);
        assert_eq!(acked.advance(1), 0);
        assert_eq!(ready(acked.wait(0)).unwrap(), 1);
        let places = Places::starting_at_with_raw_mutex(("a", 1), Spinlock::new());
        assert_eq!(ready(places.wait(("a", 0))).unwrap(), ("a", 1));
        assert_eq!(Acked::<u8, Spinlock>::default().current(), 0);
    });
}

#[test]
fn mask_waits_for_flags() {
    check(|| {
        let events = Events::new();
        let (first, second) = (Task::default(), Task::default());
        let mut any = pin!(events.wait_any(6).clear_on_exit());
        let mut all = pin!(events.wait_all(6));
        assert!(first.poll(any.as_mut()).is_pending());
        assert!(second.poll(all.as_mut()).is_pending());
        assert_eq!(events.set(3), 1);
        assert_eq!(first.poll(any).map(Result::unwrap), Poll::Ready(2));
        assert_eq!((events.get(), events.clear(1)), (1, 1));
        assert_eq!(events.set(6), 1);
        assert_eq!(second.poll(all).map(Result::unwrap), Poll::Ready(6));
        assert_eq!(hygiene::keyed::raised(), 3);
    });
}

#[test]
fn predicate_wakes_the_waiters_it_holds_of() {
    check(|| {
        let watch = Watch::new();
        let board = Notices::<String, Spinlock>::default();
        let (first, second) = (Task::default(), Task::default());
        let mut change = pin!(watch.wait(b'a'));
        let mut told: Pin<&mut Told<'_, String, Spinlock>> = pin!(board.wait(7));
        assert!(first.poll(change.as_mut()).is_pending());
        let subscribe: Tell<'_, '_, String, Spinlock> = told.as_mut().subscribe();
        assert!(second.poll(pin!(subscribe)).is_ready());
        assert_eq!((watch.notify("b"), watch.notify("ab")), (0, 1));
        assert_eq!(board.notify_with(&7, "seven".to_owned()), 1);
        assert!(matches!(first.poll(change), Poll::Ready(Ok(()))));
        assert_eq!(second.poll(told).map(Result::unwrap), Poll::Ready("seven".to_owned()));
    });
}

#[test]
fn buckets_have_a_lock_each() {
    check(|| {
        let spread = Spread::new();
        let task = Task::default();
        let mut wait = Box::pin(spread.wait(3));
        assert!(task.poll(wait.as_mut()).is_pending());
        assert_eq!(spread.wake(&3, Reply(1)), WakeOutcome::Woke);
        drop(wait);
        assert_eq!(spread.wake(&3, Reply(1)), WakeOutcome::NoMatch(Reply(1)));
        let futex = Futex::new_with_raw_mutexes([Spinlock::new(), Spinlock::new()]);
        assert_eq!(futex.wake_all(&"key"), 0);
        futex.close();
        assert!(futex.is_closed() && !spread.is_closed());
    });
}

#[test]
fn names_of_primitive_types_are_the_users() {
    check(|| {
        let one = shadowed::One::new();
        assert!(matches!(one.wake(&shadowed::usize, shadowed::bool), WakeOutcome::NoMatch(shadowed::bool)));
        let many = shadowed::Many::new();
        assert_eq!(many.wake_n(&shadowed::bool, 3, shadowed::usize), 0);
        assert_eq!(shadowed::Upward::starting_at(250).advance(3), 0);
        assert_eq!(shadowed::Flagged::new().set(3), 0);
        assert_eq!(shadowed::Told::new().notify_with(&shadowed::u8, shadowed::usize), 0);
        let open = shadowed::Open::new(shadowed::bool);
        assert!(matches!(ready(open.pass()), Ok(shadowed::u8)));
        assert!(!open.is_closed());
    });
}

#[cfg(feature = "alloc")]
mod owned {
    use alloc::sync::Arc;

    use hygiene::{
        keyed::{Completions, MailOwned, Mailboxes, Reply, WaitOwned},
        policies::{OneOwned, Tokens, TryOwned},
    };
    use renamed::{spin::Spinlock, wait_map::WakeOutcome};

    use super::{Poll, Task, check, topic};

    /// A future that borrows nothing can be kept anywhere, by its name.
    struct Kept {
        acquire: TryOwned<Spinlock>,
        one: OneOwned<Spinlock>,
    }

    #[test]
    fn a_primitive_lives_as_long_as_its_waits() {
        check(|| {
            let tokens = Arc::new(Tokens::new_with_raw_mutex(2, Spinlock::new()));
            let kept = Kept { acquire: tokens.try_owned(3), one: tokens.one_owned() };
            let (mut acquire, mut one) = (Box::pin(kept.acquire), Box::pin(kept.one));
            let (first, second) = (Task::default(), Task::default());
            assert!(first.poll(acquire.as_mut()).is_pending());
            assert!(second.poll(one.as_mut()).is_pending());
            tokens.add(1);
            assert_eq!(first.poll(acquire.as_mut()), Poll::Ready(Ok(())));
            let gone = Arc::downgrade(&tokens);
            tokens.add(1);
            drop(tokens);
            drop(acquire);
            assert_eq!(gone.strong_count(), 1, "one future is left");
            assert_eq!(second.poll(one.as_mut()), Poll::Ready(Ok(())));
            drop(one);
            assert_eq!(gone.strong_count(), 0);
        });
    }

    #[test]
    fn a_map_lives_as_long_as_its_waits() {
        check(|| {
            let map = Arc::new(Completions::new());
            let task = Task::default();
            let mut wait = Box::pin(map.wait_owned(3));
            assert!(task.poll(wait.as_mut()).is_pending());
            assert!(matches!(map.wake(&3, Reply(4)), WakeOutcome::Woke));
            drop(map);
            assert_eq!(task.poll(wait.as_mut()), Poll::Ready(Ok(Reply(4))));

            let boxes = Arc::new(Mailboxes::new());
            let mut wait: core::pin::Pin<Box<MailOwned>> = Box::pin(boxes.wait_owned(topic(1)));
            assert!(task.poll(wait.as_mut()).is_pending());
            drop(boxes);
            assert!(task.poll(wait.as_mut()).is_pending(), "no task is left to wake it");
        });
    }

    #[test]
    fn an_owned_wait_may_be_spawned() {
        fn sendable<T: Send + 'static>() {}
        sendable::<WaitOwned<u8, u8>>();
        sendable::<TryOwned>();
    }
}
