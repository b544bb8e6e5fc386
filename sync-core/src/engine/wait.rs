//! The storage of a waiting future: a handle to a queue and the one node that may join that queue.

use core::{
    fmt,
    marker::PhantomData,
    mem::{ManuallyDrop, MaybeUninit, needs_drop},
    pin::Pin,
    ptr::NonNull,
    task::Waker,
};

use mutex_traits::ScopedRawMutex;

use super::{
    handle::{Given, QueueRef},
    list::Node,
    queue::{ListOf, Queue, Rule},
};
use crate::{
    shim::atomic::Ordering::{Acquire, Relaxed},
    state::node::NodeState,
};

/// The future of everything in this crate that waits in a [`Queue`].
///
/// `H` is `&Queue` for a future that borrows, and an `Arc` for one that owns; there is no other
/// difference. Public futures such as [`wait_queue::Wait`](crate::wait_queue::Wait) are types around it.
///
/// It is not `Unpin`: other tasks hold pointers to its inside while it waits.
#[must_use = "futures do nothing unless `.await`ed or polled"]
pub struct Wait<R: Rule, Lock: ScopedRawMutex, H: QueueRef<R, Lock>> {
    node: Node<R::Waiter, R::Value>,
    /// Initialised unless the node is spent and `H`, which is dropped, goes with what is yielded (N9).
    handle: MaybeUninit<H>,
    lock: PhantomData<fn() -> Lock>,
}

impl<R: Rule, Lock: ScopedRawMutex, H: QueueRef<R, Lock>> Wait<R, Lock, H> {
    /// Returns a future that has not been polled, and remembers the queue's current epoch.
    #[inline(always)]
    pub(crate) fn new(handle: H, waiter: R::Waiter) -> Self {
        let epoch = R::epoch(handle.queue().word());
        Self { node: Node::new(waiter, epoch), handle: MaybeUninit::new(handle), lock: PhantomData }
    }

    /// What it waits for, as long as nothing else can know of it.
    pub(crate) fn waiter_mut(&mut self) -> &mut R::Waiter {
        // Never linked: a wait that is or was is pinned, and its owner has no `&mut` to it.
        assert!(self.node.load(Relaxed).is_idle(), "only a wait that was not polled can be changed");
        // SAFETY: idle is not linked, so the inside belongs to the future (N2, N3), which is borrowed mutably
        // as long as the result is used: nothing else can ask for it meanwhile.
        unsafe { self.node.waiter() }
    }

    /// The queue that it waits in.
    ///
    /// # Panics
    ///
    /// If it has yielded and given its handle away.
    #[inline(always)]
    pub(crate) fn queue(&self) -> &Queue<R, Lock> {
        assert!(!self.has_given(), "a wait that has yielded may have no queue any more");
        // SAFETY: a handle is initialised until it goes with what is yielded (N9), which it has not. (One
        // that nothing is dropped of was copied at most, and its bytes are as good as before.)
        unsafe { self.handle.assume_init_ref() }.queue()
    }

    /// Whether the handle has gone with what was yielded.
    ///
    /// One that nothing drops was only copied: its bytes stay as good as they were.
    #[inline(always)]
    pub(crate) fn has_given(&self) -> bool {
        // Ordering: Relaxed; it is the future itself that becomes spent, and its owner that asks.
        needs_drop::<H>() && H::Given::TAKES && self.node.load(Relaxed).spent()
    }

    /// Phase and epoch of the node, for diagnostics.
    pub(crate) fn state(&self) -> NodeState {
        self.node.load(Relaxed)
    }

    /// The future, to look at, and its node, to do with what a future may.
    ///
    /// The one way to a [`Lent`]: it uses up the `Pin<&mut Self>`, of which there is one at a time.
    #[inline(always)]
    fn lend<'w>(self: Pin<&'w mut Self>) -> (&'w Self, Lent<'w, R>) {
        let this: &'w Self = self.into_ref().get_ref();
        (this, Lent { node: &this.node })
    }

    /// The wait without the way by which it reaches its queue.
    ///
    /// # Panics
    ///
    /// If it has yielded and given its handle away.
    #[inline(always)]
    pub(crate) fn lent(self: Pin<&mut Self>) -> LentWait<'_, R, Lock> {
        let (this, lent) = self.lend();
        LentWait { queue: this.queue(), lent }
    }

    /// It comes and passes: the way to be ready that is inlined where a wait is polled.
    #[inline(always)]
    pub(crate) fn poll_fast(self: Pin<&mut Self>) -> Option<H::Output> {
        let (this, lent) = self.lend();
        // Ordering: Relaxed. Only its own future makes a node idle.
        let state = lent.node.load(Relaxed);
        if !state.is_idle() {
            return None;
        }
        let epoch = state.epoch();
        // A copy that counts if this succeeds and the handle is given away, and is forgotten otherwise: so
        // the handle is read once. SAFETY: idle is not spent, so it is initialised (N9). Until the node is
        // spent, the copy is neither dropped nor given away, so that the original is the one handle there is.
        let handle = ManuallyDrop::new(unsafe { this.handle.assume_init_read() });
        // SAFETY: idle is not linked, so the inside belongs to the future (N2, N3), which was lent to us
        // alone; of it, this function uses nothing else until the last use of `waiter`.
        let waiter = unsafe { lent.node.waiter() };
        let value = H::fast(handle.queue().word(), waiter, epoch)?;
        // SAFETY: idle is not linked, so the future may write the phase, which was lent to us (N2). The new
        // phase is not linked (N1) and has no value, as idle has none (N4).
        unsafe { lent.node.store(NodeState::WHEN_SPENT, Relaxed) };
        // Spent from here on, so that the copy is the one that counts (N9).
        Some(H::finish(H::Given::given(|| ManuallyDrop::into_inner(handle)), waiter, value))
    }

    /// Takes what the wait was given, and yields it.
    pub(crate) fn poll_woken(self: Pin<&mut Self>) -> Option<H::Output> {
        let (this, lent) = self.lend();
        let Phase::Woken(woken) = lent.phase() else { return None };
        let (value, waiter) = woken.split();
        // SAFETY: it was initialised until the node became spent (N9), which is what `split` did. From here
        // on it is looked at no more: this is read once, and then has the handle.
        let given = H::Given::given(|| unsafe { this.handle.assume_init_read() });
        Some(H::finish(given, waiter, value))
    }

    /// Returns where the wait stands, with what its owner may do there without the lock.
    #[inline(always)]
    pub(crate) fn phase(self: Pin<&mut Self>) -> Phase<'_, R> {
        self.lend().1.phase()
    }
}

impl<R: Rule, Lock: ScopedRawMutex, H: QueueRef<R, Lock>> Drop for Wait<R, Lock, H> {
    #[inline(always)]
    fn drop(&mut self) {
        /// Drops the handle, also when the rule has panicked, unless it has gone with what was yielded.
        struct DropsHandle<'w, R: Rule, Lock: ScopedRawMutex, H: QueueRef<R, Lock>> {
            wait: &'w mut Wait<R, Lock, H>,
            given: bool,
        }

        impl<R: Rule, Lock: ScopedRawMutex, H: QueueRef<R, Lock>> Drop for DropsHandle<'_, R, Lock, H> {
            #[inline(always)]
            fn drop(&mut self) {
                if needs_drop::<H>() && !self.given {
                    // SAFETY: a handle is initialised until it goes with what is yielded (N9), which it had
                    // not when the wait began to be dropped, and none is polled after that. It is not used
                    // again, since the wait ends here.
                    unsafe { self.wait.handle.assume_init_drop() };
                }
            }
        }

        // Asked first: what a rule takes back leaves the node as spent as what is yielded.
        let given = self.has_given();
        let this = DropsHandle { wait: self, given };
        // Ordering: Acquire pairs with the Release of a `close` that unlinked the node, which may not have
        // been polled since: what that did to the node comes before its memory goes.
        if this.wait.node.load(Acquire).needs_release() {
            // SAFETY: a wait is linked, or given a value in the list, through a `Pin<&mut Wait>` only, so
            // this one was pinned before. It is being dropped, and is not moved before that has happened.
            let wait = unsafe { Pin::new_unchecked(&mut *this.wait) };
            release(wait.lent());
        }
    }
}

/// Takes the node of a wait that is being dropped out of its list, as the rule says.
// Once for each rule and lock, however the waits reach their queue.
#[cold]
#[inline(never)]
fn release<R: Rule, Lock: ScopedRawMutex>(wait: LentWait<'_, R, Lock>) {
    /// Takes the node out of the list whatever the rule does, a panic included (N5).
    struct Backstop<'w, R: Rule, Lock: ScopedRawMutex>(LentWait<'w, R, Lock>);

    impl<R: Rule, Lock: ScopedRawMutex> Drop for Backstop<'_, R, Lock> {
        #[inline(always)]
        fn drop(&mut self) {
            // A rule that returns has done it; where panics abort, none ends otherwise.
            if cfg!(panic = "unwind") && self.0.state_after_wake().needs_release() {
                force_out(self.0.reborrow());
            }
        }
    }

    #[cold]
    fn force_out<R: Rule, Lock: ScopedRawMutex>(mut wait: LentWait<'_, R, Lock>) {
        drop(wait.reborrow().with_list(|_, mut own| own.remove()));
        drop(wait.with_list(|_, mut own| own.take_value()));
    }

    let mut wait = Backstop(wait);
    R::abandon(wait.0.reborrow());
}

/// A wait whose future is borrowed mutably for `'w`, without the way by which it reaches its queue: what is
/// out of line is there once for each rule and lock, and not for each kind of handle.
#[expect(unnameable_types, reason = "sealed: it cannot be had outside")]
pub struct LentWait<'w, R: Rule, Lock> {
    /// That of the wait's handle.
    queue: &'w Queue<R, Lock>,
    lent: Lent<'w, R>,
}

impl<R: Rule, Lock> fmt::Debug for LentWait<'_, R, Lock> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LentWait").finish_non_exhaustive()
    }
}

impl<'w, R: Rule, Lock: ScopedRawMutex> LentWait<'w, R, Lock> {
    /// Lends it for a shorter time.
    #[inline(always)]
    pub(crate) fn reborrow(&mut self) -> LentWait<'_, R, Lock> {
        // `self` is borrowed mutably as long as this one lives.
        LentWait { queue: self.queue, lent: Lent { node: self.lent.node } }
    }

    /// The queue that it waits in.
    #[inline(always)]
    pub(crate) fn queue(&self) -> &'w Queue<R, Lock> {
        self.queue
    }

    /// Phase and epoch of the node, to decide whether to take the lock.
    #[inline(always)]
    pub(crate) fn state(&self) -> NodeState {
        self.lent.node.load(Relaxed)
    }

    /// The same, after what was done to the node by the one that unlinked it.
    #[inline(always)]
    fn state_after_wake(&self) -> NodeState {
        // Ordering: Acquire pairs with the Release of the store that unlinked the node (N2).
        self.lent.node.load(Acquire)
    }

    /// Returns where the wait stands, with what its owner may do there without the lock.
    #[inline(always)]
    pub(crate) fn phase(self) -> Phase<'w, R> {
        self.lent.phase()
    }

    /// Calls `f` under the lock with the queue, and with what may be done to the list and this node there.
    #[inline(always)]
    pub(crate) fn with_list<T>(self, f: impl FnOnce(&'w Queue<R, Lock>, LockedNode<'_, 'w, R>) -> T) -> T {
        let Self { queue, lent } = self;
        queue.with_list(|list| {
            // Ordering: Relaxed; the lock has ordered us after whatever wrote it.
            let state = lent.node.load(Relaxed);
            f(queue, LockedNode { list, lent, state })
        })
    }
}

/// Where a wait stands.
pub(crate) enum Phase<'w, R: Rule> {
    /// Never queued, or queued anew for another round.
    Idle,
    /// In the list: only the lock says more.
    Linked,
    /// It was given a value.
    Woken(Woken<'w, R>),
    /// The queue was closed.
    Closed,
    /// It has yielded its value.
    Completed(Completed<'w, R>),
}

/// The node of a future that is borrowed mutably for `'w`: the right that the future has to it (N2), for one.
///
/// Not to be copied. Where the node is not linked, its inside belongs to the holder of this; where it is, to
/// the holder of the lock.
struct Lent<'w, R: Rule> {
    node: &'w Node<R::Waiter, R::Value>,
}

impl<'w, R: Rule> Lent<'w, R> {
    /// Where the wait stands, which includes what may be done there.
    #[inline(always)]
    fn phase(self) -> Phase<'w, R> {
        // Ordering: Acquire pairs with the Release of the one that unlinked the node (N2).
        let state = self.node.load(Acquire);
        if state.is_idle() {
            Phase::Idle
        } else if state.is_woken() {
            Phase::Woken(Woken { lent: self })
        } else if state.linked() {
            Phase::Linked
        } else if state.closed() {
            Phase::Closed
        } else {
            Phase::Completed(Completed { lent: self })
        }
    }
}

/// The node is not linked and has a value.
pub(crate) struct Woken<'w, R: Rule> {
    lent: Lent<'w, R>,
}

impl<'w, R: Rule> Woken<'w, R> {
    /// Takes the value, and lends what the wait was waiting for.
    #[inline(always)]
    pub(crate) fn split(self) -> (R::Value, &'w mut R::Waiter) {
        // SAFETY: woken is not linked, so the future may write the phase, which was lent to us (N2).
        let value = unsafe { self.lent.node.take_value() };
        // SAFETY: spent is not linked, so the inside belongs to the future (N2, N3), which was lent to us
        // alone for `'w`; `self` ends here, so that nothing else of it is asked for before the result's last
        // use.
        (value, unsafe { self.lent.node.waiter() })
    }
}

/// The node is not linked and has yielded.
pub(crate) struct Completed<'w, R: Rule> {
    lent: Lent<'w, R>,
}

impl<R: Rule> Completed<'_, R> {
    /// Lets the same future wait again for the same thing.
    ///
    /// It missed nothing that a rule of this crate with such a use would tell it, so the epoch is any.
    pub(crate) fn rearm(self) {
        // SAFETY: spent is not linked, so the future may write the phase, which was lent to us (N2). The new
        // phase is not linked (N1) and has no value, as spent has none (N4).
        unsafe { self.lent.node.store(NodeState::idle(0), Relaxed) };
    }
}

/// A node and the locked list that it is in, or may join.
pub(crate) struct LockedNode<'l, 'w, R: Rule> {
    /// That of the queue that the node's handle leads to, locked.
    list: &'l mut ListOf<R>,
    /// May be written either way (N2): linked, because the lock is held; not linked, because its future
    /// was lent for longer.
    lent: Lent<'w, R>,
    /// The node's word, which nothing else writes as long as this is there: the lock is held, or the node is
    /// not linked.
    state: NodeState,
}

impl<'l, 'w, R: Rule> LockedNode<'l, 'w, R> {
    /// The list.
    #[inline(always)]
    pub(crate) fn list(&mut self) -> &mut ListOf<R> {
        self.list
    }

    /// The node's word.
    #[inline(always)]
    pub(crate) fn state(&self) -> NodeState {
        self.state
    }

    /// Whether no node that was not given anything yet is before this one.
    ///
    /// Also true when a task before it was granted something and is about to leave.
    pub(crate) fn is_first(&self) -> bool {
        match self.list.nodes.front() {
            Some(front) => core::ptr::eq(front.get_ref(), self.lent.node) || front.load(Relaxed).is_granted(),
            None => false,
        }
    }

    /// The list, and what the node waits for, which stays lent after the lock.
    ///
    /// # Panics
    ///
    /// If the node is linked: the list would lend the same.
    #[inline(always)]
    pub(crate) fn into_list_and_waiter(self) -> (&'l mut ListOf<R>, &'w mut R::Waiter) {
        assert!(!self.state().linked(), "a linked node belongs to its list");
        // SAFETY: not linked, so the inside belongs to the future (N2, N3), which was lent to us alone for
        // `'w`. To ask for it again, or to link it, takes a `Lent`, and ours ends here.
        let waiter = unsafe { self.lent.node.waiter() };
        (self.list, waiter)
    }

    /// The list, and what the node waits for.
    ///
    /// # Panics
    ///
    /// As for [`into_list_and_waiter`](Self::into_list_and_waiter).
    #[inline(always)]
    pub(crate) fn list_and_waiter(&mut self) -> (&mut ListOf<R>, &mut R::Waiter) {
        // `self` is borrowed mutably as long as this one lives.
        LockedNode::<R> { list: &mut *self.list, lent: Lent { node: self.lent.node }, state: self.state }
            .into_list_and_waiter()
    }

    /// Joins the list as the youngest.
    ///
    /// # Panics
    ///
    /// If it has joined before.
    #[inline(always)]
    pub(crate) fn enqueue(&mut self, waker: Option<Waker>, epoch: usize) {
        self.link(waker, epoch);
        self.list.nodes.push_back(NonNull::from(self.lent.node));
    }

    /// Joins the list as the oldest that waits: behind those that were granted something.
    ///
    /// # Panics
    ///
    /// If it has joined before.
    pub(crate) fn enqueue_first(&mut self, waker: Option<Waker>) {
        self.link(waker, 0);
        let mut cursor = self.list.nodes.cursor_front_mut();
        while cursor.current().is_some_and(|other| other.load(Relaxed).is_granted()) {
            cursor.move_next();
        }
        cursor.insert_before(NonNull::from(self.lent.node));
    }

    /// Joins the list before those that it is before, which are looked for from the youngest on: one that
    /// comes in order is found a place at once.
    ///
    /// The waker is taken once there is a place: a comparison that panics leaves it to the caller, which
    /// drops it without the lock.
    ///
    /// # Panics
    ///
    /// If it has joined before.
    pub(crate) fn enqueue_before(
        &mut self,
        waker: &mut Option<Waker>,
        is_before: impl Fn(&R::Waiter, &R::Waiter) -> bool,
    ) {
        let idle = self.state();
        assert!(idle.is_idle(), "only an idle node can be queued");
        let mut cursor = self.list.nodes.cursor_back_mut();
        // Before anything has changed: comparing is user code, and may panic.
        while let Some(other) = cursor.current() {
            // Those that were let go stay in front, whatever the order says of them.
            if other.load(Relaxed).is_granted() {
                break;
            }
            // SAFETY: it is in the list, whose lock is held, so its inside is the lock's holder's (N2, N3),
            // which asks for nothing else of it before `is_before` has returned.
            let theirs = unsafe { other.get_ref().waiter() };
            // SAFETY: idle is not linked, so the inside belongs to the future (N2, N3), which was lent to us
            // alone; and it is another node than the other, which is in the list (N1).
            let ours = unsafe { self.lent.node.waiter() };
            if !is_before(ours, theirs) {
                break;
            }
            cursor.move_prev();
        }
        // SAFETY: idle is not linked, and its future was lent to us, so we may write it (N2); it is put into
        // the list of its queue next (N1), and was pinned to be lent (N5).
        unsafe { link(self.lent.node, waker.take(), 0) };
        self.state = NodeState::queued(0);
        let node = NonNull::from(self.lent.node);
        if cursor.current().is_some() {
            cursor.insert_after(node);
        } else {
            self.list.nodes.push_front(node);
        }
    }

    /// Makes the node one that is in the list, where the caller puts it next.
    #[inline(always)]
    fn link(&mut self, waker: Option<Waker>, epoch: usize) {
        assert!(self.state().is_idle(), "only an idle node can be queued");
        // SAFETY: idle is not linked, and its future was lent to us, so we may write it (N2); the callers put
        // it into the list of its queue next (N1), and it was pinned to be lent (N5).
        unsafe { link(self.lent.node, waker, epoch) };
        self.state = NodeState::queued(epoch);
    }

    /// Gives the node a value without queueing it.
    ///
    /// # Panics
    ///
    /// If it is not idle.
    #[inline(always)]
    pub(crate) fn satisfy(&mut self, value: R::Value) {
        assert!(self.state().is_idle(), "only an idle node can be satisfied");
        // SAFETY: idle is not linked, so the inside belongs to the future (N2, N3), which was lent to us
        // alone; writing runs no other code, since nothing is dropped: idle has no value (N4).
        unsafe { self.lent.node.with(|inner| _ = inner.value.write(value)) };
        // SAFETY: idle is not linked, so the future may write the phase, which was lent to us (N2). The new
        // phase is not linked (N1), and says that there is a value, which was just written (N4).
        unsafe { self.lent.node.store(NodeState::WHEN_WOKEN, Relaxed) };
        self.state = NodeState::WHEN_WOKEN;
    }

    /// Notes that the wait found the queue closed.
    ///
    /// # Panics
    ///
    /// If it is not idle.
    #[inline(always)]
    pub(crate) fn close(&mut self) {
        assert!(self.state().is_idle(), "only an idle node can be closed by its own wait");
        // SAFETY: idle is not linked, so the future may write the phase, which was lent to us (N2). The new
        // phase is not linked (N1) and has no value, as idle has none (N4).
        unsafe { self.lent.node.store(NodeState::WHEN_CLOSED, Relaxed) };
        self.state = NodeState::WHEN_CLOSED;
    }

    /// Whether the linked node would wake the same task as `waker`.
    ///
    /// # Panics
    ///
    /// If it is not linked.
    #[inline(always)]
    pub(crate) fn will_wake(&self, waker: &Waker) -> bool {
        assert!(self.state().linked(), "only a linked node has a waker");
        // SAFETY: linked, so it is in the list that we hold the lock of (N1, N7), and its inside is ours (N2,
        // N3); the result is used up here, by a comparison of pointers.
        unsafe { self.lent.node.waker() }.as_ref().is_some_and(|old| old.will_wake(waker))
    }

    /// Replaces the linked node's waker and returns the old one, to be dropped without the lock.
    ///
    /// # Panics
    ///
    /// If it is not linked.
    #[inline(always)]
    pub(crate) fn replace_waker(&mut self, waker: Waker) -> Option<Waker> {
        assert!(self.state().linked(), "only a linked node has a waker");
        // SAFETY: linked, so it is in the list that we hold the lock of (N1, N7), and its inside is ours (N2,
        // N3); the result is used up here, to move one waker in and the other out, which runs no other code.
        unsafe { self.lent.node.waker() }.replace(waker)
    }

    /// Takes the node out of the list, if it is in it, and returns its waker, to be dropped without the
    /// lock, and whether it was given something.
    ///
    /// One that was queued is then idle; one that was granted something has it.
    #[inline(always)]
    pub(crate) fn remove(&mut self) -> (Option<Waker>, bool) {
        let state = self.state();
        if !state.linked() {
            return (None, state.given());
        }
        let phase = NodeState::new().with_given(state.given());
        self.state = phase;
        let node = NonNull::from(self.lent.node);
        // SAFETY: it must be in this list. It is linked, so it is in that of its handle's queue (N1), which
        // the handle led to when it joined, too (N7); and this is that queue's list, which never left it
        // (L1).
        unsafe { self.list.nodes.remove(node) };
        // SAFETY: it was linked until the line above, and the list is locked. The phase is not linked, and
        // says that there is a value if the old one did (N4). We act for its future, which cannot be freed
        // meanwhile.
        (unsafe { Node::unlink(node, phase, Relaxed) }, state.given())
    }

    /// Takes the value that the node has and that nothing will ask for any more.
    pub(crate) fn take_value(&mut self) -> Option<R::Value> {
        if !self.state().is_woken() {
            return None;
        }
        self.state = NodeState::WHEN_SPENT;
        // SAFETY: woken is not linked, so the future may write the phase, which was lent to us (N2).
        Some(unsafe { self.lent.node.take_value() })
    }
}

/// Makes a node one that is in the list.
///
/// # Safety
///
/// It is idle, the caller may write it (N2), and puts it into the list of its future's queue next, before the
/// lock of that is free (N1); and its future is pinned (N5).
#[inline(always)]
unsafe fn link<W, V>(node: &Node<W, V>, waker: Option<Waker>, epoch: usize) {
    // SAFETY: idle is not linked, and our caller promises that we may write it; the phase is written next.
    unsafe { node.link(waker) };
    // Ordering: Relaxed; a linked node is looked into under the lock only.
    // SAFETY: our caller promises that we may write it, and that it goes into the list next, as the new phase
    // says (N1); the phase has no value, as idle has none (N4).
    unsafe { node.store(NodeState::queued(epoch), Relaxed) };
}
