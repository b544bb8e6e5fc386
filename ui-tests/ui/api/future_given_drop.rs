// A `Drop` gets a `&mut` to the future, though it is pinned, and could exchange the wait in it for another.
// Seen to fail, by compiling, without what `future!` writes for another crate.
#![forbid(unsafe_code)]

#[sync_core::wait_map(key = u16, match = fifo, future = Reply)]
pub struct Replies;

impl<Lock: sync_core::ScopedRawMutex> Drop for Reply<'_, Lock> {
    fn drop(&mut self) {}
}

fn main() {}
