//! Registering a wait ahead of polling it.

use core::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

/// A future that waits in a queue, and can be registered there before it is polled for what it yields.
///
/// Every future of this crate that waits in a queue implements it, and so do those that
/// [`#[primitive]`](macro@crate::primitive) and [`#[wait_map]`](macro@crate::wait_map) make. It lets generic
/// code subscribe to any of them.
///
/// # Examples
///
/// ```
/// use core::{future::Future, pin::{Pin, pin}};
/// use sync_core::{Event, Semaphore, waiter::{Subscribable, Subscribe}};
///
/// /// Joins the queue, then does `start`, then waits.
/// async fn after<F: Subscribable>(wait: F, start: impl FnOnce()) -> F::Output {
///     let mut wait = pin!(wait);
///     Subscribe::new(wait.as_mut()).await;
///     start();
///     wait.await
/// }
///
/// static DONE: Event = Event::new();
/// static BUFFERS: Semaphore = Semaphore::new(0);
///
/// # pollster::block_on(async {
/// after(DONE.wait(), || DONE.set()).await?;
/// assert_eq!(after(BUFFERS.acquire(2), || BUFFERS.add_permits(2)).await?.permits(), 2);
/// # Ok::<(), sync_core::Closed>(()) }).unwrap();
/// ```
pub trait Subscribable: Future {
    /// What came of it: whether the wait is registered.
    type Subscribed;

    /// Registers the wait with the task of `cx`, unless it is registered already.
    ///
    /// It is always ready.
    fn poll_subscribe(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Subscribed>;
}

/// A future that registers a wait ahead of polling it, so that events from then on wake it.
///
/// Made by the method `subscribe` of the futures that wait; those of a map that borrow it return a struct
/// with a name of its own, [`wait_map::Subscribe`](crate::wait_map::Subscribe) for example. It is ready when
/// it is first polled: the wait is then in the queue, or has something already, and is polled for that
/// itself.
///
/// # Cancel safety
///
/// **Strict**: dropping it before it was polled leaves the wait as it was.
#[must_use = "futures do nothing unless `.await`ed or polled"]
pub struct Subscribe<'w, F> {
    wait: Pin<&'w mut F>,
}

impl<'w, F> Subscribe<'w, F> {
    /// Returns the future that registers `wait`.
    #[inline]
    pub fn new(wait: Pin<&'w mut F>) -> Self {
        Self { wait }
    }
}

impl<F: Subscribable> Future for Subscribe<'_, F> {
    type Output = F::Subscribed;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.wait.as_mut().poll_subscribe(cx)
    }
}

impl<F: fmt::Debug> fmt::Debug for Subscribe<'_, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscribe").field("wait", &self.wait).finish()
    }
}

/// Writes the method that registers a future, for the output of `future!`: what it returns is a
/// [`Subscribe`], or the struct that is named, whose field is the pin.
#[doc(hidden)]
#[macro_export]
macro_rules! __sync_subscribe {
    ([$(#[$meta:meta])*] $vis:vis $subscribe:ident) => {
        $(#[$meta])*
        #[inline]
        $vis fn $subscribe(self: ::core::pin::Pin<&mut Self>) -> $crate::__private::Subscribe<'_, Self> {
            $crate::__private::Subscribe::new(self)
        }
    };
    ([$(#[$meta:meta])*] $vis:vis $subscribe:ident $pin:lifetime $name:ident [$($args:tt)*]) => {
        $(#[$meta])*
        #[inline]
        $vis fn $subscribe<$pin>(self: ::core::pin::Pin<&$pin mut Self>) -> $name<$($args)*> {
            $name { __sync_wait: self }
        }
    };
}
