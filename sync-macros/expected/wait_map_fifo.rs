#[allow(trivial_bounds, reason = "says what is missing where it is missing")]
pub(crate) struct Mailboxes<Lock = ::sync_core::__private::DefaultMutex>
where
    Topic: ::core::cmp::PartialEq,
{
    __sync_queue: ::sync_core::__private::Queue<
        ::sync_core::__private::Fifo<Topic, Msg>,
        Lock,
    >,
}
/// The future returned by `Mailboxes::wait`.
///
/// It borrows the map. Its place among the waiters is inside it: it is not `Unpin`, and nothing is allocated for it. Polling it again after it was ready panics.
///
/// # Cancel safety
///
/// **Hands on**, and loses its place. A future that is dropped leaves the queue of its key. If the future was given a value and is dropped before it yields it, the value goes to the next waiter of the same key; if there is none, it is dropped, outside the raw lock.
#[allow(dead_code, reason = "generated in full, used as needed")]
pub(crate) type MailboxesWait<'map, Lock = ::sync_core::__private::DefaultMutex> = ::sync_core::__private::Wait<
    ::sync_core::__private::Fifo<Topic, Msg>,
    Lock,
    &'map ::sync_core::__private::Queue<::sync_core::__private::Fifo<Topic, Msg>, Lock>,
>;
::sync_core::__private::alloc! {
    #[doc = " The future returned by `Mailboxes::wait_owned`."] #[doc = ""] #[doc =
    " It holds an `Arc` of the map. Its place among the waiters is inside it: it is not `Unpin`, and nothing is allocated for it. Polling it again after it was ready panics."]
    #[doc = ""] #[doc = " # Cancel safety"] #[doc = ""] #[doc =
    " **Hands on**, and loses its place. A future that is dropped leaves the queue of its key. If the future was given a value and is dropped before it yields it, the value goes to the next waiter of the same key; if there is none, it is dropped, outside the raw lock."]
    #[allow(dead_code, reason = "generated in full, used as needed")] pub (crate) type
    MailboxesWaitOwned < Lock = ::sync_core::__private::DefaultMutex > =
    ::sync_core::__private::WaitOwned < Mailboxes < Lock > >;
}
/// The future that puts a wait on a `Mailboxes` in its place without waiting further.
///
/// [`MailboxesWait`]'s `subscribe` returns it. It is ready when it is first polled; from then on a wake-up of the key reaches the wait, polled again or not.
///
/// # Cancel safety
///
/// **Strict.** Dropping it before it was polled changes nothing; afterwards the wait keeps its place.
#[allow(dead_code, reason = "generated in full, used as needed")]
pub(crate) type MailboxesWaitSubscribe<
    'wait,
    'map,
    Lock = ::sync_core::__private::DefaultMutex,
> = ::sync_core::__private::Subscribe<
    'wait,
    ::sync_core::__private::Fifo<Topic, Msg>,
    Lock,
    &'map ::sync_core::__private::Queue<::sync_core::__private::Fifo<Topic, Msg>, Lock>,
>;
#[allow(dead_code, reason = "generated in full, used as needed")]
#[allow(trivial_bounds, reason = "says what is missing where it is missing")]
impl Mailboxes<::sync_core::__private::DefaultMutex>
where
    Topic: ::core::cmp::PartialEq,
{
    ::sync_core::__private::const_fn! {
        #[doc = " Returns a map in which nobody waits, around the default raw lock."]
        #[doc = ""] #[doc =
        " [`new_with_raw_mutex`](Self::new_with_raw_mutex) takes another one. Usable in a `static`, except in models under `--cfg loom`."]
        #[must_use] pub (crate) fn new() -> Self {
        Self::new_with_raw_mutex(::sync_core::__private::DefaultMutex::new()) }
    }
}
#[allow(dead_code, reason = "generated in full, used as needed")]
#[allow(trivial_bounds, reason = "says what is missing where it is missing")]
impl<Lock> Mailboxes<Lock>
where
    Topic: ::core::cmp::PartialEq,
    Lock: ::sync_core::__private::ScopedRawMutex,
{
    ::sync_core::__private::const_fn! {
        #[doc = " Returns a map in which nobody waits, around `lock`."] #[doc = ""] #[doc
        =
        " `lock` decides who may use it: with one that keeps interrupts out while it is held, interrupt handlers may. Usable in a `static`, except in models under `--cfg loom`."]
        #[must_use] pub (crate) fn new_with_raw_mutex(lock : Lock) -> Self { Self {
        __sync_queue : ::sync_core::__private::Queue::new((), lock) } }
    }
    /// Waits until somebody wakes `key`.
    ///
    /// Returns the future [`MailboxesWait`], which yields the value that the wake-up brought. It takes its place when it is first polled: a wake-up before that finds nobody. Where the answer may come sooner, pin it and await its `subscribe()` before asking. `wait_owned`, with the feature `alloc`, is the same for tasks that cannot borrow.
    ///
    /// # Errors
    ///
    /// The future yields `Closed` if the map is [closed](Self::close) before it is woken.
    ///
    /// # Cancel safety
    ///
    /// **Hands on**, and loses its place. A future that is dropped leaves the queue of its key. If the future was given a value and is dropped before it yields it, the value goes to the next waiter of the same key; if there is none, it is dropped, outside the raw lock.
    ///
    /// # Fairness
    ///
    /// First in, first out among the waiters of one key.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock, never while a waker runs. With a `Lock` that keeps interrupts out while it is held, this may be called from an interrupt handler. That holds for polling the future and for dropping it; both compare keys under the lock.
    pub(crate) fn wait(&self, key: Topic) -> MailboxesWait<'_, Lock> {
        ::sync_core::__private::Queue::wait(&self.__sync_queue, key)
    }
    ::sync_core::__private::alloc! {
        #[doc =
        " Waits as [`wait`](Self::wait) does, with a future that borrows nothing."] #[doc
        = ""] #[doc =
        " Returns the future [`MailboxesWaitOwned`], which holds a clone of the `Arc` until it is dropped. Errors, cancel safety, fairness and use in interrupt handlers are those of [`wait`](Self::wait); the last future that is dropped frees the map if nobody else holds it, so drop it where freeing is allowed."]
        pub (crate) fn wait_owned(self : & ::sync_core::__private::Arc < Self >, key :
        Topic) -> MailboxesWaitOwned < Lock > {
        ::sync_core::__private::wait_owned(::core::clone::Clone::clone(self), key) }
    }
    /// Wakes the task that has waited longest for `key` and gives it `value`.
    ///
    /// Returns `WakeOutcome::Woke` if there was one. Otherwise the value comes back, in `WakeOutcome::NoMatch` if nobody waits for `key`, and in `WakeOutcome::Closed` if the map is [closed](Self::close). A wake-up that finds nobody is not kept.
    ///
    /// # Cancel safety
    ///
    /// If the future was given a value and is dropped before it yields it, the value goes to the next waiter of the same key; if there is none, it is dropped, outside the raw lock.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock, never while a waker runs. With a `Lock` that keeps interrupts out while it is held, this may be called from an interrupt handler. It looks at the waiters one by one, so its steps are bounded by their number; comparing keys happens under the lock, waking does not.
    pub(crate) fn wake_one(
        &self,
        key: &Topic,
        value: Msg,
    ) -> ::sync_core::__private::WakeOutcome<Msg> {
        ::sync_core::__private::Queue::wake_one(&self.__sync_queue, key, value)
    }
    /// Wakes up to `n` of the tasks that wait for `key`, those first who have waited longest, and gives each a clone of `value`.
    ///
    /// Returns how many it woke: fewer than `n` if fewer waited, none if the map is [closed](Self::close).
    ///
    /// # Cancel safety
    ///
    /// If the future was given a value and is dropped before it yields it, the value goes to the next waiter of the same key; if there is none, it is dropped, outside the raw lock.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock, never while a waker runs. With a `Lock` that keeps interrupts out while it is held, this may be called from an interrupt handler. It looks at the waiters one by one, so its steps are bounded by their number; comparing keys happens under the lock, waking does not.
    pub(crate) fn wake_n(
        &self,
        key: &Topic,
        n: ::core::primitive::usize,
        value: Msg,
    ) -> ::core::primitive::usize
    where
        for<'value> Msg: ::core::clone::Clone,
    {
        ::sync_core::__private::Queue::wake_n(&self.__sync_queue, key, n, value)
    }
    /// Wakes all tasks that wait for `key` at the time of the call, in the order in which they came, and gives each a clone of `value`.
    ///
    /// Returns how many it woke; none if the map is [closed](Self::close). Who starts to wait meanwhile is not among them.
    ///
    /// # Cancel safety
    ///
    /// If the future was given a value and is dropped before it yields it, the value goes to the next waiter of the same key; if there is none, it is dropped, outside the raw lock.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock, never while a waker runs. With a `Lock` that keeps interrupts out while it is held, this may be called from an interrupt handler. It looks at the waiters one by one, so its steps are bounded by their number; comparing keys happens under the lock, waking does not.
    pub(crate) fn wake_all(&self, key: &Topic, value: Msg) -> ::core::primitive::usize
    where
        for<'value> Msg: ::core::clone::Clone,
    {
        ::sync_core::__private::Queue::wake_all(&self.__sync_queue, key, value)
    }
    /// Closes it for good: all that wait, and all that will, are told so.
    ///
    /// Wakes everybody who waits, oldest first; their futures yield the error that says "closed". What was given to a waiter before stays with it. Closing again changes nothing.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock, never while a waker runs. With a `Lock` that keeps interrupts out while it is held, this may be called from an interrupt handler. It releases the lock between batches of wakers, and takes as many steps as there are waiters.
    pub(crate) fn close(&self) {
        ::sync_core::__private::Queue::close(&self.__sync_queue);
    }
    /// Returns whether [`close`](Self::close) was called.
    ///
    /// The answer `true` stays true; the answer `false` may be out of date when it arrives.
    ///
    /// # Interrupts
    ///
    /// Callable from everywhere.
    #[must_use]
    pub(crate) fn is_closed(&self) -> ::core::primitive::bool {
        ::sync_core::__private::Queue::is_closed(&self.__sync_queue)
    }
}
#[automatically_derived]
#[allow(trivial_bounds, reason = "says what is missing where it is missing")]
impl<Lock> ::core::default::Default for Mailboxes<Lock>
where
    Topic: ::core::cmp::PartialEq,
    Lock: ::sync_core::__private::ScopedRawMutex,
    Lock: ::core::default::Default,
{
    fn default() -> Self {
        Self::new_with_raw_mutex(::core::default::Default::default())
    }
}
#[automatically_derived]
#[allow(trivial_bounds, reason = "says what is missing where it is missing")]
impl<Lock> ::core::fmt::Debug for Mailboxes<Lock>
where
    Topic: ::core::cmp::PartialEq,
    Lock: ::sync_core::__private::ScopedRawMutex,
{
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::sync_core::__private::Queue::debug(&self.__sync_queue, "Mailboxes", f)
    }
}
::sync_core::__private::alloc! {
    #[automatically_derived] #[allow(trivial_bounds, reason =
    "says what is missing where it is missing")] impl < Lock >
    ::sync_core::__private::AsQueue for Mailboxes < Lock > where Topic :
    ::core::cmp::PartialEq, Lock : ::sync_core::__private::ScopedRawMutex { type Rule =
    ::sync_core::__private::Fifo < Topic, Msg >; type Lock = Lock; fn as_queue(& self) ->
    & ::sync_core::__private::Queue < ::sync_core::__private::Fifo < Topic, Msg >, Lock >
    { & self.__sync_queue } }
}
