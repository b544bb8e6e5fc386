use sync_core::{Policy, Select, primitive};

#[primitive(method = acquire, future = Acquire, waiter = (), new = 3)]
pub struct Tokens;

impl Policy for Tokens {
    type State = usize;
    type Waiter = ();
    type Value = ();
    type Event<'e> = ();
    fn try_ready(_: &mut usize, (): &()) -> Option<()> {
        None
    }
    fn select(_: &mut usize, (): &mut (), (): &mut ()) -> Select<()> {
        Select::Stop
    }
}

fn main() {
    Tokens::new(3).close();
}
