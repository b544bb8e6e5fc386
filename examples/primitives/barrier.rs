//! Tasks that wait for each other: a method of one's own around the one that is made, and `FAIR = false`.

#![forbid(unsafe_code)]

use sync_core::{Policy, Select};

/// A place where tasks wait until `parties` of them are there.
#[sync_core::primitive(
    method = turn, future = Turn,
    new(parties: usize) = Room { parties, arrived: 0, round: 0 },
)]
pub(crate) struct Barrier;

pub(crate) struct Room {
    parties: usize,
    arrived: usize,
    round: usize,
}

impl Policy for Barrier {
    type State = Room;
    type Waiter = usize; // the round in which it was counted
    type Value = ();
    type Event<'e> = ();
    // A waiter whose round is over does not queue behind those of the next.
    const FAIR: bool = false;

    fn try_ready(room: &mut Room, round: &usize) -> Option<()> {
        (room.round != *round).then_some(())
    }

    fn select(room: &mut Room, round: &mut usize, (): &mut ()) -> Select<()> {
        Self::try_ready(room, round).map_or(Select::Stop, Select::Wake)
    }

    // A waiter that leaves before its round is over is no longer counted.
    fn on_cancel(room: &mut Room, round: &mut usize, given: &mut Option<()>) -> Option<()> {
        room.arrived -= usize::from(given.is_none() && room.round == *round);
        None
    }
}

impl Barrier {
    /// Waits for the others; returns whether this task came last.
    pub(crate) async fn wait(&self) -> bool {
        let (mut round, mut last) = (0, false);
        self.notify((), |room| {
            (round, last) = (room.round, room.arrived + 1 == room.parties);
            room.arrived = if last { 0 } else { room.arrived + 1 };
            room.round += usize::from(last);
        });
        last || self.turn(round).await.is_err()
    }
}
