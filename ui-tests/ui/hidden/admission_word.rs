// `AdmissionWord` is the word that is a lock's whole state.
#![forbid(unsafe_code)]

use sync_core::{__private::AdmissionWord as _, state::AdmissionWord as _, waiter::AdmissionWord as _};

fn main() {}
