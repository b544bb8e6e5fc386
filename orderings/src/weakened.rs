//! In the copy of a library that `orderings` makes, and nowhere else: one ordering is weaker than the source
//! has it, and which ones an execution reaches is written down.
#![allow(
    missing_docs,
    dead_code,
    unreachable_pub,
    reason = "the copy is neither read nor linted, and its warnings are errors; its sites decide what of this is used"
)]

use core::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::{
    env,
    fs::{File, OpenOptions},
    io::Write as _,
    sync::LazyLock,
};

use {atomics}::Ordering;

struct Plan {
    /// The site that is weakened, and to what; a fence that is taken out has no ordering.
    weakened: Option<(usize, Option<Ordering>)>,
    trace: Option<File>,
}

static PLAN: LazyLock<Plan> = LazyLock::new(|| Plan {
    weakened: env::var("ORDERINGS_WEAKEN").ok().map(|text| {
        let (site, to) = text.split_once(':').expect("SITE:ORDERING");
        let to = match to {
            "Relaxed" => Some(Ordering::Relaxed),
            "Acquire" => Some(Ordering::Acquire),
            "Release" => Some(Ordering::Release),
            "AcqRel" => Some(Ordering::AcqRel),
            "Nothing" => None,
            _ => panic!("{to} is no weaker ordering"),
        };
        (site.parse().expect("a number"), to)
    }),
    trace: env::var_os("ORDERINGS_TRACE")
        .map(|path| OpenOptions::new().append(true).create(true).open(path).expect("a file for the trace")),
});

static REACHED: [AtomicBool; {sites}] = [const { AtomicBool::new(false) }; {sites}];

fn plan(site: usize) -> Option<Option<Ordering>> {
    if let Some(mut trace) = PLAN.trace.as_ref().filter(|_| !REACHED[site].swap(true, Relaxed)) {
        writeln!(trace, "{site}").expect("the trace can be written");
    }
    PLAN.weakened.filter(|(weakened, _)| *weakened == site).map(|(_, to)| to)
}

/// The ordering of `site`, which is `order` in the source.
#[track_caller]
pub(crate) fn order(site: usize, order: Ordering) -> Ordering {
    plan(site).map_or(order, |to| to.expect("an ordering is not taken out"))
}

/// The fence of `site`, which is one of `order` in the source.
#[track_caller]
pub(crate) fn fence(site: usize, order: Ordering) {
    match plan(site) {
        None => {atomics}::fence(order),
        Some(to) => to.into_iter().for_each({atomics}::fence),
    }
}
