//! Black-box tests of sync-core: they see what its users see.
