//! [`Condvar`], with its mutex: a line of those who wait to be notified, and a line of those who were.

use alloc::{sync::Arc, vec::Vec};

use sync_core::{Condvar, Mutex, OwnedMutexGuard};

use super::{
    Facts, Model, SLOTS, Seen, Subject, TASKS, Wait, World,
    real::{cannot, wait},
};

/// What can be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// Wakes so many.
    Notify(usize),
    /// Locks the mutex without waiting, into an empty slot.
    Lock(usize),
}

/// What is in a slot. `bool` is whether a notification is handed on if this leaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stage {
    #[default]
    Empty,
    /// A wait that was not polled and has the mutex.
    Idle,
    /// It waits to be notified.
    Waiting,
    /// It was, and has not been polled since.
    Notified(bool),
    /// It waits for the mutex.
    Locking(bool),
    /// It has been given the mutex, and has not been polled since.
    Given(bool),
    /// It has yielded the mutex.
    Done,
    /// The mutex, had without a wait.
    Held,
}

/// The model of a condition and a mutex.
#[derive(Clone, Debug, Default)]
pub struct TwoLines {
    slots: [Stage; SLOTS],
    /// Those who wait to be notified, and those who wait for the mutex: slot and task.
    waiting: Vec<(usize, usize)>,
    locking: Vec<(usize, usize)>,
    locked: bool,
    woken: Vec<usize>,
}

impl TwoLines {
    fn unlock(&mut self) {
        self.locked = !self.locking.is_empty();
        if self.locked {
            let (slot, task) = self.locking.remove(0);
            let Stage::Locking(one) = self.slots[slot] else { panic!("it waits for the mutex") };
            self.slots[slot] = Stage::Given(one);
            self.woken.push(task);
        }
    }

    fn notify(&mut self, n: usize) -> usize {
        let n_of_them = n.min(self.waiting.len());
        for (slot, task) in self.waiting.drain(..n_of_them) {
            self.slots[slot] = Stage::Notified(n != usize::MAX);
            self.woken.push(task);
        }
        n_of_them
    }
}

impl Model<(), Call> for TwoLines {
    fn make(&mut self, slot: usize, (): ()) -> Option<Seen> {
        if self.slots[slot] != Stage::Empty || core::mem::replace(&mut self.locked, true) {
            return None;
        }
        self.slots[slot] = Stage::Idle;
        Some(Seen::Nothing)
    }

    fn poll(&mut self, slot: usize, task: usize) -> Option<Seen> {
        match self.slots[slot] {
            Stage::Empty | Stage::Held => return None,
            Stage::Done => return Some(Seen::Panics("`async fn` resumed after completion")),
            Stage::Idle => {
                self.slots[slot] = Stage::Waiting;
                self.waiting.push((slot, task));
                self.unlock();
            }
            Stage::Notified(one) if self.locked => {
                self.slots[slot] = Stage::Locking(one);
                self.locking.push((slot, task));
            }
            Stage::Notified(_) | Stage::Given(_) => {
                self.slots[slot] = Stage::Done;
                self.locked = true;
                return Some(Seen::Ok);
            }
            Stage::Waiting | Stage::Locking(_) => {
                let mut places = self.waiting.iter_mut().chain(&mut self.locking);
                places.find(|place| place.0 == slot).expect("it is in line").1 = task;
            }
        }
        Some(Seen::Pending)
    }

    fn drop(&mut self, slot: usize) -> Option<Seen> {
        let stage = core::mem::take(&mut self.slots[slot]);
        self.waiting.retain(|place| place.0 != slot);
        self.locking.retain(|place| place.0 != slot);
        if let Stage::Idle | Stage::Given(_) | Stage::Done | Stage::Held = stage {
            self.unlock();
        }
        if let Stage::Notified(true) | Stage::Locking(true) | Stage::Given(true) = stage {
            self.notify(1);
        }
        (stage != Stage::Empty).then_some(Seen::Nothing)
    }

    fn call(&mut self, call: Call, _: usize) -> Option<Seen> {
        match call {
            Call::Notify(n) => Some(Seen::Count(self.notify(n))),
            Call::Lock(slot) if self.slots[slot] != Stage::Empty => None,
            Call::Lock(_) if self.locked => Some(Seen::None),
            Call::Lock(slot) => {
                self.locked = true;
                self.slots[slot] = Stage::Held;
                Some(Seen::Ok)
            }
        }
    }

    fn woken(&mut self) -> Vec<usize> {
        core::mem::take(&mut self.woken)
    }

    fn wakers(&self) -> [usize; TASKS] {
        let places = || self.waiting.iter().chain(&self.locking);
        core::array::from_fn(|task| places().filter(|place| place.1 == task).count())
    }

    fn facts(&self) -> Facts {
        [usize::from(self.locked), 0, 0]
    }
}

/// A condition, and the mutex with which it is used.
#[derive(Debug)]
pub struct Spec {
    condvar: Arc<Condvar>,
    mutex: Arc<Mutex<()>>,
}

impl Subject for Spec {
    type Want = ();
    type Call = Call;
    type Held = OwnedMutexGuard<()>;
    type Model = TwoLines;
    const WANTS: &'static [()] = &[()];
    const CALLS: &'static [Call] = &[
        Call::Notify(usize::MAX),
        Call::Notify(1),
        Call::Notify(2),
        Call::Lock(0),
        Call::Lock(1),
        Call::Lock(2),
        Call::Lock(3),
    ];
    const SUBSCRIBES: bool = false;
    const LENGTH: usize = 5;

    fn new() -> Self {
        Self { condvar: Arc::new(Condvar::new()), mutex: Arc::new(Mutex::new(())) }
    }

    fn wait(&self, (): ()) -> Wait<OwnedMutexGuard<()>> {
        let guard = Arc::clone(&self.mutex).try_lock_owned().expect("in the model it is free");
        let condvar = Arc::clone(&self.condvar);
        wait(async move { condvar.wait(guard).await }, cannot, |guard| (Seen::Ok, Some(guard)))
    }

    fn call(&self, call: Call, _: usize, world: &mut World<OwnedMutexGuard<()>>) -> Seen {
        match call {
            Call::Notify(1) => Seen::Count(self.condvar.notify_one()),
            Call::Notify(usize::MAX) => Seen::Count(self.condvar.notify_all()),
            Call::Notify(n) => Seen::Count(self.condvar.notify_n(n)),
            Call::Lock(slot) => match Arc::clone(&self.mutex).try_lock_owned() {
                Ok(guard) => {
                    world.slots[slot].held = Some(guard);
                    Seen::Ok
                }
                Err(_) => Seen::None,
            },
        }
    }

    fn facts(&self) -> Facts {
        [usize::from(self.mutex.is_locked()), 0, 0]
    }

    fn slot_of(call: Call) -> Option<usize> {
        if let Call::Lock(slot) = call { Some(slot) } else { None }
    }
}
