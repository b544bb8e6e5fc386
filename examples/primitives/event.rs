//! A switch that tasks wait for, to be on or to be off, and that can be pulsed: two ways to wait, two kinds
//! of event.

#![forbid(unsafe_code)]

use sync_core::{Policy, Select};

/// Something that is on or off, until it is changed.
#[sync_core::primitive(
    /// Waits until it is on, or pulsed.
    method = wait_on, future = WaitOn, waiter = true,
    /// Waits until it is off.
    method = wait_off, future = WaitOff, waiter = false,
    new() = false,
)]
pub(crate) struct Event;

/// What happened.
pub(crate) enum Happened {
    Changed,
    Pulsed,
}

impl Policy for Event {
    type State = bool;
    type Waiter = bool; // what it waits for
    type Value = ();
    type Event<'e> = Happened;
    // A task that finds what it wants does not queue behind those that want the other.
    const FAIR: bool = false;

    fn try_ready(on: &mut bool, wanted: &bool) -> Option<()> {
        (on == wanted).then_some(())
    }

    fn select(on: &mut bool, wanted: &mut bool, happened: &mut Happened) -> Select<()> {
        match happened {
            Happened::Changed if on == wanted => Select::Wake(()),
            Happened::Pulsed if *wanted => Select::Wake(()),
            Happened::Changed | Happened::Pulsed => Select::Skip,
        }
    }
}

impl Event {
    /// Turns it on or off; returns the number of tasks that were woken.
    pub(crate) fn set(&self, on: bool) -> usize {
        self.notify_count(Happened::Changed, |was| *was = on)
    }

    /// Wakes the tasks that wait for on now, and leaves the event as it is; returns their number.
    pub(crate) fn pulse(&self) -> usize {
        self.notify_count(Happened::Pulsed, |_| ())
    }
}
