//! `match = up_to`: tasks wait until a position is reached.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Path, Type};

use super::{
    super::{
        bounds::Requirements,
        docs::{INTERRUPTS, named},
        expand::wait,
        model::WaitMap,
        options::{self, ModeOption},
    },
    Declaration, Docs, Mode, Start,
};
use crate::queue_owner::docs::{doc, new_with_raw_mutex};

pub(super) static MODE: Declaration = Declaration {
    name: "up_to",
    argument: None,
    options: &[&WRAPPING],
    purpose: "positions that are reached",
    key: "the type of the positions",
    yields: Some("the position"),
    one_per_key: false,
    new: |_, args, _| Box::new(UpTo { wrapping: args.settings.get(&WRAPPING).is_some() }),
};

static WRAPPING: ModeOption = ModeOption { word: "wrapping", read: options::flag };

struct UpTo {
    /// Whether positions are sequence numbers that wrap, and not in the order of `Ord`.
    wrapping: bool,
}

impl Mode for UpTo {
    fn rule(&self, p: &Path, key: &Type, _: &Type, _: Option<&TokenStream>) -> TokenStream {
        if self.wrapping { quote!(#p::UpTo<#key, #p::Wrapping>) } else { quote!(#p::UpTo<#key>) }
    }

    fn require(&self, of: &mut Requirements<'_>) {
        let p = of.private();
        if self.wrapping {
            of.of_key(&["SequenceNumber"], &quote!(#p::SequenceNumber));
        } else if of.generic {
            of.of_key(&["Copy", "Position", "Flags", "SequenceNumber"], &quote!(::core::marker::Copy));
            of.of_key(&["Ord", "Position"], &quote!(::core::cmp::Ord));
        } else {
            of.with_key(&quote!(#p::Ascending), &quote!(#p::Order));
        }
    }

    fn start(&self, map: &WaitMap) -> Start {
        let (owner, ty) = (&map.owner, &map.key);
        let p = &owner.private;
        if self.wrapping {
            return Start { state: quote!(<#ty as #p::SequenceNumber>::ZERO), bound: None };
        }
        let bound = if map.value.generic {
            quote!(#ty: #p::Position)
        } else {
            // Bound by a lifetime, it is only asked for where the method is called.
            let any = owner.params.fresh_lifetime("start", &[quote!(#ty)]);
            quote!(for<#any> #ty: #p::Position)
        };
        Start { state: quote!(<#ty as #p::Position>::START), bound: Some(bound) }
    }

    fn around_default_lock(&self, map: &WaitMap) -> TokenStream {
        let (p, vis, key) = (&map.owner.private, &map.owner.vis, &map.key);
        let docs = doc(STARTING_AT);
        quote! {
            #p::const_fn! {
                #docs
                #[must_use]
                #vis fn starting_at(position: #key) -> Self {
                    Self::starting_at_with_raw_mutex(position, #p::DefaultMutex::new())
                }
            }
        }
    }

    fn methods(&self, map: &WaitMap) -> TokenStream {
        let (p, vis, key) = (&map.owner.private, &map.owner.vis, &map.key);
        let starting_at = doc(&new_with_raw_mutex("a watermark at `position`"));
        let (current, advance) = (doc(CURRENT), doc(&advance_docs()));
        let wait = wait(map, "wait", "until", &quote!(until), &self.wait_docs(map));
        quote! {
            #p::const_fn! {
                #starting_at
                #[must_use]
                #vis fn starting_at_with_raw_mutex(position: #key, lock: Lock) -> Self {
                    Self { __sync_queue: #p::CachePadded::new(#p::Queue::new(position, lock)) }
                }
            }

            #current
            #[must_use]
            #vis fn current(&self) -> #key {
                #p::Queue::current(&self.__sync_queue)
            }

            #advance
            #vis fn advance(&self, to: #key) -> ::core::primitive::usize {
                #p::Queue::advance(&self.__sync_queue, to)
            }

            #wait
        }
    }

    fn docs(&self, _: &WaitMap) -> Docs {
        Docs {
            noun: "watermark",
            new: if self.wrapping {
                "a watermark at position zero, with no task waiting"
            } else {
                "a watermark at the first position, with no task waiting"
            },
            waits: &["wait"],
            from_then: "from then on the wait has its place, and knows if its position was reached",
            subscribe_errors: "It yields `Closed` if the watermark is closed and `until` was not reached.",
            future: "Polling it again after it was ready panics.",
            cancel: CANCEL.to_owned(),
        }
    }
}

impl UpTo {
    fn wait_docs(&self, map: &WaitMap) -> String {
        let future = named(map.names.wait.as_ref());
        let compare = if self.wrapping {
            "

Positions wrap: `until` counts as reached if counting up leads from it to the position in less than half the \
range. So a position to wait for must be less than half the range ahead or behind."
        } else {
            ""
        };
        format!(
            "\
Waits until the position has come to `until`, or beyond it.

Returns the future{future} which yields the position by which `until` was reached. If it is reached already, \
the future is ready when it is first polled, also after [`close`](Self::close). Nothing is missed before \
that: the position is kept.{compare} `wait_owned`, with the feature `alloc`, is the same for tasks that \
cannot borrow.

# Errors

The future yields `Closed` if the watermark is [closed](Self::close) and `until` was not reached.

# Cancel safety

{CANCEL}

# Fairness

The nearest position is woken first; among waiters of one position, the oldest.

{INTERRUPTS} That holds for polling the future and for dropping it. A wait for the furthest position takes \
its place in one step, any other in a step for each waiter of a further one; positions are compared under \
the lock."
        )
    }
}

const STARTING_AT: &str = "\
Returns a watermark at `position`, around the default raw lock.

[`starting_at_with_raw_mutex`](Self::starting_at_with_raw_mutex) takes another one. Usable in a `static`, \
except in models under `--cfg loom`.";

const CANCEL: &str = "\
**Strict.** A future that is dropped leaves the queue, and takes nothing with it: the position is kept, so \
waiting again for it is equivalent to going on.";

const CURRENT: &str = "\
Returns the position.

It may be stale by the time it is read, but is never too far ahead.

# Interrupts

Takes the raw lock for a few instructions. With a `Lock` that masks interrupts while it is held, this may be \
called from an interrupt handler.";

fn advance_docs() -> String {
    format!(
        "\
Advances the position to `to`, and wakes the waiters whose position is reached by that, nearest first.

Returns the number of tasks woken. If `to` is not ahead of the position, nothing changes: a position does \
not go back. If the watermark is [closed](Self::close), the position advances and no more tasks are woken.

{INTERRUPTS} It looks at the waiters that it wakes and at one more, and releases the lock between batches of \
wakers. Positions are compared under the lock."
    )
}
