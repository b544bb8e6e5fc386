// What is in a future stays in it: moved out of one that was pinned, it would leave its place behind.
// Seen to fail, by compiling, without what `future!` writes for another crate.
#![forbid(unsafe_code)]

#[sync_core::wait_map(key = u16, match = fifo, future = Reply)]
pub struct Replies;

pub fn check(reply: Reply<'_>) {
    let wait = reply.__sync_wait;
    drop(wait);
}

fn main() {}
