//! Every state that a few parties can reach, and what has to hold in it.
//!
//! The word has no counter, so a few tasks and notifiers that go on without end reach a bounded number of
//! states, and all of them can be visited: not only those of one execution, as in a loom model, but what any
//! number of registrations leads to. A step of a party is one access to the word or to half a slot, or one
//! call of foreign code; before each step, any party may come first. Accesses are in one order here; memory
//! orderings are loom's (`tests/loom_wait_cell.rs`).
//!
//! The transitions are those of the library. What a party does between them is written down once more, from
//! `wait_cell/mod.rs` and `waker_slot.rs`: see [`World::step_task`] and [`World::step_notifier`].
//!
//! Properties:
//!
//! - **Q1** A party that makes a waker of two halves owns it, and both are its halves. No waker is called or
//!   dropped twice.
//! - **Q2** One registrant at most is at a slot.
//! - **Q3** Where no party is in the middle of something, a task that waits is registered and there is no
//!   wake-up, or it is about to be polled: no wake-up is lost. And no waker, id or slot is.
//! - **Q4** From every state, a task that goes on alone, all others being stopped where they are, comes to
//!   rest after a few polls: what an executor needs that is preemptive and of a higher priority. It finds no
//!   slot busy unless there are three tasks.
//! - **Q5** A notifier that goes on alone is through after a few steps.
//! - **Q6** What is inlined for the common case is the transition that it stands for.

use alloc::{vec, vec::Vec};
use core::fmt;
use std::collections::HashSet;

use super::*;

/// The waker that a token stands for: of which task, and which of its clones; 0 is none.
type Token = u8;

/// How many clones of its waker a task has at a time at most.
const CLONES: u8 = 6;

fn task_of(token: Token) -> usize {
    usize::from((token - 1) / CLONES)
}

/// What a waker belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Owner {
    /// There is no such waker.
    Free,
    Cell,
    Party(u8),
}

/// What there are of.
#[derive(Clone, Copy, Debug)]
struct Cast {
    /// Tasks, with so many waits each.
    tasks: usize,
    waits: usize,
    notifiers: usize,
    /// Whether two wakers of a task are known to be of the same task.
    alike: bool,
    /// Which ids there are.
    wait_ids: u8,
    reader_ids: u8,
    /// Whether the last notifier closes the cell.
    closes: bool,
    /// Whether anything comes between the accesses to the two halves of a slot.
    halves: bool,
}

impl Cast {
    /// Whether Q4 is promised: not to three tasks, nor to two waits of one task whose wakers do not show that
    /// they are its own: those take the place from each other in each round.
    fn rests(self) -> bool {
        self.tasks <= 2 && (self.alike || self.waits == 1)
    }
}

/// Where a task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum At {
    Rest,
    Begin,
    Look(Begun),
    GiveUpForClone(Begun),
    Clone,
    StoreData(Begun),
    StoreVtable(Begun),
    Commit(Begun),
    GiveUp(Begun, bool),
    Leave,
    LeaveData(bool),
    LeaveVtable(bool),
    LeaveExchange(bool),
    NotifyData(Claim),
    NotifyVtable(Claim),
    Settle(Claim),
}

/// How far a wait is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Stage {
    Idle,
    /// Polled, and has to be woken.
    Pending {
        registered: bool,
        id: WaitId,
        shared: bool,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Task {
    at: At,
    waits: [Stage; 2],
    /// Which of its waits it polls or drops.
    now: u8,
    /// Its waker was called since it was last polled.
    scheduled: bool,
    /// It has begun with the word vacant.
    first_try: bool,
    spare: Token,
    /// What it found in the slot, and whether it calls that.
    old: (Token, bool),
    shared: bool,
    /// What it puts into the slot, or leaves there.
    holds: Token,
    read: [Token; 2],
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Notifier {
    note: Note,
    at: NotifierAt,
    read: [Token; 2],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum NotifierAt {
    Rest,
    Data(Claim),
    Vtable(Claim),
    Settle(Claim),
    Call(Token),
}

/// All that there is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct World {
    word: CellState,
    /// Data and vtable.
    slots: [[Token; 2]; 2],
    owners: [Owner; 1 + 3 * CLONES as usize],
    tasks: Vec<Task>,
    notifiers: Vec<Notifier>,
}

impl World {
    fn new(cast: Cast) -> Self {
        let task = Task {
            at: At::Rest,
            waits: [Stage::Idle; 2],
            now: 0,
            scheduled: true,
            first_try: false,
            spare: 0,
            old: (0, false),
            shared: false,
            holds: 0,
            read: [0; 2],
        };
        let notifier = Notifier { note: Note::Wake, at: NotifierAt::Rest, read: [0; 2] };
        let mut notifiers = vec![notifier; cast.notifiers];
        if cast.closes {
            notifiers.last_mut().expect("one closes").note = Note::Close;
        }
        Self {
            word: CellState::VACANT,
            slots: [[0; 2]; 2],
            owners: [Owner::Free; 1 + 3 * CLONES as usize],
            tasks: vec![task; cast.tasks],
            notifiers,
        }
    }

    /// Makes a waker of task `who`, which is its own.
    fn clone_waker(&mut self, who: usize) -> Token {
        let first = 1 + u8::try_from(who).expect("a few") * CLONES;
        let token = (first..first + CLONES)
            .find(|&token| self.owners[usize::from(token)] == Owner::Free)
            .expect("so many clones are enough");
        self.owners[usize::from(token)] = party(who);
        token
    }

    /// What was read becomes a waker, which is `who`'s (Q1).
    fn join(&self, read: [Token; 2], who: Owner) -> Token {
        let [data, vtable] = read;
        assert_eq!(data, vtable, "Q1: the halves of two wakers");
        assert_ne!(data, 0, "Q1: no waker");
        assert_eq!(self.owners[usize::from(data)], who, "Q1: another party's waker");
        data
    }

    /// The waker in the slot in use changes hands.
    fn hand_over(&mut self, second: bool, to: Owner) {
        let [data, vtable] = self.slots[usize::from(second)];
        assert_eq!(data, vtable, "Q1: a waker that is not whole");
        assert_ne!(self.owners[usize::from(data)], Owner::Free, "Q1: a waker that is not there");
        self.owners[usize::from(data)] = to;
    }

    /// A waker is called or dropped.
    fn spend(&mut self, token: Token, calls: bool) {
        if token != 0 {
            self.owners[usize::from(token)] = Owner::Free;
            self.tasks[task_of(token)].scheduled |= calls;
        }
    }

    /// Q2, before the registrant of slot `second` writes to it.
    fn is_alone_at(&self, who: usize, second: bool) {
        for (other, task) in self.tasks.iter().enumerate() {
            assert!(other == who || !task.is_at(second), "Q2: two at a slot");
        }
    }

    fn claim(&mut self, note: Note, cast: Cast, who: Owner) -> Option<Claim> {
        let (next, claim) = self.word.claim(note, cast.reader_ids);
        self.word = next;
        if let Some(claim) = claim {
            self.hand_over(claim.second(), who);
        }
        claim
    }

    /// A notifier settles; what it has then, or where it goes on.
    fn settle(&mut self, claim: Claim, read: [Token; 2], who: Owner) -> Result<Token, Claim> {
        let (next, outcome) = self.word.settle(claim);
        self.word = next;
        match outcome {
            Settle::Taken => Ok(self.join(read, who)),
            Settle::Lost => Ok(0),
            Settle::Again(claim) => {
                self.hand_over(claim.second(), who);
                Err(claim)
            }
        }
    }
}

fn party(who: usize) -> Owner {
    Owner::Party(u8::try_from(who).expect("a few"))
}

impl World {
    /// Task `who` makes a step, and what it does next where nothing else can see it. `None` if it makes no
    /// sense.
    fn step_task(&self, cast: Cast, who: usize, choice: usize) -> Option<Self> {
        let mut next = self.one_step_of_task(cast, who, choice)?;
        loop {
            let alone = match next.tasks[who].at {
                At::Clone | At::Look(_) => true,
                At::StoreVtable(_) | At::LeaveVtable(_) | At::NotifyVtable(_) => !cast.halves,
                _ => false,
            };
            if !alone {
                return Some(next);
            }
            next = next.one_step_of_task(cast, who, 0)?;
        }
    }

    fn one_step_of_task(&self, cast: Cast, who: usize, choice: usize) -> Option<Self> {
        let mut next = self.clone();
        let me = party(who);
        let task = &mut next.tasks[who];
        let now = usize::from(task.now);
        let id = task.id();
        match task.at {
            At::Rest if choice == 0 => {
                task.scheduled = false;
                task.start(0);
            }
            At::Rest => {
                let which = choice - 1;
                let Stage::Pending { registered, id, .. } = task.waits[which] else { return None };
                task.now = u8::try_from(which).expect("a few");
                if !registered {
                    task.waits[which] = Stage::Idle;
                } else if id == WaitId::NONE {
                    task.waits[which] = Stage::Idle;
                    if let Some(claim) = next.claim(Note::Nothing, cast, me) {
                        next.tasks[who].at = At::NotifyData(claim);
                    }
                } else {
                    task.at = At::Leave;
                }
            }

            At::Begin => {
                let (word, outcome) = next.word.begin(id);
                let vacant = matches!(outcome, Begin::Registering(begun) if begun.word == CellState::BEGUN);
                let spare = core::mem::take(&mut task.spare);
                let first_try = core::mem::take(&mut task.first_try);
                if first_try && !vacant {
                    // That was for a vacant word only.
                    task.at = At::Clone;
                    next.spend(spare, false);
                    return Some(next);
                }
                next.word = word;
                if let Begin::Registering(begun) = outcome {
                    task.spare = spare;
                    task.first_try = first_try;
                    task.at = At::Look(begun);
                    if begun.found() != Found::Nothing {
                        next.hand_over(begun.second(), me);
                    }
                    return Some(next);
                }
                if outcome == Begin::Busy {
                    assert!(cast.tasks > 2, "Q4: a slot is busy");
                    // It is not registered, and wakes itself.
                    task.scheduled = true;
                    let stage = task.pending();
                    task.goes_on(cast, stage);
                } else {
                    task.goes_on(cast, Stage::Idle);
                }
                next.spend(spare, false);
            }
            At::Look(begun) => {
                let alone = begun.found() == Found::Own
                    && !matches!(task.waits[now], Stage::Pending { shared: true, .. });
                task.shared = false;
                let there = if begun.found() == Found::Nothing {
                    0
                } else {
                    self.join(next.slots[usize::from(begun.second())], me)
                };
                if there != 0 && cast.alike && task_of(there) == who {
                    task.shared = !alone;
                    task.holds = there;
                    task.at = At::Commit(begun);
                } else {
                    task.old = (there, there != 0 && !alone);
                    task.holds = core::mem::take(&mut task.spare);
                    task.at = if task.holds == 0 { At::GiveUpForClone(begun) } else { At::StoreData(begun) };
                }
            }
            At::GiveUpForClone(begun) => {
                task.at = At::Clone;
                next.word = next.word.give_up(begun.second());
                next.old_is_done(who);
            }
            At::Clone => {
                task.at = At::Begin;
                next.tasks[who].spare = next.clone_waker(who);
            }
            At::StoreData(begun) => {
                task.at = At::StoreVtable(begun);
                let holds = task.holds;
                next.is_alone_at(who, begun.second());
                next.slots[usize::from(begun.second())][0] = holds;
            }
            At::StoreVtable(begun) => {
                task.at = At::Commit(begun);
                let holds = task.holds;
                next.is_alone_at(who, begun.second());
                next.slots[usize::from(begun.second())][1] = holds;
            }
            At::Commit(begun) => {
                let (word, outcome) = next.word.commit(begun, id, true, cast.wait_ids);
                let Commit::Registered(id) = outcome else {
                    task.at = At::GiveUp(begun, outcome == Commit::Overtaken);
                    return Some(next);
                };
                next.word = word;
                task.first_try = false;
                task.holds = 0;
                let (shared, spare) = (task.shared, core::mem::take(&mut task.spare));
                task.goes_on(cast, Stage::Pending { registered: true, id, shared });
                next.hand_over(begun.second(), Owner::Cell);
                next.spend(spare, false);
                next.old_is_done(who);
            }
            At::GiveUp(begun, overtaken) => {
                let lost = core::mem::take(&mut task.holds);
                let first_try = core::mem::take(&mut task.first_try);
                let shared = task.shared;
                let spare = core::mem::take(&mut task.spare);
                if overtaken && !first_try {
                    let stage = task.pending();
                    task.goes_on(cast, stage);
                } else {
                    task.at = At::Clone;
                }
                let slot = next.slots[usize::from(begun.second())];
                assert_eq!(next.join(slot, me), lost, "Q2: not what was put there");
                next.word = next.word.give_up(begun.second());
                next.old_is_done(who);
                next.spend(spare, false);
                next.spend(lost, !first_try && (overtaken || shared));
            }

            At::Leave => {
                let second = next.word.second();
                task.at = if next.word.is_registered_by(id) {
                    At::LeaveData(second)
                } else {
                    At::LeaveExchange(second)
                };
            }
            At::LeaveData(second) => {
                task.read[0] = next.slots[usize::from(second)][0];
                task.at = At::LeaveVtable(second);
            }
            At::LeaveVtable(second) => {
                task.read[1] = next.slots[usize::from(second)][1];
                task.at = At::LeaveExchange(second);
            }
            // It exchanges the very word that it loaded; here it may also be another one that says the same
            // of this wait.
            At::LeaveExchange(_) => {
                let read = core::mem::take(&mut task.read);
                let shared = matches!(task.waits[now], Stage::Pending { shared: true, .. });
                task.waits[now] = Stage::Idle;
                task.at = At::Rest;
                let (word, own) = next.word.leave(id);
                next.word = word;
                if own {
                    let token = next.join(read, Owner::Cell);
                    next.spend(token, shared);
                }
            }

            At::NotifyData(claim) => {
                task.read[0] = next.slots[usize::from(claim.second())][0];
                task.at = At::NotifyVtable(claim);
            }
            At::NotifyVtable(claim) => {
                task.read[1] = next.slots[usize::from(claim.second())][1];
                task.at = At::Settle(claim);
            }
            At::Settle(claim) => {
                let read = core::mem::take(&mut task.read);
                task.at = At::Rest;
                match next.settle(claim, read, me) {
                    Ok(token) => next.spend(token, true),
                    Err(claim) => next.tasks[who].at = At::NotifyData(claim),
                }
            }
        }
        Some(next)
    }

    /// What a registrant found in the slot is called or dropped.
    fn old_is_done(&mut self, who: usize) {
        let task = &mut self.tasks[who];
        let (old, calls) = core::mem::take(&mut task.old);
        self.spend(old, calls);
    }

    /// Notifier `which` makes a step.
    fn step_notifier(&self, cast: Cast, which: usize) -> Self {
        let mut next = self.clone();
        let me = party(cast.tasks + which);
        let Notifier { note, at, read } = next.notifiers[which].clone();
        let notifier = &mut next.notifiers[which];
        match at {
            NotifierAt::Rest => {
                if let Some(claim) = next.claim(note, cast, me) {
                    next.notifiers[which].at = NotifierAt::Data(claim);
                }
            }
            NotifierAt::Data(claim) => {
                notifier.read[0] = next.slots[usize::from(claim.second())][0];
                notifier.at = NotifierAt::Vtable(claim);
                if !cast.halves {
                    return next.step_notifier(cast, which);
                }
            }
            NotifierAt::Vtable(claim) => {
                notifier.read[1] = next.slots[usize::from(claim.second())][1];
                notifier.at = NotifierAt::Settle(claim);
            }
            NotifierAt::Settle(claim) => {
                notifier.read = [0; 2];
                next.notifiers[which].at = match next.settle(claim, read, me) {
                    Ok(0) => NotifierAt::Rest,
                    Ok(token) => NotifierAt::Call(token),
                    Err(claim) => NotifierAt::Data(claim),
                };
            }
            NotifierAt::Call(token) => {
                notifier.at = NotifierAt::Rest;
                next.spend(token, true);
            }
        }
        next
    }
}

impl Task {
    /// Whether it is the registrant at the slot `second`.
    fn is_at(&self, second: bool) -> bool {
        match self.at {
            At::Look(begun)
            | At::GiveUpForClone(begun)
            | At::StoreData(begun)
            | At::StoreVtable(begun)
            | At::Commit(begun)
            | At::GiveUp(begun, _) => begun.second() == second,
            _ => false,
        }
    }

    /// The id of the wait that it polls or drops.
    fn id(&self) -> WaitId {
        match self.waits[usize::from(self.now)] {
            Stage::Idle => WaitId::NONE,
            Stage::Pending { id, .. } => id,
        }
    }

    /// Begins to poll a wait.
    fn start(&mut self, which: u8) {
        self.now = which;
        let new = !matches!(self.waits[usize::from(which)], Stage::Pending { registered: true, .. });
        self.first_try = new;
        self.at = if new { At::Clone } else { At::Begin };
    }

    /// How far the wait is that is polled, if it is not registered now.
    fn pending(&self) -> Stage {
        match self.waits[usize::from(self.now)] {
            Stage::Idle => Stage::Pending { registered: false, id: WaitId::NONE, shared: false },
            pending @ Stage::Pending { .. } => pending,
        }
    }

    /// The wait has been polled, and the next one is.
    fn goes_on(&mut self, cast: Cast, stage: Stage) {
        self.waits[usize::from(self.now)] = stage;
        self.at = At::Rest;
        if usize::from(self.now) + 1 < cast.waits {
            self.start(self.now + 1);
        }
    }
}

impl World {
    /// Forgets what means nothing: what is in a slot that no waker is in, and what a notifier has read that
    /// has lost its claim. That it means nothing is not assumed: `join` fails with it.
    fn forgets(mut self) -> Self {
        for second in [false, true] {
            let used = self.word.second() == second && (self.word.registered() || self.word.taker() != 0);
            if !used && !self.tasks.iter().any(|task| task.is_at(second)) {
                self.slots[usize::from(second)] = [0; 2];
            }
        }
        for task in &mut self.tasks {
            let id = task.id();
            if let At::LeaveData(second) | At::LeaveVtable(second) | At::LeaveExchange(second) = task.at {
                if !(self.word.is_registered_by(id) && self.word.second() == second) {
                    // The exchange fails.
                    task.at = At::LeaveExchange(false);
                    task.read = [0; 2];
                }
            }
            if let At::Look(begun)
            | At::GiveUpForClone(begun)
            | At::StoreData(begun)
            | At::StoreVtable(begun)
            | At::Commit(begun)
            | At::GiveUp(begun, _) = &mut task.at
            {
                // The rest is for an exchange that is not tried again where it is of no use.
                begun.word = CellState::BEGUN.with_second(begun.word.second());
            }
        }
        let taker = self.word.taker();
        for notifier in &mut self.notifiers {
            if matches!(notifier.at, NotifierAt::Vtable(claim) | NotifierAt::Settle(claim) if claim.reader != taker)
            {
                notifier.read = [0; 2];
            }
        }
        self.with_clones_in_order()
    }

    /// Numbers the clones of each task in the order in which they are met, since one is like the other.
    fn with_clones_in_order(mut self) -> Self {
        let mut names = [0; 1 + 3 * CLONES as usize];
        let mut owners = [Owner::Free; 1 + 3 * CLONES as usize];
        let mut counts = [0; 3];
        let mut rename = |token: &mut Token, before: &[Owner]| {
            if *token == 0 {
                return;
            }
            let name = &mut names[usize::from(*token)];
            if *name == 0 {
                let task = task_of(*token);
                *name = 1 + u8::try_from(task).expect("a few") * CLONES + counts[task];
                counts[task] += 1;
                owners[usize::from(*name)] = before[usize::from(*token)];
            }
            *token = *name;
        };
        let before = self.owners;
        for token in self.slots.as_flattened_mut() {
            rename(token, &before);
        }
        for task in &mut self.tasks {
            for token in [&mut task.spare, &mut task.old.0, &mut task.holds].into_iter().chain(&mut task.read)
            {
                rename(token, &before);
            }
        }
        for notifier in &mut self.notifiers {
            for token in &mut notifier.read {
                rename(token, &before);
            }
            if let NotifierAt::Call(token) = &mut notifier.at {
                rename(token, &before);
            }
        }
        let count = |owners: &[Owner]| owners.iter().filter(|&&owner| owner != Owner::Free).count();
        assert_eq!(count(&owners), count(&before), "Q3: a waker is lost");
        self.owners = owners;
        self
    }

    /// Q3.
    fn is_in_order(&self) {
        let resting = self.tasks.iter().all(|task| task.at == At::Rest)
            && self.notifiers.iter().all(|notifier| notifier.at == NotifierAt::Rest);
        if !resting {
            return;
        }
        let word = self.word;
        assert!(
            !word.registering() && !word.overtaken() && word.readers() == 0 && word.taker() == 0,
            "Q3: {word:?}"
        );
        let mut ids = 0;
        for (who, task) in self.tasks.iter().enumerate() {
            let registered = word.registered() && task_of(self.slots[usize::from(word.second())][0]) == who;
            for wait in task.waits {
                if let Stage::Pending { id, .. } = wait {
                    assert_eq!(ids & id.0, 0, "Q3: an id of two waits");
                    ids |= id.0;
                    let told = task.scheduled || (registered && !word.is_notified());
                    assert!(told, "Q3: a task that waits is not registered, or not woken");
                }
            }
        }
        // Nothing registers with a closed cell, and needs an id.
        assert!(word.waits() == ids || word.closed(), "Q3: an id is lost");
        let owned = self.owners.iter().filter(|&&owner| owner != Owner::Free).count();
        assert_eq!(owned, usize::from(word.registered()), "Q3: a waker is lost");
        if ids == 0 && !word.registered() {
            assert!(word == CellState::VACANT || word.is_notified(), "Q3: {word:?} is not vacant");
        }
    }

    /// Q4; returns after how many polls the task rests.
    fn rests_alone(&self, cast: Cast, who: usize) -> usize {
        let (mut world, mut polls) = (self.clone(), 0);
        for _ in 0..200 {
            let task = &world.tasks[who];
            if task.at == At::Rest {
                // One that has yielded waits again at once, unless that is of no use.
                let yielded = task.waits[..cast.waits].contains(&Stage::Idle) && !world.word.closed();
                let again = task.scheduled || (yielded && polls > 0);
                if !again {
                    return polls;
                }
                polls += 1;
            }
            world = world.step_task(cast, who, 0).expect("it can always go on");
        }
        panic!("Q4: polled on and on");
    }

    /// Q5.
    fn notifies_alone(&self, cast: Cast, which: usize) {
        let mut world = self.clone();
        for _ in 0..10 {
            if world.notifiers[which].at == NotifierAt::Rest {
                return;
            }
            world = world.step_notifier(cast, which);
        }
        panic!("Q5: a notifier is not through");
    }
}

/// Q6: `word` as it is changed by what is inlined, and by the transitions.
#[cfg(not(loom))]
fn is_the_same_inlined(word: CellState) {
    for id in [WaitId::NONE, WaitId(0b1), WaitId(0b10)] {
        let (cell, own) = (AtomicCellState::new(word), Own::registered(id, false));
        if cell.take_wake(own) {
            assert_eq!(word.begin(id), (cell.load(Relaxed), Begin::Woken), "Q6: {word:?}");
        }
    }
    let cell = AtomicCellState::new(word);
    if cell.begin_vacant() {
        let begun = Begin::Registering(Begun::VACANT);
        assert_eq!(word.begin(WaitId::NONE), (cell.load(Relaxed), begun), "Q6: {word:?}");
    }
    for stays in [false, true] {
        let (cell, other) = (AtomicCellState::new(word), AtomicCellState::new(word));
        if let Some(own) = cell.commit_vacant(stays) {
            assert_eq!(
                other.commit(Begun::VACANT, WaitId::NONE, stays),
                Commit::Registered(own.id()),
                "Q6: {word:?}"
            );
            assert_eq!(cell.load(Relaxed), other.load(Relaxed), "Q6: {word:?}");
        }
    }
    let cell = AtomicCellState::new(word);
    if let Some((claimed, claim)) = cell.claim_alone() {
        assert_eq!(word.claim(Note::Wake, READERS), (claimed, Some(claim)), "Q6: {word:?}");
        assert_eq!(cell.load(Relaxed), claimed);
        assert!(cell.settle_alone(claimed, claim));
        assert_eq!(claimed.settle(claim), (cell.load(Relaxed), Settle::Taken), "Q6: {word:?}");
    }
}

/// Visits every state; returns after how many polls at most a task rests.
fn explore(cast: Cast) -> usize {
    if ALONE {
        // There is one party at a time, and the transitions do not know of others.
        return 0;
    }
    let mut seen = HashSet::new();
    // Each with the one that it was first reached from.
    let mut worlds = vec![(World::new(cast), 0)];
    let mut polls = 0;
    let mut done = 0;
    while done < worlds.len() {
        let mut path = Path { worlds: &worlds, done, prints: true };
        let world = &worlds[done].0;
        let mut nexts = Vec::new();
        world.is_in_order();
        #[cfg(not(loom))]
        is_the_same_inlined(world.word);
        for who in 0..cast.tasks {
            if cast.rests() {
                polls = polls.max(world.rests_alone(cast, who));
            }
            let choices = if world.tasks[who].at == At::Rest { 1 + cast.waits } else { 1 };
            nexts.extend((0..choices).filter_map(|choice| world.step_task(cast, who, choice)));
        }
        for which in 0..cast.notifiers {
            world.notifies_alone(cast, which);
            nexts.push(world.step_notifier(cast, which));
        }
        path.prints = false;
        drop(path);
        for next in nexts {
            let next = next.forgets();
            if seen.insert(next.clone()) {
                worlds.push((next, done));
            }
        }
        done += 1;
    }
    // With `--nocapture`.
    std::println!("{done} states; a task rests after {polls} polls: {cast:?}");
    polls
}

/// Prints how a state was reached when it is dropped: when something in it is not as it has to be.
struct Path<'w> {
    worlds: &'w [(World, usize)],
    done: usize,
    prints: bool,
}

impl Drop for Path<'_> {
    fn drop(&mut self) {
        if !self.prints {
            return;
        }
        let mut path = vec![self.done];
        while let Some(&last) = path.last().filter(|&&last| last != 0) {
            path.push(self.worlds[last].1);
        }
        for which in path.into_iter().rev() {
            std::println!("{}", self.worlds[which].0);
        }
    }
}

impl fmt::Display for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {:?}", self.word, self.slots)?;
        for task in &self.tasks {
            write!(f, "\n    {:?} {:?} scheduled: {}", task.at, task.waits, task.scheduled)?;
        }
        for notifier in &self.notifiers {
            write!(f, "\n    {:?}", notifier.at)?;
        }
        Ok(())
    }
}

const CAST: Cast = Cast {
    tasks: 1,
    waits: 1,
    notifiers: 1,
    alike: false,
    wait_ids: WAITS,
    reader_ids: 0b1111,
    closes: false,
    halves: true,
};

/// Seen to fail with: `settle` that does not look whether the claim is its own, or that looks for no waker
/// which is owed a call; `claim` with an id that is not free; `commit` that goes on though there was a
/// wake-up; a registrant that drops the waker which it takes over from a notifier; `begin` that answers
/// `Busy` where a notifier has a claim.
#[cfg(not(loom))]
#[test]
fn one_task_and_two_notifiers() {
    for (alike, closes) in [(false, false), (false, true), (true, false), (true, true)] {
        for reader_ids in [0b1, 0b11] {
            let polls = explore(Cast { notifiers: 2, alike, closes, reader_ids, ..CAST });
            assert!(polls <= 3, "{polls}");
        }
    }
}

/// Seen to fail with: `settle` and `claim` as above.
#[cfg(not(loom))]
#[test]
fn one_task_and_three_notifiers_of_which_one_or_two_have_ids() {
    for reader_ids in [0b1, 0b11] {
        let polls = explore(Cast { notifiers: 3, alike: true, reader_ids, halves: false, ..CAST });
        assert!(polls <= 2, "{polls}");
    }
}

/// The waits of one task, of which one may have no id. Seen to fail with: a wait without an id that drops the
/// waker which it takes, and one that took over from another wait and does not know; `leave` that takes
/// whichever waker is registered.
#[cfg(not(loom))]
#[test]
fn two_waits_of_one_task_and_a_notifier() {
    for alike in [false, true] {
        for wait_ids in [0b1, 0b11] {
            explore(Cast { waits: 2, alike, wait_ids, ..CAST });
        }
    }
}

/// The short ways are taken where one task waits and one wakes, again and again. Fails if one of them is
/// refused: the same is done out of line then, so that only its cost tells. Seen to fail with: `claim_alone`
/// that finds nothing alone; `take_wake` and `expects` that never do.
#[cfg(not(loom))]
#[test]
fn one_task_and_one_notifier_take_the_short_ways() {
    let word = AtomicCellState::new(CellState::new());
    for stays in [false, true, false] {
        assert!(Own::IDLE.expects(word.load(Relaxed)));
        assert!(word.begin_vacant());
        let own = word.commit_vacant(stays).expect("nothing has happened since");
        assert!(!own.expects(word.load(Relaxed)), "it was not woken yet");
        let (claimed, claim) = word.claim_alone().expect("it is registered");
        assert!(word.settle_alone(claimed, claim));
        assert!(own.expects(word.load(Relaxed)));
        assert!(word.take_wake(own));
    }
    assert!(word.load(Relaxed).is_vacant());
}

/// Too many states for a build without optimisation; the loom models are built with it. With three tasks and
/// no notifier there are eighteen million, which have been visited, too. Seen to fail with: `commit` that
/// does not look whether it was overtaken; `begin` that overtakes two; a registrant that was overtaken and
/// drops its waker; `give_up` that goes back to the first slot while it has a registrant; `begin` that
/// answers `Busy` where there is a registrant.
#[cfg(loom)]
#[test]
fn two_tasks_and_a_notifier() {
    for alike in [false, true] {
        let polls = explore(Cast { tasks: 2, alike, halves: false, ..CAST });
        assert!(polls <= 3, "{polls}");
    }
}
