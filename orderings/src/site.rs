//! One memory ordering in the source, and what it may be weakened to.

use core::fmt;
use core::ops::Range;

use serde::Deserialize;

/// The orderings from which something can be taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Order {
    Acquire,
    Release,
    AcqRel,
    SeqCst,
}

/// What an ordering is weakened to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub(crate) enum Weaker {
    Relaxed,
    Acquire,
    Release,
    AcqRel,
    /// The fence is taken out.
    Nothing,
}

/// One ordering in the source.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    /// Below the folder of `lib.rs`.
    pub(crate) file: String,
    /// With its type, if it is a method.
    pub(crate) function: String,
    /// What it is an argument of, and which of two; numbered where one function does the same several times.
    pub(crate) operation: String,
    pub(crate) order: Order,
    /// The bytes of the ordering in the file, or of the whole call of `fence`.
    pub(crate) bytes: Range<usize>,
    pub(crate) fence: bool,
}

impl Order {
    pub(crate) const ALL: [Self; 4] = [Self::Acquire, Self::Release, Self::AcqRel, Self::SeqCst];

    /// What a read-modify-write, a load or a store may be weakened to.
    fn weaker(self) -> &'static [Weaker] {
        match self {
            Self::Acquire | Self::Release => &[Weaker::Relaxed],
            Self::AcqRel => &[Weaker::Acquire, Weaker::Release],
            Self::SeqCst => &[Weaker::AcqRel],
        }
    }
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl fmt::Display for Weaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("taken out"),
            order => fmt::Debug::fmt(order, f),
        }
    }
}

impl Site {
    /// What it is weakened to, one after the other.
    pub(crate) fn weaker(&self) -> &'static [Weaker] {
        if self.fence { &[Weaker::Nothing] } else { self.order.weaker() }
    }
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {} {}", self.file, self.function, self.operation, self.order)
    }
}
