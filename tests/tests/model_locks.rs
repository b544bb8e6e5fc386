//! The locks against a plain sequential reference: who holds it, and a `Vec` for the line.
//!
//! Every result, every wake-up of every task and every query is compared after every call. Short sequences are gone
//! through exhaustively, long ones at random. The same for other primitives is in `model.rs`.
//!
//! Seen to fail with: `Exclusive::abandon` that releases nothing; readers that do not ask whether somebody waits; an upgrade
//! that queues as the youngest; the drop of an upgrade that was let in keeping the lock; `Counted::abandon` that gives back
//! nothing, or does not look at those behind; `merge` that leaves the other its permits; `forget_permits` that takes nothing
//! while somebody waits.

#![cfg(not(loom))]
#![expect(clippy::similar_names, reason = "a wait is made for what somebody wants")]

extern crate alloc;

use alloc::{boxed::Box, sync::Arc, vec::Vec};
use core::{future::Future, pin::Pin, task::Poll};

use proptest::{prelude::*, test_runner::Config};
use sync_core::{
    Mutex, MutexGuard, OwnedRwLockReadGuard, OwnedRwLockUpgradableReadGuard, OwnedRwLockWriteGuard, RwLock,
    Semaphore, mutex, rwlock, semaphore,
    semaphore::{OwnedPermit, TryAcquireError},
};
use tests::{Task, leak, sequences};

const SLOTS: usize = 4;
const TASKS: usize = 2;

/// A way to hold a lock, or to ask for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Want {
    Read,
    Upgradable,
    /// Alone; what a mutex knows only.
    Write,
    /// Alone, by one that holds it as upgradable.
    Upgrade,
    Permits(usize),
}

/// One call. A wait, and later what it yields, lives in a slot; a call that does not fit what is in a slot does nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Op {
    /// Makes a wait, if the slot is empty.
    Make(usize, Want),
    /// The same, and polls whatever wait is in the slot, as a task.
    Poll(usize, Want, usize),
    /// Drops what is in the slot.
    Drop(usize),
    /// Without waiting, if the slot is empty.
    Try(usize, Want),
    /// Makes the guard in the slot a wait that upgrades it.
    Upgrade(usize),
    TryUpgrade(usize),
    /// Makes the guard in the slot a reader's.
    Downgrade(usize),
    /// Makes the writer in the slot upgradable.
    DowngradeToUpgradable(usize),
    /// Moves so many of the permits in the first slot into the second, which is empty.
    Split(usize, usize, usize),
    /// Moves all from the second to the first.
    Merge(usize, usize),
    /// Forgets the permits in the slot.
    Forget(usize),
    Add(usize),
    ForgetPermits(usize),
    Close,
}

/// What a call returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    Nothing,
    Pending,
    /// A guard, and how often the value has been written.
    Guard(u64),
    Permits(usize),
    None,
    Closed,
    Count(usize),
}

/// What is seen after a call: its result, how often each task was woken, and what the queries say.
type Observation = (Seen, [usize; TASKS], Queries);

/// Locked or closed, how many permits there are, and how many wait; as far as the type says.
type Queries = (bool, usize, usize);

/// What is compared.
trait Subject: Default {
    /// What is to be had when nobody has anything.
    const SOME: Want = Want::Write;

    fn call(&mut self, op: Op) -> Seen;
    fn woken(&self) -> [usize; TASKS];
    fn queries(&self) -> Queries;

    fn observe(&mut self, op: Op) -> Observation {
        (self.call(op), self.woken(), self.queries())
    }
}

fn compare<R: Subject, M: Subject>(ops: &[Op]) {
    let (mut real, mut model) = (R::default(), M::default());
    tests::compare(ops, |op, _| real.observe(op), |op, _| model.observe(op));
    // Everybody goes, and then it is as it was at first.
    let end: Vec<_> = (0..SLOTS).map(Op::Drop).chain([Op::Try(0, R::SOME)]).collect();
    tests::compare(&end, |op, _| real.observe(op), |op, _| model.observe(op));
}

// The reference.

/// What there is in a slot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Slot {
    #[default]
    Empty,
    /// A wait that was not polled.
    Idle(Want),
    Queued(Want),
    /// A wait that was let in and not polled since.
    Given(Want),
    Closed,
    Held(Want),
}

impl Slot {
    /// How it holds the lock, if it does.
    fn holds(self) -> Option<Want> {
        match self {
            Self::Given(Want::Upgrade) => Some(Want::Write),
            Self::Given(want) | Self::Held(want) => Some(want),
            // It has the guard that it upgrades.
            Self::Idle(Want::Upgrade) | Self::Queued(Want::Upgrade) => Some(Want::Upgradable),
            Self::Empty | Self::Idle(_) | Self::Queued(_) | Self::Closed => None,
        }
    }
}

/// The reference of all three; a mutex is only asked to [`Want::Write`].
#[derive(Default)]
struct Model {
    slots: [Slot; SLOTS],
    /// Who is in line, with the task to wake.
    line: Vec<(usize, usize)>,
    woken: [usize; TASKS],
    written: u64,
    available: usize,
    closed: bool,
}

impl Model {
    fn fits(&self, want: Want) -> bool {
        let held = |kind| self.slots.iter().filter(|slot| slot.holds() == Some(kind)).count();
        let (readers, upgradable, writers) = (held(Want::Read), held(Want::Upgradable), held(Want::Write));
        match want {
            Want::Read => writers == 0,
            Want::Upgradable => writers + upgradable == 0,
            Want::Write => readers + upgradable + writers == 0,
            Want::Upgrade => readers == 0,
            Want::Permits(n) => self.available >= n,
        }
    }

    fn take(&mut self, want: Want) {
        if let Want::Permits(n) = want {
            self.available -= n;
        }
    }

    /// Lets in who fits at the front of the line.
    fn advance(&mut self) {
        while let Some(&(slot, task)) = self.line.first() {
            let Slot::Queued(want) = self.slots[slot] else { panic!("who is in line is queued") };
            if !self.fits(want) {
                break;
            }
            self.line.remove(0);
            self.take(want);
            self.slots[slot] = Slot::Given(want);
            self.woken[task] += 1;
        }
    }

    /// What whoever was let in sees.
    fn hold(&mut self, slot: usize, want: Want) -> Seen {
        let want = if want == Want::Upgrade { Want::Write } else { want };
        self.slots[slot] = Slot::Held(want);
        match want {
            Want::Permits(n) => return Seen::Permits(n),
            Want::Write => self.written += 1,
            _ => {}
        }
        Seen::Guard(self.written)
    }

    fn poll(&mut self, slot: usize, task: usize) -> Seen {
        match self.slots[slot] {
            Slot::Idle(_) if self.closed => {
                self.slots[slot] = Slot::Closed;
                Seen::Closed
            }
            Slot::Idle(want) if (self.line.is_empty() || want == Want::Upgrade) && self.fits(want) => {
                self.take(want);
                self.hold(slot, want)
            }
            Slot::Idle(want) => {
                self.slots[slot] = Slot::Queued(want);
                let place = if want == Want::Upgrade { 0 } else { self.line.len() };
                self.line.insert(place, (slot, task));
                Seen::Pending
            }
            Slot::Queued(_) => {
                self.line.iter_mut().find(|place| place.0 == slot).expect("it is queued").1 = task;
                Seen::Pending
            }
            Slot::Given(want) => self.hold(slot, want),
            Slot::Closed => Seen::Closed,
            Slot::Empty | Slot::Held(_) => Seen::Nothing,
        }
    }

    /// Puts something else into a slot, and sees to those who wait for what was there.
    fn replace(&mut self, slot: usize, new: Slot) {
        if let (Slot::Given(Want::Permits(n)) | Slot::Held(Want::Permits(n)), Slot::Empty) =
            (self.slots[slot], new)
        {
            self.available += n;
        }
        self.line.retain(|place| place.0 != slot);
        self.slots[slot] = new;
        self.advance();
    }
}

impl Model {
    fn call(&mut self, op: Op) -> Seen {
        match op {
            Op::Make(slot, want) if self.slots[slot] == Slot::Empty => self.slots[slot] = Slot::Idle(want),
            Op::Poll(slot, want, task) => {
                self.call(Op::Make(slot, want));
                return self.poll(slot, task);
            }
            Op::Drop(slot) => self.replace(slot, Slot::Empty),
            Op::Try(slot, want) if self.slots[slot] == Slot::Empty => {
                return if self.closed {
                    Seen::Closed
                } else if self.line.is_empty() && self.fits(want) {
                    self.take(want);
                    self.hold(slot, want)
                } else {
                    Seen::None
                };
            }
            Op::Upgrade(slot) if self.slots[slot] == Slot::Held(Want::Upgradable) => {
                self.slots[slot] = Slot::Idle(Want::Upgrade);
            }
            Op::TryUpgrade(slot) if self.slots[slot] == Slot::Held(Want::Upgradable) => {
                return if self.fits(Want::Upgrade) { self.hold(slot, Want::Upgrade) } else { Seen::None };
            }
            Op::Downgrade(slot) if matches!(self.slots[slot], Slot::Held(Want::Upgradable | Want::Write)) => {
                self.replace(slot, Slot::Held(Want::Read));
                return Seen::Guard(self.written);
            }
            Op::DowngradeToUpgradable(slot) if self.slots[slot] == Slot::Held(Want::Write) => {
                self.replace(slot, Slot::Held(Want::Upgradable));
                return Seen::Guard(self.written);
            }
            Op::Split(from, to, n) if self.slots[to] == Slot::Empty => {
                let Slot::Held(Want::Permits(there)) = self.slots[from] else { return Seen::Nothing };
                let Some(rest) = there.checked_sub(n) else { return Seen::None };
                self.slots[from] = Slot::Held(Want::Permits(rest));
                self.slots[to] = Slot::Held(Want::Permits(n));
                return Seen::Permits(rest);
            }
            Op::Merge(to, from) if to != from => {
                if let (Slot::Held(Want::Permits(a)), Slot::Held(Want::Permits(b))) =
                    (self.slots[to], self.slots[from])
                {
                    self.slots[to] = Slot::Held(Want::Permits(a + b));
                    self.slots[from] = Slot::Empty;
                    return Seen::Permits(a + b);
                }
            }
            Op::Forget(slot) if matches!(self.slots[slot], Slot::Held(Want::Permits(_))) => {
                self.slots[slot] = Slot::Empty;
            }
            Op::Add(n) => {
                self.available += n;
                self.advance();
            }
            Op::ForgetPermits(n) => {
                let taken = n.min(self.available);
                self.available -= taken;
                return Seen::Count(taken);
            }
            Op::Close => {
                self.closed = true;
                for (slot, task) in core::mem::take(&mut self.line) {
                    self.slots[slot] = Slot::Closed;
                    self.woken[task] += 1;
                }
            }
            _ => {}
        }
        Seen::Nothing
    }
}

/// The reference, as the queries of one lock see it.
macro_rules! models {
    ($($name:ident: $start:expr, |$model:ident| $queries:expr;)*) => {$(
        struct $name(Model);

        impl Default for $name {
            fn default() -> Self {
                Self(Model { available: $start, ..Model::default() })
            }
        }

        impl Subject for $name {
            fn call(&mut self, op: Op) -> Seen {
                self.0.call(op)
            }
            fn woken(&self) -> [usize; TASKS] {
                self.0.woken
            }
            fn queries(&self) -> Queries {
                let $model = &self.0;
                $queries
            }
        }
    )*};
}

/// How many permits there are at first.
const PERMITS: usize = 3;

models! {
    MutexModel: 0, |model| (model.slots.iter().any(|slot| slot.holds().is_some()), 0, 0);
    RwLockModel: 0, |_model| (false, 0, 0);
    SemaphoreModel: PERMITS, |model| {
        // Of what is closed nobody gets any.
        (model.closed, if model.closed { 0 } else { model.available }, model.line.len())
    };
}

// The mutex.

struct RealMutex {
    mutex: &'static Mutex<u64>,
    slots: [MutexSlot; SLOTS],
    tasks: [Task; TASKS],
}

#[derive(Default)]
enum MutexSlot {
    #[default]
    Empty,
    Wait(Pin<Box<mutex::Lock<'static, u64>>>),
    Guard(#[expect(dead_code, reason = "it is held, and dropped")] MutexGuard<'static, u64>),
}

impl Default for RealMutex {
    fn default() -> Self {
        Self { mutex: leak(Mutex::new(0)), slots: <_>::default(), tasks: <_>::default() }
    }
}

impl RealMutex {
    fn hold(&mut self, slot: usize, mut guard: MutexGuard<'static, u64>) -> Seen {
        *guard += 1;
        let seen = Seen::Guard(*guard);
        self.slots[slot] = MutexSlot::Guard(guard);
        seen
    }
}

impl Subject for RealMutex {
    fn call(&mut self, op: Op) -> Seen {
        match op {
            Op::Make(slot, _) => {
                if let MutexSlot::Empty = self.slots[slot] {
                    self.slots[slot] = MutexSlot::Wait(Box::pin(self.mutex.lock()));
                }
            }
            Op::Poll(slot, want, task) => {
                self.call(Op::Make(slot, want));
                if let MutexSlot::Wait(wait) = &mut self.slots[slot] {
                    return match self.tasks[task].poll(wait.as_mut()) {
                        Poll::Ready(guard) => self.hold(slot, guard),
                        Poll::Pending => Seen::Pending,
                    };
                }
            }
            Op::Drop(slot) => self.slots[slot] = MutexSlot::Empty,
            Op::Try(slot, Want::Write) => {
                if let MutexSlot::Empty = self.slots[slot] {
                    return self.mutex.try_lock().map_or(Seen::None, |guard| self.hold(slot, guard));
                }
            }
            _ => {}
        }
        Seen::Nothing
    }

    fn woken(&self) -> [usize; TASKS] {
        self.tasks.each_ref().map(Task::woken)
    }

    fn queries(&self) -> Queries {
        (self.mutex.is_locked(), 0, 0)
    }
}

// The readers-writer lock.

#[derive(Default)]
struct RealRwLock {
    lock: Arc<RwLock<u64>>,
    slots: [RwLockSlot; SLOTS],
    tasks: [Task; TASKS],
}

#[derive(Default)]
enum RwLockSlot {
    #[default]
    Empty,
    Read(Pin<Box<rwlock::ReadOwned<u64>>>),
    Upgradable(Pin<Box<rwlock::UpgradableOwned<u64>>>),
    Write(Pin<Box<rwlock::WriteOwned<u64>>>),
    Upgrade(Pin<Box<rwlock::UpgradeOwned<u64>>>),
    Reader(OwnedRwLockReadGuard<u64>),
    Upgrader(OwnedRwLockUpgradableReadGuard<u64>),
    Writer(OwnedRwLockWriteGuard<u64>),
}

impl From<OwnedRwLockReadGuard<u64>> for RwLockSlot {
    fn from(guard: OwnedRwLockReadGuard<u64>) -> Self {
        Self::Reader(guard)
    }
}

impl From<OwnedRwLockUpgradableReadGuard<u64>> for RwLockSlot {
    fn from(guard: OwnedRwLockUpgradableReadGuard<u64>) -> Self {
        Self::Upgrader(guard)
    }
}

impl From<OwnedRwLockWriteGuard<u64>> for RwLockSlot {
    fn from(guard: OwnedRwLockWriteGuard<u64>) -> Self {
        Self::Writer(guard)
    }
}

impl RealRwLock {
    fn hold(&mut self, slot: usize, guard: impl Into<RwLockSlot>, written: bool) -> Seen {
        let mut guard = guard.into();
        let seen = match &mut guard {
            RwLockSlot::Reader(guard) => **guard,
            RwLockSlot::Upgrader(guard) => **guard,
            RwLockSlot::Writer(guard) => {
                **guard += u64::from(written);
                **guard
            }
            _ => panic!("a guard"),
        };
        self.slots[slot] = guard;
        Seen::Guard(seen)
    }

    fn polled<F: Future<Output: Into<RwLockSlot>>>(
        &mut self,
        slot: usize,
        wait: Pin<Box<F>>,
        task: usize,
    ) -> Seen
    where
        Pin<Box<F>>: IntoSlot,
    {
        let mut wait = wait;
        match self.tasks[task].poll(wait.as_mut()) {
            Poll::Ready(guard) => self.hold(slot, guard, true),
            Poll::Pending => {
                self.slots[slot] = wait.into_slot();
                Seen::Pending
            }
        }
    }
}

/// A wait of either kind.
trait IntoSlot {
    fn into_slot(self) -> RwLockSlot;
}

macro_rules! into_slot {
    ($($wait:ident: $kind:ident;)*) => {$(
        impl IntoSlot for Pin<Box<rwlock::$wait<u64>>> {
            fn into_slot(self) -> RwLockSlot {
                RwLockSlot::$kind(self)
            }
        }
    )*};
}

into_slot! {
    ReadOwned: Read;
    UpgradableOwned: Upgradable;
    WriteOwned: Write;
    UpgradeOwned: Upgrade;
}

impl Subject for RealRwLock {
    fn call(&mut self, op: Op) -> Seen {
        let lock = Arc::clone(&self.lock);
        match op {
            Op::Make(slot, want) => {
                if let RwLockSlot::Empty = self.slots[slot] {
                    self.slots[slot] = match want {
                        Want::Read => RwLockSlot::Read(Box::pin(lock.read_owned())),
                        Want::Upgradable => RwLockSlot::Upgradable(Box::pin(lock.upgradable_read_owned())),
                        _ => RwLockSlot::Write(Box::pin(lock.write_owned())),
                    };
                }
            }
            Op::Poll(slot, want, task) => {
                self.call(Op::Make(slot, want));
                match core::mem::take(&mut self.slots[slot]) {
                    RwLockSlot::Read(wait) => return self.polled(slot, wait, task),
                    RwLockSlot::Upgradable(wait) => return self.polled(slot, wait, task),
                    RwLockSlot::Write(wait) => return self.polled(slot, wait, task),
                    RwLockSlot::Upgrade(wait) => return self.polled(slot, wait, task),
                    guard => self.slots[slot] = guard,
                }
            }
            Op::Drop(slot) => self.slots[slot] = RwLockSlot::Empty,
            Op::Try(slot, want) if matches!(want, Want::Read | Want::Upgradable | Want::Write) => {
                if let RwLockSlot::Empty = self.slots[slot] {
                    let guard = match want {
                        Want::Read => lock.try_read_owned().map(RwLockSlot::from),
                        Want::Upgradable => lock.try_upgradable_read_owned().map(RwLockSlot::from),
                        _ => lock.try_write_owned().map(RwLockSlot::from),
                    };
                    return guard.map_or(Seen::None, |guard| self.hold(slot, guard, true));
                }
            }
            Op::Upgrade(slot) => match core::mem::take(&mut self.slots[slot]) {
                RwLockSlot::Upgrader(guard) => {
                    let upgrade = OwnedRwLockUpgradableReadGuard::upgrade(guard);
                    self.slots[slot] = RwLockSlot::Upgrade(Box::pin(upgrade));
                }
                other => self.slots[slot] = other,
            },
            Op::TryUpgrade(slot) => match core::mem::take(&mut self.slots[slot]) {
                RwLockSlot::Upgrader(guard) => {
                    return match OwnedRwLockUpgradableReadGuard::try_upgrade(guard) {
                        Ok(guard) => self.hold(slot, guard, true),
                        Err(guard) => {
                            self.hold(slot, guard, false);
                            Seen::None
                        }
                    };
                }
                other => self.slots[slot] = other,
            },
            Op::Downgrade(slot) => match core::mem::take(&mut self.slots[slot]) {
                RwLockSlot::Upgrader(guard) => {
                    return self.hold(slot, OwnedRwLockUpgradableReadGuard::downgrade(guard), false);
                }
                RwLockSlot::Writer(guard) => {
                    return self.hold(slot, OwnedRwLockWriteGuard::downgrade(guard), false);
                }
                other => self.slots[slot] = other,
            },
            Op::DowngradeToUpgradable(slot) => match core::mem::take(&mut self.slots[slot]) {
                RwLockSlot::Writer(guard) => {
                    return self.hold(slot, OwnedRwLockWriteGuard::downgrade_to_upgradable(guard), false);
                }
                other => self.slots[slot] = other,
            },
            _ => {}
        }
        Seen::Nothing
    }

    fn woken(&self) -> [usize; TASKS] {
        self.tasks.each_ref().map(Task::woken)
    }

    fn queries(&self) -> Queries {
        (false, 0, 0)
    }
}

// The semaphore.

struct RealSemaphore {
    semaphore: Arc<Semaphore>,
    slots: [SemaphoreSlot; SLOTS],
    tasks: [Task; TASKS],
}

#[derive(Default)]
enum SemaphoreSlot {
    #[default]
    Empty,
    Wait(Pin<Box<semaphore::AcquireOwned>>),
    Permit(OwnedPermit),
}

impl Default for RealSemaphore {
    fn default() -> Self {
        Self { semaphore: Arc::new(Semaphore::new(PERMITS)), slots: <_>::default(), tasks: <_>::default() }
    }
}

impl RealSemaphore {
    fn hold(&mut self, slot: usize, permit: OwnedPermit) -> Seen {
        let seen = Seen::Permits(permit.permits());
        self.slots[slot] = SemaphoreSlot::Permit(permit);
        seen
    }
}

impl Subject for RealSemaphore {
    const SOME: Want = Want::Permits(1);

    fn call(&mut self, op: Op) -> Seen {
        let semaphore = Arc::clone(&self.semaphore);
        match op {
            Op::Make(slot, Want::Permits(n)) => {
                if let SemaphoreSlot::Empty = self.slots[slot] {
                    self.slots[slot] = SemaphoreSlot::Wait(Box::pin(semaphore.acquire_owned(n)));
                }
            }
            Op::Poll(slot, want, task) => {
                self.call(Op::Make(slot, want));
                if let SemaphoreSlot::Wait(wait) = &mut self.slots[slot] {
                    return match self.tasks[task].poll(wait.as_mut()) {
                        Poll::Ready(Ok(permit)) => self.hold(slot, permit),
                        Poll::Ready(Err(_)) => Seen::Closed,
                        Poll::Pending => Seen::Pending,
                    };
                }
            }
            Op::Drop(slot) => self.slots[slot] = SemaphoreSlot::Empty,
            Op::Try(slot, Want::Permits(n)) => {
                if let SemaphoreSlot::Empty = self.slots[slot] {
                    return match semaphore.try_acquire_owned(n) {
                        Ok(permit) => self.hold(slot, permit),
                        Err(TryAcquireError::Closed) => Seen::Closed,
                        Err(TryAcquireError::InsufficientPermits) => Seen::None,
                    };
                }
            }
            Op::Split(from, to, n) => {
                if let (SemaphoreSlot::Empty, SemaphoreSlot::Permit(_)) = (&self.slots[to], &self.slots[from])
                    && let SemaphoreSlot::Permit(permit) = &mut self.slots[from]
                {
                    let Some(part) = permit.split(n) else { return Seen::None };
                    let rest = permit.permits();
                    self.hold(to, part);
                    return Seen::Permits(rest);
                }
            }
            Op::Merge(to, from) if to != from => {
                if let (SemaphoreSlot::Permit(_), SemaphoreSlot::Permit(_)) =
                    (&self.slots[to], &self.slots[from])
                    && let SemaphoreSlot::Permit(other) = core::mem::take(&mut self.slots[from])
                    && let SemaphoreSlot::Permit(permit) = &mut self.slots[to]
                {
                    permit.merge(other);
                    return Seen::Permits(permit.permits());
                }
            }
            Op::Forget(slot) => match core::mem::take(&mut self.slots[slot]) {
                SemaphoreSlot::Permit(permit) => permit.forget(),
                other => self.slots[slot] = other,
            },
            Op::Add(n) => semaphore.add_permits(n),
            Op::ForgetPermits(n) => return Seen::Count(semaphore.forget_permits(n)),
            Op::Close => semaphore.close(),
            _ => {}
        }
        Seen::Nothing
    }

    fn woken(&self) -> [usize; TASKS] {
        self.tasks.each_ref().map(Task::woken)
    }

    fn queries(&self) -> Queries {
        (self.semaphore.is_closed(), self.semaphore.available_permits(), self.semaphore.waiters())
    }
}

/// What all locks do, with wants of one kind.
fn common(want: impl Strategy<Value = Want> + Clone + 'static) -> impl Strategy<Value = Op> {
    prop_oneof![
        1 => (0..SLOTS, want.clone()).prop_map(|(slot, want)| Op::Make(slot, want)),
        6 => (0..SLOTS, want.clone(), 0..TASKS).prop_map(|(slot, want, task)| Op::Poll(slot, want, task)),
        5 => (0..SLOTS).prop_map(Op::Drop),
        2 => (0..SLOTS, want).prop_map(|(slot, want)| Op::Try(slot, want)),
    ]
}

fn of_a_mutex() -> impl Strategy<Value = Op> {
    common(Just(Want::Write))
}

fn of_a_readers_writer_lock() -> impl Strategy<Value = Op> {
    prop_oneof![
        8 => common(prop_oneof![3 => Just(Want::Read), 3 => Just(Want::Upgradable), 2 => Just(Want::Write)]),
        2 => (0..SLOTS).prop_map(Op::Upgrade),
        1 => (0..SLOTS).prop_map(Op::TryUpgrade),
        1 => (0..SLOTS).prop_map(Op::Downgrade),
        1 => (0..SLOTS).prop_map(Op::DowngradeToUpgradable),
    ]
}

fn of_a_semaphore() -> impl Strategy<Value = Op> {
    prop_oneof![
        20 => common((0..5_usize).prop_map(Want::Permits)),
        2 => (0..SLOTS, 0..SLOTS, 0..4_usize).prop_map(|(from, to, n)| Op::Split(from, to, n)),
        1 => (0..SLOTS, 0..SLOTS).prop_map(|(to, from)| Op::Merge(to, from)),
        1 => (0..SLOTS).prop_map(Op::Forget),
        5 => (0..4_usize).prop_map(Op::Add),
        2 => (0..4_usize).prop_map(Op::ForgetPermits),
        1 => Just(Op::Close),
    ]
}

/// The tests of one lock: its real one, its reference, any call, and the calls to exhaust.
macro_rules! against {
    ($($name:ident: $real:ty, $model:ty, $any:ident, $calls:expr;)*) => {$(
        mod $name {
            use super::*;

            #[test]
            fn short_sequences() {
                sequences(&$calls, 4, compare::<$real, $model>);
            }

            proptest! {
                #![proptest_config(Config { cases: 2000, failure_persistence: None, ..Config::default() })]
                #[test]
                fn long_sequences(ops in proptest::collection::vec($any(), 0..60)) {
                    compare::<$real, $model>(&ops);
                }
            }
        }
    )*};
}

use Want::{Permits, Read, Upgradable, Write};

against! {
    mutex_: RealMutex, MutexModel, of_a_mutex, [
        Op::Make(0, Write), Op::Poll(0, Write, 0), Op::Poll(0, Write, 1), Op::Poll(1, Write, 0),
        Op::Poll(2, Write, 1), Op::Drop(0), Op::Drop(1), Op::Drop(2), Op::Try(0, Write), Op::Try(3, Write),
    ];
    readers_writer_lock: RealRwLock, RwLockModel, of_a_readers_writer_lock, [
        Op::Poll(0, Read, 0), Op::Poll(0, Write, 0), Op::Poll(1, Upgradable, 0), Op::Poll(2, Read, 1),
        Op::Poll(2, Upgradable, 1), Op::Poll(3, Write, 1), Op::Drop(0), Op::Drop(1), Op::Drop(3),
        Op::Try(2, Read), Op::Upgrade(1), Op::TryUpgrade(1), Op::Downgrade(0), Op::Downgrade(1),
        Op::DowngradeToUpgradable(0),
    ];
    semaphore_: RealSemaphore, SemaphoreModel, of_a_semaphore, [
        Op::Poll(0, Permits(2), 0), Op::Poll(1, Permits(4), 0), Op::Poll(2, Permits(1), 1), Op::Drop(0), Op::Drop(1),
        Op::Drop(2), Op::Try(0, Permits(1)), Op::Try(3, Permits(0)), Op::Split(0, 3, 1), Op::Merge(2, 0), Op::Forget(0),
        Op::Add(1), Op::ForgetPermits(2), Op::Close,
    ];
}
