pub struct WaitMap<K, V, Lock = crate::__private::DefaultMutex>
where
    K: PartialEq,
{
    __sync_queue: crate::__private::Queue<crate::__private::Unique<K, V>, Lock>,
}
/// The future returned by `WaitMap::wait`.
///
/// It borrows the map. Its place among the waiters is inside it: it is not `Unpin`, and nothing is allocated for it. Polled again after it was ready, it yields `WaitError::AlreadyConsumed`.
///
/// # Cancel safety
///
/// **Not.** A future that is dropped leaves the map, and its key is free again. If the future was given a value and is dropped before it yields it, the value is dropped with it, outside the raw lock.
#[allow(dead_code, reason = "generated in full, used as needed")]
pub type Wait<'map, K, V, Lock = crate::__private::DefaultMutex> = crate::__private::Wait<
    crate::__private::Unique<K, V>,
    Lock,
    &'map crate::__private::Queue<crate::__private::Unique<K, V>, Lock>,
>;
crate::__private::alloc! {
    #[doc = " The future returned by `WaitMap::wait_owned`."] #[doc = ""] #[doc =
    " It holds an `Arc` of the map. Its place among the waiters is inside it: it is not `Unpin`, and nothing is allocated for it. Polled again after it was ready, it yields `WaitError::AlreadyConsumed`."]
    #[doc = ""] #[doc = " # Cancel safety"] #[doc = ""] #[doc =
    " **Not.** A future that is dropped leaves the map, and its key is free again. If the future was given a value and is dropped before it yields it, the value is dropped with it, outside the raw lock."]
    #[allow(dead_code, reason = "generated in full, used as needed")] pub type WaitOwned
    < K, V, Lock = crate ::__private::DefaultMutex > = crate ::__private::WaitOwned <
    WaitMap < K, V, Lock > >;
}
/// The future that puts a wait on a `WaitMap` in its place without waiting further.
///
/// [`Wait`]'s `subscribe` returns it. It is ready when it is first polled; from then on a wake-up of the key reaches the wait, polled again or not.
///
/// # Cancel safety
///
/// **Strict.** Dropping it before it was polled changes nothing; afterwards the wait keeps its place.
#[allow(dead_code, reason = "generated in full, used as needed")]
pub type Subscribe<'wait, 'map, K, V, Lock = crate::__private::DefaultMutex> = crate::__private::Subscribe<
    'wait,
    crate::__private::Unique<K, V>,
    Lock,
    &'map crate::__private::Queue<crate::__private::Unique<K, V>, Lock>,
>;
#[allow(dead_code, reason = "generated in full, used as needed")]
impl<K, V> WaitMap<K, V, crate::__private::DefaultMutex>
where
    K: PartialEq,
{
    crate::__private::const_fn! {
        #[doc = " Returns a map in which nobody waits, around the default raw lock."]
        #[doc = ""] #[doc =
        " [`new_with_raw_mutex`](Self::new_with_raw_mutex) takes another one. Usable in a `static`, except in models under `--cfg loom`."]
        #[must_use] pub fn new() -> Self { Self::new_with_raw_mutex(crate
        ::__private::DefaultMutex::new()) }
    }
}
#[allow(dead_code, reason = "generated in full, used as needed")]
impl<K, V, Lock> WaitMap<K, V, Lock>
where
    K: PartialEq,
    Lock: crate::__private::ScopedRawMutex,
{
    crate::__private::const_fn! {
        #[doc = " Returns a map in which nobody waits, around `lock`."] #[doc = ""] #[doc
        =
        " `lock` decides who may use it: with one that keeps interrupts out while it is held, interrupt handlers may. Usable in a `static`, except in models under `--cfg loom`."]
        #[must_use] pub fn new_with_raw_mutex(lock : Lock) -> Self { Self { __sync_queue
        : crate ::__private::Queue::new((), lock) } }
    }
    /// Waits until somebody wakes `key`.
    ///
    /// Returns the future [`Wait`], which yields the value that the wake-up brought. It takes its place when it is first polled: a wake-up before that finds nobody. Where the answer may come sooner, pin it and await its `subscribe()` before asking. `wait_owned`, with the feature `alloc`, is the same for tasks that cannot borrow.
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
    pub fn wait(&self, key: K) -> Wait<'_, K, V, Lock> {
        crate::__private::Queue::wait(&self.__sync_queue, key)
    }
    crate::__private::alloc! {
        #[doc =
        " Waits as [`wait`](Self::wait) does, with a future that borrows nothing."] #[doc
        = ""] #[doc =
        " Returns the future [`WaitOwned`], which holds a clone of the `Arc` until it is dropped. Errors, cancel safety, fairness and use in interrupt handlers are those of [`wait`](Self::wait); the last future that is dropped frees the map if nobody else holds it, so drop it where freeing is allowed."]
        pub fn wait_owned(self : & crate ::__private::Arc < Self >, key : K) -> WaitOwned
        < K, V, Lock > { crate ::__private::wait_owned(::core::clone::Clone::clone(self),
        key) }
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
    pub fn wake(&self, key: &K, value: V) -> crate::__private::WakeOutcome<V> {
        crate::__private::Queue::wake(&self.__sync_queue, key, value)
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
        key: K,
        f: F,
    ) -> ::core::result::Result<(), crate::__private::WaitError>
    where
        F: ::core::ops::FnMut() -> ::core::primitive::bool,
    {
        crate::__private::Queue::wait_for(&self.__sync_queue, key, f).await
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
        key: K,
        f: F,
    ) -> ::core::result::Result<T, crate::__private::WaitError>
    where
        F: ::core::ops::FnMut() -> ::core::option::Option<T>,
    {
        crate::__private::Queue::wait_for_value(&self.__sync_queue, key, f).await
    }
    /// Closes it for good: all that wait, and all that will, are told so.
    ///
    /// Wakes everybody who waits, oldest first; their futures yield the error that says "closed". What was given to a waiter before stays with it. Closing again changes nothing.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock, never while a waker runs. With a `Lock` that keeps interrupts out while it is held, this may be called from an interrupt handler. It releases the lock between batches of wakers, and takes as many steps as there are waiters.
    pub fn close(&self) {
        crate::__private::Queue::close(&self.__sync_queue);
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
        crate::__private::Queue::is_closed(&self.__sync_queue)
    }
}
#[automatically_derived]
impl<K, V, Lock> ::core::default::Default for WaitMap<K, V, Lock>
where
    K: PartialEq,
    Lock: crate::__private::ScopedRawMutex,
    Lock: ::core::default::Default,
{
    fn default() -> Self {
        Self::new_with_raw_mutex(::core::default::Default::default())
    }
}
#[automatically_derived]
impl<K, V, Lock> ::core::fmt::Debug for WaitMap<K, V, Lock>
where
    K: PartialEq,
    Lock: crate::__private::ScopedRawMutex,
{
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        crate::__private::Queue::debug(&self.__sync_queue, "WaitMap", f)
    }
}
crate::__private::alloc! {
    #[automatically_derived] impl < K, V, Lock > crate ::__private::AsQueue for WaitMap <
    K, V, Lock > where K : PartialEq, Lock : crate ::__private::ScopedRawMutex { type
    Rule = crate ::__private::Unique < K, V >; type Lock = Lock; fn as_queue(& self) -> &
    crate ::__private::Queue < crate ::__private::Unique < K, V >, Lock > { & self
    .__sync_queue } }
}
