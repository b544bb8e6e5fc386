use sync_core::wait_map;

/// The first word of the item is neither this nor its visibility.
#[wait_map(key = u32, value = u32, match = unique)]
#[doc(hidden)]
pub(crate) fn map() {}

fn main() {}
