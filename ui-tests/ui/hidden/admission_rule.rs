// A `AdmissionRule` says who may pass, and is given the proof that a lock is held.
#![forbid(unsafe_code)]

use sync_core::{__private::AdmissionRule as _, waiter::AdmissionRule as _, waiter::admission::AdmissionRule as _};

fn main() {}
