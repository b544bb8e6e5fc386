//! Primitives.

use ::core::{
    clone::Clone,
    fmt::Debug,
    marker::{PhantomData, Send},
    option::Option::{self, None, Some},
    primitive::usize,
};
use ::renamed::{Policy, ScopedRawMutex, Select};

/// A counting semaphore in which each task asks for its own number of tokens.
#[::renamed::primitive(method = r#try, future = r#Try, method = one, future = One, waiter = 1, crate = ::renamed)]
#[must_use]
pub struct r#Tokens;

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

    fn on_cancel(available: &mut usize, need: &mut usize, given: &mut Option<()>) -> Option<()> {
        given.take().map(|()| *available += *need)
    }
}

impl<Lock: ScopedRawMutex> Tokens<Lock> {
    /// Adds `n` tokens.
    pub fn add(&self, n: usize) {
        self.notify((), |available| *available += n);
    }

    /// Adds `n` tokens, and returns how many tasks that let go on.
    pub fn add_and_count(&self, n: usize) -> usize {
        self.notify_count((), |available| *available += n)
    }
}

/// A value that is shown to those that wait for it, with a parameter of every kind.
#[::renamed::primitive(
    method = see, future = See,
    method = see_first, future = SeeFirst, waiter = 0,
    crate = "::renamed",
)]
pub struct Shown<'a, T: Clone, const N: usize>
where
    T: Send;

/// What [`Shown`] keeps: `N` values at most.
#[derive(Debug)]
pub struct Board<'a, T, const N: usize> {
    shown: [Option<T>; N],
    of: PhantomData<&'a ()>,
}

impl<T: Clone, const N: usize> ::core::default::Default for Board<'_, T, N> {
    fn default() -> Self {
        Self { shown: [const { None }; N], of: PhantomData }
    }
}

impl<'a, T: Clone, const N: usize> Policy for Shown<'a, T, N>
where
    T: Send,
{
    type State = Board<'a, T, N>;
    type Waiter = usize;
    type Value = T;
    type Event<'e> = usize;

    fn try_ready(board: &mut Board<'a, T, N>, place: &usize) -> Option<T> {
        board.shown.get(*place)?.clone()
    }

    fn select(board: &mut Board<'a, T, N>, place: &mut usize, changed: &mut usize) -> Select<T> {
        if place != changed {
            return Select::Skip;
        }
        Self::try_ready(board, place).map_or(Select::Skip, Select::Wake)
    }
}

impl<T: Clone, const N: usize, Lock: ScopedRawMutex> Shown<'_, T, N, Lock>
where
    T: Send,
{
    /// Shows `value` at `place`, and returns how many saw it.
    pub fn show(&self, place: usize, value: T) -> usize {
        self.notify_count(place, |board| {
            if let Some(shown) = board.shown.get_mut(place) {
                *shown = Some(value);
            }
        })
    }
}

/// No task but [`outer`] sees the primitive inside.
pub mod outer {
    pub(in crate::policies) mod inner {
        use ::renamed::{Policy, Select};

        #[::renamed::primitive(method = wait, future = Gone, crate = ::renamed)]
        pub(in crate::policies) struct Gate;

        impl Policy for Gate {
            type State = ::core::primitive::bool;
            type Waiter = ();
            type Value = ();
            type Event<'e> = ();

            fn try_ready(open: &mut ::core::primitive::bool, (): &()) -> ::core::option::Option<()> {
                open.then_some(())
            }

            fn select(open: &mut ::core::primitive::bool, waiter: &mut (), (): &mut ()) -> Select<()> {
                Self::try_ready(open, waiter).map_or(Select::Stop, Select::Wake)
            }
        }

        impl Gate {
            pub(in crate::policies) fn open(&self) {
                self.notify((), |open| *open = true);
            }
        }
    }
}

/// Opens a gate that one waits at, and returns whether it was closed for good before.
pub async fn through_a_gate() -> ::core::primitive::bool {
    let gate = outer::inner::Gate::new(false);
    gate.open();
    let wait: outer::inner::Gone<'_> = gate.wait(());
    let passed = wait.await == ::core::result::Result::Ok(());
    passed && !gate.is_closed()
}
