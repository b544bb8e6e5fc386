//! The list of waiters, oldest first. The one that has `&mut WaitList` holds the queue's lock.
//!
//! The order is: first the granted, which have their value and whose wakers are still to be called,
//! then the queued, each run oldest first.

use core::{fmt, mem::MaybeUninit, ptr::NonNull, task::Waker};

use cordyceps::{List, list::CursorMut};

use super::{
    node::{Node, Word},
    wake_batch::{Step, WakeBatch},
};
use crate::{
    shim::atomic::Ordering::{Relaxed, Release},
    state::node::NodeState,
    util::SMALL,
};

/// What to do with one waiter on an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Select<V> {
    /// Wake it with this value, and ask about the next one.
    Wake(V),
    /// Wake it with this value; those behind it keep waiting.
    WakeAndStop(V),
    /// It keeps waiting; ask about the next one.
    Skip,
    /// It keeps waiting, and so do all behind it.
    Stop,
}

/// Waiters of one queue, and the state that is guarded by the same lock.
///
/// It has no size where it is lent: then `Stay` is `[()]`, of no elements. What has no size cannot be moved
/// out from behind a `&mut`, exchanged for another or written over, so that it stays in its cell (L1).
#[expect(unnameable_types, reason = "sealed: no other crate may get hold of one")]
pub struct WaitList<S, W, V, Stay: ?Sized = [()]> {
    pub(in crate::engine) nodes: List<Node<W, V>>,
    state: S,
    _stay: Stay,
}

/// A [`WaitList`] where it is kept.
pub(in crate::engine) type Kept<S, W, V> = WaitList<S, W, V, [(); 0]>;

// L1 needs that one that is lent has no size. Then a reference to it says how many elements it ends with.
const _: () = assert!(size_of::<&mut WaitList<(), (), ()>>() == 2 * size_of::<usize>());

// SAFETY: what blocks the auto impl are the pointers to nodes. The nodes belong to the holder of the lock
// (N2, N3), which is the one that has the list: so the one that is sent the list uses the waiters, the values
// and the wakers in it, all of which are `Send`.
unsafe impl<S: Send, W: Send, V: Send, Stay: ?Sized + Send> Send for WaitList<S, W, V, Stay> {}

/// There is nothing to which it applies.
#[derive(Debug)]
pub(crate) struct Empty;

impl<S, W, V> Kept<S, W, V> {
    pub(in crate::engine) const fn new(state: S) -> Self {
        Self { nodes: List::new(), state, _stay: [] }
    }
}

impl<S, W, V> WaitList<S, W, V> {
    /// The policy's state.
    pub(crate) fn state(&mut self) -> &mut S {
        &mut self.state
    }

    /// How many wait, of which `promised` does not hold at the front of the list: those have what they waited
    /// for, or have it coming, and are still to be unlinked.
    pub(crate) fn waiting(&self, promised: impl Fn(NodeState) -> bool) -> usize {
        self.nodes.len() - self.nodes.iter().take_while(|node| promised(node.load(Relaxed))).count()
    }

    /// Whether no node is linked.
    #[inline(always)]
    pub(crate) fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Whether a task waits that was not given anything yet.
    pub(crate) fn has_queued(&self) -> bool {
        self.back().is_some_and(NodeState::is_queued)
    }

    /// Phase and epoch of the first node.
    #[inline(always)]
    pub(crate) fn front(&self) -> Option<NodeState> {
        self.nodes.front().map(|node| node.load(Relaxed))
    }

    /// Phase and epoch of the last node.
    #[inline(always)]
    pub(crate) fn back(&self) -> Option<NodeState> {
        self.nodes.back().map(|node| node.load(Relaxed))
    }

    /// What the oldest waits for, and the next one if there is one; `None` if something is granted, or
    /// nothing waits.
    #[inline(always)]
    pub(crate) fn oldest(&self) -> Option<(&W, Option<&W>)> {
        let mut nodes = self.nodes.iter();
        let oldest = nodes.next()?;
        if oldest.load(Relaxed).is_granted() {
            return None;
        }
        // SAFETY: the node is in the list, whose lock is held by the one that has it, so its inside is ours
        // (N2, N3). As long as the result is used the list is borrowed, so nothing asks for the waiter
        // mutably.
        let first: &W = unsafe { oldest.waiter() };
        let second = nodes.next().map(|node| {
            // SAFETY: the node is in the list, whose lock is held by the one that has it, so its inside is
            // ours (N2, N3), and is another node's than the first. As long as the result is used the list is
            // borrowed, so nothing asks for the waiter mutably.
            let second: &W = unsafe { node.waiter() };
            second
        });
        Some((first, second))
    }

    /// Gives `value` to the first waiter and returns its waker, if it has left one; gives the value
    /// back if no task waits.
    #[inline(always)]
    pub(crate) fn wake_front(&mut self, value: V) -> Result<Option<Waker>, V> {
        let Some(node) = self.nodes.pop_front() else { return Err(value) };
        // SAFETY: the one that has the list holds the lock, and the node was just popped from it. No
        // reference to it was made.
        Ok(unsafe { give(node, value) })
    }

    /// Unlinks the first node if it is granted, and returns its waker.
    pub(crate) fn release_front(&mut self) -> Result<Option<Waker>, Empty> {
        if !self.front().ok_or(Empty)?.is_granted() {
            return Err(Empty);
        }
        let node = self.nodes.pop_front().ok_or(Empty)?;
        // SAFETY: the one that has the list holds the lock, and the node was just popped from it. It was
        // granted, so it has a value (N4), as the new phase says.
        Ok(unsafe { settle(node, NodeState::WHEN_WOKEN) })
    }

    /// Unlinks the first node and tells it that the queue is closed, unless it was given a value before.
    pub(crate) fn close_front(&mut self) -> Result<Option<Waker>, Empty> {
        let phase = when_closed(self.front().ok_or(Empty)?);
        let node = self.nodes.pop_front().ok_or(Empty)?;
        // SAFETY: the one that has the list holds the lock, and the node was just popped from it. It has a
        // value exactly if its phase said so (N4), and then the new one does.
        Ok(unsafe { settle(node, phase) })
    }

    /// Unlinks those that nothing has claimed, and tells them that the queue is closed. Returns whether there
    /// are more of them than fit in `batch`.
    pub(crate) fn close_unclaimed(&mut self, batch: &mut WakeBatch) -> bool {
        let mut cursor = self.nodes.cursor_front_mut();
        while let Some(node) = cursor.current() {
            let state = node.load(Relaxed);
            if state.is_claimed() {
                cursor.move_next();
                continue;
            }
            if batch.is_full() {
                return true;
            }
            let node = cursor.remove_current().expect("the cursor is at a node");
            // SAFETY: the one that has the list holds the lock, and the node was just removed from it. It has
            // a value exactly if its phase said so (N4), and then the new one does.
            batch.add(unsafe { settle(node, when_closed(state)) });
        }
        false
    }

    /// Finds the oldest waiter of which `is` holds. It is asked about every one, so it should compare first,
    /// and look at the word only where that may decide.
    ///
    /// If `is` panics, nothing has changed.
    #[inline]
    pub(crate) fn find(&mut self, mut is: impl FnMut(Word<'_>, &W) -> bool) -> Option<Found<'_, W, V>> {
        let mut cursor = self.nodes.cursor_front_mut();
        loop {
            let node = cursor.current()?;
            // SAFETY: the one that has the list holds the lock, and the node is in it, so its inside is ours
            // (N2, N3). `is` compares keys, and looks at the word: to reach the node's inside it would have
            // to take the lock.
            if unsafe { node.with(|inner| is(node.word(), &inner.waiter)) } {
                return Some(Found { cursor });
            }
            cursor.move_next();
        }
    }

    /// Claims the oldest waiters of which `is` holds, at most `limit`, for the `wake_n` that begins epoch
    /// `now`, and returns how many. Those that another one has claimed are passed over.
    ///
    /// They move to the front; among themselves, and among the others, the order stays as it was. If `is`
    /// panics, nothing has changed.
    pub(crate) fn claim(&mut self, now: usize, limit: usize, mut is: impl FnMut(&W) -> bool) -> usize {
        let mut chosen = Chosen { nodes: &mut self.nodes, keep: false };
        let mut count = 0;
        for node in &*chosen.nodes {
            if count == limit {
                break;
            }
            let state = node.load(Relaxed);
            // SAFETY: the one that has the list holds the lock, and the node is in it, so its inside is ours
            // (N2, N3). `is` compares: to reach the node it would have to take the lock.
            if state.is_unclaimed() && unsafe { node.with(|inner| is(&inner.waiter)) } {
                // SAFETY: it is linked, so we may write its phase, as the lock's holder (N2). It stays in the
                // list (N1), and the new phase says as the old one that there is no value (N4): where waiters
                // are claimed, none is granted.
                unsafe { node.store(state.chosen(), Relaxed) };
                count += 1;
            }
        }
        chosen.keep = true;
        drop(chosen);

        let mut front = List::new();
        let mut cursor = self.nodes.cursor_front_mut();
        while let Some(node) = cursor.current() {
            if node.load(Relaxed).is_chosen() {
                // SAFETY: it is linked, so we may write its phase, as the lock's holder (N2). It is in the
                // list again before the lock is free (N1), and chosen and claimed both say that there is no
                // value (N4).
                unsafe { node.store(NodeState::claimed(now), Relaxed) };
                front.push_back(cursor.remove_current().expect("the cursor is at a node"));
            } else {
                cursor.move_next();
            }
        }
        if !front.is_empty() {
            front.append(&mut self.nodes);
            core::mem::swap(&mut self.nodes, &mut front);
        }
        count
    }

    /// Has those that were claimed for epoch `now`, and are still here, wait as before: each in front of the
    /// first of the others that it `is_before`. Those that have a reserve get that instead, as far as `batch`
    /// has room.
    ///
    /// Returns whether there are more of those than fit.
    pub(crate) fn unclaim(
        &mut self,
        now: usize,
        batch: &mut WakeBatch,
        is_before: impl Fn(&W, &W) -> bool,
    ) -> bool {
        let mut ours: List<Node<W, V>> = List::new();
        let mut more = false;
        let mut cursor = self.nodes.cursor_front_mut();
        // The claimed are in front of the others.
        while let Some(node) = cursor.current() {
            let state = node.load(Relaxed);
            if !state.is_claimed() {
                break;
            }
            if !state.is_claimed_for(now) || (state.given() && batch.is_full()) {
                more |= state.is_claimed_for(now);
                cursor.move_next();
                continue;
            }
            let node = cursor.remove_current().expect("the cursor is at a node");
            if state.given() {
                // SAFETY: the one that has the list holds the lock, and the node was just removed from it. It
                // has a value, its reserve (N4), as the new phase says.
                batch.add(unsafe { settle(node, NodeState::WHEN_WOKEN) });
            } else {
                // SAFETY: its phase says linked, and its future waits for our lock before it frees it (N2,
                // N5).
                let inside = unsafe { node.as_ref() };
                // SAFETY: its phase says linked, so we may write it, as the lock's holder (N2). It is in the
                // list again before the lock is free (N1), since no code of users runs until then; and
                // claimed without a reserve and queued both say that there is no value (N4).
                unsafe { inside.store(NodeState::queued(now), Relaxed) };
                ours.push_back(node);
            }
        }
        // The cursor is at the first that is not claimed.
        while let Some(node) = ours.pop_front() {
            while let Some(other) = cursor.current() {
                // SAFETY: its phase says linked, and its future waits for our lock before it frees it (N2,
                // N5).
                let ours = unsafe { node.as_ref() };
                // SAFETY: its phase says linked, so its inside belongs to the lock's holder, which we are
                // (N2, N3); we ask for it again only when `is_before`, which compares ages, has returned.
                let ours = unsafe { ours.waiter() };
                // SAFETY: another node than ours, which is in no list now; its phase says linked, too, so
                // that its inside is ours as well (N2, N3), and is asked for again only when `is_before` has
                // returned.
                let other = unsafe { other.get_ref().waiter() };
                if is_before(ours, other) {
                    break;
                }
                cursor.move_next();
            }
            cursor.insert_before(node);
        }
        more
    }

    /// Asks `select` about each queued waiter, oldest first, and gives a value to those that it wakes.
    ///
    /// They are granted it, at the front of the list and oldest first. If that makes one in all, it is
    /// unlinked instead, and its waker is in the [`Step`], with how many were selected.
    ///
    /// If `select` panics, those selected before are granted what they were given.
    pub(crate) fn select_each(&mut self, mut select: impl FnMut(&mut S, &mut W) -> Select<V>) -> Step<usize> {
        let mut parts = Parts { rest: &mut self.nodes, front: List::new(), only: None };
        let Parts { rest, front, only } = &mut parts;
        let mut cursor = rest.cursor_front_mut();
        let mut selected = 0;
        // As long as none was skipped, what is granted is at the front already.
        let mut in_front = true;
        // Whether more than one is granted: what another call has granted, and not woken yet, stays in front
        // of ours.
        let mut many = false;
        while let Some(node) = cursor.current() {
            let granted = node.load(Relaxed).is_granted();
            let mut stop = false;
            if granted {
                many = true;
            } else {
                // SAFETY: the one that has the list holds the lock, and the node is in it, so its inside is
                // ours (N2, N3). The policy's function would have to take the lock to reach the node.
                let value = match unsafe { node.with(|inner| select(&mut self.state, &mut inner.waiter)) } {
                    Select::Wake(value) => value,
                    Select::WakeAndStop(value) => {
                        stop = true;
                        value
                    }
                    Select::Skip => {
                        if in_front {
                            *front = cursor.split_before();
                            in_front = false;
                        }
                        cursor.move_next();
                        continue;
                    }
                    Select::Stop => break,
                };
                selected += 1;
                // SAFETY: its phase says linked, so its inside is ours, as the lock's holder (N2, N3);
                // writing runs no other code, since a queued node has no value to drop. The phase says that
                // there is one before the lock is free (N4): below, when it is unlinked at the end, or when
                // `Parts` is dropped.
                unsafe { node.with(|inner| _ = inner.value.write(value)) };
                let node = NonNull::from(node.get_ref());
                if !SMALL && selected == 1 && !many {
                    *only = Some(node);
                } else {
                    many = true;
                    if let Some(first) = only.take() {
                        // SAFETY: we hold the lock, the node is in one of the two runs of the list, which are
                        // one when the lock is free, and its value was written when it was selected.
                        unsafe { grant(first) };
                    }
                    // SAFETY: we hold the lock, the node is in one of the two runs of the list, which are one
                    // when the lock is free, and its value is written, above.
                    unsafe { grant(node) };
                }
            }
            if in_front {
                cursor.move_next();
            } else {
                front.push_back(cursor.remove_current().expect("the cursor is at a node"));
            }
            if stop {
                break;
            }
        }
        let only = only.take();
        drop(parts);
        let waker = only.filter(|_| !SMALL).and_then(|_| {
            let node = self.nodes.pop_front().expect("the one that was selected is the first");
            // SAFETY: the one that has the list holds the lock, and the node was just popped from it. Its
            // value was written when it was selected, and it was not granted since, so that the new phase is
            // the first to say so.
            unsafe { settle(node, NodeState::WHEN_WOKEN) }
        });
        Step { result: selected, waker, granted: many }
    }

    /// Grants each that is queued, oldest first, what `value` says, until that is `None`. Returns whether all
    /// have something then.
    ///
    /// If `value` panics, those that it was asked about before have what it said.
    #[inline(always)]
    pub(crate) fn grant_front(&mut self, mut value: impl FnMut(NodeState, &W) -> Option<V>) -> bool {
        for node in &self.nodes {
            let state = node.load(Relaxed);
            if state.is_granted() {
                continue;
            }
            // SAFETY: the node is in the list, whose lock is held by the one that has it, so its inside is
            // ours (N2, N3). `value` would have to take the lock to reach it, and the reference is gone when
            // it returns.
            let Some(value) = value(state, unsafe { node.waiter() }) else { return false };
            // SAFETY: the one that has the list holds the lock, and the node is in it, so its inside is ours
            // (N2, N3); writing runs no other code, since one that is not granted has no value to drop.
            unsafe { node.with(|inner| _ = inner.value.write(value)) };
            // SAFETY: we hold the lock, the node stays in the list, and its value is written, above.
            unsafe { grant(NonNull::from(node)) };
        }
        true
    }
}

impl<S, W, V> fmt::Debug for WaitList<S, W, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitList").field("len", &self.nodes.len()).finish_non_exhaustive()
    }
}

/// Two runs of one list while nodes move from one to the other; one list again when it is dropped,
/// whether or not some comparison panicked.
struct Parts<'l, W, V> {
    rest: &'l mut List<Node<W, V>>,
    front: List<Node<W, V>>,
    /// A node whose value is written, and whose phase does not say so yet.
    only: Option<NonNull<Node<W, V>>>,
}

impl<W, V> Drop for Parts<'_, W, V> {
    #[inline]
    fn drop(&mut self) {
        if let Some(only) = self.only {
            // SAFETY: the lock is held as long as this borrows the list. The node is in one of its two runs,
            // which are one again below, and its value was written when it was selected.
            unsafe { grant(only) };
        }
        if !self.front.is_empty() {
            self.front.append(self.rest);
            core::mem::swap(self.rest, &mut self.front);
        }
    }
}

/// A waiter that was found; the list is borrowed until it is decided what becomes of it.
pub(crate) struct Found<'l, W, V> {
    cursor: CursorMut<'l, Node<W, V>>,
}

impl<W, V> Found<'_, W, V> {
    /// Unlinks the waiter, gives it `value`, and returns its waker, if it has left one.
    #[inline]
    pub(crate) fn wake(mut self, value: V) -> Option<Waker> {
        let node = self.cursor.remove_current().expect("the cursor is at the node that was found");
        // SAFETY: the lock is held as long as this borrows the list, and the node was just removed from that.
        // No reference to it is left: `find` made one for its closure.
        unsafe { give(node, value) }
    }

    /// As [`wake`](Self::wake), for one that may have a reserve: that is what is in `value` then.
    pub(crate) fn wake_and_take_reserve(mut self, value: &mut Option<V>) -> Option<Waker> {
        let node = self.cursor.remove_current().expect("the cursor is at the node that was found");
        {
            // SAFETY: its phase says linked, and its future waits for our lock, or for the phase that
            // `settle` writes, before it frees it (N2, N5). The reference ends with this block, before that.
            let inside = unsafe { node.as_ref() };
            let given = MaybeUninit::new(value.take().expect("a value is given to one waiter"));
            // SAFETY: its phase says linked, and the lock is held as long as this borrows the list, so its
            // inside is ours (N2, N3); moving bytes runs no other code.
            let reserve = unsafe { inside.with(|inner| core::mem::replace(&mut inner.value, given)) };
            if inside.load(Relaxed).given() {
                // SAFETY: the phase says that there was a value (N4), which the line above has moved out.
                *value = Some(unsafe { reserve.assume_init() });
            }
        }
        // SAFETY: the lock is held as long as this borrows the list, and the node was just removed from that.
        // It has a value, as the new phase says, and no reference to it is left.
        unsafe { settle(node, NodeState::WHEN_WOKEN) }
    }

    /// Has a claimed waiter keep `value` in reserve, in case what it was claimed for does not come.
    pub(crate) fn reserve(self, value: V) {
        let node = self.cursor.current().expect("the cursor is at the node that was found");
        let state = node.load(Relaxed);
        assert!(state.is_claimed() && !state.given(), "only one that is claimed can have a reserve, and one");
        // SAFETY: the node is in the list, whose lock is held as long as this borrows it, so its inside is
        // ours (N2, N3); writing runs no other code, since one without a reserve has no value to drop.
        unsafe { node.with(|inner| _ = inner.value.write(value)) };
        // SAFETY: the node is linked, and the lock is held as long as this borrows the list, so we may write
        // the phase (N2). It stays in the list (N1), and the new phase says that there is a value, which was
        // written above (N4).
        unsafe { node.store(state.with_given(true), Relaxed) };
    }
}

/// The nodes that a `wake_n` has chosen so far; unless they are to be kept, they wait as before when this is
/// dropped.
struct Chosen<'l, W, V> {
    nodes: &'l mut List<Node<W, V>>,
    keep: bool,
}

impl<W, V> Drop for Chosen<'_, W, V> {
    fn drop(&mut self) {
        if self.keep {
            return;
        }
        for node in &*self.nodes {
            let state = node.load(Relaxed);
            if state.is_chosen() {
                // SAFETY: the node is linked, and the lock is held as long as this borrows the list, so we
                // may write the phase (N2). It stays in the list (N1), and chosen and queued both say that
                // there is no value (N4).
                unsafe { node.store(NodeState::queued(state.epoch()), Relaxed) };
            }
        }
    }
}

/// Gives `value` to a node that is being unlinked, and returns its waker.
///
/// # Safety
///
/// The caller holds the lock of the node's list, and has just removed the node from it.
#[inline(always)]
unsafe fn give<W, V>(node: NonNull<Node<W, V>>, value: V) -> Option<Waker> {
    {
        // SAFETY: it was linked until a moment ago, and its future frees it only once it has seen the phase
        // that `unlink` writes, or has our lock (N2, N5). The reference ends with this block, before that.
        let node = unsafe { node.as_ref() };
        debug_assert!(node.load(Relaxed).is_queued(), "only one that waits can be woken");
        // SAFETY: the phase says linked and we hold the lock, so the inside is ours (N2, N3); writing runs no
        // other code.
        unsafe { node.with(|inner| _ = inner.value.write(value)) };
    }
    // Ordering: Release pairs with the Acquire in `Lent::stage`: its future sees the value.
    // SAFETY: it was removed from its list, whose lock we hold, and has a value; no reference to it is left,
    // and it is not used again.
    unsafe { Node::unlink(node, NodeState::WHEN_WOKEN, Release) }
}

/// Has a node that stays linked say that it holds a value.
///
/// # Safety
///
/// The caller holds the lock of the node's list, the node is in it when the lock is released, and its value
/// is written.
#[inline(always)]
unsafe fn grant<W, V>(node: NonNull<Node<W, V>>) {
    // SAFETY: the node is linked, and its future waits for our lock before it frees it (N2, N5).
    let node = unsafe { node.as_ref() };
    // Ordering: Relaxed; a linked node is looked into under the lock only.
    // SAFETY: it is linked, so we may write the phase, as the lock's holder (N2). Our caller promises that it
    // is in the list when the lock is free (N1), and that there is a value (N4).
    unsafe { node.store(NodeState::WHEN_GRANTED, Relaxed) };
}

/// The phase in which a linked node is let go of when its queue is closed: what it was given, it has.
#[inline(always)]
fn when_closed(state: NodeState) -> NodeState {
    if state.given() { NodeState::WHEN_WOKEN } else { NodeState::WHEN_CLOSED }
}

/// Lets go of a node that is being unlinked, and returns its waker.
///
/// # Safety
///
/// The caller holds the lock of the node's list and has just removed the node from it; `phase` is not a
/// linked one, and says that the node has a value exactly when it has one.
unsafe fn settle<W, V>(node: NonNull<Node<W, V>>, phase: NodeState) -> Option<Waker> {
    // Ordering: Release pairs with the Acquire in `Lent::stage`: its future sees what it was given, and why.
    // SAFETY: it was removed from its list, whose lock we hold, and `phase` is what the caller promises; no
    // reference to it was made, and it is not used again.
    unsafe { Node::unlink(node, phase, Release) }
}
