// An incomplete policy; the message is rustc's.
use sync_core::{Policy, Select};

#[sync_core::primitive(method = acquire, future = Acquire)]
pub struct Tokens;

impl Policy for Tokens {
    type State = usize;
    type Value = ();
    type Event<'e> = ();
    fn try_ready(available: &mut usize, need: &<Self as Policy>::Waiter) -> Option<()> {
        let _ = (available, need);
        None
    }
    fn select(available: &mut usize, need: &mut <Self as Policy>::Waiter, (): &mut ()) -> Select<()> {
        let _ = (available, need);
        Select::Stop
    }
}

fn main() {}
