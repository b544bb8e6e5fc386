//! The user's own models, with loom alone: no help of sync-core's, and every interleaving that the bound
//! allows.
#![cfg(loom)]

use downstream::Office;
use loom::{future::block_on, model::Builder, sync::Arc, thread};

/// Two preemptions, unless the environment says otherwise: each mistake needs one.
fn model(f: impl Fn() + Send + Sync + 'static) {
    let mut builder = Builder::new();
    builder.preemption_bound.get_or_insert(2);
    builder.check(f);
}

/// A sender gets the answer to its own letter, whenever the clerk comes, and what both have done counts.
///
/// Fails if: `registers-too-late`: the answer comes before the sender waits for it; `looks-before-it-waits`:
/// the letter comes after the clerk has looked and before it waits; both sleep forever then. Or
/// `counts-without-the-lock`: one of two does not count.
#[test]
fn a_letter_is_answered() {
    model(|| {
        let office = Arc::new(Office::default());
        let sender = thread::spawn({
            let office = Arc::clone(&office);
            move || block_on(office.send(7))
        });
        assert_eq!(block_on(office.answer(|number| u32::from(number) * 2)), 7);
        assert_eq!(sender.join().unwrap(), Ok(14));
        assert_eq!(block_on(office.done()), 2, "something was done and does not count");
    });
}
