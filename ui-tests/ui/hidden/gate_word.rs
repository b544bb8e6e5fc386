// `GateWord` is the word that is a lock's whole state.
#![forbid(unsafe_code)]

use sync_core::{__private::GateWord as _, state::GateWord as _, waiter::GateWord as _};

fn main() {}
