//! Expansion snapshots and messages.
