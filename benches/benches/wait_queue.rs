//! The time of `WaitQueue`'s operations, next to its peers'.

mod common;

use benches::peers::{ManualReset, Permits, TwoRmws};
use common::{cancel, settings, stored_wake, turn, wait_wake, wake_all};
use criterion::{Criterion, criterion_group, criterion_main};
use event_listener::Event;
use tokio::sync::Notify;

fn stored_wakes(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("queue: stored wake, then wait");
    stored_wake::<sync_core::WaitQueue>(&mut group, "sync-core");
    stored_wake::<maitake_sync::WaitQueue>(&mut group, "maitake-sync");
    stored_wake::<Notify>(&mut group, "tokio");
    stored_wake::<Permits>(&mut group, "futures-intrusive");
    stored_wake::<TwoRmws>(&mut group, "floor");
    group.finish();
}

fn wait_wakes(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("queue: wait, wake one, complete");
    wait_wake::<sync_core::WaitQueue>(&mut group, "sync-core");
    wait_wake::<maitake_sync::WaitQueue>(&mut group, "maitake-sync");
    wait_wake::<Notify>(&mut group, "tokio");
    wait_wake::<Permits>(&mut group, "futures-intrusive");
    wait_wake::<Event>(&mut group, "event-listener");
    group.finish();
}

fn turns(criterion: &mut Criterion) {
    for waiters in [16, 4096] {
        let name = format!("queue: wake one of {waiters}, which waits again");
        let mut group = criterion.benchmark_group(name);
        turn::<sync_core::WaitQueue>(&mut group, "sync-core", waiters);
        turn::<maitake_sync::WaitQueue>(&mut group, "maitake-sync", waiters);
        turn::<Notify>(&mut group, "tokio", waiters);
        turn::<Permits>(&mut group, "futures-intrusive", waiters);
        turn::<Event>(&mut group, "event-listener", waiters);
        group.finish();
    }
}

fn cancels(criterion: &mut Criterion) {
    for waiters in [16, 4096] {
        let name = format!("queue: cancel a random one of {waiters}, and wait again");
        let mut group = criterion.benchmark_group(name);
        cancel::<sync_core::WaitQueue>(&mut group, "sync-core", waiters);
        cancel::<maitake_sync::WaitQueue>(&mut group, "maitake-sync", waiters);
        cancel::<Notify>(&mut group, "tokio", waiters);
        cancel::<Permits>(&mut group, "futures-intrusive", waiters);
        cancel::<Event>(&mut group, "event-listener", waiters);
        group.finish();
    }
}

fn wake_alls(criterion: &mut Criterion) {
    for waiters in [16, 1000] {
        let mut group = criterion.benchmark_group(format!("queue: wake_all of {waiters}"));
        wake_all::<sync_core::WaitQueue>(&mut group, "sync-core", waiters);
        wake_all::<maitake_sync::WaitQueue>(&mut group, "maitake-sync", waiters);
        wake_all::<Notify>(&mut group, "tokio", waiters);
        wake_all::<ManualReset>(&mut group, "futures-intrusive", waiters);
        wake_all::<Event>(&mut group, "event-listener", waiters);
        group.finish();
    }
}

criterion_group! {
    name = wait_queue;
    config = settings();
    targets = stored_wakes, wait_wakes, turns, cancels, wake_alls
}
criterion_main!(wait_queue);
