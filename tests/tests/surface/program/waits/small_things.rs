//! `util`, and what all error types have.

use core::{
    fmt::{Debug, Display},
    hash::Hash,
    ops::DerefMut,
};

use super::sync::{
    Closed,
    util::{Backoff, CachePadded},
    wait_cell::PollWaitError,
    wait_map::WaitError,
};

static PADDED: CachePadded<u8> = CachePadded::new(1);

#[test]
fn small_things() {
    fn traits<T: Copy + Debug + Default + PartialEq + Eq + Hash>(_: &T) {}
    fn derefs<T: DerefMut<Target = u8>>(_: &T) {}
    fn errors<T: Copy + Clone + Debug + Display + PartialEq + Eq>() {}
    errors::<Closed>();
    errors::<WaitError>();
    assert_ne!(PollWaitError::Busy, PollWaitError::Closed);

    let mut backoff = Backoff::new();
    backoff.spin();
    let mut limited = Backoff::with_max_exponent(Backoff::DEFAULT_MAX_EXPONENT - 1);
    limited.spin();
    let copy = limited;
    assert!(!format!("{copy:?} {:?}", Backoff::default()).is_empty());

    assert_eq!(*PADDED, 1);
    let mut padded = CachePadded::new(5);
    traits(&padded);
    derefs(&padded);
    *padded += 1;
    assert_eq!(*padded, 6);
    assert_eq!(padded, CachePadded::new(6));
    assert_eq!(padded.into_inner(), 6);
}
