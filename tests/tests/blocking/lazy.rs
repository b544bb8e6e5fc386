//! The value that is made when it is first asked for.

use core::panic::AssertUnwindSafe;

use sync_core::spin::Lazy;
use tests::{Count, within};

use super::{caught, give_up};

#[test]
fn a_lazy_value_is_made_when_it_is_read() {
    static RUNS: Count = Count::new();
    static LAZY: Lazy<u32> = Lazy::new(|| {
        RUNS.up();
        7
    });
    assert_eq!((LAZY.get_if_present(), RUNS.get()), (None, 0));
    assert_eq!(format!("{LAZY:?}"), "<uninitialized>");
    assert_eq!((*LAZY, LAZY.get(), LAZY.get_if_present()), (7, &7, Some(&7)));
    assert_eq!(format!("{LAZY:?}"), "7");
    LAZY.init();
    assert_eq!(RUNS.get(), 1);

    let mut lazy = Lazy::new(|| 1);
    *lazy += 1;
    *lazy.get_mut() += 1;
    assert_eq!(*lazy, 3);
    assert_eq!(*Lazy::<u8>::default(), 0);
}

#[test]
fn a_lazy_whose_initializer_panics_tries_again() {
    within(60, || {
        let runs = Count::new();
        let lazy = Lazy::new(|| if runs.up() == 0 { give_up() } else { 7 });
        caught(|| *lazy.get());
        assert_eq!((lazy.get_if_present(), *lazy.get(), runs.get()), (None, 7, 2));

        let mut lazy = Lazy::new(|| if runs.up() == 2 { give_up() } else { 8 });
        caught(AssertUnwindSafe(|| *lazy.get_mut()));
        assert_eq!(*lazy.get_mut(), 8);
    });
}

/// What an interrupt handler does may be done while the initializer runs.
#[test]
fn looking_never_waits() {
    static LAZY: Lazy<bool> =
        Lazy::new(|| LAZY.get_if_present().is_none() && format!("{LAZY:?}") == "<initializing>");
    assert!(*LAZY);
}
