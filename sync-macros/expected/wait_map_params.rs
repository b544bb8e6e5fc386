struct r#Names<
    'map,
    'wait,
    T = u8,
    const N: usize = 4,
    Lock = ::renamed::sync::__private::DefaultMutex,
>
where
    T: 'map,
    (&'map [T; N], &'wait str): ::core::cmp::PartialEq,
{
    __sync_queue: ::renamed::sync::__private::Queue<
        ::renamed::sync::__private::Fifo<(&'map [T; N], &'wait str), ()>,
        Lock,
    >,
}
/// The future returned by `Names::wait`.
///
/// It borrows the map. Its place among the waiters is inside it: it is not `Unpin`, and nothing is allocated for it. Polling it again after it was ready panics.
///
/// # Cancel safety
///
/// **Hands on**, and loses its place. A future that is dropped leaves the queue of its key. If the future was woken and is dropped before it is polled, the wake-up goes to the next waiter of the same key, if there is one.
#[allow(dead_code, reason = "generated in full, used as needed")]
type NamesWait<
    '__sync_map,
    'map,
    'wait,
    T = u8,
    const N: usize = 4,
    Lock = ::renamed::sync::__private::DefaultMutex,
> = ::renamed::sync::__private::Wait<
    ::renamed::sync::__private::Fifo<(&'map [T; N], &'wait str), ()>,
    Lock,
    &'__sync_map ::renamed::sync::__private::Queue<
        ::renamed::sync::__private::Fifo<(&'map [T; N], &'wait str), ()>,
        Lock,
    >,
>;
::renamed::sync::__private::alloc! {
    #[doc = " The future returned by `Names::wait_owned`."] #[doc = ""] #[doc =
    " It holds an `Arc` of the map. Its place among the waiters is inside it: it is not `Unpin`, and nothing is allocated for it. Polling it again after it was ready panics."]
    #[doc = ""] #[doc = " # Cancel safety"] #[doc = ""] #[doc =
    " **Hands on**, and loses its place. A future that is dropped leaves the queue of its key. If the future was woken and is dropped before it is polled, the wake-up goes to the next waiter of the same key, if there is one."]
    #[allow(dead_code, reason = "generated in full, used as needed")] type NamesWaitOwned
    < 'map, 'wait, T = u8, const N : usize = 4, Lock =
    ::renamed::sync::__private::DefaultMutex > = ::renamed::sync::__private::WaitOwned <
    r#Names < 'map, 'wait, T, N, Lock > >;
}
/// The future that puts a wait on a `Names` in its place without waiting further.
///
/// [`NamesWait`]'s `subscribe` returns it. It is ready when it is first polled; from then on a wake-up of the key reaches the wait, polled again or not.
///
/// # Cancel safety
///
/// **Strict.** Dropping it before it was polled changes nothing; afterwards the wait keeps its place.
#[allow(dead_code, reason = "generated in full, used as needed")]
type NamesWaitSubscribe<
    '__sync_wait,
    '__sync_map,
    'map,
    'wait,
    T = u8,
    const N: usize = 4,
    Lock = ::renamed::sync::__private::DefaultMutex,
> = ::renamed::sync::__private::Subscribe<
    '__sync_wait,
    ::renamed::sync::__private::Fifo<(&'map [T; N], &'wait str), ()>,
    Lock,
    &'__sync_map ::renamed::sync::__private::Queue<
        ::renamed::sync::__private::Fifo<(&'map [T; N], &'wait str), ()>,
        Lock,
    >,
>;
#[allow(dead_code, reason = "generated in full, used as needed")]
impl<
    'map,
    'wait,
    T,
    const N: usize,
> r#Names<'map, 'wait, T, N, ::renamed::sync::__private::DefaultMutex>
where
    T: 'map,
    (&'map [T; N], &'wait str): ::core::cmp::PartialEq,
{
    ::renamed::sync::__private::const_fn! {
        #[doc = " Returns a map in which nobody waits, around the default raw lock."]
        #[doc = ""] #[doc =
        " [`new_with_raw_mutex`](Self::new_with_raw_mutex) takes another one. Usable in a `static`, except in models under `--cfg loom`."]
        #[must_use] fn new() -> Self {
        Self::new_with_raw_mutex(::renamed::sync::__private::DefaultMutex::new()) }
    }
}
#[allow(dead_code, reason = "generated in full, used as needed")]
impl<'map, 'wait, T, const N: usize, Lock> r#Names<'map, 'wait, T, N, Lock>
where
    T: 'map,
    (&'map [T; N], &'wait str): ::core::cmp::PartialEq,
    Lock: ::renamed::sync::__private::ScopedRawMutex,
{
    ::renamed::sync::__private::const_fn! {
        #[doc = " Returns a map in which nobody waits, around `lock`."] #[doc = ""] #[doc
        =
        " `lock` decides who may use it: with one that keeps interrupts out while it is held, interrupt handlers may. Usable in a `static`, except in models under `--cfg loom`."]
        #[must_use] fn new_with_raw_mutex(lock : Lock) -> Self { Self { __sync_queue :
        ::renamed::sync::__private::Queue::new((), lock) } }
    }
    /// Waits until somebody wakes `key`.
    ///
    /// Returns the future [`NamesWait`], which is ready when it was woken. It takes its place when it is first polled: a wake-up before that finds nobody. Where the answer may come sooner, pin it and await its `subscribe()` before asking. `wait_owned`, with the feature `alloc`, is the same for tasks that cannot borrow.
    ///
    /// # Errors
    ///
    /// The future yields `Closed` if the map is [closed](Self::close) before it is woken.
    ///
    /// # Cancel safety
    ///
    /// **Hands on**, and loses its place. A future that is dropped leaves the queue of its key. If the future was woken and is dropped before it is polled, the wake-up goes to the next waiter of the same key, if there is one.
    ///
    /// # Fairness
    ///
    /// First in, first out among the waiters of one key.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock, never while a waker runs. With a `Lock` that keeps interrupts out while it is held, this may be called from an interrupt handler. That holds for polling the future and for dropping it; both compare keys under the lock.
    fn wait(
        &self,
        key: (&'map [T; N], &'wait str),
    ) -> NamesWait<'_, 'map, 'wait, T, N, Lock> {
        ::renamed::sync::__private::Queue::wait(&self.__sync_queue, key)
    }
    ::renamed::sync::__private::alloc! {
        #[doc =
        " Waits as [`wait`](Self::wait) does, with a future that borrows nothing."] #[doc
        = ""] #[doc =
        " Returns the future [`NamesWaitOwned`], which holds a clone of the `Arc` until it is dropped. Errors, cancel safety, fairness and use in interrupt handlers are those of [`wait`](Self::wait); the last future that is dropped frees the map if nobody else holds it, so drop it where freeing is allowed."]
        fn wait_owned(self : & ::renamed::sync::__private::Arc < Self >, key : (& 'map[T;
        N], & 'wait str)) -> NamesWaitOwned < 'map, 'wait, T, N, Lock > {
        ::renamed::sync::__private::wait_owned(::core::clone::Clone::clone(self), key) }
    }
    /// Wakes the task that has waited longest for `key`.
    ///
    /// Returns `WakeOutcome::Woke` if there was one, `WakeOutcome::NoMatch` if nobody waits for `key`, and `WakeOutcome::Closed` if the map is [closed](Self::close). A wake-up that finds nobody is not kept.
    ///
    /// # Cancel safety
    ///
    /// If the future was woken and is dropped before it is polled, the wake-up goes to the next waiter of the same key, if there is one.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock, never while a waker runs. With a `Lock` that keeps interrupts out while it is held, this may be called from an interrupt handler. It looks at the waiters one by one, so its steps are bounded by their number; comparing keys happens under the lock, waking does not.
    fn wake_one(
        &self,
        key: &(&'map [T; N], &'wait str),
    ) -> ::renamed::sync::__private::WakeOutcome<()> {
        ::renamed::sync::__private::Queue::wake_one(&self.__sync_queue, key, ())
    }
    /// Wakes up to `n` of the tasks that wait for `key`, those first who have waited longest.
    ///
    /// Returns how many it woke: fewer than `n` if fewer waited, none if the map is [closed](Self::close).
    ///
    /// # Cancel safety
    ///
    /// If the future was woken and is dropped before it is polled, the wake-up goes to the next waiter of the same key, if there is one.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock, never while a waker runs. With a `Lock` that keeps interrupts out while it is held, this may be called from an interrupt handler. It looks at the waiters one by one, so its steps are bounded by their number; comparing keys happens under the lock, waking does not.
    fn wake_n(
        &self,
        key: &(&'map [T; N], &'wait str),
        n: ::core::primitive::usize,
    ) -> ::core::primitive::usize {
        ::renamed::sync::__private::Queue::wake_n(&self.__sync_queue, key, n, ())
    }
    /// Wakes all tasks that wait for `key` at the time of the call, in the order in which they came.
    ///
    /// Returns how many it woke; none if the map is [closed](Self::close). Who starts to wait meanwhile is not among them.
    ///
    /// # Cancel safety
    ///
    /// If the future was woken and is dropped before it is polled, the wake-up goes to the next waiter of the same key, if there is one.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock, never while a waker runs. With a `Lock` that keeps interrupts out while it is held, this may be called from an interrupt handler. It looks at the waiters one by one, so its steps are bounded by their number; comparing keys happens under the lock, waking does not.
    fn wake_all(&self, key: &(&'map [T; N], &'wait str)) -> ::core::primitive::usize {
        ::renamed::sync::__private::Queue::wake_all(&self.__sync_queue, key, ())
    }
    /// Closes it for good: all that wait, and all that will, are told so.
    ///
    /// Wakes everybody who waits, oldest first; their futures yield the error that says "closed". What was given to a waiter before stays with it. Closing again changes nothing.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock, never while a waker runs. With a `Lock` that keeps interrupts out while it is held, this may be called from an interrupt handler. It releases the lock between batches of wakers, and takes as many steps as there are waiters.
    fn close(&self) {
        ::renamed::sync::__private::Queue::close(&self.__sync_queue);
    }
    /// Returns whether [`close`](Self::close) was called.
    ///
    /// The answer `true` stays true; the answer `false` may be out of date when it arrives.
    ///
    /// # Interrupts
    ///
    /// Callable from everywhere.
    #[must_use]
    fn is_closed(&self) -> ::core::primitive::bool {
        ::renamed::sync::__private::Queue::is_closed(&self.__sync_queue)
    }
}
#[automatically_derived]
impl<'map, 'wait, T, const N: usize, Lock> ::core::default::Default
for r#Names<'map, 'wait, T, N, Lock>
where
    T: 'map,
    (&'map [T; N], &'wait str): ::core::cmp::PartialEq,
    Lock: ::renamed::sync::__private::ScopedRawMutex,
    Lock: ::core::default::Default,
{
    fn default() -> Self {
        Self::new_with_raw_mutex(::core::default::Default::default())
    }
}
#[automatically_derived]
impl<'map, 'wait, T, const N: usize, Lock> ::core::fmt::Debug
for r#Names<'map, 'wait, T, N, Lock>
where
    T: 'map,
    (&'map [T; N], &'wait str): ::core::cmp::PartialEq,
    Lock: ::renamed::sync::__private::ScopedRawMutex,
{
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::renamed::sync::__private::Queue::debug(&self.__sync_queue, "Names", f)
    }
}
::renamed::sync::__private::alloc! {
    #[automatically_derived] impl < 'map, 'wait, T, const N : usize, Lock >
    ::renamed::sync::__private::AsQueue for r#Names < 'map, 'wait, T, N, Lock > where T :
    'map, (& 'map[T; N], & 'wait str) : ::core::cmp::PartialEq, Lock :
    ::renamed::sync::__private::ScopedRawMutex { type Rule =
    ::renamed::sync::__private::Fifo < (& 'map[T; N], & 'wait str), () >; type Lock =
    Lock; fn as_queue(& self) -> & ::renamed::sync::__private::Queue <
    ::renamed::sync::__private::Fifo < (& 'map[T; N], & 'wait str), () >, Lock > { & self
    .__sync_queue } }
}
