//! What happened in a step, and in which order of its calls a model explains it.
//!
//! A call that a waker makes comes after the one that woke it, all of it: that is the order in which they
//! begin. Where a [`Specified`] says so, one may also have come before, or later:
//! [`Specified::may_come_before`], [`Specified::may_come_later`].

use alloc::{vec, vec::Vec};
use core::mem;

use super::{Facts, Model, Op, OpOf, Seen, Specified, TASKS, Told, slots_of};

/// A call that was made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Made<Op> {
    pub(super) op: Op,
    /// Its number.
    pub(super) n: usize,
    /// What it has returned.
    pub(super) is: Seen,
    /// How many calls of the step had begun when it did.
    pub(super) until: usize,
}

/// What there is to compare after a step.
#[derive(Debug, PartialEq)]
pub(super) struct Observation {
    /// What was returned, by the call and by those that were made meanwhile.
    pub(super) seen: Vec<Seen>,
    /// Which tasks were woken, in this order.
    pub(super) woken: Vec<usize>,
    /// How many wakers of each are kept.
    pub(super) wakers: [usize; TASKS],
    pub(super) facts: Facts,
    /// What user code ran while a lock was held.
    pub(super) under_the_lock: Vec<&'static str>,
}

/// The calls of a step, in an order in which a model has made them.
pub(super) struct Order<S: Specified> {
    pub(super) model: S::Model,
    calls: Vec<Predicted<OpOf<S>>>,
}

/// What a model says of a call.
struct Predicted<Op> {
    op: Op,
    should: Seen,
    /// Which tasks it wakes, and whether it may be that it does not.
    told: Vec<(Told, bool)>,
    /// Whether nothing is promised about their order.
    in_any_order: bool,
    /// Whether the second step is made, too.
    finished: bool,
}

impl<S: Specified> Order<S> {
    pub(super) fn new(model: S::Model) -> Self {
        Self { model, calls: Vec::new() }
    }

    /// Begins a step.
    pub(super) fn clear(&mut self) {
        self.calls.clear();
    }

    /// The model makes a call; what it has to return, if it makes sense.
    pub(super) fn apply(&mut self, op: OpOf<S>, n: usize) -> Option<Seen> {
        let should = match self.model.apply(op, n)? {
            Seen::Facts(facts) => Seen::Facts(S::asked(facts)),
            should => should,
        };
        let slots = slots_of::<S>(op);
        // A task that has got it already, or is gone, need not be told any more.
        for (told, need_not) in self.calls.iter_mut().flat_map(|call| &mut call.told) {
            *need_not |= slots.contains(&Some(told.slot));
        }
        let in_any_order = if let Op::Call(call) = op { S::in_any_order(call) } else { false };
        self.calls.push(Predicted { op, should, told: Vec::new(), in_any_order, finished: false });
        self.tell(self.calls.len() - 1);
        Some(should)
    }

    /// Writes down which tasks a call wakes.
    fn tell(&mut self, at: usize) {
        let woken = self.model.sleepers().woken();
        self.calls[at].told.extend(woken.into_iter().map(|told| (told, false)));
    }

    /// The model makes the second step of a call, if it has not.
    pub(super) fn finish(&mut self, at: usize) {
        let call = &mut self.calls[at];
        if !mem::replace(&mut call.finished, true) {
            call.should = self.model.finish(call.op, call.should);
            self.tell(at);
        }
    }

    /// What a call has to return.
    pub(super) fn should(&self, at: usize) -> Seen {
        self.calls[at].should
    }

    /// How many wake-ups the model knows of.
    pub(super) fn told(&self) -> usize {
        self.calls.iter().map(|call| call.told.len()).sum()
    }

    /// What there has to be after the step, if `woken` were woken: those, if that is right.
    pub(super) fn expected(&mut self, woken: &[usize]) -> Observation {
        let as_it_is = is_merged(woken, &mut self.lines()) || self.is_merged_with_help(woken);
        let told = || self.calls.iter().flat_map(|call| &call.told).map(|(told, _)| told.task).collect();
        let woken = if as_it_is { woken.to_vec() } else { told() };
        let mut wakers = [0; TASKS];
        self.model.sleepers().kept().iter().for_each(|&task| wakers[task] += 1);
        let seen = self.calls.iter().map(|call| call.should).collect();
        Observation { seen, woken, wakers, facts: self.model.facts(), under_the_lock: Vec::new() }
    }

    /// Which tasks each call wakes, in order.
    fn lines(&self) -> Vec<Line> {
        self.calls
            .iter()
            .map(|call| Line { told: call.told.clone(), in_any_order: call.in_any_order })
            .filter(|line| !line.told.is_empty())
            .collect()
    }

    /// The same if a call that came in the middle of the outer one has helped with the wakers that were still
    /// in line: those at hand are then called after them.
    fn is_merged_with_help(&self, woken: &[usize]) -> bool {
        let Some(outer) = self.calls.first().filter(|_| self.calls.len() > 1) else { return false };
        (1..outer.told.len()).any(|at_hand| {
            let mut lines = self.lines();
            let rest = lines[0].told.split_off(at_hand);
            lines.push(Line { told: rest, in_any_order: outer.in_any_order });
            is_merged(woken, &mut lines)
        })
    }

    /// Whether the calls that were made, in another order than this, lead to what `is`: the order in which
    /// they do.
    pub(super) fn explain(model: &S::Model, made: &[Made<OpOf<S>>], is: &Observation) -> Option<Self> {
        orders::<S>(made).into_iter().skip(1).find_map(|places| {
            let mut order = Self::new(model.clone());
            for &place in &places {
                order.apply(made[place].op, made[place].n)?;
                order.finish(order.calls.len() - 1);
            }
            let mut should = order.expected(&is.woken);
            should.seen = made.iter().map(|_| Seen::Nothing).collect();
            for (at, &place) in places.iter().enumerate() {
                should.seen[place] = order.should(at);
            }
            (should == *is).then_some(order)
        })
    }
}

/// All orders in which the calls may have been made, first the one in which they began.
fn orders<S: Specified>(made: &[Made<OpOf<S>>]) -> Vec<Vec<usize>> {
    let mut orders = vec![Vec::new()];
    for _ in 0..made.len() {
        orders = orders
            .into_iter()
            .flat_map(|order| {
                let next = (0..made.len()).filter(|&next| {
                    // It was under way, and this may have come before.
                    let passes = |earlier: usize| {
                        made[earlier].until > next && S::may_come_before(made[next].op, made[earlier].op)
                    };
                    // Or it was made in one that was and is, and may come later.
                    let waits = |outer: usize, earlier: usize| {
                        made[outer].until > next && S::may_come_later(made[earlier].op, made[outer].op)
                    };
                    // A task that passes one that was under way passes those that were made in it, too.
                    let may = |earlier: usize| {
                        (0..=earlier).any(passes) || (0..earlier).any(|outer| waits(outer, earlier))
                    };
                    !order.contains(&next)
                        && (0..next).all(|earlier| order.contains(&earlier) || may(earlier))
                });
                next.map(|next| [&*order, &[next]].concat()).collect::<Vec<_>>()
            })
            .collect();
    }
    orders
}

/// Those that a call is still to wake.
struct Line {
    told: Vec<(Told, bool)>,
    in_any_order: bool,
}

/// Whether `woken` is what comes of `lines` when each goes on at its own speed.
fn is_merged(woken: &[usize], lines: &mut [Line]) -> bool {
    let Some((task, rest)) = woken.split_first() else {
        return lines.iter().all(|line| line.told.iter().all(|(_, need_not)| *need_not));
    };
    for at in 0..lines.len() {
        for place in 0..lines[at].told.len() {
            let (told, need_not) = lines[at].told[place];
            if told.task == *task {
                let passed: Vec<_> = if lines[at].in_any_order {
                    vec![lines[at].told.remove(place)]
                } else {
                    lines[at].told.drain(..=place).collect()
                };
                if is_merged(rest, lines) {
                    return true;
                }
                let back = if lines[at].in_any_order { place } else { 0 };
                lines[at].told.splice(back..back, passed);
            }
            if !need_not && !lines[at].in_any_order {
                break;
            }
        }
    }
    false
}
