//! [`Mutex`]: one holds it, and the oldest that waits is the next.

#![expect(unsafe_code, reason = "its borrowing futures and guards are kept beside it")]

use alloc::sync::Arc;

use sync_core::{Mutex, MutexGuard, OwnedMutexGuard};

use super::{
    Facts, Seen, Specified, Wait, World,
    frame::{Enter, Frame, Line, Rules, Stage},
    real::{subscribe, wait},
};
use crate::watched::Watched;

/// What can be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// `try_lock`, into an empty slot.
    Try(usize),
    /// Unlocks what is in the slot, which is then a wait that locks it again.
    Unlock(usize),
}

/// The rules of a mutex.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct OneAtATime {
    locked: bool,
    written: usize,
}

impl Rules for OneAtATime {
    type Want = ();
    type Value = ();
    type Call = Call;
    const AGAIN: &'static str = "a lock future was polled again after it was ready: it yields one guard";

    fn enter(&mut self, _: &mut Line<(), ()>, _: usize, (): ()) -> Enter<()> {
        if core::mem::replace(&mut self.locked, true) { Enter::Queue } else { Enter::Pass(()) }
    }

    fn yields(&mut self, (): ()) -> Seen {
        self.written += 1;
        Seen::Value(self.written)
    }

    fn gone(&mut self, line: &mut Line<(), ()>, _: usize, stage: Stage<(), ()>) {
        if let Stage::Given(..) | Stage::Done(..) | Stage::Held(()) = stage {
            match line.first() {
                Some((next, ())) => line.give(next, ()),
                None => self.locked = false,
            }
        }
    }

    fn call(&mut self, line: &mut Line<(), ()>, call: Call, _: usize) -> Option<Seen> {
        match call {
            Call::Try(slot) if line.slots[slot] != Stage::Empty => None,
            Call::Try(_) if self.locked => Some(Seen::None),
            Call::Try(slot) => {
                self.locked = true;
                line.slots[slot] = Stage::Held(());
                Some(self.yields(()))
            }
            Call::Unlock(slot) => {
                let stage = line.slots[slot];
                let (Stage::Done(..) | Stage::Held(())) = stage else { return None };
                line.slots[slot] = Stage::Idle(());
                self.gone(line, slot, stage);
                Some(Seen::Nothing)
            }
        }
    }

    fn facts(&self, _: &Line<(), ()>) -> Facts {
        [usize::from(self.locked), 0, 0]
    }
}

/// A mutex, by guards that borrow it.
#[derive(Debug)]
pub struct Spec(Arc<Mutex<usize, Watched>>);

impl Spec {
    fn borrow(&self) -> &'static Mutex<usize, Watched> {
        // SAFETY: what borrows it is in the world's slots, which are gone before this is.
        unsafe { &*Arc::as_ptr(&self.0) }
    }
}

/// A mutex, by guards that own it.
#[derive(Debug)]
pub struct Owned(Arc<Mutex<usize, Watched>>);

/// Writes to what a guard is for.
fn write<G: core::ops::DerefMut<Target = usize>>(mut guard: G) -> (Seen, Option<G>) {
    *guard += 1;
    (Seen::Value(*guard), Some(guard))
}

macro_rules! subject {
    ($name:ident, $guard:ty, $lock:expr, $try_lock:expr) => {
        impl Specified for $name {
            type Want = ();
            type Call = Call;
            type Held = $guard;
            type Model = Frame<OneAtATime>;
            const WANTS: &'static [()] = &[()];
            const CALLS: &'static [Call] = &[
                Call::Try(2),
                Call::Try(0),
                Call::Try(1),
                Call::Try(3),
                Call::Unlock(0),
                Call::Unlock(1),
                Call::Unlock(2),
                Call::Unlock(3),
            ];
            const LENGTH: usize = 5;
            const BETWEEN: usize = 4;

            fn new() -> Self {
                Self(Arc::default())
            }

            fn wait(&self, (): ()) -> Wait<$guard> {
                wait($lock(self), subscribe!(), write)
            }

            fn call(&self, call: Call, _: usize, world: &World<$guard>) -> Seen {
                match call {
                    Call::Try(slot) => {
                        let (seen, held) = $try_lock(self).map_or((Seen::None, None), write);
                        world.hold(slot, held);
                        seen
                    }
                    Call::Unlock(slot) => {
                        let guard = world.take(slot).expect("the model has one");
                        world.wait(slot, wait(<$guard>::unlock(guard), subscribe!(), write));
                        Seen::Nothing
                    }
                }
            }

            fn facts(&self) -> Facts {
                [usize::from(self.0.is_locked()), 0, 0]
            }

            fn slots_of(call: Call) -> [Option<usize>; 2] {
                let (Call::Try(slot) | Call::Unlock(slot)) = call;
                [Some(slot), None]
            }
        }
    };
}

subject!(Spec, MutexGuard<'static, usize, Watched>, |this: &Self| this.borrow().lock(), |this: &Self| this
    .borrow()
    .try_lock());
subject!(Owned, OwnedMutexGuard<usize, Watched>, |this: &Self| Arc::clone(&this.0).lock_owned(), |this: &Self| {
    Arc::clone(&this.0).try_lock_owned().ok()
});
