//! Prints the layout of every state word of the library, and of one of this example's own.
//!
//! A `#[bitfield]` draws itself: that is its `Display`. The same table is in its documentation.

/// The state of a door, as a word of one's own.
#[sync_core::bitfield(u8)]
struct Door {
    open: bool,
    locked: bool,
    /// How often it was opened; wraps.
    #[bits(.., counter)]
    opened: u8,
}

fn main() {
    sync_core::layout::for_each(|whose, word| println!("{whose}\n\n{word}\n"));
    println!("a word of one's own\n\n{}", Door::new().with_open(true).with_opened(3));
}
