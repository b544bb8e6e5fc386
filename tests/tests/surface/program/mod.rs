//! The program. What it asserts is what both libraries promise, except in `differences`.

use super::{OLD, sync};

mod bounds;
mod channel;
mod config;
mod differences;
mod executor;
mod limiter;
mod pool;
mod replies;
mod snapshot;
mod statics;
mod timers;
mod waits;
