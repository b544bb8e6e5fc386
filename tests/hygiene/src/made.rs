//! Primitives with constructors and documentation of their own, and one that is a word.

use ::core::{
    option::Option::{self, None},
    primitive::{bool, usize},
};
use ::renamed::{Policy, ScopedRawMutex, Select, WordPolicy};

/// Two numbers, for no task: a state that is made of what `new` is given.
#[::renamed::primitive(
    /// Waits forever.
    method = r#match, future = Match, waiter = (),
    /// Returns the sum of `r#mod` and what is in `state`.
    new(r#mod: usize, state: [T; N]) = (r#mod, state),
    crate = ::renamed,
)]
pub struct Sum<T, const N: usize>
where
    T: ::core::marker::Copy;

impl<T: ::core::marker::Copy, const N: usize> Policy for Sum<T, N> {
    type State = (usize, [T; N]);
    type Waiter = ();
    type Value = ();
    type Event<'e> = ();

    fn try_ready(_: &mut Self::State, (): &()) -> Option<()> {
        None
    }

    fn select(_: &mut Self::State, (): &mut (), (): &mut ()) -> Select<()> {
        Select::Stop
    }
}

impl<T: ::core::marker::Copy, const N: usize, Lock: ScopedRawMutex> Sum<T, N, Lock> {
    /// Returns the number, and how many values there are.
    pub fn sum(&self) -> usize {
        let mut sum = 0;
        self.notify((), |(number, values)| sum = *number + values.len());
        sum
    }
}

/// The word of [`Flag`].
#[::renamed::bitfield(usize, crate = ::renamed)]
pub struct FlagState {
    /// A task waits.
    waiting: bool,
    /// No task may.
    closed: bool,
    /// It is up.
    up: bool,
}

/// Something that is up or not.
#[::renamed::primitive(
    method = wait, future = WaitFlag, waiter = (),
    new() = FlagState::new(),
    word = FlagState,
    crate = ::renamed,
)]
pub struct Flag;

impl WordPolicy for Flag {
    type Word = FlagState;
    type Waiter = ();
    type Value = ();

    fn take(word: FlagState, (): &()) -> Option<(FlagState, ())> {
        word.up().then_some((word, ()))
    }
}

impl<Lock: ScopedRawMutex> Flag<Lock> {
    /// Puts it up.
    pub fn put_up(&self) {
        self.change(|word| word.with_up(true));
    }
}

/// Puts a flag up, and returns whether that is seen, and what a [`Sum`] makes of `number`.
#[must_use]
pub fn put_up(number: usize) -> (bool, usize) {
    let flag = Flag::new();
    flag.put_up();
    (flag.try_take(&()).is_some(), Sum::new(number, [true; 2]).sum())
}
