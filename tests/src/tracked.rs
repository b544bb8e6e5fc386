//! Values that know whether they were dropped.

use alloc::sync::Arc;

use crate::{Count, watched::not_held};

#[derive(Debug, Default)]
struct Book {
    made: Count,
    dropped: Count,
}

/// Makes values and counts them.
#[derive(Debug, Default)]
pub struct Tracker(Arc<Book>);

/// A number that its [`Tracker`] counts: made, cloned, dropped. It looks then whether a lock is held.
#[derive(Debug)]
pub struct Tracked {
    /// The number.
    pub number: usize,
    book: Arc<Book>,
}

impl Tracker {
    /// Returns a tracker that made nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes a value.
    #[must_use]
    pub fn value(&self, number: usize) -> Tracked {
        self.0.made.up();
        Tracked { number, book: Arc::clone(&self.0) }
    }

    /// Returns how many values there were, clones included.
    #[must_use]
    pub fn made(&self) -> usize {
        self.0.made.get()
    }

    /// Returns how many were dropped.
    #[must_use]
    pub fn dropped(&self) -> usize {
        self.0.dropped.get()
    }

    /// Returns how many are somewhere.
    #[must_use]
    pub fn alive(&self) -> usize {
        self.made() - self.dropped()
    }
}

impl Clone for Tracked {
    fn clone(&self) -> Self {
        not_held();
        self.book.made.up();
        Self { number: self.number, book: Arc::clone(&self.book) }
    }
}

impl Drop for Tracked {
    fn drop(&mut self) {
        not_held();
        self.book.dropped.up();
    }
}
