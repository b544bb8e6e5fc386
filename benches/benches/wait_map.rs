//! The time of `WaitMap`'s operations, beside a map of oneshot channels.

mod common;

use benches::peers::OneshotMap;
use common::{key_turn, settings};
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

criterion_group! {
    name = wait_map;
    config = settings();
    targets = key_turns
}
criterion_main!(wait_map);
