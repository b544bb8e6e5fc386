//! The time of `WaitMap`'s operations, and of `#[wait_map]`'s modes, beside a map of oneshot channels and
//! tokio's `watch`.

mod common;

use benches::peers::{OneshotMap, UniqueInBuckets, UpTo, Watched};
use common::{key_turn, key_wakes, position_turn, settings};
use criterion::{Criterion, criterion_group, criterion_main};

fn key_turns(criterion: &mut Criterion) {
    for waiters in [1, 16, 256] {
        let name = format!("map: wake a random one of {waiters}, which waits again");
        let mut group = criterion.benchmark_group(name);
        key_turn::<sync_core::WaitMap<u16, u64>>(&mut group, "sync-core", waiters);
        key_turn::<maitake_sync::WaitMap<u16, u64>>(&mut group, "maitake-sync", waiters);
        key_turn::<OneshotMap>(&mut group, "oneshot map", waiters);
        group.finish();
    }
}

/// What many waiters cost whose keys are in buckets: the second by the first is the ratio that `times`
/// prints. The third has the second's waiters without buckets, in as many maps, so that the caches know as
/// little of them.
fn key_wakes_of_many(criterion: &mut Criterion) {
    type Map = sync_core::WaitMap<u16, u64>;
    let mut group = criterion.benchmark_group("map: wake by key, 16 in one bucket");
    key_wakes::<Map>(&mut group, "sync-core", 8, 16);
    key_wakes::<OneshotMap>(&mut group, "oneshot map", 8, 16);
    group.finish();
    let mut group = criterion.benchmark_group("map: wake by key, 65536 in 4096 buckets");
    key_wakes::<UniqueInBuckets>(&mut group, "sync-core", 1, 65_536);
    key_wakes::<OneshotMap>(&mut group, "oneshot map", 1, 65_536);
    group.finish();
    let mut group = criterion.benchmark_group("map: wake by key, 16 in each of 4096 maps");
    key_wakes::<Map>(&mut group, "sync-core", 4096, 16);
    group.finish();
    let mut group = criterion.benchmark_group("map: wake by key, 4096 in 4096 buckets");
    key_wakes::<UniqueInBuckets>(&mut group, "sync-core", 1, 4096);
    key_wakes::<OneshotMap>(&mut group, "oneshot map", 1, 4096);
    group.finish();
}

fn position_turns(criterion: &mut Criterion) {
    for waiters in [16, 256, 4096] {
        let name = format!("map: advance to the first of {waiters}, which waits again");
        let mut group = criterion.benchmark_group(name);
        position_turn::<UpTo>(&mut group, "sync-core", waiters);
        position_turn::<Watched>(&mut group, "tokio", waiters);
        group.finish();
    }
}

criterion_group! {
    name = wait_map;
    config = settings();
    targets = key_turns, key_wakes_of_many, position_turns
}
criterion_main!(wait_map);
