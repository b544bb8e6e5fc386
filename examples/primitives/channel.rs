//! A bounded channel: a `Semaphore` counts the room, a primitive keeps the items.

#![forbid(unsafe_code)]

use std::collections::VecDeque;

use sync_core::{Policy, Select, Semaphore};

/// The items, and the tasks that wait for one; `None` says that no more will come.
#[sync_core::primitive(
    method = next, future = Next, waiter = (),
    new() = Queue { items: VecDeque::new(), closed: false },
)]
struct Items<T>;

struct Queue<T> {
    items: VecDeque<T>,
    closed: bool,
}

impl<T> Policy for Items<T> {
    type State = Queue<T>;
    type Waiter = ();
    type Value = Option<T>;
    type Event<'e> = ();

    fn try_ready(queue: &mut Queue<T>, (): &()) -> Option<Option<T>> {
        let item = queue.items.pop_front();
        (item.is_some() || queue.closed).then_some(item)
    }

    fn select(queue: &mut Queue<T>, (): &mut (), (): &mut ()) -> Select<Option<T>> {
        Self::try_ready(queue, &()).map_or(Select::Stop, Select::Wake)
    }

    // An item that was given to a task that is dropped goes back to the front.
    fn on_cancel(queue: &mut Queue<T>, (): &mut (), given: &mut Option<Option<T>>) -> Option<()> {
        given.take()?.map(|item| queue.items.push_front(item))
    }
}

pub(crate) struct Channel<T> {
    room: Semaphore,
    items: Items<T>,
}

impl<T> Channel<T> {
    pub(crate) const fn new(capacity: usize) -> Self {
        Self { room: Semaphore::new(capacity), items: Items::new() }
    }

    /// Sends `item` when there is room for it; gives it back if the channel is closed.
    pub(crate) async fn send(&self, item: T) -> Result<(), T> {
        let Ok(room) = self.room.acquire(1).await else { return Err(item) };
        let mut item = Some(item);
        self.items.notify((), |queue| queue.items.extend(item.take_if(|_| !queue.closed)));
        let Some(item) = item else {
            room.forget();
            return Ok(());
        };
        Err(item)
    }

    /// Waits for an item; `None` if there is none and the channel is closed.
    pub(crate) async fn receive(&self) -> Option<T> {
        let item = self.items.next().await.ok()??;
        self.room.add_permits(1);
        Some(item)
    }

    /// Closes the channel: nothing more is sent, and what was sent may still be received.
    pub(crate) fn close(&self) {
        self.room.close();
        self.items.notify((), |queue| queue.closed = true);
    }
}
