//! Nothing: everything is in `tests/ui.rs` and the folders beside it.
