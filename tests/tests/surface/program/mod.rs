//! The program. What it asserts is what both libraries promise, except in `differences`.

use super::{OLD, sync};

mod waits;
