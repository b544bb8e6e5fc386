//! What a waiting task leaves in a wait list.

use core::{
    marker::PhantomPinned,
    mem::MaybeUninit,
    ptr::{self, NonNull},
    task::Waker,
};

use cordyceps::{Linked, list::Links};

use crate::{
    shim::{atomic::Ordering, cell::UnsafeCell},
    state::node::{AtomicNodeState, NodeState},
};

/// One waiter: its links, its waker, what it waits for and what it was given.
///
/// It lives in the waiting future. See the invariants N1 to N7 in [the module](super).
// In this order, so that the links are at the same place in every node, and the compiler can merge what is
// done to the nodes of different rules.
#[repr(C)]
pub(crate) struct Node<W, V> {
    state: AtomicNodeState,
    cell: UnsafeCell<Inner<W, V>>,
    _pin: PhantomPinned,
}

/// What the node's phase guards (N3).
#[repr(C)]
pub(in crate::engine) struct Inner<W, V> {
    /// Of use while the node is linked (N8), and not even initialised before.
    links: MaybeUninit<Links<Node<W, V>>>,
    /// Of use while the node is linked (N8); the one that unlinks it takes it out, and nothing in.
    waker: MaybeUninit<Option<Waker>>,
    pub(in crate::engine) waiter: W,
    pub(in crate::engine) value: MaybeUninit<V>,
}

// SAFETY: what blocks the auto impl are the links, pointers to nodes of other futures. Only the holder of the
// list's lock follows them (N3), whichever thread that is. What else is in a node is the waiter and the
// value, which are `Send` here, a waker, which always is, and a word.
unsafe impl<W: Send, V: Send> Send for Node<W, V> {}

// SAFETY: what blocks the auto impl is the `UnsafeCell`. Safe code with a `&Node` looks at the word alone,
// which is atomic; the cell is used by one thread at a time, which hands it on by the word or by the lock
// (N2, N3). So the waiter and the value move between threads, which are `Send` here, and are not looked at by
// two at once.
unsafe impl<W: Send, V: Send> Sync for Node<W, V> {}

/// Phase and epoch of a linked node, not read yet.
pub(crate) struct Word<'n>(&'n AtomicNodeState);

impl Word<'_> {
    /// Reads them; the caller holds the lock of the node's list.
    #[inline(always)]
    pub(crate) fn get(&self) -> NodeState {
        self.0.load(Ordering::Relaxed)
    }
}

impl<W, V> Node<W, V> {
    /// Returns an idle node that remembers `epoch`.
    #[inline(always)]
    pub(in crate::engine) fn new(waiter: W, epoch: usize) -> Self {
        Self {
            state: AtomicNodeState::new(NodeState::idle(epoch)),
            cell: UnsafeCell::new(Inner {
                links: MaybeUninit::uninit(),
                waker: MaybeUninit::uninit(),
                waiter,
                value: MaybeUninit::uninit(),
            }),
            _pin: PhantomPinned,
        }
    }

    /// The word, for a caller that may find that it need not read it.
    #[inline(always)]
    pub(in crate::engine) fn word(&self) -> Word<'_> {
        Word(&self.state)
    }

    /// Reads the phase and the epoch.
    #[inline(always)]
    pub(in crate::engine) fn load(&self, ordering: Ordering) -> NodeState {
        self.state.load(ordering)
    }

    /// Writes the word, and with it the phase.
    ///
    /// # Safety
    ///
    /// The caller may write it (N2), and the node is, or is about to be, in the list exactly when the
    /// new phase says so (N1), and holds a value exactly when the new phase says so (N4).
    #[inline(always)]
    pub(in crate::engine) unsafe fn store(&self, state: NodeState, ordering: Ordering) {
        // A plain store: N2 leaves one writer at a time, and hands the right to write on.
        self.state.store(state, ordering);
    }

    /// What the waiter waits for.
    ///
    /// # Safety
    ///
    /// For as long as the result is used, the caller may write the phase (N2), the node stays, and the caller
    /// does not ask again.
    #[inline(always)]
    #[expect(clippy::mut_from_ref, reason = "the caller owns the inside (N3)")]
    pub(in crate::engine) unsafe fn waiter(&self) -> &mut W {
        // SAFETY: the pointer is a `&self`'s cell's, so the node is there, and the caller promises that it
        // stays. The caller may write the phase, so that the inside is its own (N3), and promises not to ask
        // for the waiter again meanwhile; the other functions here do not touch that field, but `with`, of
        // which the same holds.
        self.cell.with_mut(|inner| unsafe { &mut (*inner).waiter })
    }

    /// Moves the value out, and writes the phase.
    ///
    /// # Safety
    ///
    /// The caller may write the phase (N2), and it is woken.
    #[inline(always)]
    pub(in crate::engine) unsafe fn take_value(&self) -> V {
        // SAFETY: the caller promises that it may write the phase, and that it is woken, so not linked;
        // neither is the new one (N1). That says that there is no value, which is so with the read below
        // (N4).
        unsafe { self.store(NodeState::WHEN_SPENT, Ordering::Relaxed) };
        self.cell.with_mut(|inner| {
            // SAFETY: the node is there, as `&self` is. The caller may write the phase, so that the inside is
            // its own (N3): nothing else refers to this field before the function ends.
            let value = unsafe { &mut (*inner).value };
            // SAFETY: the phase was woken, so the value is initialised (N4). It is read once: the phase is
            // spent by now, and no phase follows in which the value counts before another one is written.
            unsafe { value.assume_init_read() }
        })
    }

    /// Begins the node's time in the list: `waker` is what wakes it, and the links are new.
    ///
    /// # Safety
    ///
    /// The node is not linked, and the caller may write the phase (N2) and does so next.
    #[inline(always)]
    pub(in crate::engine) unsafe fn link(&self, waker: Option<Waker>) {
        self.cell.with_mut(|inner| {
            // SAFETY: the node is there, as `&self` is. The caller may write the phase, so that the inside is
            // its own (N3): nothing else refers to it before the closure ends. What is overwritten needs no
            // drop (N8).
            let inner = unsafe { &mut *inner };
            inner.links.write(Links::new());
            inner.waker.write(waker);
        });
    }

    /// The waker of a linked node.
    ///
    /// # Safety
    ///
    /// The node is linked; for as long as the result is used, the caller may write the phase (N2), and does
    /// not ask again.
    #[inline(always)]
    #[expect(clippy::mut_from_ref, reason = "the caller owns the inside (N3)")]
    pub(in crate::engine) unsafe fn waker(&self) -> &mut Option<Waker> {
        self.cell.with_mut(|inner| {
            // SAFETY: the node is there, as `&self` is, and stays. The caller may write the phase, so that
            // the inside is its own (N3), and promises not to ask for the waker again meanwhile.
            let waker = unsafe { &mut (*inner).waker };
            // SAFETY: the caller promises that the node is linked; so the waker was written when it was, and
            // not taken since (N8).
            unsafe { waker.assume_init_mut() }
        })
    }

    /// Ends the node's time in the list: takes its waker out, and writes the phase.
    ///
    /// It takes a pointer, because with the store the node may be gone (N2): its future may see the phase,
    /// complete and be freed before this returns. A `&self` would be claimed until then. Most of a node is in
    /// [`UnsafeCell`]s, whose bytes are exempt, but a waiter or a value that is more aligned than a word
    /// leaves padding around them.
    ///
    /// # Safety
    ///
    /// - The node is linked, and the caller holds the lock of its list and has just removed it from there.
    /// - `phase` is not linked, and says that there is a value exactly when there is one.
    /// - If the caller is not the node's future, it has no reference to the node or to a part of it when it
    ///   calls this, and does not use `node` afterwards; and `ordering` is Release, or stronger.
    #[inline(always)]
    pub(in crate::engine) unsafe fn unlink(
        node: NonNull<Self>,
        phase: NodeState,
        ordering: Ordering,
    ) -> Option<Waker> {
        let waker = {
            // SAFETY: it was linked until a moment ago, and its future waits for our lock, or for the store
            // below, before it frees the node (N2, N5): the cell is there. The reference ends with this
            // block.
            let cell = unsafe { &node.as_ref().cell };
            cell.with_mut(|inner| {
                // SAFETY: the holder of the lock owns the inside of a node whose phase says linked (N2, N3),
                // and nothing of it is borrowed, says the caller; so this is the only reference to it.
                let waker = unsafe { &mut (*inner).waker };
                // SAFETY: the phase says linked, so it is initialised (N8). It is read once: the phase is
                // changed next, and where it says linked again, the bytes are written again.
                unsafe { waker.assume_init_read() }
            })
        };
        // SAFETY: its future waits for our lock, or for the store below, before it frees the node (N2, N5),
        // so the pointer is to a live node, of which the place of a field is computed without a reference.
        let word = unsafe { &raw const (*node.as_ptr()).state };
        // SAFETY: the word is there when the store begins. For the call a `&AtomicNodeState` is made of the
        // pointer, and lives until it returns, which may be after the node's end. Such an argument must not
        // be freed, but for what of it is in an `UnsafeCell`, and all of it is: the assertion at the end of
        // this file says that there is nothing but the atomic. That is what makes the last `fetch_sub` of an
        // `Arc` sound, too.
        unsafe { (*word).store(phase, ordering) };
        #[cfg(all(test, miri))]
        linger();
        waker
    }

    /// Calls `f` with what the phase guards.
    ///
    /// # Safety
    ///
    /// The caller may write the phase (N2) until `f` returns, and `f` runs no foreign code that could
    /// reach this node.
    #[inline(always)]
    pub(in crate::engine) unsafe fn with<R>(&self, f: impl FnOnce(&mut Inner<W, V>) -> R) -> R {
        // SAFETY: the node is there, as `&self` is. The caller may write the phase until `f` returns, so that
        // the inside is its own (N3), and promises that nothing `f` calls reaches this node: it is the only
        // reference.
        self.cell.with_mut(|inner| f(unsafe { &mut *inner }))
    }
}

// SAFETY: a node does not move while it is linked, and is there that long (N5). `into_ptr` and `from_ptr`
// return the pointer that they are given, and `links` the place of one field of the node that it points to,
// each time the same. The handle is a pointer that may be copied, so that a list with a node owns nothing.
unsafe impl<W, V> Linked<Links<Self>> for Node<W, V> {
    type Handle = NonNull<Self>;

    #[inline(always)]
    fn into_ptr(node: NonNull<Self>) -> NonNull<Self> {
        node
    }

    #[inline(always)]
    unsafe fn from_ptr(node: NonNull<Self>) -> NonNull<Self> {
        node
    }

    #[inline(always)]
    unsafe fn links(node: NonNull<Self>) -> NonNull<Links<Self>> {
        // SAFETY: cordyceps asks for nodes that are in its list, or that it is given to put there or has just
        // taken out; all under the lock, and before the node is let go of. So it is there (N2, N5).
        let cell = unsafe { &node.as_ref().cell };
        cell.with_mut(|inner| {
            // No reference to the rest is made: the caller may be reading it.
            // SAFETY: `inner` points into the cell, which is there: the place of a field is in bounds.
            let links = unsafe { ptr::addr_of_mut!((*inner).links) };
            // SAFETY: a field of a live value is not null. (That the links are initialised is what cordyceps
            // takes for granted when it reads them. They are, of nodes that are linked or about to be: N8.)
            unsafe { NonNull::new_unchecked(links.cast()) }
        })
    }
}

// What `unlink` relies on: a node's word is an atomic integer, and nothing around it. (In models it is
// larger; those run on one thread.)
#[cfg(not(any(loom, shuttle)))]
const _: () = assert!(size_of::<AtomicNodeState>() == size_of::<usize>());

/// Called where a node has just been let go of: the woken future has time to complete and to be freed before
/// the function ends that let go of it. Without this, one seed in hundreds shows what is wrong there.
#[cfg(all(test, miri))]
fn linger() {
    for _ in 0..20 {
        std::thread::yield_now();
    }
}
