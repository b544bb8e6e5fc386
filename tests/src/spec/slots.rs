//! A `#[primitive]` with a word, by `WordPolicy`: two slots, and each task gets the number of its own.

use alloc::sync::Arc;

use sync_core::{Closed, ScopedRawMutex, WordPolicy, bitfield, primitive};

use super::{
    Facts, Seen, Specified, Wait, World,
    frame::{Enter, Frame, Line, Rules, Stage},
    real::{subscribe, wait},
};
use crate::watched::Watched;

/// What can be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// Gives slots back, as the bits say.
    Release(u8),
    /// Takes one without waiting.
    Try,
    /// Closes it.
    Close,
}

/// The rules of two slots.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Two {
    taken: [bool; 2],
    closed: bool,
}

type Places = Line<(), usize>;

impl Two {
    fn take(&mut self) -> Option<usize> {
        let free = self.taken.iter().position(|taken| !taken)?;
        self.taken[free] = true;
        Some(free)
    }

    fn advance(&mut self, line: &mut Places) {
        while let Some((waiting, ())) = line.first() {
            let Some(slot) = self.take() else { break };
            line.give(waiting, slot);
        }
    }
}

impl Rules for Two {
    type Want = ();
    type Value = usize;
    type Call = Call;

    fn enter(&mut self, line: &mut Places, _: usize, (): ()) -> Enter<usize> {
        match () {
            () if self.closed => Enter::Closed,
            () if !line.is_empty() => Enter::Queue,
            () => self.take().map_or(Enter::Queue, Enter::Pass),
        }
    }

    fn yields(&mut self, slot: usize) -> Seen {
        Seen::Value(slot)
    }

    fn gone(&mut self, line: &mut Places, _: usize, stage: Stage<(), usize>) {
        if let Stage::Given((), slot) = stage {
            self.taken[slot] = false;
        }
        self.advance(line);
    }

    fn call(&mut self, line: &mut Places, call: Call, _: usize) -> Option<Seen> {
        match call {
            Call::Release(bits) => {
                self.taken = [0, 1].map(|slot| self.taken[slot] && bits >> slot & 1 == 0);
                self.advance(line);
            }
            Call::Try => {
                let taken = if self.closed || !line.is_empty() { None } else { self.take() };
                return Some(taken.map_or(Seen::None, Seen::Value));
            }
            Call::Close => {
                self.closed = true;
                line.close();
            }
        }
        Some(Seen::Nothing)
    }

    fn facts(&self, line: &Places) -> Facts {
        let taken = usize::from(self.taken[0]) + 2 * usize::from(self.taken[1]);
        [usize::from(self.closed), taken, usize::from(!line.is_empty())]
    }
}

/// The word of [`Slots`].
#[bitfield(usize)]
pub struct SlotState {
    waiting: bool,
    closed: bool,
    /// One bit per slot that is taken.
    #[bits(2)]
    taken: u8,
}

/// Two slots.
#[primitive(method = acquire, future = AcquireSlot, waiter = (), word = SlotState)]
pub struct Slots;

impl WordPolicy for Slots {
    type Word = SlotState;
    type Waiter = ();
    type Value = u32;

    fn take(word: SlotState, (): &()) -> Option<(SlotState, u32)> {
        let slot = word.taken().trailing_ones();
        (slot < 2).then(|| (word.with_taken(word.taken() | 1 << slot), slot))
    }

    fn put_back(word: SlotState, (): &(), slot: u32) -> SlotState {
        word.with_taken(word.taken() & !(1 << slot))
    }
}

impl<Lock: ScopedRawMutex> Slots<Lock> {
    /// Gives slots back.
    pub fn release(&self, bits: u8) {
        self.change(|word| word.with_taken(word.taken() & !bits));
    }

    /// Takes one without waiting.
    pub fn try_acquire(&self) -> Option<u32> {
        self.try_take(&())
    }

    /// Returns a snapshot.
    pub fn state(&self) -> SlotState {
        self.word()
    }
}

/// [`Slots`].
#[derive(Debug)]
pub struct Spec(Arc<Slots<Watched>>);

fn seen(slot: u32) -> Seen {
    Seen::Value(usize::try_from(slot).expect("there are two"))
}

impl Specified for Spec {
    type Want = ();
    type Call = Call;
    type Held = ();
    type Model = Frame<Two>;
    const WANTS: &'static [()] = &[()];
    const CALLS: &'static [Call] =
        &[Call::Release(0b11), Call::Release(0b01), Call::Release(0b10), Call::Try, Call::Close];
    const LENGTH: usize = 4;
    const BETWEEN: usize = 4;

    fn new() -> Self {
        Self(Arc::new(Slots::new_with_raw_mutex(SlotState::new(), Watched::new())))
    }

    fn wait(&self, (): ()) -> Wait<()> {
        wait(self.0.acquire_owned(), subscribe!(), |output: Result<u32, Closed>| {
            (output.map_or_else(Seen::from, seen), None)
        })
    }

    fn call(&self, call: Call, _: usize, _: &World<()>) -> Seen {
        match call {
            Call::Release(bits) => self.0.release(bits),
            Call::Try => return self.0.try_acquire().map_or(Seen::None, seen),
            Call::Close => self.0.close(),
        }
        Seen::Nothing
    }

    fn facts(&self) -> Facts {
        let state = self.0.state();
        [usize::from(state.closed()), state.taken().into(), usize::from(state.waiting())]
    }

    fn tells_late(call: Call) -> bool {
        call == Call::Close
    }

    fn asked([closed, taken, _]: Facts) -> Facts {
        [closed, taken, 0]
    }
}
