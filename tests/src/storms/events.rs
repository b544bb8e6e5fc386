//! Events, latches, and a word of one's own.

use alloc::vec::Vec;
use core::iter::repeat_with;
use std::thread;

use sync_core::{AutoEvent, Event, Latch, ScopedRawMutex, WaitQueue, WordPolicy};

use super::{Bare, Jobs, StormConfig, storms};
use crate::{Count, GiveUp};

storms! {
    every_signal_is_taken_once
    everybody_starts_and_arrives
    nobody_shares_a_slot
}

/// The next signal is given once the last one was taken; some that could take it give up. Fails if a signal
/// that was given to a task that gives up is lost. Seen to fail with: `put_back` that gives nothing back.
fn every_signal_is_taken_once(config: StormConfig) -> usize {
    #[derive(Default)]
    struct Line {
        signal: AutoEvent,
        taken: Count,
        acknowledged: WaitQueue,
    }
    let mut jobs = Jobs::new(config, Line::default());
    jobs.spawn(config.workers, |line, mut dice| async move {
        loop {
            match GiveUp::after(dice.patience(), line.signal.wait()).await {
                Some(Ok(())) => {
                    line.taken.up();
                    line.acknowledged.wake();
                }
                Some(Err(_)) => break,
                None => {}
            }
        }
    });
    jobs.spawn(1, |line, _| async move {
        for n in 1..=config.items / 2 {
            line.signal.set();
            let taken = line.acknowledged.wait_for(|| line.taken.get() == n).await;
            taken.expect("no task closes that one");
        }
        line.signal.close();
    });
    let line = jobs.run();
    assert_eq!((line.taken.get(), line.signal.is_set()), (config.items / 2, false));
    line.taken.get()
}

/// In each round every task waits for the start, and the starter for every task; what was done before the
/// start is seen after it, and what was done before arriving is seen by the starter.
/// Seen to fail with: an event that is unset by the first that sees it.
fn everybody_starts_and_arrives(config: StormConfig) -> usize {
    struct Round {
        start: Event,
        arrived: Latch,
        bare: Bare,
        done: Count,
    }
    let rounds = config.items / 16;
    let race: Vec<_> = repeat_with(|| Round {
        start: Event::new(),
        arrived: Latch::new(config.workers),
        bare: Bare::default(),
        done: Count::new(),
    })
    .take(rounds)
    .collect();
    let mut jobs = Jobs::new(config, race);
    jobs.spawn(config.workers, |race, mut dice| async move {
        for round in &*race {
            while GiveUp::after(dice.patience(), round.start.wait()).await.is_none() {}
            assert_eq!(round.bare.get(), 1, "started before the start");
            round.done.up();
            round.arrived.count_down(1);
        }
    });
    jobs.spawn(1, |race, mut dice| async move {
        for round in &*race {
            round.bare.up(dice.roll(4) == 0);
            round.start.set();
            while GiveUp::after(dice.patience(), round.arrived.wait()).await.is_none() {}
            assert_eq!(round.done.get(), config.workers);
            round.bare.up(false);
        }
    });
    let race = jobs.run();
    assert!(race.iter().all(|round| round.bare.get() == 2));
    rounds * config.workers
}

#[sync_core::bitfield(usize)]
struct SlotWord {
    waiting: bool,
    closed: bool,
    #[bits(3)]
    taken: u8,
}

/// Three slots; each task gets the number of its own.
#[sync_core::primitive(method = acquire, future = AcquireSlot, waiter = (), word = SlotWord)]
struct Slots;

impl WordPolicy for Slots {
    type Word = SlotWord;
    type Waiter = ();
    type Value = u32;

    fn take(word: SlotWord, (): &()) -> Option<(SlotWord, u32)> {
        let slot = word.taken().trailing_ones();
        (slot < 3).then(|| (word.with_taken(word.taken() | 1 << slot), slot))
    }

    fn put_back(word: SlotWord, (): &(), slot: u32) -> SlotWord {
        word.with_taken(word.taken() & !(1 << slot))
    }
}

impl<Lock: ScopedRawMutex> Slots<Lock> {
    fn release(&self, slot: u32) {
        self.change(|word| word.with_taken(word.taken() & !(1 << slot)));
    }
}

/// A task that has a slot has it alone. Seen to fail with: a hand-over that leaves in the word what it
/// hands over.
fn nobody_shares_a_slot(config: StormConfig) -> usize {
    struct Room {
        slots: Slots,
        bare: [Bare; 3],
        turns: Count,
    }
    let room = Room { slots: Slots::new(SlotWord::new()), bare: Default::default(), turns: Count::new() };
    let mut jobs = Jobs::new(config, room);
    jobs.spawn(config.workers + 2, |room, mut dice| async move {
        for _ in 0..config.items / 2 {
            let taken = if dice.roll(8) == 0 {
                room.slots.try_take(&())
            } else {
                let slot = GiveUp::after(dice.patience(), room.slots.acquire()).await;
                slot.map(|slot| slot.expect("no task closes it"))
            };
            let Some(slot) = taken else { continue };
            room.bare[usize::try_from(slot).expect("less than three")].up(dice.roll(16) == 0);
            room.turns.up();
            room.slots.release(slot);
            if dice.roll(16) == 0 {
                thread::yield_now();
            }
        }
    });
    let room = jobs.run();
    assert_eq!(room.bare.iter().map(Bare::get).sum::<usize>(), room.turns.get());
    assert_eq!(room.slots.word().taken(), 0);
    room.turns.get()
}
