//! The list of waiters, oldest first. Whoever has `&mut WaitList` holds the queue's lock.
//!
//! The order is: first the granted, which have their value and whose wakers are still to be called,
//! then the queued, each run oldest first.

use core::{fmt, ptr::NonNull, task::Waker};

use cordyceps::{List, list::CursorMut};

use super::{
    node::{Node, Word},
    wake_batch::WakeBatch,
};
use crate::{
    shim::atomic::Ordering::{Relaxed, Release},
    state::node::NodeState,
    waiter::Select,
};

/// Waiters of one queue, and the state that is guarded by the same lock.
pub struct WaitList<S, W, V> {
    pub(super) nodes: List<Node<W, V>>,
    state: S,
}

// SAFETY: the list blocks the auto impl with pointers to nodes. Those belong to whoever holds the lock
// (N3), which is whoever has the list; with them go the waiters, the values and the wakers.
unsafe impl<S: Send, W: Send, V: Send> Send for WaitList<S, W, V> {}

/// There is nobody to whom it applies.
#[derive(Debug)]
pub(crate) struct Nobody;

impl<S, W, V> WaitList<S, W, V> {
    pub(crate) const fn new(state: S) -> Self {
        Self { nodes: List::new(), state }
    }

    /// The policy's state.
    pub(crate) fn state(&mut self) -> &mut S {
        &mut self.state
    }

    /// How many nodes are linked.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether no node is linked.
    #[inline(always)]
    pub(crate) fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Whether somebody waits who was not given anything yet.
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

    /// What the nodes wait for, oldest first.
    #[inline(always)]
    pub(crate) fn waiters(&self) -> impl Iterator<Item = &W> {
        // SAFETY: the nodes are linked and we hold the lock, so they stay, and are lent out with the list.
        self.nodes.iter().map(|node| unsafe { &*node.waiter() })
    }

    /// Gives those at the front what `admit` returns for them, oldest first, until it returns `None`.
    ///
    /// They are granted it, and stay in the list until [`release_front`](Self::release_front). If `admit` panics,
    /// those asked before keep what they were given. The first `granted` have something already, and are not asked.
    #[inline(always)]
    pub(crate) fn grant_front(&mut self, granted: usize, mut admit: impl FnMut(&W) -> Option<V>) {
        for node in self.nodes.iter().skip(granted) {
            debug_assert!(node.load(Relaxed).is_queued(), "somebody was granted something and not released");
            // SAFETY: the node is linked and we hold the lock; `admit` would have to take it to reach the node.
            let Some(value) = admit(unsafe { node.waiter() }) else { break };
            // SAFETY: it is in our list, whose lock we hold, and stays there.
            unsafe { grant(NonNull::from(node), value) };
        }
    }

    /// How many at the front are granted something and not released.
    pub(crate) fn granted(&self) -> usize {
        self.nodes.iter().take_while(|node| node.load(Relaxed).is_granted()).count()
    }

    /// Gives `value` to the first waiter and returns its waker, if it has left one; gives the value
    /// back if nobody waits.
    #[inline(always)]
    pub(crate) fn wake_front(&mut self, value: V) -> Result<Option<Waker>, V> {
        let Some(node) = self.nodes.pop_front() else { return Err(value) };
        // SAFETY: the node was just popped from our list, and we hold the lock.
        Ok(unsafe { give(node, value) })
    }

    /// Unlinks the first node if it is granted, and returns its waker.
    pub(crate) fn release_front(&mut self) -> Result<Option<Waker>, Nobody> {
        if !self.front().ok_or(Nobody)?.is_granted() {
            return Err(Nobody);
        }
        let node = self.nodes.pop_front().ok_or(Nobody)?;
        // SAFETY: the node was just popped from our list, and it is granted.
        Ok(unsafe { settle(node, NodeState::WHEN_WOKEN) })
    }

    /// Unlinks the first node and tells it that the queue is closed, unless it was given a value before.
    pub(crate) fn close_front(&mut self) -> Result<Option<Waker>, Nobody> {
        let phase = if self.front().ok_or(Nobody)?.is_granted() {
            NodeState::WHEN_WOKEN
        } else {
            NodeState::WHEN_CLOSED
        };
        let node = self.nodes.pop_front().ok_or(Nobody)?;
        // SAFETY: the node was just popped from our list, and it has a value if it was granted.
        Ok(unsafe { settle(node, phase) })
    }

    /// Unlinks those whom nobody has claimed, and tells them that the queue is closed. Returns whether there are
    /// more of them than fit in `batch`.
    pub(crate) fn close_unclaimed(&mut self, batch: &mut WakeBatch) -> bool {
        let mut cursor = self.nodes.cursor_front_mut();
        while let Some(node) = cursor.current() {
            if node.load(Relaxed).is_claimed() {
                cursor.move_next();
                continue;
            }
            if batch.is_full() {
                return true;
            }
            let node = cursor.remove_current().expect("the cursor is at a node");
            // SAFETY: the node was just removed from our list. Where there are claims, nobody is granted anything.
            batch.add(unsafe { settle(node, NodeState::WHEN_CLOSED) });
        }
        false
    }

    /// Finds the oldest waiter of which `is` holds. It is asked about every one, so it should compare first, and look
    /// at the word only where that may decide.
    ///
    /// If `is` panics, nothing has changed.
    #[inline]
    pub(crate) fn find(&mut self, mut is: impl FnMut(Word<'_>, &W) -> bool) -> Option<Found<'_, W, V>> {
        let mut cursor = self.nodes.cursor_front_mut();
        loop {
            let node = cursor.current()?;
            // SAFETY: the node is linked and we hold the lock. `is` compares keys; to reach this node it
            // would have to take the lock that we hold.
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
    /// panics, nobody is claimed.
    pub(crate) fn claim(&mut self, now: usize, limit: usize, mut is: impl FnMut(&W) -> bool) -> usize {
        let mut parts = Parts::new(&mut self.nodes);
        let Parts { rest, front } = &mut parts;
        let mut cursor = rest.cursor_front_mut();
        while front.len() < limit {
            let Some(node) = cursor.current() else { break };
            // SAFETY: as in `find`.
            if !node.load(Relaxed).is_claimed() && unsafe { node.with(|inner| is(&inner.waiter)) } {
                front.push_back(cursor.remove_current().expect("the cursor is at a node"));
            } else {
                cursor.move_next();
            }
        }
        for node in &*front {
            // SAFETY: it is queued, and stays linked without a value; we hold the lock (N2).
            unsafe { node.store(NodeState::claimed(now), Relaxed) };
        }
        front.len()
    }

    /// Has those wait as before who were claimed for epoch `now` and are still here.
    pub(crate) fn unclaim(&mut self, now: usize) {
        for node in &self.nodes {
            if node.load(Relaxed) == NodeState::claimed(now) {
                // SAFETY: as in `claim`.
                unsafe { node.store(NodeState::queued(now), Relaxed) };
            }
        }
    }

    /// Asks `select` about each queued waiter, oldest first, and gives a value to those it wakes.
    ///
    /// Wakers go into `batch` while it has room. Those who do not fit are granted and stay at the
    /// front of the list, for [`release_front`](Self::release_front). Returns how many were selected.
    ///
    /// If `select` panics, those selected before keep what they were given.
    pub(crate) fn pass(
        &mut self,
        batch: &mut WakeBatch,
        mut select: impl FnMut(&mut S, &mut W) -> Select<V>,
    ) -> usize {
        let mut selected = 0;
        // As long as nobody was skipped, who is granted something is at the front already, and does not move.
        let mut cursor = self.nodes.cursor_front_mut();
        let mut granted = false;
        let front = loop {
            let Some(node) = cursor.current() else { return selected };
            if node.load(Relaxed).is_granted() {
                // An earlier pass has more to wake than fitted; they stay in front of ours.
                granted = true;
                cursor.move_next();
                continue;
            }
            // SAFETY: the node is linked and we hold the lock. The policy's function would have to take
            // the lock that we hold to reach the node.
            let (value, stop) = match unsafe { node.with(|inner| select(&mut self.state, &mut inner.waiter)) }
            {
                Select::Wake(value) => (value, false),
                Select::WakeAndStop(value) => (value, true),
                Select::Skip => break if granted { cursor.split_before() } else { List::new() },
                Select::Stop => return selected,
            };
            selected += 1;
            if granted || batch.is_full() {
                granted = true;
                // SAFETY: it is in our list, whose lock we hold, and stays there.
                unsafe { grant(NonNull::from(node.get_ref()), value) };
                cursor.move_next();
            } else {
                let node = cursor.remove_current().expect("the cursor is at a node");
                // SAFETY: the node was just removed from our list, and we hold the lock.
                batch.add(unsafe { give(node, value) });
            }
            if stop {
                return selected;
            }
        };

        // The one who was skipped is the first of the rest.
        let mut parts = Parts { rest: &mut self.nodes, front };
        let Parts { rest, front } = &mut parts;
        let mut cursor = rest.cursor_front_mut();
        cursor.move_next();
        while let Some(node) = cursor.current() {
            if node.load(Relaxed).is_granted() {
                front.push_back(cursor.remove_current().expect("the cursor is at a node"));
                continue;
            }
            // SAFETY: as above.
            let (value, stop) = match unsafe { node.with(|inner| select(&mut self.state, &mut inner.waiter)) }
            {
                Select::Wake(value) => (value, false),
                Select::WakeAndStop(value) => (value, true),
                Select::Skip => {
                    cursor.move_next();
                    continue;
                }
                Select::Stop => break,
            };
            let node = cursor.remove_current().expect("the cursor is at a node");
            selected += 1;
            if front.is_empty() && !batch.is_full() {
                // SAFETY: the node was just removed from our list, and we hold the lock.
                batch.add(unsafe { give(node, value) });
            } else {
                // SAFETY: as above; the node goes into the front of our list before the lock is free.
                unsafe { grant(node, value) };
                front.push_back(node);
            }
            if stop {
                break;
            }
        }
        selected
    }
}

impl<S, W, V> fmt::Debug for WaitList<S, W, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitList").field("len", &self.len()).finish_non_exhaustive()
    }
}

/// Two runs of one list while nodes move from one to the other; one list again when it is dropped,
/// whether or not somebody's comparison panicked.
struct Parts<'l, W, V> {
    rest: &'l mut List<Node<W, V>>,
    front: List<Node<W, V>>,
}

impl<'l, W, V> Parts<'l, W, V> {
    #[inline]
    fn new(rest: &'l mut List<Node<W, V>>) -> Self {
        Self { rest, front: List::new() }
    }
}

impl<W, V> Drop for Parts<'_, W, V> {
    #[inline]
    fn drop(&mut self) {
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
        // SAFETY: the node was just removed from its list, whose lock is held while the list is borrowed.
        unsafe { give(node, value) }
    }
}

/// Gives `value` to a node that is being unlinked, and returns its waker.
///
/// # Safety
///
/// The caller holds the lock of the node's list, and has just removed the node from it.
#[inline(always)]
unsafe fn give<W, V>(node: NonNull<Node<W, V>>, value: V) -> Option<Waker> {
    // SAFETY: its future exists until it is unlinked, and it waits for our lock to see that (N5).
    let node = unsafe { node.as_ref() };
    debug_assert!(node.load(Relaxed).is_queued(), "only one that waits can be woken");
    // SAFETY: it was linked, and we hold the lock (N2).
    unsafe { node.with(|inner| _ = inner.value.write(value)) };
    // Ordering: Release pairs with the Acquire in `Wait::queue_and_stage`: its future sees the value.
    // SAFETY: it was removed, and has a value; this is our last access.
    unsafe { node.unlink(NodeState::WHEN_WOKEN, Release) }
}

/// Gives `value` to a node that stays linked.
///
/// # Safety
///
/// The caller holds the lock of the node's list, and the node is in it when the lock is released.
unsafe fn grant<W, V>(node: NonNull<Node<W, V>>, value: V) {
    // SAFETY: as in `give`.
    let node = unsafe { node.as_ref() };
    // SAFETY: it is linked, and we hold the lock (N2).
    unsafe { node.with(|inner| _ = inner.value.write(value)) };
    // Ordering: Relaxed; a linked node is looked into under the lock only.
    // SAFETY: it is linked and has a value.
    unsafe { node.store(NodeState::WHEN_GRANTED, Relaxed) };
}

/// Lets go of a node that is being unlinked, and returns its waker.
///
/// # Safety
///
/// The caller holds the lock of the node's list and has just removed the node from it; `phase` is not a
/// linked one, and is `Woken` exactly when the node has a value.
unsafe fn settle<W, V>(node: NonNull<Node<W, V>>, phase: NodeState) -> Option<Waker> {
    // SAFETY: as in `give`.
    let node = unsafe { node.as_ref() };
    // Ordering: Release, as in `give`.
    // SAFETY: it was removed, and the caller chose the phase rightly; this is our last access.
    unsafe { node.unlink(phase, Release) }
}
