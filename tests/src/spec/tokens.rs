//! A `#[primitive]` with a `Policy`: each task takes its own number of tokens; fair, and not.

use alloc::sync::Arc;

use sync_core::{Policy, ScopedRawMutex, Select, primitive};

use super::{
    Facts, Seen, Specified, Wait, World,
    frame::{Enter, Frame, Line, Rules, Stage},
    real::{subscribe, unit, wait},
};
use crate::watched::Watched;

/// What can be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// Adds tokens.
    Add(usize),
    /// Closes it.
    Close,
}

/// How many tokens there are at first.
const TOKENS: usize = 1;

/// The rules of tokens; if not `FAIR`, a task that fits is let past those that do not.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rationed<const FAIR: bool> {
    available: usize,
    closed: bool,
}

impl<const FAIR: bool> Default for Rationed<FAIR> {
    fn default() -> Self {
        Self { available: TOKENS, closed: false }
    }
}

type Places = Line<usize, ()>;

impl<const FAIR: bool> Rationed<FAIR> {
    fn advance(&mut self, line: &mut Places) {
        for (slot, need) in line.waiting() {
            if need <= self.available {
                self.available -= need;
                line.give(slot, ());
            } else if FAIR {
                break;
            }
        }
    }
}

impl<const FAIR: bool> Rules for Rationed<FAIR> {
    type Want = usize;
    type Value = ();
    type Call = Call;

    fn enter(&mut self, line: &mut Places, _: usize, need: usize) -> Enter<()> {
        match () {
            () if self.closed => Enter::Closed,
            () if (line.is_empty() || !FAIR) && need <= self.available => {
                self.available -= need;
                Enter::Pass(())
            }
            () => Enter::Queue,
        }
    }

    fn yields(&mut self, (): ()) -> Seen {
        Seen::Ok
    }

    fn gone(&mut self, line: &mut Places, _: usize, stage: Stage<usize, ()>) {
        if let Stage::Given(need, ()) = stage {
            self.available += need;
        }
        self.advance(line);
    }

    fn call(&mut self, line: &mut Places, call: Call, _: usize) -> Option<Seen> {
        match call {
            Call::Add(n) => {
                self.available += n;
                self.advance(line);
            }
            Call::Close => {
                self.closed = true;
                line.close();
            }
        }
        Some(Seen::Nothing)
    }

    fn facts(&self, _: &Places) -> Facts {
        [usize::from(self.closed), self.available, 0]
    }
}

macro_rules! tokens {
    ($(#[$doc:meta])* $name:ident, $future:ident, $spec:ident, $fair:literal, $too_large:expr) => {
        $(#[$doc])*
        #[primitive(method = acquire, future = $future)]
        pub struct $name;

        impl Policy for $name {
            type State = usize;
            type Waiter = usize;
            type Value = ();
            type Event<'e> = ();
            const FAIR: bool = $fair;

            fn try_ready(available: &mut usize, need: &usize) -> Option<()> {
                (*available >= *need).then(|| *available -= *need)
            }

            fn select(available: &mut usize, need: &mut usize, (): &mut ()) -> Select<()> {
                Self::try_ready(available, need).map_or($too_large, Select::Wake)
            }

            fn on_cancel(available: &mut usize, need: &mut usize, given: &mut Option<()>) -> Option<()> {
                given.take().map(|()| *available += *need)
            }
        }

        impl<Lock: ScopedRawMutex> $name<Lock> {
            /// Adds tokens; returns how many there are then.
            pub fn add(&self, n: usize) -> usize {
                let mut now = 0;
                self.notify((), |available| {
                    *available += n;
                    now = *available;
                });
                now
            }
        }

        #[doc = concat!("[`", stringify!($name), "`].")]
        #[derive(Debug)]
        pub struct $spec(Arc<$name<Watched>>);

        impl Specified for $spec {
            type Want = usize;
            type Call = Call;
            type Held = ();
            type Model = Frame<Rationed<$fair>>;
            const WANTS: &'static [usize] = &[2, 1, 3];
            const CALLS: &'static [Call] = &[Call::Add(2), Call::Add(1), Call::Close];
            const LENGTH: usize = 4;
            const BETWEEN: usize = 2;

            fn new() -> Self {
                Self(Arc::new($name::new_with_raw_mutex(TOKENS, Watched::new())))
            }

            fn wait(&self, need: usize) -> Wait<()> {
                wait(self.0.acquire_owned(need), subscribe!(), unit)
            }

            fn call(&self, call: Call, _: usize, _: &World<()>) -> Seen {
                match call {
                    Call::Add(n) => _ = self.0.add(n),
                    Call::Close => self.0.close(),
                }
                Seen::Nothing
            }

            fn facts(&self) -> Facts {
                [usize::from(self.0.is_closed()), self.0.add(0), 0]
            }

            fn tells_late(call: Call) -> bool {
                call == Call::Close
            }
        }
    };
}

tokens! {
    /// Tokens, first come, first served.
    Tokens, Acquire, Spec, true, Select::Stop
}
tokens! {
    /// Tokens for as many waiters as they suffice for.
    Scraps, Grab, FirstFit, false, Select::Skip
}
