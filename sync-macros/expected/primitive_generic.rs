#[must_use]
pub(in crate::a) struct r#Struct<
    'a,
    T: Clone = u8,
    const N: usize = 4,
    Lock = crate::sync::__private::DefaultMutex,
>
where
    T: Send,
    r#Struct<
        'a,
        T,
        N,
        crate::sync::__private::DefaultMutex,
    >: crate::sync::__private::Policy,
{
    __sync_queue: crate::sync::__private::Queue<
        r#Struct<'a, T, N, crate::sync::__private::DefaultMutex>,
        Lock,
    >,
}
/// The future returned by `Struct::try`.
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
pub(in crate::a) type Try<
    '__sync_a,
    'a,
    T = u8,
    const N: usize = 4,
    Lock = crate::sync::__private::DefaultMutex,
> = crate::sync::__private::Wait<
    r#Struct<'a, T, N, crate::sync::__private::DefaultMutex>,
    Lock,
    &'__sync_a crate::sync::__private::Queue<
        r#Struct<'a, T, N, crate::sync::__private::DefaultMutex>,
        Lock,
    >,
>;
crate::sync::__private::alloc! {
    #[doc = " The future returned by `Struct::try_owned`."] #[doc = ""] #[doc =
    " It holds an `Arc` of the primitive. Its place in the queue is inside it: it is not `Unpin`, and nothing is allocated for it."]
    #[doc = ""] #[doc = " # Cancel safety"] #[doc = ""] #[doc =
    " **Loses place.** Dropping it leaves the queue; what it was given and did not yield goes where the policy's `on_cancel` puts it."]
    #[doc = ""] #[doc = " # Panics"] #[doc = ""] #[doc =
    " Polling it again after it was ready panics."] #[allow(dead_code, reason =
    "generated in full, used as needed")] pub (in crate ::a) type TryOwned < 'a, T = u8,
    const N : usize = 4, Lock = crate ::sync::__private::DefaultMutex > = crate
    ::sync::__private::WaitOwned < r#Struct < 'a, T, N, Lock > >;
}
/// The future returned by `Struct::write`.
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
pub(in crate::a) type r#Write<
    '__sync_a,
    'a,
    T = u8,
    const N: usize = 4,
    Lock = crate::sync::__private::DefaultMutex,
> = crate::sync::__private::Wait<
    r#Struct<'a, T, N, crate::sync::__private::DefaultMutex>,
    Lock,
    &'__sync_a crate::sync::__private::Queue<
        r#Struct<'a, T, N, crate::sync::__private::DefaultMutex>,
        Lock,
    >,
>;
crate::sync::__private::alloc! {
    #[doc = " The future returned by `Struct::write_owned`."] #[doc = ""] #[doc =
    " It holds an `Arc` of the primitive. Its place in the queue is inside it: it is not `Unpin`, and nothing is allocated for it."]
    #[doc = ""] #[doc = " # Cancel safety"] #[doc = ""] #[doc =
    " **Loses place.** Dropping it leaves the queue; what it was given and did not yield goes where the policy's `on_cancel` puts it."]
    #[doc = ""] #[doc = " # Panics"] #[doc = ""] #[doc =
    " Polling it again after it was ready panics."] #[allow(dead_code, reason =
    "generated in full, used as needed")] pub (in crate ::a) type WriteOwned < 'a, T =
    u8, const N : usize = 4, Lock = crate ::sync::__private::DefaultMutex > = crate
    ::sync::__private::WaitOwned < r#Struct < 'a, T, N, Lock > >;
}
#[allow(dead_code, reason = "generated in full, used as needed")]
impl<
    'a,
    T: Clone,
    const N: usize,
> r#Struct<'a, T, N, crate::sync::__private::DefaultMutex>
where
    T: Send,
    r#Struct<
        'a,
        T,
        N,
        crate::sync::__private::DefaultMutex,
    >: crate::sync::__private::Policy,
{
    crate::sync::__private::const_fn! {
        #[doc =
        " Returns a primitive in the state `state`, with nobody waiting, around the default raw lock."]
        #[doc = ""] #[doc =
        " [`new_with_raw_mutex`](Self::new_with_raw_mutex) takes another one. Usable in a `static`, except in models under `--cfg loom`."]
        #[must_use] pub (in crate ::a) fn new(state : < r#Struct < 'a, T, N, crate
        ::sync::__private::DefaultMutex > as crate ::sync::__private::Policy > ::State)
        -> Self { Self::new_with_raw_mutex(state, crate
        ::sync::__private::DefaultMutex::new()) }
    }
}
#[allow(dead_code, reason = "generated in full, used as needed")]
impl<'a, T: Clone, const N: usize, Lock> r#Struct<'a, T, N, Lock>
where
    T: Send,
    r#Struct<
        'a,
        T,
        N,
        crate::sync::__private::DefaultMutex,
    >: crate::sync::__private::Policy,
    Lock: crate::sync::__private::ScopedRawMutex,
{
    crate::sync::__private::const_fn! {
        #[doc =
        " Returns a primitive in the state `state`, with nobody waiting, around `lock`."]
        #[doc = ""] #[doc =
        " `lock` decides who may use it: with one that keeps interrupts out while it is held, interrupt handlers may. Usable in a `static`, except in models under `--cfg loom`."]
        #[must_use] pub (in crate ::a) fn new_with_raw_mutex(state : < r#Struct < 'a, T,
        N, crate ::sync::__private::DefaultMutex > as crate ::sync::__private::Policy >
        ::State, lock : Lock) -> Self { Self { __sync_queue : crate
        ::sync::__private::Queue::new(state, lock) } }
    }
    /// Waits until the policy of `Struct` lets this task go on.
    ///
    /// Returns the future [`Try`], which does nothing before it is polled. It is ready at once if nobody waits and the policy is content with the state as it is; otherwise it queues until a change or an event makes the policy choose it. It yields the policy's value. `try_owned`, with the feature `alloc`, is the same for tasks that cannot borrow.
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
    pub(in crate::a) fn r#try(&self) -> Try<'_, 'a, T, N, Lock> {
        crate::sync::__private::Queue::wait(
            &self.__sync_queue,
            Self::__sync_waiter_of_try(),
        )
    }
    crate::sync::__private::alloc! {
        #[doc =
        " Waits as [`try`](Self::r#try) does, with a future that borrows nothing."] #[doc
        = ""] #[doc =
        " Returns the future [`TryOwned`], which holds a clone of the `Arc` until it is dropped. Errors, cancel safety, fairness and use in interrupt handlers are those of [`try`](Self::r#try); the last future that is dropped frees the primitive if nobody else holds it, so drop it where freeing is allowed."]
        pub (in crate ::a) fn try_owned(self : & crate ::sync::__private::Arc < Self >,)
        -> TryOwned < 'a, T, N, Lock > { crate
        ::sync::__private::wait_owned(::core::clone::Clone::clone(self),
        Self::__sync_waiter_of_try()) }
    }
    fn __sync_waiter_of_try() -> <r#Struct<
        'a,
        T,
        N,
        crate::sync::__private::DefaultMutex,
    > as crate::sync::__private::Policy>::Waiter {
        ()
    }
    /// Waits as `waiter` until the policy of `Struct` lets it go on.
    ///
    /// Returns the future [`Write`](r#Write), which does nothing before it is polled. It is ready at once if nobody waits and the policy is content with the state as it is; otherwise it queues until a change or an event makes the policy choose it. It yields the policy's value. `write_owned`, with the feature `alloc`, is the same for tasks that cannot borrow.
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
    pub(in crate::a) fn write(
        &self,
        waiter: <r#Struct<
            'a,
            T,
            N,
            crate::sync::__private::DefaultMutex,
        > as crate::sync::__private::Policy>::Waiter,
    ) -> r#Write<'_, 'a, T, N, Lock> {
        crate::sync::__private::Queue::wait(&self.__sync_queue, waiter)
    }
    crate::sync::__private::alloc! {
        #[doc =
        " Waits as [`write`](Self::write) does, with a future that borrows nothing."]
        #[doc = ""] #[doc =
        " Returns the future [`WriteOwned`], which holds a clone of the `Arc` until it is dropped. Errors, cancel safety, fairness and use in interrupt handlers are those of [`write`](Self::write); the last future that is dropped frees the primitive if nobody else holds it, so drop it where freeing is allowed."]
        pub (in crate ::a) fn write_owned(self : & crate ::sync::__private::Arc < Self >,
        waiter : < r#Struct < 'a, T, N, crate ::sync::__private::DefaultMutex > as crate
        ::sync::__private::Policy > ::Waiter) -> WriteOwned < 'a, T, N, Lock > { crate
        ::sync::__private::wait_owned(::core::clone::Clone::clone(self), waiter) }
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
        event: <r#Struct<
            'a,
            T,
            N,
            crate::sync::__private::DefaultMutex,
        > as crate::sync::__private::Policy>::Event<'_>,
        change: impl ::core::ops::FnOnce(
            &mut <r#Struct<
                'a,
                T,
                N,
                crate::sync::__private::DefaultMutex,
            > as crate::sync::__private::Policy>::State,
        ),
    ) {
        self.notify_count(event, change);
    }
    /// Does what `notify` does, and returns how many were woken.
    fn notify_count(
        &self,
        event: <r#Struct<
            'a,
            T,
            N,
            crate::sync::__private::DefaultMutex,
        > as crate::sync::__private::Policy>::Event<'_>,
        change: impl ::core::ops::FnOnce(
            &mut <r#Struct<
                'a,
                T,
                N,
                crate::sync::__private::DefaultMutex,
            > as crate::sync::__private::Policy>::State,
        ),
    ) -> ::core::primitive::usize {
        crate::sync::__private::Queue::notify(&self.__sync_queue, event, change)
    }
    /// Closes it for good: all that wait, and all that will, are told so.
    ///
    /// Wakes everybody who waits, oldest first; their futures yield the error that says "closed". What was given to a waiter before stays with it. Closing again changes nothing.
    ///
    /// # Interrupts
    ///
    /// Takes the raw lock, never while a waker runs. With a `Lock` that keeps interrupts out while it is held, this may be called from an interrupt handler. It releases the lock between batches of wakers, and takes as many steps as there are waiters.
    pub(in crate::a) fn close(&self) {
        crate::sync::__private::Queue::close(&self.__sync_queue);
    }
    /// Returns whether [`close`](Self::close) was called.
    ///
    /// The answer `true` stays true; the answer `false` may be out of date when it arrives.
    ///
    /// # Interrupts
    ///
    /// Callable from everywhere.
    #[must_use]
    pub(in crate::a) fn is_closed(&self) -> ::core::primitive::bool {
        crate::sync::__private::Queue::is_closed(&self.__sync_queue)
    }
}
#[automatically_derived]
impl<'a, T: Clone, const N: usize, Lock> ::core::default::Default
for r#Struct<'a, T, N, Lock>
where
    T: Send,
    r#Struct<
        'a,
        T,
        N,
        crate::sync::__private::DefaultMutex,
    >: crate::sync::__private::Policy,
    Lock: crate::sync::__private::ScopedRawMutex,
    for<'state> <r#Struct<
        'a,
        T,
        N,
        crate::sync::__private::DefaultMutex,
    > as crate::sync::__private::Policy>::State: ::core::default::Default,
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
impl<'a, T: Clone, const N: usize, Lock> ::core::fmt::Debug for r#Struct<'a, T, N, Lock>
where
    T: Send,
    r#Struct<
        'a,
        T,
        N,
        crate::sync::__private::DefaultMutex,
    >: crate::sync::__private::Policy,
    Lock: crate::sync::__private::ScopedRawMutex,
{
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        crate::sync::__private::Queue::debug(&self.__sync_queue, "Struct", f)
    }
}
crate::sync::__private::alloc! {
    #[automatically_derived] impl < 'a, T : Clone, const N : usize, Lock > crate
    ::sync::__private::AsQueue for r#Struct < 'a, T, N, Lock > where T : Send, r#Struct <
    'a, T, N, crate ::sync::__private::DefaultMutex > : crate ::sync::__private::Policy,
    Lock : crate ::sync::__private::ScopedRawMutex { type Rule = r#Struct < 'a, T, N,
    crate ::sync::__private::DefaultMutex >; type Lock = Lock; fn as_queue(& self) -> &
    crate ::sync::__private::Queue < r#Struct < 'a, T, N, crate
    ::sync::__private::DefaultMutex >, Lock > { & self.__sync_queue } }
}
