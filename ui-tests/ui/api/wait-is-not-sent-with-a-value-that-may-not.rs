// A value travels from the waker to the waiter, so it has to be `Send` where they are threads.
#[sync_core::wait_map(key = u16, value = std::rc::Rc<u8>, match = unique)]
pub struct Replies;

fn must_be_sync<T: Sync>() {}

pub fn check() {
    must_be_sync::<Replies>();
}

fn main() {}
