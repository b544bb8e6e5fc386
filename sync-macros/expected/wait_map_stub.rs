pub struct Completions<T, Lock = ::sync_core::__private::DefaultMutex> {
    __sync_queue: ::sync_core::__private::Queue<
        ::sync_core::__private::Unique<
            ::core::marker::PhantomData<(::core::marker::PhantomData<T>,)>,
            Cqe,
        >,
        Lock,
    >,
}
/// The future returned by `Completions::wait`.
#[allow(dead_code, reason = "generated in full, used as needed")]
pub type CompletionsWait<'map, T, Lock = ::sync_core::__private::DefaultMutex> = ::sync_core::__private::Wait<
    ::sync_core::__private::Unique<
        ::core::marker::PhantomData<(::core::marker::PhantomData<T>,)>,
        Cqe,
    >,
    Lock,
    &'map ::sync_core::__private::Queue<
        ::sync_core::__private::Unique<
            ::core::marker::PhantomData<(::core::marker::PhantomData<T>,)>,
            Cqe,
        >,
        Lock,
    >,
>;
::sync_core::__private::alloc! {
    #[doc = " The future returned by `Completions::wait_owned`."] #[allow(dead_code,
    reason = "generated in full, used as needed")] pub type CompletionsWaitOwned < T,
    Lock = ::sync_core::__private::DefaultMutex > = ::sync_core::__private::WaitOwned <
    Completions < T, Lock > >;
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
    T,
    Lock = ::sync_core::__private::DefaultMutex,
> = ::sync_core::__private::Subscribe<
    'wait,
    ::sync_core::__private::Unique<
        ::core::marker::PhantomData<(::core::marker::PhantomData<T>,)>,
        Cqe,
    >,
    Lock,
    &'map ::sync_core::__private::Queue<
        ::sync_core::__private::Unique<
            ::core::marker::PhantomData<(::core::marker::PhantomData<T>,)>,
            Cqe,
        >,
        Lock,
    >,
>;
#[allow(dead_code, reason = "generated in full, used as needed")]
impl<T> Completions<T, ::sync_core::__private::DefaultMutex> {
    ::sync_core::__private::const_fn! {
        #[doc = " Returns a map in which nobody waits, around the default raw lock."]
        #[doc = ""] #[doc =
        " [`new_with_raw_mutex`](Self::new_with_raw_mutex) takes another one. Usable in a `static`, except in models under `--cfg loom`."]
        #[must_use] pub fn new() -> Self {
        Self::new_with_raw_mutex(::sync_core::__private::DefaultMutex::new()) }
    }
}
#[allow(dead_code, reason = "generated in full, used as needed")]
impl<T, Lock> Completions<T, Lock>
where
    Lock: ::sync_core::__private::ScopedRawMutex,
{
    ::sync_core::__private::const_fn! {
        #[doc = " Returns a map in which nobody waits, around `lock`."] #[doc = ""] #[doc
        =
        " `lock` decides who may use it: with one that keeps interrupts out while it is held, interrupt handlers may. Usable in a `static`, except in models under `--cfg loom`."]
        #[must_use] pub fn new_with_raw_mutex(lock : Lock) -> Self { Self { __sync_queue
        : ::sync_core::__private::Queue::new((), lock) } }
    }
    #[doc(hidden)]
    pub fn wait<Key>(&self, _: Key) -> CompletionsWait<'_, T, Lock> {
        ::core::unimplemented!()
    }
    ::sync_core::__private::alloc! {
        #[doc(hidden)] pub fn wait_owned < Key > (self : & ::sync_core::__private::Arc <
        Self >, _ : Key) -> CompletionsWaitOwned < T, Lock > { ::core::unimplemented!() }
    }
    #[doc(hidden)]
    pub fn wake<Key>(
        &self,
        _: &Key,
        _: Cqe,
    ) -> ::sync_core::__private::WakeOutcome<Cqe> {
        ::core::unimplemented!()
    }
    #[doc(hidden)]
    pub fn wake_one<Key>(
        &self,
        _: &Key,
        _: Cqe,
    ) -> ::sync_core::__private::WakeOutcome<Cqe> {
        ::core::unimplemented!()
    }
    #[doc(hidden)]
    pub fn wake_n<Key>(
        &self,
        _: &Key,
        _: ::core::primitive::usize,
        _: Cqe,
    ) -> ::core::primitive::usize {
        ::core::unimplemented!()
    }
    #[doc(hidden)]
    pub fn wake_all<Key>(&self, _: &Key, _: Cqe) -> ::core::primitive::usize {
        ::core::unimplemented!()
    }
    #[doc(hidden)]
    pub async fn wait_for<Key>(
        &self,
        _: Key,
        _: impl ::core::ops::FnMut() -> ::core::primitive::bool,
    ) -> ::core::result::Result<(), ::sync_core::__private::WaitError> {
        ::core::unimplemented!()
    }
    #[doc(hidden)]
    pub async fn wait_for_value<Key, __SyncT>(
        &self,
        _: Key,
        _: impl ::core::ops::FnMut() -> ::core::option::Option<__SyncT>,
    ) -> ::core::result::Result<__SyncT, ::sync_core::__private::WaitError> {
        ::core::unimplemented!()
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
impl<T, Lock> ::core::default::Default for Completions<T, Lock>
where
    Lock: ::sync_core::__private::ScopedRawMutex,
    Lock: ::core::default::Default,
{
    fn default() -> Self {
        Self::new_with_raw_mutex(::core::default::Default::default())
    }
}
#[automatically_derived]
impl<T, Lock> ::core::fmt::Debug for Completions<T, Lock>
where
    Lock: ::sync_core::__private::ScopedRawMutex,
{
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::sync_core::__private::Queue::debug(&self.__sync_queue, "Completions", f)
    }
}
::sync_core::__private::alloc! {
    #[automatically_derived] impl < T, Lock > ::sync_core::__private::AsQueue for
    Completions < T, Lock > where Lock : ::sync_core::__private::ScopedRawMutex { type
    Rule = ::sync_core::__private::Unique < ::core::marker::PhantomData <
    (::core::marker::PhantomData < T >,) >, Cqe >; type Lock = Lock; fn as_queue(& self)
    -> & ::sync_core::__private::Queue < ::sync_core::__private::Unique <
    ::core::marker::PhantomData < (::core::marker::PhantomData < T >,) >, Cqe >, Lock > {
    & self.__sync_queue } }
}
::core::compile_error! {
    "unknown mode `oldest`: `match` takes `unique` and `fifo`"
}
