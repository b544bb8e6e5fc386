//! [`RwLock`]: readers beside each other, one of which may become the writer; the oldest first.

use alloc::sync::Arc;

use sync_core::{OwnedRwLockReadGuard, OwnedRwLockUpgradableReadGuard, OwnedRwLockWriteGuard, RwLock};

use super::{
    Seen, Specified, Wait, World,
    frame::{Enter, Frame, Line, Rules, Stage},
    real::{subscribe, wait},
};
use crate::watched::Watched;

/// A way to hold the lock, or to ask for it; one that is less lets in more others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Hash)]
pub enum Want {
    /// Beside others.
    Read,
    /// Beside others that only read.
    Upgradable,
    /// Alone.
    Write,
    /// Alone, by one that holds it as upgradable.
    Upgrade,
}

/// What can be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// Locks without waiting, into an empty slot.
    Try(usize, Want),
    /// Makes the guard in the slot a wait that upgrades it.
    Upgrade(usize),
    /// Upgrades without waiting.
    TryUpgrade(usize),
    /// Makes the guard in the slot one that is less.
    Downgrade(usize, Want),
}

/// The slot that it has to do with.
fn slot_of(call: Call) -> usize {
    let (Call::Try(slot, _) | Call::Upgrade(slot) | Call::TryUpgrade(slot) | Call::Downgrade(slot, _)) = call;
    slot
}

/// The rules of a readers-writer lock.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ReadersOrWriter {
    written: usize,
    /// An upgrade has left, and the guard that it had not yet, as the step that was made last says first.
    leaving: bool,
    has_second: bool,
}

type Places = Line<Want, Want>;

fn fits(line: &Places, want: Want, leaving: bool) -> bool {
    let holds = |stage: &Stage<Want, Want>| match *stage {
        // It has the guard that it upgrades.
        Stage::Idle(Want::Upgrade) | Stage::Queued(Want::Upgrade) => Some(Want::Upgradable),
        _ => stage.has(),
    };
    let count = |how| {
        let left = usize::from(leaving && how == Want::Upgradable);
        left + line.slots.iter().filter(|stage| holds(stage) == Some(how)).count()
    };
    match want {
        Want::Read => count(Want::Write) == 0,
        Want::Upgradable => count(Want::Write) + count(Want::Upgradable) == 0,
        Want::Write => count(Want::Write) + count(Want::Upgradable) + count(Want::Read) == 0,
        Want::Upgrade => count(Want::Read) == 0,
    }
}

/// How one holds the lock that asked for it so.
fn held(want: Want) -> Want {
    if want == Want::Upgrade { Want::Write } else { want }
}

/// Lets in the waiters that fit at the front of the line.
fn advance(line: &mut Places, leaving: bool) {
    while let Some((slot, want)) = line.first().filter(|(_, want)| fits(line, *want, leaving)) {
        line.give(slot, held(want));
    }
}

impl Rules for ReadersOrWriter {
    type Want = Want;
    type Value = Want;
    type Call = Call;

    fn enter(&mut self, line: &mut Places, _: usize, want: Want) -> Enter<Want> {
        match want {
            _ if (line.is_empty() || want == Want::Upgrade) && fits(line, want, self.leaving) => {
                Enter::Pass(held(want))
            }
            Want::Upgrade => Enter::QueueFirst,
            _ => Enter::Queue,
        }
    }

    fn yields(&mut self, how: Want) -> Seen {
        self.written += usize::from(how == Want::Write);
        Seen::Value(self.written)
    }

    fn again(want: Want) -> Seen {
        Seen::Panics(match want {
            Want::Upgrade => "an upgrade was polled again after it was ready: it yields one guard",
            _ => "a lock future was polled again after it was ready: it yields one guard",
        })
    }

    fn gone(&mut self, line: &mut Places, _: usize, stage: Stage<Want, Want>) {
        // An upgrade is over before its guard is gone.
        self.has_second = matches!(stage, Stage::Queued(Want::Upgrade) | Stage::Given(Want::Upgrade, _));
        self.leaving |= self.has_second;
        advance(line, self.leaving);
    }

    fn has_second(&mut self) -> bool {
        core::mem::take(&mut self.has_second)
    }

    fn second(&mut self, line: &mut Places) {
        self.leaving = false;
        advance(line, false);
    }

    fn call(&mut self, line: &mut Places, call: Call, _: usize) -> Option<Seen> {
        let slot = slot_of(call);
        let stage = line.slots[slot];
        let seen = match (call, stage.held()) {
            (Call::Try(_, want), _) if stage == Stage::Empty => {
                if !line.is_empty() || !fits(line, want, self.leaving) {
                    return Some(Seen::None);
                }
                line.slots[slot] = Stage::Held(want);
                self.yields(want)
            }
            (Call::Upgrade(_), Some(Want::Upgradable)) => {
                line.slots[slot] = Stage::Idle(Want::Upgrade);
                Seen::Nothing
            }
            (Call::TryUpgrade(_), Some(Want::Upgradable)) if !fits(line, Want::Upgrade, self.leaving) => {
                Seen::None
            }
            (Call::TryUpgrade(_), Some(Want::Upgradable)) => {
                line.slots[slot].hold(Want::Write);
                self.yields(Want::Write)
            }
            (Call::Downgrade(_, to), Some(how)) if to < how => {
                line.slots[slot].hold(to);
                Seen::Value(self.written)
            }
            _ => return None,
        };
        advance(line, self.leaving);
        Some(seen)
    }
}

/// A readers-writer lock, by guards that own it.
#[derive(Debug)]
pub struct Spec(Arc<RwLock<usize, Watched>>);

/// A guard of any kind.
#[derive(Debug)]
pub enum Guard {
    /// One of several.
    Reader(OwnedRwLockReadGuard<usize, Watched>),
    /// One that may upgrade.
    Upgradable(OwnedRwLockUpgradableReadGuard<usize, Watched>),
    /// The only one.
    Writer(OwnedRwLockWriteGuard<usize, Watched>),
}

fn reads(guard: OwnedRwLockReadGuard<usize, Watched>) -> (Seen, Option<Guard>) {
    (Seen::Value(*guard), Some(Guard::Reader(guard)))
}

fn may_upgrade(guard: OwnedRwLockUpgradableReadGuard<usize, Watched>) -> (Seen, Option<Guard>) {
    (Seen::Value(*guard), Some(Guard::Upgradable(guard)))
}

fn writes(mut guard: OwnedRwLockWriteGuard<usize, Watched>) -> (Seen, Option<Guard>) {
    *guard += 1;
    (Seen::Value(*guard), Some(Guard::Writer(guard)))
}

impl Specified for Spec {
    type Want = Want;
    type Call = Call;
    type Held = Guard;
    type Model = Frame<ReadersOrWriter>;
    const WANTS: &'static [Want] = &[Want::Write, Want::Read, Want::Upgradable];
    const CALLS: &'static [Call] = &[
        Call::Try(2, Want::Read),
        Call::Try(0, Want::Read),
        Call::Try(0, Want::Upgradable),
        Call::Try(0, Want::Write),
        Call::Try(1, Want::Read),
        Call::Try(1, Want::Upgradable),
        Call::Try(1, Want::Write),
        Call::Try(2, Want::Upgradable),
        Call::Try(2, Want::Write),
        Call::Try(3, Want::Read),
        Call::Try(3, Want::Upgradable),
        Call::Try(3, Want::Write),
        Call::Upgrade(0),
        Call::Upgrade(1),
        Call::Upgrade(2),
        Call::Upgrade(3),
        Call::TryUpgrade(0),
        Call::TryUpgrade(1),
        Call::TryUpgrade(2),
        Call::TryUpgrade(3),
        Call::Downgrade(0, Want::Read),
        Call::Downgrade(1, Want::Read),
        Call::Downgrade(2, Want::Read),
        Call::Downgrade(3, Want::Read),
        Call::Downgrade(0, Want::Upgradable),
        Call::Downgrade(1, Want::Upgradable),
        Call::Downgrade(2, Want::Upgradable),
        Call::Downgrade(3, Want::Upgradable),
    ];
    const LENGTH: usize = 4;
    const BETWEEN: usize = 3;

    fn new() -> Self {
        Self(Arc::default())
    }

    fn wait(&self, want: Want) -> Wait<Guard> {
        match want {
            Want::Read => wait(self.0.read_owned(), subscribe!(), reads),
            Want::Upgradable => wait(self.0.upgradable_read_owned(), subscribe!(), may_upgrade),
            Want::Write => wait(self.0.write_owned(), subscribe!(), writes),
            Want::Upgrade => unreachable!("`Call::Upgrade` does that"),
        }
    }

    fn call(&self, call: Call, _: usize, world: &World<Guard>) -> Seen {
        let slot = slot_of(call);
        let (seen, held) = match (call, world.borrow(slot)) {
            (Call::Try(_, Want::Read), _) => self.0.try_read_owned().map_or((Seen::None, None), reads),
            (Call::Try(_, Want::Upgradable), _) => {
                self.0.try_upgradable_read_owned().map_or((Seen::None, None), may_upgrade)
            }
            (Call::Try(..), _) => self.0.try_write_owned().map_or((Seen::None, None), writes),
            (Call::Upgrade(_), Some(Guard::Upgradable(guard))) => {
                let upgrade = OwnedRwLockUpgradableReadGuard::upgrade(guard);
                world.wait(slot, wait(upgrade, subscribe!(), writes));
                (Seen::Nothing, None)
            }
            (Call::TryUpgrade(_), Some(Guard::Upgradable(guard))) => {
                match OwnedRwLockUpgradableReadGuard::try_upgrade(guard) {
                    Ok(guard) => writes(guard),
                    Err(guard) => (Seen::None, Some(Guard::Upgradable(guard))),
                }
            }
            (Call::Downgrade(..), Some(Guard::Upgradable(guard))) => {
                reads(OwnedRwLockUpgradableReadGuard::downgrade(guard))
            }
            (Call::Downgrade(_, Want::Read), Some(Guard::Writer(guard))) => {
                reads(OwnedRwLockWriteGuard::downgrade(guard))
            }
            (Call::Downgrade(..), Some(Guard::Writer(guard))) => {
                may_upgrade(OwnedRwLockWriteGuard::downgrade_to_upgradable(guard))
            }
            (call, held) => panic!("{call:?} of {held:?}, which is not what the model has"),
        };
        world.hold(slot, held);
        seen
    }

    fn slots_of(call: Call) -> [Option<usize>; 2] {
        [Some(slot_of(call)), None]
    }
}
