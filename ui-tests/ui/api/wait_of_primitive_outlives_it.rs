// A wait borrows its primitive.
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

pub fn dangling() -> Acquire<'static> {
    let tokens = Tokens::new(0);
    tokens.acquire(3)
}

fn main() {}
