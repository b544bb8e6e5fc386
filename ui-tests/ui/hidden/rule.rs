// A `Rule` is lent the list of those who wait, under the lock. This one exchanges the lists of two queues, so
// that both waits are unlinked from a list that they are not in: use after free without `unsafe`. It compiled
// once, and did that with the function of the crate `take_mut` in the place of `take`.
#![forbid(unsafe_code)]

use std::{
    cell::RefCell,
    future::Future,
    mem,
    pin::{Pin, pin},
    task::{Context, Waker},
};

use sync_core::{
    __private::{AtomicQueueState, WaitList},
    ScopedRawMutex,
    waiter::{Entry, Failure, QueueRef, Queue, Rule, Wait, Yields},
};

type List = WaitList<(), u8, ()>;

pub enum Exchange {}

thread_local! {
    static TAKEN: RefCell<Option<List>> = const { RefCell::new(None) };
    static OTHER: Queue<Exchange> = Queue::new((), Default::default());
}

fn take<T>(_: &mut T, _: impl FnOnce(T) -> T) {}

impl Rule for Exchange {
    type Word = AtomicQueueState;
    type State = ();
    type Waiter = u8;
    type Value = ();

    fn enter(_: &AtomicQueueState, list: &mut List, waiter: &mut u8, _: usize) -> Entry<(), u8> {
        match *waiter {
            1 => take(list, |list| {
                TAKEN.set(Some(list));
                OTHER.with(|other| {
                    let _ = pin!(other.wait(2)).poll(&mut Context::from_waker(Waker::noop()));
                });
                TAKEN.take().unwrap()
            }),
            2 => TAKEN.with(|taken| mem::swap(list, taken.borrow_mut().as_mut().unwrap())),
            _ => return Entry::Queue(0),
        }
        Entry::Fail(Failure::Refused)
    }

    fn abandon<Lock: ScopedRawMutex, H: QueueRef<Self, Lock>>(_: Pin<&mut Wait<Self, Lock, H>>) {}
}

impl Yields for Exchange {
    type Item = ();
    type Error = ();

    fn item((): ()) {}

    fn error(_: Failure) {}

    fn spent() -> Result<(), ()> {
        Ok(())
    }
}

fn main() {
    let cx = &mut Context::from_waker(Waker::noop());
    let queue = Queue::<Exchange>::new((), Default::default());
    let (mut first, mut second) = (Box::pin(queue.wait(0)), Box::pin(queue.wait(0)));
    let _ = first.as_mut().poll(cx);
    let _ = second.as_mut().poll(cx);
    let _ = pin!(queue.wait(1)).poll(cx);
    drop((first, second));
    OTHER.with(|other| {
        let _ = pin!(other.wait(0)).poll(cx);
    });
}
