//! What comes between two instructions of an operation: an interrupt handler, or a task of a higher priority.
//!
//! Each operation is interrupted after each of its instructions. Where it is not optimised and makes many,
//! some of them are enough: it makes as many between any two accesses.

use core::pin::{Pin, pin};

use sync_core::{WaitCell, wait_cell::Wait};
use tests::{Count, Task, interrupts};

/// A task (in whose wakers nothing is allocated), and how often it had been woken when it was polled last.
#[derive(Debug, Default)]
struct Polled {
    task: Task,
    seen: Count,
}

impl Polled {
    fn woken(&self) -> usize {
        self.task.woken()
    }

    fn wakers(&self) -> usize {
        self.task.wakers()
    }

    fn poll(&self, wait: Pin<&mut Wait<'_>>) -> bool {
        self.seen.set(self.woken());
        self.task.poll(wait).is_ready()
    }

    /// Polls `wait` as an executor does that nothing else comes in between: as long as its task is woken.
    /// Returns how often that was, up to ten times, and whether it is ready.
    fn has_its_turn(&self, mut wait: Pin<&mut Wait<'_>>) -> (usize, bool) {
        for polls in 1..10 {
            if self.poll(wait.as_mut()) {
                return (polls, true);
            }
            if self.seen.get() == self.woken() {
                return (polls, false);
            }
        }
        (10, false)
    }
}

/// Calls `test` with each number of instructions after which to interrupt what it does, or with `some` of
/// them where it is not optimised; it returns how many there were if they were fewer.
fn after_each_instruction(some: usize, mut test: impl FnMut(usize) -> Option<usize>) {
    let all = test(usize::MAX).expect("it has fewer instructions");
    let step = if cfg!(debug_assertions) { 1 + all / some } else { 1 };
    for n in (0..all).step_by(step) {
        test(n);
    }
}

// 27: a counter whose wrap frees something in use.

/// Fails if a notifier that is interrupted between its look at the waker and taking it takes one that is not
/// there any more. Seen to fail with: the protocol that the present one replaced, and a count of
/// registrations of one bit.
#[test]
fn p27_a_notifier_takes_the_waker_that_is_there() {
    type Notify = fn(&WaitCell) -> bool;
    for notify in [WaitCell::wake as Notify, WaitCell::close] {
        after_each_instruction(140, |n| {
            let cell = WaitCell::new();
            let tasks: [Polled; 3] = Default::default();
            let [mut first, mut second, mut third] = [cell.wait(), cell.wait(), cell.wait()];
            assert!(!tasks[0].poll(Pin::new(&mut first)));
            let (_, made) = interrupts::at(
                n,
                || notify(&cell),
                || {
                    // The word is the one that was read, and the waker is not.
                    cell.wake();
                    tasks[0].poll(Pin::new(&mut first));
                    tasks[1].poll(Pin::new(&mut second));
                    cell.wake();
                    tasks[1].poll(Pin::new(&mut second));
                    tasks[2].poll(Pin::new(&mut third));
                },
            );
            if made.is_none() {
                assert!(tasks[0].woken() <= 1 && tasks[1].woken() <= 1, "after {n}: called twice");
                cell.wake();
                assert!(tasks[2].woken() > 0 || cell.is_closed(), "after {n}: not called");
            }
            drop((first, second, third));
            for task in &tasks {
                assert_eq!(task.wakers(), 0, "after {n}: a waker is left, or freed twice");
            }
            made
        });
    }
}

/// Fails if a wait that is dropped takes back another's waker because it has the same number.
/// Seen to fail with: as above.
#[test]
fn p27_a_wait_that_is_dropped_takes_its_own_waker() {
    for between in 0..4 {
        let cell = WaitCell::new();
        let tasks: [Polled; 2] = Default::default();
        let mut old = cell.wait();
        assert!(!tasks[0].poll(Pin::new(&mut old)));
        // As many registrations as make a count of two bits what it was.
        for _ in 0..between {
            assert!(!Polled::default().poll(pin!(cell.wait())));
        }
        let mut wait = cell.wait();
        assert!(!tasks[1].poll(Pin::new(&mut wait)));
        drop(old);
        assert!(cell.wake(), "{between} between");
        assert_eq!(tasks[1].woken(), 1);
        assert!(tasks[1].poll(Pin::new(&mut wait)));
    }
}

// 28: busy, answered by waking oneself.

/// Fails if a task that interrupts another one's registration is polled on and on, because the slot is not
/// free.
/// Seen to fail with: the protocol that the present one replaced.
#[test]
fn p28_a_stopped_registrant_does_not_block_another() {
    for again in [false, true] {
        after_each_instruction(140, |n| {
            let cell = WaitCell::new();
            let [low, other, high]: [Polled; 3] = Default::default();
            let [mut low_wait, mut high_wait] = [cell.wait(), cell.wait()];
            if again {
                assert!(!other.poll(Pin::new(&mut low_wait)));
            }
            let mut turn = (0, false);
            let (_, made) = interrupts::at(
                n,
                || low.poll(Pin::new(&mut low_wait)),
                || turn = high.has_its_turn(Pin::new(&mut high_wait)),
            );
            if made.is_none() {
                assert!(turn.0 <= 2, "after {n}: polled on and on");
                assert!(!turn.1);
                // One of them is registered, and the other one knows that it is not.
                assert!(cell.wake(), "after {n}: neither is registered");
                assert!(high.woken() > 0 && low.woken() > 0, "after {n}: not woken");
                assert!(low.poll(Pin::new(&mut low_wait)));
            }
            drop((low_wait, high_wait));
            for task in [&low, &other, &high] {
                assert_eq!(task.wakers(), 0, "after {n}");
            }
            made
        });
    }
}

/// Fails if a task that interrupts a notifier at the slot is polled on and on.
/// Seen to fail with: `begin` answering `Busy` where a notifier has a claim.
#[test]
fn p28_a_stopped_notifier_does_not_block_a_registration() {
    after_each_instruction(140, |n| {
        let cell = WaitCell::new();
        let tasks: [Polled; 2] = Default::default();
        let [mut first, mut second] = [cell.wait(), cell.wait()];
        assert!(!tasks[0].poll(Pin::new(&mut first)));
        let mut turns = [(0, false); 2];
        let (_, made) = interrupts::at(
            n,
            || cell.wake(),
            || {
                // Nothing has come yet, or it takes the wake-up and another task waits.
                turns[0] = tasks[0].has_its_turn(Pin::new(&mut first));
                if turns[0].1 {
                    turns[1] = tasks[1].has_its_turn(Pin::new(&mut second));
                }
            },
        );
        if made.is_none() {
            assert!(turns[0].0 <= 2 && turns[1].0 <= 2, "after {n}: polled on and on: {turns:?}");
            let (task, wait) = if turns[0].1 {
                assert!(!turns[1].1, "after {n}: one wake-up is for one");
                assert_eq!(tasks[1].woken(), 0);
                assert!(cell.wake());
                (&tasks[1], &mut second)
            } else {
                (&tasks[0], &mut first)
            };
            assert!(task.woken() > 0, "after {n}: not woken");
            assert!(task.poll(Pin::new(wait)));
        }
        drop((first, second));
        for task in &tasks {
            assert_eq!(task.wakers(), 0, "after {n}");
        }
        made
    });
}

/// Two waits of one task, which share its waker: fails if a wake-up that comes while the second one registers
/// is taken by it and leaves the first without a waker, and the task without a call. (Found on the way.) Seen
/// to fail with: the protocol that the present one replaced; `Slot::register` dropping what it holds and is
/// shared.
#[test]
fn p28_a_wake_up_during_a_registration_leaves_no_wait_of_the_same_task_asleep() {
    after_each_instruction(140, |n| {
        let cell = WaitCell::new();
        let task = Polled::default();
        let [mut first, mut second] = [cell.wait(), cell.wait()];
        assert!(!task.poll(Pin::new(&mut first)));
        let (_, made) = interrupts::at(n, || task.poll(Pin::new(&mut second)), || _ = cell.wake());
        if made.is_none() {
            assert!(task.woken() > 0, "after {n}: one of them waits, is not registered, and is not woken");
        }
        drop((first, second));
        assert_eq!(task.wakers(), 0, "after {n}");
        made
    });
}

/// What is interrupted, and what interrupts: everything that a cell does.
#[derive(Clone, Copy, Debug)]
enum Op {
    /// Polls the wait as one of two tasks.
    Poll(usize),
    Wake,
    Close,
    /// Drops the wait.
    Drop,
}

/// A party with a wait, which one of two tasks polls.
struct Side<'c> {
    cell: &'c WaitCell,
    tasks: &'c [Polled; 2],
    wait: Option<Wait<'c>>,
    /// Which task has polled it.
    by: Option<usize>,
}

impl<'c> Side<'c> {
    fn new(cell: &'c WaitCell, tasks: &'c [Polled; 2]) -> Self {
        Self { cell, tasks, wait: Some(cell.wait()), by: None }
    }

    fn does(&mut self, op: Op) {
        match op {
            Op::Wake => _ = self.cell.wake(),
            Op::Close => _ = self.cell.close(),
            Op::Drop => (self.wait, self.by) = (None, None),
            Op::Poll(task) => {
                let Some(wait) = &mut self.wait else { return };
                self.by = Some(task);
                if self.tasks[task].poll(Pin::new(wait)) {
                    self.does(Op::Drop);
                }
            }
        }
    }

    /// Whether it has polled its wait and has to be woken to do so again.
    fn waits(&self) -> bool {
        self.by.is_some()
    }

    /// Polls its wait if the task that has polled it has been woken since.
    fn goes_on(&mut self) {
        match self.by {
            Some(by) if self.tasks[by].woken() > self.tasks[by].seen.get() => self.does(Op::Poll(by)),
            _ => {}
        }
    }
}

/// Each operation, interrupted after each of its instructions by each other: all that wait are through when
/// there were enough wake-ups, none of them polled without having been woken, and no waker is left. Seen to
/// fail with: `commit` not looking whether it was overtaken, or notified; `settle` not looking whose the
/// claim is.
#[test]
fn p28_every_operation_at_every_instruction_of_every_other() {
    const POLLS: Op = Op::Poll(0);
    /// What each side has done before, and what is interrupted then.
    type Row = (&'static [(usize, Op)], &'static [Op]);
    let rows: [Row; 3] = [
        (&[], &[POLLS, Op::Wake]),
        (&[(0, POLLS)], &[POLLS, Op::Poll(1), Op::Wake, Op::Close, Op::Drop]),
        (&[(1, POLLS)], &[POLLS, Op::Wake, Op::Close]),
    ];
    for (before, ops) in rows {
        for &op in ops {
            for other in [POLLS, Op::Wake, Op::Close, Op::Drop] {
                after_each_instruction(14, |n| interrupted(before, op, other, n));
            }
        }
    }
}

fn interrupted(before: &[(usize, Op)], op: Op, other: Op, n: usize) -> Option<usize> {
    let cell = WaitCell::new();
    let tasks: [[Polled; 2]; 2] = Default::default();
    let mut sides = [Side::new(&cell, &tasks[0]), Side::new(&cell, &tasks[1])];
    for &(side, op) in before {
        sides[side].does(op);
    }
    let [low, high] = &mut sides;
    let ((), made) = interrupts::at(n, || low.does(op), || high.does(other));
    for _ in 0..8 {
        for side in &mut sides {
            side.goes_on();
        }
        cell.wake();
    }
    let done = !sides.iter().any(Side::waits);
    drop(sides);
    let left: usize = tasks.as_flattened().iter().map(Polled::wakers).sum();
    assert!(done, "{before:?}, then {op:?}, {other:?} after {n}: one waits and is not woken");
    assert_eq!(left, 0, "{before:?}, then {op:?}, {other:?} after {n}: a waker is left, or was freed twice");
    made
}
