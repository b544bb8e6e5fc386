/// Tokens.
#[allow(trivial_bounds, reason = "says what is missing where it is missing")]
pub struct Tokens<Lock = ::sync_core::__private::DefaultMutex>
where
    Tokens<::sync_core::__private::DefaultMutex>: ::sync_core::__private::Policy,
{
    __sync_queue: ::sync_core::__private::Queue<
        Tokens<::sync_core::__private::DefaultMutex>,
        Lock,
    >,
}
/// The future returned by `Tokens::acquire`.
///
/// It borrows the primitive. Its place in the queue is inside it: it is not `Unpin`, and nothing is allocated for it.
///
/// # Cancel safety
///
/// **Loses place.** Dropping it leaves the queue; what it was given and did not yield goes where the policy's `on_cancel` puts it.
///
/// # Panics
///
/// Polling it again after it was ready panics.
#[allow(dead_code, reason = "generated in full, used as needed")]
pub type Acquire<'a, Lock = ::sync_core::__private::DefaultMutex> = ::sync_core::__private::Wait<
    Tokens<::sync_core::__private::DefaultMutex>,
    Lock,
    &'a ::sync_core::__private::Queue<Tokens<::sync_core::__private::DefaultMutex>, Lock>,
>;
::sync_core::__private::alloc! {
    #[doc = " The future returned by `Tokens::acquire_owned`."] #[doc = ""] #[doc =
    " It holds an `Arc` of the primitive. Its place in the queue is inside it: it is not `Unpin`, and nothing is allocated for it."]
    #[doc = ""] #[doc = " # Cancel safety"] #[doc = ""] #[doc =
    " **Loses place.** Dropping it leaves the queue; what it was given and did not yield goes where the policy's `on_cancel` puts it."]
    #[doc = ""] #[doc = " # Panics"] #[doc = ""] #[doc =
    " Polling it again after it was ready panics."] #[allow(dead_code, reason =
    "generated in full, used as needed")] pub type AcquireOwned < Lock =
    ::sync_core::__private::DefaultMutex > = ::sync_core::__private::WaitOwned < Tokens <
    Lock > >;
}
#[allow(dead_code, reason = "generated in full, used as needed")]
#[allow(trivial_bounds, reason = "says what is missing where it is missing")]
impl Tokens<::sync_core::__private::DefaultMutex>
where
    Tokens<::sync_core::__private::DefaultMutex>: ::sync_core::__private::Policy,
{
    ::sync_core::__private::const_fn! {
        #[doc =
        " Returns a primitive in the state `state`, with nobody waiting, around the default raw lock."]
        #[doc = ""] #[doc =
        " [`new_with_raw_mutex`](Self::new_with_raw_mutex) takes another one. Usable in a `static`, except in models under `--cfg loom`."]
        #[must_use] pub fn new(state : < Tokens < ::sync_core::__private::DefaultMutex >
        as ::sync_core::__private::Policy > ::State) -> Self {
        Self::new_with_raw_mutex(state, ::sync_core::__private::DefaultMutex::new()) }
    }
}
#[allow(dead_code, reason = "generated in full, used as needed")]
#[allow(trivial_bounds, reason = "says what is missing where it is missing")]
impl<Lock> Tokens<Lock>
where
    Tokens<::sync_core::__private::DefaultMutex>: ::sync_core::__private::Policy,
    Lock: ::sync_core::__private::ScopedRawMutex,
{
    ::sync_core::__private::const_fn! {
        #[doc =
        " Returns a primitive in the state `state`, with nobody waiting, around `lock`."]
        #[doc = ""] #[doc =
        " `lock` decides who may use it: with one that keeps interrupts out while it is held, interrupt handlers may. Usable in a `static`, except in models under `--cfg loom`."]
        #[must_use] pub fn new_with_raw_mutex(state : < Tokens <
        ::sync_core::__private::DefaultMutex > as ::sync_core::__private::Policy >
        ::State, lock : Lock) -> Self { Self { __sync_queue :
        ::sync_core::__private::Queue::new(state, lock) } }
    }
    /// Waits as `waiter` until the policy of `Tokens` lets it go on.
    ///
    /// Returns the future [`Acquire`], which does nothing before it is polled. It is ready at once if nobody waits and the policy is content with the state as it is; otherwise it queues until a change or an event makes the policy choose it. It yields the policy's value. `acquire_owned`, with the feature `alloc`, is the same for tasks that cannot borrow.
    ///
    /// # Errors
    ///
    /// The future yields an error when it is closed before the policy has let it go on.
    ///
    /// # Cancel safety
    ///
    /// **Loses place.** A future that is dropped leaves the queue; if it was the first, those behind it are looked at again. What it was given and did not yield goes where the policy's `on_cancel` puts it, and is dropped otherwise, outside the raw lock.
    ///
    /// # Fairness
    ///
    /// First in, first out: who comes later queues behind those who wait, unless the policy says `const FAIR: bool = false`. What is given to a future that is not polled stays with it.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock, never while a waker runs. With a `Lock` that keeps interrupts out while it is held, this may be called from an interrupt handler. That holds for polling the future and for dropping it.
    pub fn acquire(
        &self,
        waiter: <Tokens<
            ::sync_core::__private::DefaultMutex,
        > as ::sync_core::__private::Policy>::Waiter,
    ) -> Acquire<'_, Lock> {
        ::sync_core::__private::Queue::wait(&self.__sync_queue, waiter)
    }
    ::sync_core::__private::alloc! {
        #[doc =
        " Waits as [`acquire`](Self::acquire) does, with a future that borrows nothing."]
        #[doc = ""] #[doc =
        " Returns the future [`AcquireOwned`], which holds a clone of the `Arc` until it is dropped. Errors, cancel safety, fairness and use in interrupt handlers are those of [`acquire`](Self::acquire); the last future that is dropped frees the primitive if nobody else holds it, so drop it where freeing is allowed."]
        pub fn acquire_owned(self : & ::sync_core::__private::Arc < Self >, waiter : <
        Tokens < ::sync_core::__private::DefaultMutex > as ::sync_core::__private::Policy
        > ::Waiter) -> AcquireOwned < Lock > {
        ::sync_core::__private::wait_owned(::core::clone::Clone::clone(self), waiter) }
    }
    /// Changes the state and wakes those whom the policy then chooses.
    ///
    /// `change` runs on the state under the raw lock. Then the policy is asked about each of those who wait, oldest first, with `event`, until it says stop. They are woken after the lock was released.
    ///
    /// # Interrupts
    ///
    /// Callable wherever the raw lock may be taken; it takes as many steps as the policy looks at waiters.
    fn notify(
        &self,
        event: <Tokens<
            ::sync_core::__private::DefaultMutex,
        > as ::sync_core::__private::Policy>::Event<'_>,
        change: impl ::core::ops::FnOnce(
            &mut <Tokens<
                ::sync_core::__private::DefaultMutex,
            > as ::sync_core::__private::Policy>::State,
        ),
    ) {
        self.notify_count(event, change);
    }
    /// Does what `notify` does, and returns how many were woken.
    fn notify_count(
        &self,
        event: <Tokens<
            ::sync_core::__private::DefaultMutex,
        > as ::sync_core::__private::Policy>::Event<'_>,
        change: impl ::core::ops::FnOnce(
            &mut <Tokens<
                ::sync_core::__private::DefaultMutex,
            > as ::sync_core::__private::Policy>::State,
        ),
    ) -> ::core::primitive::usize {
        ::sync_core::__private::Queue::notify(&self.__sync_queue, event, change)
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
impl<Lock> ::core::default::Default for Tokens<Lock>
where
    Tokens<::sync_core::__private::DefaultMutex>: ::sync_core::__private::Policy,
    Lock: ::sync_core::__private::ScopedRawMutex,
    for<'state> <Tokens<
        ::sync_core::__private::DefaultMutex,
    > as ::sync_core::__private::Policy>::State: ::core::default::Default,
    Lock: ::core::default::Default,
{
    fn default() -> Self {
        Self::new_with_raw_mutex(
            ::core::default::Default::default(),
            ::core::default::Default::default(),
        )
    }
}
#[automatically_derived]
#[allow(trivial_bounds, reason = "says what is missing where it is missing")]
impl<Lock> ::core::fmt::Debug for Tokens<Lock>
where
    Tokens<::sync_core::__private::DefaultMutex>: ::sync_core::__private::Policy,
    Lock: ::sync_core::__private::ScopedRawMutex,
{
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::sync_core::__private::Queue::debug(&self.__sync_queue, "Tokens", f)
    }
}
::sync_core::__private::alloc! {
    #[automatically_derived] #[allow(trivial_bounds, reason =
    "says what is missing where it is missing")] impl < Lock >
    ::sync_core::__private::AsQueue for Tokens < Lock > where Tokens <
    ::sync_core::__private::DefaultMutex > : ::sync_core::__private::Policy, Lock :
    ::sync_core::__private::ScopedRawMutex { type Rule = Tokens <
    ::sync_core::__private::DefaultMutex >; type Lock = Lock; fn as_queue(& self) -> &
    ::sync_core::__private::Queue < Tokens < ::sync_core::__private::DefaultMutex >, Lock
    > { & self.__sync_queue } }
}
