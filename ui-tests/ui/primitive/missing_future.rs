// A method whose future has no name.
use sync_core::{Policy, ScopedRawMutex, Select};

#[sync_core::primitive(method = acquire)]
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

impl<Lock: ScopedRawMutex> Tokens<Lock> {
    pub fn add(&self, n: usize) {
        self.notify((), |available| *available += n);
    }
}

static TOKENS: Tokens = Tokens::new(3);

pub async fn take() {
    TOKENS.acquire(3).await.unwrap();
    TOKENS.add(2);
    TOKENS.close();
}

fn main() {}
