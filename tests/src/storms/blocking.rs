//! Locks that block the thread, and values that are made once by a thread. They hold nothing across an
//! `await`.

use alloc::vec::Vec;
use core::iter::repeat_with;
use std::thread;

use sync_core::{
    blocking,
    spin::{InitOnce, RwSpinlock, Spinlock},
};

use super::{Bare, Jobs, StormConfig, storms};
use crate::{Count, Tracked, Tracker};

storms! {
    one_thread_has_the_default_mutex
    one_thread_has_the_spinlock
    threads_read_whole_values
    threads_spin_for_whole_values
    one_thread_makes_the_value
}

macro_rules! exclusive {
    ($($name:ident: $mutex:expr;)*) => {$(
        fn $name(config: StormConfig) -> usize {
            let mut jobs = Jobs::new(config, ($mutex, Count::new()));
            jobs.spawn(config.workers, |shared, mut dice| async move {
                let (mutex, turns) = &*shared;
                for _ in 0..config.items / 2 {
                    let slowly = dice.roll(64) == 0;
                    if dice.roll(4) == 0 {
                        if mutex.try_with_lock(|bare: &mut Bare| bare.up(slowly)).is_some() {
                            turns.up();
                        }
                    } else {
                        mutex.with_lock(|bare| bare.up(slowly));
                        turns.up();
                    }
                }
            });
            let (mutex, turns) = jobs.run();
            assert_eq!(mutex.into_inner().get(), turns.get());
            turns.get()
        }
    )*};
}

exclusive! {
    one_thread_has_the_default_mutex: blocking::Mutex::new(Bare::default());
    one_thread_has_the_spinlock: blocking::Mutex::new_with_raw_mutex(Bare::default(), Spinlock::new());
}

macro_rules! shared {
    ($($name:ident: $lock:expr;)*) => {$(
        fn $name(config: StormConfig) -> usize {
            let mut jobs = Jobs::new(config, ($lock, Count::new(), Count::new()));
            jobs.spawn(config.workers, |shared, mut dice| async move {
                let (lock, written, read) = &*shared;
                for _ in 0..config.items / 2 {
                    let slowly = dice.roll(64) == 0;
                    if dice.roll(4) == 0 {
                        let mut page = lock.write();
                        page[0] += 1;
                        if slowly {
                            thread::yield_now();
                        }
                        page[1] += 1;
                        written.up();
                    } else {
                        let page: &[usize; 2] = &lock.read();
                        let half = page[0];
                        if slowly {
                            thread::yield_now();
                        }
                        assert_eq!([half, page[0]], [page[1]; 2], "half a change");
                        read.up();
                    }
                }
            });
            let (lock, written, read) = jobs.run();
            assert_eq!(lock.into_inner(), [written.get(); 2]);
            written.get() + read.get()
        }
    )*};
}

shared! {
    threads_read_whole_values: blocking::RwLock::new([0, 0]);
    threads_spin_for_whole_values: blocking::RwLock::new_with_raw_mutex([0, 0], RwSpinlock::new());
}

/// In each round one thread makes the value, and all read that one.
fn one_thread_makes_the_value(config: StormConfig) -> usize {
    let rounds: Vec<InitOnce<Tracked>> =
        repeat_with(InitOnce::uninitialized).take(config.items / 4).collect();
    let mut jobs = Jobs::new(config, (rounds, Tracker::new()));
    jobs.spawn(config.workers, |shared, mut dice| async move {
        let (rounds, tracker) = &*shared;
        for (n, round) in rounds.iter().enumerate() {
            let value = round.get_or_else(|| {
                if dice.roll(16) == 0 {
                    thread::yield_now();
                }
                tracker.value(n)
            });
            assert_eq!(value.number, n);
        }
    });
    let (rounds, tracker) = jobs.run();
    assert_eq!((tracker.made(), tracker.alive()), (rounds.len(), rounds.len()));
    rounds.len() * config.workers
}
