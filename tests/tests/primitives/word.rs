//! A primitive of a user's own, by [`WordPolicy`].

use super::*;

#[sync_core::bitfield(u32)]
pub(super) struct TokensState {
    waiting: bool,
    closed: bool,
    #[bits(..)]
    count: u32,
}

/// Tokens, of which each task takes as many as it asks for.
#[sync_core::primitive(
    method = take, future = Take,
    new(count: u32) = TokensState::new().with_count(count),
    word = TokensState,
)]
pub(super) struct Tokens;

impl WordPolicy for Tokens {
    type Word = TokensState;
    type Waiter = u32;
    type Value = u32;

    fn take(word: TokensState, need: &u32) -> Option<(TokensState, u32)> {
        word.count().checked_sub(*need).map(|rest| (word.with_count(rest), *need))
    }

    fn put_back(word: TokensState, _: &u32, given: u32) -> TokensState {
        word.with_count(word.count() + given)
    }
}

impl<Lock: ScopedRawMutex> Tokens<Lock> {
    fn add(&self, n: u32) {
        self.change(|word| word.with_count(word.count() + n));
    }
}

/// Each of them is let in by the one change, whatever the wakers of the first batch do.
#[test]
fn one_change_lets_in_more_than_a_batch_at_once() {
    let tokens: &'static Tokens = leak(Tokens::new(0));
    let left = leak(Count::new());
    let waker = Hooks::new()
        .on_wake(|| {
            left.set(tokens.word().count() as usize);
            assert!(!tokens.word().waiting());
            // Between two batches: no task is in line but those that have something.
            assert_eq!(tokens.try_take(&1), Some(1));
            tokens.add(1);
            tokens.close();
        })
        .waker();
    let mut first = Box::pin(tokens.take(1));
    assert!(first.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    let crowd: Vec<_> = (0..CROWD).map(|_| Waiter::queued(tokens.take(1))).collect();
    tokens.add(u32::try_from(CROWD).unwrap() + 2);
    assert_eq!(left.get(), 1);
    for waiting in crowd {
        assert_eq!(waiting.yields(), Ok(1));
    }
    assert!(tokens.is_closed());
}

#[test]
fn a_large_request_at_the_front_is_not_overtaken_and_the_rest_go_on_when_it_leaves() {
    let tokens = Tokens::new(2);
    let large = Waiter::queued(tokens.take(3));
    let (small, smaller) = (Waiter::queued(tokens.take(2)), Waiter::queued(tokens.take(1)));
    assert_eq!(tokens.try_take(&1), None, "no task overtakes");
    drop(large);
    assert_eq!(small.yields(), Ok(2));
    smaller.waits();
    tokens.add(1);
    assert_eq!(smaller.yields(), Ok(1));
}

#[test]
fn what_was_given_is_handed_on() {
    let tokens = Tokens::new(0);
    let (first, second) = (Waiter::queued(tokens.take(2)), Waiter::queued(tokens.take(1)));
    tokens.add(2);
    assert_eq!(second.task.woken(), 0);
    drop(first);
    assert_eq!(second.yields(), Ok(1));
    assert_eq!((tokens.word().count(), tokens.word().waiting()), (1, false));
}
