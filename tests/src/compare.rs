//! Sequences of calls of something real and of its reference.

use alloc::vec::Vec;
use core::fmt::Debug;

/// Makes the calls `ops` of both, with the number of each call, and asserts that nobody can tell them apart.
///
/// # Panics
///
/// If somebody can.
#[track_caller]
pub fn compare<Op: Copy + Debug, Seen: PartialEq + Debug>(
    ops: &[Op],
    mut real: impl FnMut(Op, usize) -> Seen,
    mut model: impl FnMut(Op, usize) -> Seen,
) {
    for (n, &op) in ops.iter().enumerate() {
        let (is, should) = (real(op, n), model(op, n));
        assert_eq!(is, should, "left is, right should be, after {:?}", &ops[..=n]);
    }
}

/// Calls `run` with every sequence of `depth` calls out of `calls`, and with it every shorter one.
#[track_caller]
pub fn sequences<Op: Copy>(calls: &[Op], depth: u32, mut run: impl FnMut(&[Op])) {
    let mut ops = Vec::new();
    for sequence in 0..calls.len().pow(depth) {
        ops.clear();
        let mut rest = sequence;
        for _ in 0..depth {
            ops.push(calls[rest % calls.len()]);
            rest /= calls.len();
        }
        run(&ops);
    }
}
