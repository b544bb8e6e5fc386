//! Wakers that come back into the primitive which called them, and wakers that panic: in `clone`, in `wake`
//! and in `drop`, in every operation.
//!
//! Everything that can be waited on goes through the same cases, as a `Subject`: a few waiters, and every pair
//! of operations. `batches.rs` has many waiters.
//!
//! Seen to fail with: the waker cloned under the lock in `keep_waiting` (it hangs, and the watchdog says so);
//! `will_wake` of a list that is never true.

#![cfg(not(loom))]

extern crate alloc;

use alloc::sync::Arc;
use core::{
    future::Future,
    panic::AssertUnwindSafe,
    pin::pin,
    task::{Context, Waker},
};
use std::panic::catch_unwind;

use sync_core::{Semaphore, WaitCell, WaitQueue};
use tests::{
    Count, Hooks, SILENT, SMALL, Shared, Task, Waiter, leak, quiet, some,
    subjects::{Gate, Keyed, Mailboxes, Subject},
    within,
};

/// Which of a waker's functions does the extraordinary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum In {
    Clone,
    Wake,
    Drop,
}

const HOOKS: [In; 3] = [In::Clone, In::Wake, In::Drop];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Op {
    /// Somebody new waits.
    Wait,
    Wake,
    WakeN,
    WakeAll,
    Close,
    /// A wait that may be queued is dropped.
    Cancel,
    /// A wait that may be queued is polled with another waker.
    Repoll,
}

const OPS: [Op; 7] = [Op::Wait, Op::Wake, Op::WakeN, Op::WakeAll, Op::Close, Op::Cancel, Op::Repoll];

/// One subject, and everybody who waits on it.
struct Scene<S: Subject> {
    subject: &'static S,
    /// Ordinary waits, in the order in which they were queued.
    waiters: Shared<Vec<Arc<Waiter>>>,
    /// The ordinary wait that `Cancel` and `Repoll` are done to.
    victim: Arc<Waiter>,
    /// Woken as a task whose waker was replaced.
    other: Task,
}

impl<S: Subject> Scene<S> {
    fn new() -> &'static Self {
        let subject = S::make();
        leak(Self { subject, waiters: Shared::default(), victim: subject.waiter(), other: Task::new() })
    }

    fn newcomer(&'static self) -> Arc<Waiter> {
        let waiter = self.subject.waiter();
        self.waiters.lock().push(Arc::clone(&waiter));
        waiter.poll();
        waiter
    }

    fn all(&self) -> Vec<Arc<Waiter>> {
        self.waiters.lock().clone()
    }

    fn run(&'static self, op: Op) {
        match op {
            Op::Wait => drop(self.newcomer()),
            Op::Wake => self.subject.wake(),
            Op::WakeN => self.subject.wake_n(2),
            Op::WakeAll => self.subject.wake_all(),
            Op::Close => self.subject.close(),
            Op::Cancel => self.victim.cancel(),
            Op::Repoll => self.victim.poll_with(&self.other.waker()),
        }
    }

    /// Polls everybody who was woken, until nobody is.
    fn settle(&self) {
        for waiter in self.all() {
            // A wait on a cell is done to again by whoever took the cell from it.
            while waiter.is_pending() && waiter.task.woken() > 0 {
                let before = waiter.task.woken();
                waiter.poll();
                if waiter.task.woken() == before {
                    break;
                }
            }
        }
    }

    fn woken(&self) -> usize {
        self.all().iter().filter(|waiter| waiter.was_woken()).count()
    }
}

/// How many wake-ups an operation is worth if enough wait.
fn worth(op: Op, waiting: usize) -> usize {
    match op {
        Op::Wake => 1,
        Op::WakeN => 2,
        Op::WakeAll => waiting,
        Op::Wait | Op::Close | Op::Cancel | Op::Repoll => 0,
    }
}

/// Whether everything is as it should be afterwards, and nobody's waker is left behind.
fn still_works<S: Subject>(scene: &'static Scene<S>, closed: bool, what: &str) {
    wakes_on(scene, closed, what);
    scene.victim.cancel();
    for waiter in scene.all() {
        waiter.cancel();
        assert_eq!(waiter.task.wakers(), 0, "{what}: a waker is left behind");
    }
    assert_eq!(scene.other.wakers(), 0, "{what}: a waker is left behind");
}

/// Whether somebody new waits in vain and is then woken, or is let through by what is stored, on what is
/// not closed; and whether everybody who waits is told on what is closed.
fn wakes_on<S: Subject>(scene: &'static Scene<S>, closed: bool, what: &str) {
    scene.settle();
    if closed {
        scene.subject.close();
        for waiter in scene.all() {
            if waiter.is_pending() {
                waiter.poll();
            }
            assert!(!waiter.is_pending(), "{what}: one waits on although it is closed");
        }
        let late = scene.newcomer();
        late.poll();
        assert!(!late.is_pending(), "{what}: somebody new waits although it is closed");
        return;
    }
    // Whoever is left, among them those that were made and not polled.
    scene.subject.wake_all();
    scene.victim.cancel();
    scene.settle();
    if S::MANY {
        for waiter in scene.all() {
            assert!(!waiter.is_pending(), "{what}: `wake_all` has left one behind");
        }
    }
    for round in 0..2 {
        // At most a few wake-ups are stored, which let newcomers through.
        let waiter = (0..10)
            .map(|_| scene.newcomer())
            .find(|waiter| waiter.is_pending())
            .unwrap_or_else(|| panic!("{what}: nobody has to wait any more, in round {round}"));
        scene.subject.wake();
        assert_eq!(waiter.task.woken(), 1, "{what}: `wake` wakes nobody, in round {round}");
        waiter.poll();
        assert!(waiter.was_woken(), "{what}: in round {round}");
    }
}

/// Whether `op` runs the hook of a waker that is queued, or about to be.
fn runs(op: Op, hook: In) -> bool {
    match hook {
        In::Clone => matches!(op, Op::Wait | Op::Repoll),
        In::Wake => matches!(op, Op::Wake | Op::WakeN | Op::WakeAll | Op::Close),
        In::Drop => matches!(op, Op::Cancel | Op::Repoll),
    }
}

/// A waker that calls `act` in `hook`, as long as `armed` has shots left.
fn acting(hook: In, armed: &'static Count, act: impl Fn() + Send + Sync + 'static) -> Waker {
    let act = move || {
        if armed.down() {
            act();
        }
    };
    match hook {
        In::Clone => Hooks::new().on_clone(act),
        In::Wake => Hooks::new().on_wake(act),
        In::Drop => Hooks::new().on_drop(act),
    }
    .waker()
}

/// Does `op` to the wait with the extraordinary waker, the oldest.
fn act_on<S: Subject>(scene: &'static Scene<S>, odd: &Waiter, waker: &Waker, op: Op, hook: In) {
    match op {
        Op::Wait => odd.poll_with(waker),
        Op::Repoll if hook == In::Clone => odd.poll_with(waker),
        Op::Repoll => odd.poll_with(&odd.task.waker()),
        Op::Cancel => odd.cancel(),
        op => scene.run(op),
    }
}

/// One case: an extraordinary waker at the head of the line, three ordinary ones behind it, one of them the victim.
fn case<S: Subject>(
    outer: Op,
    hook: In,
    act: impl Fn(&'static Scene<S>) + Send + Sync + 'static,
) -> (&'static Scene<S>, Arc<Waiter>, bool) {
    let scene = Scene::<S>::new();
    let armed: &'static Count = leak(Count::new());
    let waker = acting(hook, armed, move || act(scene));
    let odd = scene.subject.waiter();
    match (outer, hook) {
        // Its first poll is the operation.
        (Op::Wait, _) => {}
        // Its waker comes with the operation.
        (Op::Repoll, In::Clone) => odd.poll(),
        _ => odd.poll_with(&waker),
    }
    if S::MANY {
        scene.newcomer();
        scene.waiters.lock().push(Arc::clone(&scene.victim));
        scene.victim.poll();
        scene.newcomer();
    }
    armed.set(1);
    let outcome = catch_unwind(AssertUnwindSafe(|| act_on(scene, &odd, &waker, outer, hook)));
    let left = armed.get();
    armed.set(0);
    assert_eq!(left, 0, "{outer:?} does not run the hook in {hook:?}");
    // From here on it is an ordinary task.
    odd.task.waker().wake();
    scene.waiters.lock().insert(0, Arc::clone(&odd));
    if odd.is_pending() && outcome.is_ok() {
        odd.poll();
    }
    (scene, odd, outcome.is_err())
}

fn reenter<S: Subject>() {
    for hook in HOOKS {
        for outer in OPS.into_iter().filter(|op| runs(*op, hook)) {
            for inner in some(OPS, hook as usize + outer as usize) {
                let what = format!("{inner:?} in {hook:?} during {outer:?}");
                let (scene, _, panicked) = case::<S>(outer, hook, move |scene| scene.run(inner));
                assert!(!panicked, "{what}");
                let ops = [outer, inner];
                let closed = ops.contains(&Op::Close);
                if S::MANY && !closed && ops.into_iter().all(|op| op != Op::Cancel) {
                    scene.settle();
                    // Five waits at most; those that are made in the hook wait too.
                    let waiting = scene.all().len();
                    let given = worth(outer, waiting) + worth(inner, waiting);
                    let all = ops.contains(&Op::WakeAll);
                    let woken = scene.woken();
                    assert!(
                        woken == given.min(waiting) || (all && woken + 1 >= waiting),
                        "{what}: {woken} of {waiting} woken by {given}"
                    );
                }
                still_works(scene, closed, &what);
            }
        }
    }
}

fn panic_in<S: Subject>() {
    for hook in HOOKS {
        for outer in OPS.into_iter().filter(|op| runs(*op, hook)) {
            let what = format!("a panic in {hook:?} during {outer:?}");
            let (scene, odd, panicked) = case::<S>(outer, hook, |_| panic!("{}", SILENT));
            assert!(panicked, "{what} is not passed on");
            if hook != In::Wake {
                odd.cancel();
            }
            // A poll that panicked took its wait with it.
            assert!(odd.is_pending() || odd.task.wakers() == 0, "{what}: a waker is left behind");
            let one_operation = S::BATCHES || !matches!(outer, Op::WakeN | Op::WakeAll);
            if S::MANY && hook == In::Wake && one_operation {
                // All that were to be woken are, the one with the panic included.
                scene.settle();
                let expected = if outer == Op::Close { 0 } else { worth(outer, 4) };
                assert_eq!(scene.woken(), expected, "{what}");
            }
            still_works(scene, outer == Op::Close, &what);
        }
    }
}

/// One test per subject.
macro_rules! each {
    ($($name:ident: $test:path;)*) => {$(
        #[test]
        fn $name() {
            quiet();
            within(20, $test);
        }
    )*};
}

each! {
    a_queue_is_reentered: reenter::<WaitQueue>;
    a_cell_is_reentered: reenter::<WaitCell>;
    a_map_is_reentered: reenter::<Keyed>;
    a_fifo_map_is_reentered: reenter::<Mailboxes>;
    a_primitive_is_reentered: reenter::<Gate>;
    a_semaphore_is_reentered: reenter::<Semaphore>;
    a_queue_survives_a_panic: panic_in::<WaitQueue>;
    a_cell_survives_a_panic: panic_in::<WaitCell>;
    a_map_survives_a_panic: panic_in::<Keyed>;
    a_fifo_map_survives_a_panic: panic_in::<Mailboxes>;
    a_primitive_survives_a_panic: panic_in::<Gate>;
    a_semaphore_survives_a_panic: panic_in::<Semaphore>;
}

/// A task that polls again with the waker that is kept makes no other. (Where flash is scarce, each poll has one made
/// before it looks.)
#[test]
fn a_waker_that_is_kept_is_not_cloned_again() {
    let clones: &'static Count = leak(Count::new());
    let waker = Hooks::new().on_clone(|| _ = clones.up()).waker();
    let mut cx = Context::from_waker(&waker);
    let (queue, cell) = (WaitQueue::new(), WaitCell::new());
    let (mut in_line, mut in_cell) = (pin!(queue.wait()), pin!(cell.wait()));
    for _ in 0..3 {
        assert!(in_line.as_mut().poll(&mut cx).is_pending());
        assert!(in_cell.as_mut().poll(&mut cx).is_pending());
    }
    assert_eq!(clones.get(), if SMALL { 6 } else { 2 });
}
