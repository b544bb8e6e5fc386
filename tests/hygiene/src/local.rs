//! All four macros inside a function's body.

use ::core::{
    convert::TryFrom,
    option::Option::{self, Some},
    primitive::{bool, u8, u32, usize},
    result::Result::Ok,
};

/// Waits on a primitive and on a map that only this function knows, and returns the sum.
pub async fn sum() -> usize {
    #[derive(::renamed::FromBits, ::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug)]
    #[bits(crate = ::renamed)]
    #[repr(u8)]
    enum Which {
        First,
        Second,
    }

    #[::renamed::bitfield(u32, crate = ::renamed)]
    struct Local {
        #[bits(1)]
        which: Which,
        #[bits(..)]
        rest: u32,
    }

    #[::renamed::primitive(method = wait, future = Opened, crate = ::renamed)]
    struct Gate;

    impl ::renamed::Policy for Gate {
        type State = bool;
        type Waiter = ();
        type Value = usize;
        type Event<'e> = ();

        fn try_ready(open: &mut bool, (): &()) -> Option<usize> {
            open.then_some(3)
        }

        fn select(open: &mut bool, waiter: &mut (), (): &mut ()) -> ::renamed::Select<usize> {
            Self::try_ready(open, waiter).map_or(::renamed::Select::Stop, ::renamed::Select::Wake)
        }
    }

    #[::renamed::wait_map(key = u8, value = usize, match = unique, crate = ::renamed)]
    struct Replies;

    let word = Local::new().with_which(Which::Second).with_rest(5);
    let gate = Gate::new(false);
    gate.notify((), |open| *open = true);
    let opened: Opened<'_> = gate.wait(());
    let Ok(three) = opened.await else { return 0 };

    let replies = Replies::new();
    let Ok(seven) = replies.wait_for_value(1, || Some(7)).await else { return 0 };
    let five = match word.which() {
        Which::First => 0,
        Which::Second => word.rest(),
    };
    three + seven + usize::try_from(five).unwrap_or_default()
}
