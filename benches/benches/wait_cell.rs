//! The time of `WaitCell`'s operations, next to its peers'.

mod common;

use benches::peers::{BareAtomicWaker, BareDiatomic, Diatomic, FlaggedAtomicWaker, Polled};
use common::{settings, wait_wake};
use criterion::{Criterion, criterion_group, criterion_main};

fn by_future(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("cell: register, wake, complete");
    wait_wake::<sync_core::WaitCell>(&mut group, "sync-core");
    wait_wake::<maitake_sync::WaitCell>(&mut group, "maitake-sync");
    wait_wake::<Diatomic>(&mut group, "diatomic-waker");
    wait_wake::<FlaggedAtomicWaker>(&mut group, "atomic-waker");
    group.finish();
}

fn bare(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("cell: the same without future or flag");
    wait_wake::<Polled<sync_core::WaitCell>>(&mut group, "sync-core");
    wait_wake::<Polled<maitake_sync::WaitCell>>(&mut group, "maitake-sync");
    wait_wake::<BareDiatomic>(&mut group, "diatomic-waker");
    wait_wake::<BareAtomicWaker>(&mut group, "atomic-waker");
    group.finish();
}

criterion_group! {
    name = wait_cell;
    config = settings();
    targets = by_future, bare
}
criterion_main!(wait_cell);
