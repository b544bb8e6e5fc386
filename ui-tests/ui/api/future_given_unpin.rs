// A future holds its place in the queue. Were it `Unpin`, safe code could move it while others point into it.
// Seen to fail, by compiling, without what `future!` writes for another crate.
#![forbid(unsafe_code)]

#[sync_core::wait_map(key = u16, match = fifo, future = Reply)]
pub struct Replies;

impl Unpin for Reply<'_> {}

fn main() {}
