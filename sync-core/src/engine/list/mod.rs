//! Nodes, the list that holds them oldest first, and the wakers that are taken from it.
//!
//! The invariants N1 to N9 and L1, which the SAFETY comments cite, are in [`engine`](crate::engine).

mod node;
mod wait_list;
mod wake_batch;

pub use self::wait_list::Select;
pub(super) use self::{node::Node, wait_list::Kept};
pub(crate) use self::{
    wait_list::{Empty, WaitList},
    wake_batch::{Step, WakeBatch},
};
