//! Rules for waiting by key: what `#[wait_map]` instantiates.

mod fifo;
mod unique;

pub use self::{fifo::Fifo, unique::Unique};
