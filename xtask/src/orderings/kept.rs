//! Orderings that no model needs, and why they are there all the same.
//!
//! What could be said here of an ordering that nobody needs is not: it is weakened in the library instead.

use super::sites::{Site, Weaker};

/// Why an ordering is as it is, though no model fails with a weaker one.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) file: &'static str,
    pub(crate) function: &'static str,
    pub(crate) operation: &'static str,
    pub(crate) to: Weaker,
    pub(crate) why: &'static str,
}

impl Kept {
    pub(crate) fn is_about(&self, site: &Site, to: Weaker) -> bool {
        (self.file, self.function, self.operation, self.to)
            == (&*site.file, &*site.function, &*site.operation, to)
    }
}

/// One row each.
pub(crate) const KEPT: &[Kept] = &[
    Kept {
        file: "engine/wait.rs",
        function: "Wait::drop",
        operation: "`load`",
        to: Weaker::Relaxed,
        why: "a `close` on another thread may have unlinked the node: its last access comes before the end of the node's \
              memory. loom does not count that end as an access; the thread sanitizer does, and reports it.",
    },
    Kept {
        file: "engine/wait.rs",
        function: "LentWait::state_after_wake",
        operation: "`load`",
        to: Weaker::Relaxed,
        why: "a raw lock may panic before the node is out of its list, and a `close` take it out meanwhile: its last access \
              comes before the end of the node's memory. loom's lock does not panic, and loom does not count that end as an \
              access.",
    },
    Kept {
        file: "state/cell.rs",
        function: "AtomicCellState::settle_alone",
        operation: "`compare_exchange`, success",
        to: Weaker::Relaxed,
        why: "the loads of the slot come before the next registrant's stores to it: otherwise a notifier could read what was \
              stored later. loom explores no load buffering.",
    },
    Kept {
        file: "state/cell.rs",
        function: "AtomicCellState::settle",
        operation: "`compare_exchange_weak`, success",
        to: Weaker::Acquire,
        why: "as for `settle_alone`: the loads of the slot come before the next registrant's stores to it. loom explores no \
              load buffering.",
    },
    Kept {
        file: "state/cell.rs",
        function: "AtomicCellState::leave",
        operation: "`compare_exchange_weak`, success",
        to: Weaker::Relaxed,
        why: "as for `settle_alone`: the loads of the slot come before the next registrant's stores to it. loom explores no \
              load buffering.",
    },
];
