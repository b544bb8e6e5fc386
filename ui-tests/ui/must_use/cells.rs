//! A value that was not put into a cell comes back; one that was not there did not come out.

#![deny(unused_must_use)]

use sync_core::{OnceCell, spin::InitOnce};

fn main() {
    let cell = OnceCell::new();
    cell.set(1);

    let once = InitOnce::uninitialized();
    once.try_init(1);
    once.try_get();
}
