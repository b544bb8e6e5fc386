/// One waiter per tag.
#[allow(trivial_bounds, reason = "says what is missing where it is missing")]
pub struct Completions<Lock = ::sync_core::__private::DefaultMutex>
where
    u16: ::core::cmp::PartialEq,
{
    __sync_queue: ::sync_core::__private::Queue<
        ::sync_core::__private::Unique<u16, Cqe>,
        Lock,
    >,
}
/// The future returned by `Completions::wait`.
///
/// It borrows the map. Its place among the waiters is inside it: it is not `Unpin`, and nothing is allocated for it. Polled again after it was ready, it yields `WaitError::AlreadyConsumed`.
///
/// # Cancel safety
///
/// **Not.** A future that is dropped leaves the map, and its key is free again. If the future was given a value and is dropped before it yields it, the value is dropped with it, outside the raw lock.
#[allow(dead_code, reason = "generated in full, used as needed")]
pub type CompletionsWait<'map, Lock = ::sync_core::__private::DefaultMutex> = ::sync_core::__private::Wait<
    ::sync_core::__private::Unique<u16, Cqe>,
    Lock,
    &'map ::sync_core::__private::Queue<::sync_core::__private::Unique<u16, Cqe>, Lock>,
>;
::sync_core::__private::alloc! {
    #[doc = " The future returned by `Completions::wait_owned`."] #[doc = ""] #[doc =
    " It holds an `Arc` of the map. Its place among the waiters is inside it: it is not `Unpin`, and nothing is allocated for it. Polled again after it was ready, it yields `WaitError::AlreadyConsumed`."]
    #[doc = ""] #[doc = " # Cancel safety"] #[doc = ""] #[doc =
    " **Not.** A future that is dropped leaves the map, and its key is free again. If the future was given a value and is dropped before it yields it, the value is dropped with it, outside the raw lock."]
    #[allow(dead_code, reason = "generated in full, used as needed")] pub type
    CompletionsWaitOwned < Lock = ::sync_core::__private::DefaultMutex > =
    ::sync_core::__private::WaitOwned < Completions < Lock > >;
}
/// The future that puts a wait on a `Completions` in its place without waiting further.
///
/// [`CompletionsWait`]'s `subscribe` returns it. It is ready when it is first polled; from then on a wake-up of the key reaches the wait, polled again or not.
///
/// # Cancel safety
///
/// **Strict.** Dropping it before it was polled changes nothing; afterwards the wait keeps its place.
#[allow(dead_code, reason = "generated in full, used as needed")]
pub type CompletionsWaitSubscribe<
    'wait,
    'map,
    Lock = ::sync_core::__private::DefaultMutex,
> = ::sync_core::__private::Subscribe<
    'wait,
    ::sync_core::__private::Unique<u16, Cqe>,
    Lock,
    &'map ::sync_core::__private::Queue<::sync_core::__private::Unique<u16, Cqe>, Lock>,
>;
#[allow(dead_code, reason = "generated in full, used as needed")]
#[allow(trivial_bounds, reason = "says what is missing where it is missing")]
impl Completions<::sync_core::__private::DefaultMutex>
where
    u16: ::core::cmp::PartialEq,
{
    ::sync_core::__private::const_fn! {
        #[doc = " Returns a map in which nobody waits, around the default raw lock."]
        #[doc = ""] #[doc =
        " [`new_with_raw_mutex`](Self::new_with_raw_mutex) takes another one. Usable in a `static`, except in models under `--cfg loom`."]
        #[must_use] pub fn new() -> Self {
        Self::new_with_raw_mutex(::sync_core::__private::DefaultMutex::new()) }
    }
}
#[allow(dead_code, reason = "generated in full, used as needed")]
#[allow(trivial_bounds, reason = "says what is missing where it is missing")]
impl<Lock> Completions<Lock>
where
    u16: ::core::cmp::PartialEq,
    Lock: ::sync_core::__private::ScopedRawMutex,
{
    ::sync_core::__private::const_fn! {
        #[doc = " Returns a map in which nobody waits, around `lock`."] #[doc = ""] #[doc
        =
        " `lock` decides who may use it: with one that keeps interrupts out while it is held, interrupt handlers may. Usable in a `static`, except in models under `--cfg loom`."]
        #[must_use] pub fn new_with_raw_mutex(lock : Lock) -> Self { Self { __sync_queue
        : ::sync_core::__private::Queue::new((), lock) } }
    }
    /// Waits until somebody wakes `key`.
    ///
    /// Returns the future [`CompletionsWait`], which yields the value that the wake-up brought. It takes its place when it is first polled: a wake-up before that finds nobody. Where the answer may come sooner, pin it and await its `subscribe()` before asking. `wait_owned`, with the feature `alloc`, is the same for tasks that cannot borrow.
    ///
    /// # Errors
    ///
    /// The future yields `WaitError::Duplicate` if somebody waits for an equal key already, and `WaitError::Closed` if the map is [closed](Self::close) before it is woken.
    ///
    /// # Cancel safety
    ///
    /// **Not.** A future that is dropped leaves the map, and its key is free again. If the future was given a value and is dropped before it yields it, the value is dropped with it, outside the raw lock.
    ///
    /// # Fairness
    ///
    /// There is one waiter per key at most, so none is preferred.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock, never while a waker runs. With a `Lock` that keeps interrupts out while it is held, this may be called from an interrupt handler. That holds for polling the future and for dropping it; both compare keys under the lock.
    pub fn wait(&self, key: u16) -> CompletionsWait<'_, Lock> {
        ::sync_core::__private::Queue::wait(&self.__sync_queue, key)
    }
    ::sync_core::__private::alloc! {
        #[doc =
        " Waits as [`wait`](Self::wait) does, with a future that borrows nothing."] #[doc
        = ""] #[doc =
        " Returns the future [`CompletionsWaitOwned`], which holds a clone of the `Arc` until it is dropped. Errors, cancel safety, fairness and use in interrupt handlers are those of [`wait`](Self::wait); the last future that is dropped frees the map if nobody else holds it, so drop it where freeing is allowed."]
        pub fn wait_owned(self : & ::sync_core::__private::Arc < Self >, key : u16) ->
        CompletionsWaitOwned < Lock > {
        ::sync_core::__private::wait_owned(::core::clone::Clone::clone(self), key) }
    }
    /// Wakes the task that waits for `key` and gives it `value`.
    ///
    /// Returns `WakeOutcome::Woke` if there was one. Otherwise the value comes back, in `WakeOutcome::NoMatch` if nobody waits for `key`, and in `WakeOutcome::Closed` if the map is [closed](Self::close). A wake-up that finds nobody is not kept.
    ///
    /// # Cancel safety
    ///
    /// If the future was given a value and is dropped before it yields it, the value is dropped with it, outside the raw lock.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock, never while a waker runs. With a `Lock` that keeps interrupts out while it is held, this may be called from an interrupt handler. It looks at the waiters one by one, so its steps are bounded by their number; comparing keys happens under the lock, waking does not.
    pub fn wake(
        &self,
        key: &u16,
        value: Cqe,
    ) -> ::sync_core::__private::WakeOutcome<Cqe> {
        ::sync_core::__private::Queue::wake(&self.__sync_queue, key, value)
    }
    /// Waits until `f` returns `true`, asking it again after each wake-up of `key`.
    ///
    /// `f` is asked for the first time when the task has taken its place, so that no change after that is missed. The value that a wake-up brings is dropped.
    ///
    /// # Errors
    ///
    /// `WaitError::Duplicate` if somebody waits for an equal key already, and `WaitError::Closed` if the map is [closed](Self::close) while the condition does not hold.
    ///
    /// # Cancel safety
    ///
    /// **Strict**, if `f` keeps nothing: dropping the future and calling again is as good as going on.
    ///
    /// # Fairness
    ///
    /// There is one waiter per key at most, so none is preferred.
    ///
    /// # Interrupts
    ///
    /// `f` runs outside the raw lock.
    pub async fn wait_for<F>(
        &self,
        key: u16,
        f: F,
    ) -> ::core::result::Result<(), ::sync_core::__private::WaitError>
    where
        F: ::core::ops::FnMut() -> ::core::primitive::bool,
    {
        ::sync_core::__private::Queue::wait_for(&self.__sync_queue, key, f).await
    }
    /// Waits until `f` returns a value, asking it again after each wake-up of `key`, and returns that value.
    ///
    /// `f` is asked for the first time when the task has taken its place, so that no change after that is missed. The value that a wake-up brings is dropped.
    ///
    /// # Errors
    ///
    /// `WaitError::Duplicate` if somebody waits for an equal key already, and `WaitError::Closed` if the map is [closed](Self::close) before `f` returned a value.
    ///
    /// # Cancel safety
    ///
    /// **Strict**, if `f` keeps nothing: dropping the future and calling again is as good as going on.
    ///
    /// # Fairness
    ///
    /// There is one waiter per key at most, so none is preferred.
    ///
    /// # Interrupts
    ///
    /// `f` runs outside the raw lock.
    pub async fn wait_for_value<T, F>(
        &self,
        key: u16,
        f: F,
    ) -> ::core::result::Result<T, ::sync_core::__private::WaitError>
    where
        F: ::core::ops::FnMut() -> ::core::option::Option<T>,
    {
        ::sync_core::__private::Queue::wait_for_value(&self.__sync_queue, key, f).await
    }
    /// Closes it for good: all that wait, and all that will, are told so.
    ///
    /// Wakes everybody who waits, oldest first; their futures yield the error that says "closed". What was given to a waiter before stays with it. Closing again changes nothing.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock, never while a waker runs. With a `Lock` that keeps interrupts out while it is held, this may be called from an interrupt handler. It releases the lock between batches of wakers, and takes as many steps as there are waiters.
    pub fn close(&self) {
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
    pub fn is_closed(&self) -> ::core::primitive::bool {
        ::sync_core::__private::Queue::is_closed(&self.__sync_queue)
    }
}
#[automatically_derived]
#[allow(trivial_bounds, reason = "says what is missing where it is missing")]
impl<Lock> ::core::default::Default for Completions<Lock>
where
    u16: ::core::cmp::PartialEq,
    Lock: ::sync_core::__private::ScopedRawMutex,
    Lock: ::core::default::Default,
{
    fn default() -> Self {
        Self::new_with_raw_mutex(::core::default::Default::default())
    }
}
#[automatically_derived]
#[allow(trivial_bounds, reason = "says what is missing where it is missing")]
impl<Lock> ::core::fmt::Debug for Completions<Lock>
where
    u16: ::core::cmp::PartialEq,
    Lock: ::sync_core::__private::ScopedRawMutex,
{
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::sync_core::__private::Queue::debug(&self.__sync_queue, "Completions", f)
    }
}
::sync_core::__private::alloc! {
    #[automatically_derived] #[allow(trivial_bounds, reason =
    "says what is missing where it is missing")] impl < Lock >
    ::sync_core::__private::AsQueue for Completions < Lock > where u16 :
    ::core::cmp::PartialEq, Lock : ::sync_core::__private::ScopedRawMutex { type Rule =
    ::sync_core::__private::Unique < u16, Cqe >; type Lock = Lock; fn as_queue(& self) ->
    & ::sync_core::__private::Queue < ::sync_core::__private::Unique < u16, Cqe >, Lock >
    { & self.__sync_queue } }
}
