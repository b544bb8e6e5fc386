//! `match = mask`: tasks wait until flags are set.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Path, Type};

use super::{
    super::{
        bounds::Requirements,
        docs::{FUTURELOCK, INTERRUPTS, named},
        expand::wait,
        model::WaitMap,
        options::{self, ModeOption},
    },
    Declaration, Docs, Mode, Start,
};
use crate::queue_owner::docs::doc;

pub(super) static MODE: Declaration = Declaration {
    name: "mask",
    argument: None,
    options: &[&CONSUME],
    purpose: "flags that are set",
    key: "the unsigned integer whose bits are the flags",
    yields: Some("the flags that matched"),
    one_per_key: false,
    new: |_, args, _| Box::new(Mask { consume: args.settings.get(&CONSUME).is_some() }),
};

static CONSUME: ModeOption = ModeOption { word: "consume", read: options::flag };

struct Mask {
    /// Whether the first waiter takes the flags.
    consume: bool,
}

impl Mode for Mask {
    fn rule(&self, p: &Path, key: &Type, _: &Type, _: Option<&TokenStream>) -> TokenStream {
        if self.consume { quote!(#p::Mask<#key, #p::Consume>) } else { quote!(#p::Mask<#key>) }
    }

    fn require(&self, of: &mut Requirements<'_>) {
        let p = of.private();
        of.of_key(&["Flags"], &quote!(#p::Flags));
    }

    fn start(&self, map: &WaitMap) -> Start {
        let (p, key) = (&map.owner.private, &map.key);
        Start { state: quote!(<#key as #p::Flags>::NONE), bound: None }
    }

    fn methods(&self, map: &WaitMap) -> TokenStream {
        let (p, vis, key) = (&map.owner.private, &map.owner.vis, &map.key);
        let (get, set, clear) = (doc(GET), doc(&set_docs(self.consume)), doc(CLEAR));
        let waits = [
            (
                "wait_any",
                quote!(#p::Wanted::new(mask, false)),
                "Waits until at least one of the flags in `mask` is set.",
                "With an empty `mask` it waits until the event group is closed.",
            ),
            (
                "wait_all",
                quote!(#p::Wanted::new(mask, true)),
                "Waits until all the flags in `mask` are set at one time.",
                "With an empty `mask` it is ready at once.",
            ),
        ];
        let waits = waits.map(|(method, waiter, what, empty)| {
            wait(map, method, "mask", &waiter, &wait_docs(map, self.consume, what, empty))
        });
        quote! {
            #get
            #[must_use]
            #vis fn get(&self) -> #key {
                #p::Queue::get(&self.__sync_queue)
            }

            #set
            #vis fn set(&self, bits: #key) -> ::core::primitive::usize {
                #p::Queue::set(&self.__sync_queue, bits)
            }

            #clear
            #vis fn clear(&self, bits: #key) -> #key {
                #p::Queue::clear(&self.__sync_queue, bits)
            }

            #(#waits)*
        }
    }

    fn methods_of_future(&self, map: &WaitMap) -> Option<TokenStream> {
        if self.consume {
            return None;
        }
        let (p, vis, docs) = (&map.owner.private, &map.owner.vis, doc(CLEAR_ON_EXIT));
        Some(quote! {
            #docs
            #[must_use = "futures do nothing unless `.await`ed or polled"]
            #vis fn clear_on_exit(mut self) -> Self {
                #p::Wait::set_clear_on_exit(&mut self.__sync_wait);
                self
            }
        })
    }

    fn docs(&self, _: &WaitMap) -> Docs {
        Docs {
            noun: "event group",
            new: "an event group with no flag set and no task waiting",
            waits: &["wait_any", "wait_all"],
            from_then: "from then on the wait sees flags that are set, even if they are cleared before it is polled",
            subscribe_errors: "It yields `Closed` if the event group is closed and the flags are not set.",
            future: if self.consume {
                "Polling it again after it was ready panics."
            } else {
                "Polling it again after it was ready panics. Its method `clear_on_exit` makes it clear the \
                 flags that matched."
            },
            cancel: cancel(self.consume).to_owned(),
        }
    }
}

fn cancel(consume: bool) -> &'static str {
    if consume {
        "**Hands on**, and loses its place. A future that is dropped leaves the queue. If it had taken flags \
         and was not polled since, they are set again, and the next waiter for which they suffice takes \
         them."
    } else {
        "**Strict**, as long as no flags are cleared: a future that is dropped leaves the queue and takes \
         nothing with it. What `clear_on_exit` has cleared for a future that is then dropped stays cleared."
    }
}

fn wait_docs(map: &WaitMap, consume: bool, what: &str, empty: &str) -> String {
    let future = named(map.names.wait.as_ref());
    let flags = if consume {
        "It takes those flags: they are cleared in one step with its wake-up, and no other waiter sees them."
    } else {
        "The flags stay set, unless the future was made with its method `clear_on_exit`: then those that \
         matched are cleared in one step with its wake-up, after all waiters have been evaluated."
    };
    let fairness = if consume {
        "Waiters are evaluated oldest first, and a flag goes to the first for which the flags suffice. A \
         task that waits for all of several flags may be overtaken by others that wait for one of them."
    } else {
        "All waiters of a flag see it; they are woken oldest first."
    };
    let cancel = cancel(consume);
    format!(
        "\
{what}

Returns the future{future} which yields the flags of `mask` that were set. If they are set already, the \
future is ready when it is first polled, also after [`close`](Self::close). {flags} {empty} The owned twin, \
with the feature `alloc`, is the same for tasks that cannot borrow.

It takes its place when it is first polled: flags that are set and cleared before that are not seen. Where \
that matters, pin the future and await its `subscribe()` first.

# Errors

The future yields `Closed` if the event group is [closed](Self::close) before the flags are set.

# Cancel safety

{cancel}

# Fairness

{fairness}

{INTERRUPTS} That holds for polling the future and for dropping it."
    )
}

const GET: &str = "\
Returns the flags that are set.

They may be stale by the time they are read.

# Interrupts

Takes the raw lock for a few instructions. With a `Lock` that masks interrupts while it is held, this may be \
called from an interrupt handler.";

fn set_docs(consume: bool) -> String {
    let what = if consume {
        "Waiters are evaluated oldest first, and the first for which the flags suffice takes them: what it \
         waited for is cleared, and the next one is evaluated on the rest."
    } else {
        "All waiters see the same flags; those that matched with `clear_on_exit` are cleared when all waiters \
         have been evaluated."
    };
    let cancel = cancel(consume);
    // A waiter without `consume` takes nothing that others could miss.
    let futurelock = if consume { format!(" {FUTURELOCK}") } else { String::new() };
    format!(
        "\
Sets the flags in `bits`, and wakes the waiters for which the flags that are set then suffice.

Returns the number of tasks woken. {what} If the event group is [closed](Self::close), the flags are set and \
no more tasks are woken.

# Cancel safety

{cancel}{futurelock}

{INTERRUPTS} It looks at all waiters, in one pass under the lock."
    )
}

const CLEAR: &str = "\
Clears the flags in `bits`, and returns the flags as they were before.

No task is woken by that. What was given to a waiter before stays with it.

# Interrupts

Takes the raw lock for a few instructions. With a `Lock` that masks interrupts while it is held, this may be \
called from an interrupt handler.";

const CLEAR_ON_EXIT: &str = "\
Makes this wait clear the flags that matched, in one step with its wake-up.

Returns the wait. All waiters are evaluated first, so that others that wait for the same flags see them too.";
