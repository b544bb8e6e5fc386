//! Prints the layout of every state word of the library, and of a word of its own.
//!
//! A `#[bitfield]` draws itself: that is its `Display`. The same table is in its documentation.
//!
//! ```text
//! cargo run --example layouts
//! ```

use clap::Parser;

/// The state of a door, as a word of one's own.
#[sync_core::bitfield(u8)]
struct Door {
    open: bool,
    locked: bool,
    /// How often it was opened; wraps.
    #[bits(.., counter)]
    opened: u8,
}

/// Prints the state word of each primitive of the library, and of one that is made here: which bits each
/// field has, and its value.
///
/// Each word draws itself, from the same constants that its accessors use, so that the table cannot differ
/// from the code.
#[derive(Debug, Parser)]
struct Options {}

fn main() {
    let Options {} = Options::parse();
    println!(
        "The state words of the library, as `new` leaves them: the bits of each field, and its value.\n"
    );
    sync_core::layout::for_each(|whose, word| println!("{whose}\n\n{word}\n"));
    println!("A word of this example: a door that is open, and was opened three times.\n");
    println!("{}", Door::new().with_open(true).with_opened(3));
}
