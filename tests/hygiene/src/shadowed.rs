//! Types of the user's own that have the names of those that generated code speaks of.
#![expect(non_camel_case_types, reason = "the names of primitive types are the point")]

use ::core::{clone::Clone, cmp::PartialEq, fmt::Debug, marker::Copy};

macro_rules! named_like_others {
    ($($name:ident)*) => {
        $(
            #[doc = ::core::concat!("Not the other `", ::core::stringify!($name), "`.")]
            #[derive(Clone, Copy, Debug, PartialEq)]
            pub struct $name;
        )*
    };
}

named_like_others! { Arc Buckets Consume DefaultMutex Fifo Flags Mask Matching Position UpTo Wanted Wrapping FnOnce Formatter None Option Queue Result Rule Some Unique Wait WakeOutcome bool u8 usize }

/// One waiter per key.
#[::renamed::wait_map(key = usize, value = bool, match = unique, crate = ::renamed)]
pub struct One;

/// A queue per key.
#[::renamed::wait_map(key = bool, value = usize, match = fifo, crate = ::renamed)]
pub struct Many;

/// Positions that have the name of the trait.
#[::renamed::wait_map(key = ::core::primitive::u8, match = up_to, wrapping, crate = ::renamed)]
pub struct Upward;

/// Flags.
#[::renamed::wait_map(key = ::core::primitive::u8, match = mask, consume, crate = ::renamed)]
pub struct Flagged;

/// Told of what has the name of something else.
#[::renamed::wait_map(key = bool, value = usize, event = u8, match = predicate(is_any), crate = ::renamed)]
pub struct Told;

#[expect(clippy::trivially_copy_pass_by_ref, reason = "that is how it is called")]
fn is_any(_: &bool, _: &u8) -> ::core::primitive::bool {
    true
}

/// Waits for nothing in particular.
#[::renamed::primitive(method = pass, future = Pass, waiter = usize, crate = ::renamed)]
pub struct Open;

impl ::renamed::Policy for Open {
    type State = bool;
    type Waiter = usize;
    type Value = u8;
    type Event<'e> = ();

    fn try_ready(_: &mut bool, _: &usize) -> ::core::option::Option<u8> {
        ::core::option::Option::Some(u8)
    }

    fn select(_: &mut bool, _: &mut usize, (): &mut ()) -> ::renamed::Select<u8> {
        ::renamed::Select::Wake(u8)
    }
}
