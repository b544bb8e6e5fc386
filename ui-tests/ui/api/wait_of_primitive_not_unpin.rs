// A wait holds its place in the queue, so it may not move.
use sync_core::{Policy, Select};

#[sync_core::primitive(method = acquire, future = Acquire)]
pub struct Tokens;

impl Policy for Tokens {
    type State = usize;
    type Waiter = usize;
    type Value = ();
    type Event<'e> = ();
    fn try_ready(available: &mut usize, need: &usize) -> Option<()> {
        (*available >= *need).then(|| *available -= *need)
    }
    fn select(available: &mut usize, need: &mut usize, (): &mut ()) -> Select<()> {
        Self::try_ready(available, need).map_or(Select::Stop, Select::Wake)
    }
}

fn must_be_unpin<T: Unpin>() {}

pub fn check() {
    must_be_unpin::<Acquire<'static>>();
}

fn main() {}
