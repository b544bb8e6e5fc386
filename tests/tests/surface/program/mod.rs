//! The program. What it asserts is what both libraries promise, except in `differences`.

use super::{OLD, sync};

mod channel;
mod config;
mod executor;
mod limiter;
mod pool;
mod replies;
mod timers;
mod waits;
