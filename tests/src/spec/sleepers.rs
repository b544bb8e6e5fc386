//! What all models have in common: a line of those that wait, and the list of those that were woken.

use alloc::vec::Vec;

/// Those that wait, oldest first: slot, and task to wake.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Sleepers {
    line: Vec<(usize, Option<usize>)>,
    woken: Vec<Told>,
}

/// A wake-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Told {
    /// The slot of the wait that it was for.
    pub slot: usize,
    /// The task that is woken.
    pub task: usize,
}

impl Sleepers {
    /// How many wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.line.len()
    }

    /// Whether no task waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.line.is_empty()
    }

    /// Whether this one waits.
    #[must_use]
    pub fn has(&self, slot: usize) -> bool {
        self.slots().any(|other| other == slot)
    }

    /// The slot of the one that waits longest.
    #[must_use]
    pub fn first(&self) -> Option<usize> {
        self.slots().next()
    }

    /// The slots of those that wait, oldest first.
    pub fn slots(&self) -> impl Iterator<Item = usize> {
        self.line.iter().map(|place| place.0)
    }

    /// Puts a newcomer at this place of the line.
    pub fn enter(&mut self, at: usize, slot: usize, task: Option<usize>) {
        self.line.insert(at, (slot, task));
    }

    /// It waits as this task; if it did not yet, as the youngest.
    pub fn wait(&mut self, slot: usize, task: usize) {
        match self.line.iter_mut().find(|place| place.0 == slot) {
            Some(place) => place.1 = Some(task),
            None => self.enter(self.len(), slot, Some(task)),
        }
    }

    /// A task that is in line waits no more, and its task is woken. The slot.
    ///
    /// # Panics
    ///
    /// If it is not in line.
    pub fn wake(&mut self, slot: usize) -> usize {
        assert!(self.has(slot), "it is in line");
        let task = self.leave(slot);
        self.tell(slot, task);
        slot
    }

    /// It waits no more. Its task.
    pub fn leave(&mut self, slot: usize) -> Option<usize> {
        let at = self.slots().position(|other| other == slot)?;
        self.line.remove(at).1
    }

    /// Wakes the task, if there is one, of the wait in `slot`, which has no place any more. Whether there is
    /// one.
    pub fn tell(&mut self, slot: usize, task: Option<usize>) -> bool {
        self.woken.extend(task.map(|task| Told { slot, task }));
        task.is_some()
    }

    /// Takes the list of the wake-ups since this was last called, in this order.
    #[must_use]
    pub fn woken(&mut self) -> Vec<Told> {
        core::mem::take(&mut self.woken)
    }

    /// The task of each waker that is kept.
    #[must_use]
    pub fn kept(&self) -> Vec<usize> {
        self.line.iter().filter_map(|place| place.1).collect()
    }
}
