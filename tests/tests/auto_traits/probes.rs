//! How the tables ask.

use alloc::rc::Rc;
use core::{
    cell::Cell,
    marker::PhantomData,
    panic::{RefUnwindSafe, UnwindSafe},
};

/// For each trait a type `Check<T>` whose constant `HAS` says whether `T` has it: an inherent constant, for
/// those that do, goes before the one of a trait, for all.
macro_rules! probes {
    ($($module:ident: $bound:ident;)*) => {$(
        pub(crate) mod $module {
            use super::*;

            pub(crate) struct Check<T: ?Sized>(PhantomData<T>);

            impl<T: ?Sized + $bound> Check<T> {
                pub(crate) const HAS: bool = true;
            }

            pub(crate) trait Otherwise {
                const HAS: bool = false;
            }

            impl<T: ?Sized> Otherwise for Check<T> {}
        }
    )*};
}

probes! {
    send: Send;
    sync: Sync;
    unpin: Unpin;
    unwind: UnwindSafe;
    ref_unwind: RefUnwindSafe;
}

/// What a table needs in scope.
pub(crate) mod prelude {
    pub(crate) use super::{
        NotSend, NotSync, ref_unwind, ref_unwind::Otherwise as _, send, send::Otherwise as _, sync,
        sync::Otherwise as _, table, unpin, unpin::Otherwise as _, unwind, unwind::Otherwise as _,
    };
}

/// A row: the type, then for each of the five traits `+` (it has it) or `-` (it must not have it).
///
/// `.` leaves it open, where having the trait would be sound and would be no promise.
macro_rules! table {
    ($($type:ty: $send:tt $sync:tt $unpin:tt $unwind:tt $ref_unwind:tt;)*) => {$(
        table!(@ $type, send, $send);
        table!(@ $type, sync, $sync);
        table!(@ $type, unpin, $unpin);
        table!(@ $type, unwind, $unwind);
        table!(@ $type, ref_unwind, $ref_unwind);
    )*};
    (@ $type:ty, $probe:ident, +) => {
        const _: () = assert!(
            <$probe::Check<$type>>::HAS,
            concat!(stringify!($type), " is not ", stringify!($probe)),
        );
    };
    (@ $type:ty, $probe:ident, -) => {
        const _: () = assert!(
            !<$probe::Check<$type>>::HAS,
            concat!(stringify!($type), " is ", stringify!($probe)),
        );
    };
    (@ $type:ty, $probe:ident, .) => {};
}
pub(crate) use table;

/// May not go to another thread, but may be looked at from there. (No such type exists that is safe and
/// simple.)
pub(crate) struct NotSend(pub(crate) PhantomData<Rc<()>>);

#[expect(unsafe_code, reason = "a type with exactly one of the two traits")]
// SAFETY: there is nothing in it.
unsafe impl Sync for NotSend {}

/// May go to another thread, but not be shared.
pub(crate) type NotSync = Cell<u8>;
