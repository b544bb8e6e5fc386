//! Constructors.

use super::super::model::{Body, Mode, WaitMap};
use crate::host::{Store, docs as common};

/// What a new map is.
fn what(map: &WaitMap) -> &'static str {
    match &map.body {
        Body::Whole(Mode::UpTo { wrapping: true }, _) => "a map at position zero, for which nobody waits",
        Body::Whole(Mode::UpTo { wrapping: false }, _) => {
            "a map at the first position, for which nobody waits"
        }
        Body::Whole(Mode::Mask { .. }, _) => "a map in which no flag is set and nobody waits",
        _ => "a map in which nobody waits",
    }
}

pub(in super::super) fn new(map: &WaitMap) -> String {
    match map.host.store {
        Store::Queue => common::new(what(map)),
        Store::Buckets(_) => "\
Returns a map in which nobody waits, with a default raw lock for each bucket.

[`new_with_raw_mutexes`](Self::new_with_raw_mutexes) and \
[`new_with_const_raw_mutexes`](Self::new_with_const_raw_mutexes) take other ones. Usable in a `static`, \
except in models under `--cfg loom`."
            .to_owned(),
    }
}

pub(in super::super) fn new_with_raw_mutex(map: &WaitMap) -> String {
    common::new_with_raw_mutex(what(map))
}

pub(in super::super) fn starting_at() -> String {
    "\
Returns a map at `position`, around the default raw lock.

[`starting_at_with_raw_mutex`](Self::starting_at_with_raw_mutex) takes another one. Usable in a `static`, except \
in models under `--cfg loom`."
        .to_owned()
}

pub(in super::super) fn starting_at_with_raw_mutex() -> String {
    common::new_with_raw_mutex("a map at `position`")
}

pub(in super::super) fn new_with_raw_mutexes() -> String {
    "\
Returns a map in which nobody waits, with one of `locks` for each bucket.

`Lock` decides who may use it: with one that keeps interrupts out while it is held, interrupt handlers may. It is no \
`const fn`: where a `static` needs another lock than the default one, there is \
[`new_with_const_raw_mutexes`](Self::new_with_const_raw_mutexes)."
        .to_owned()
}

pub(in super::super) fn new_with_const_raw_mutexes() -> String {
    "\
Returns a map in which nobody waits, with a new `Lock` for each bucket.

`Lock` decides who may use it: with one that keeps interrupts out while it is held, interrupt handlers may. Usable in \
a `static`, except in models under `--cfg loom`."
        .to_owned()
}
