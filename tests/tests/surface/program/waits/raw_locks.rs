//! The raw locks and their traits, and `blocking::Mutex` as far as closures go.

use alloc::vec::Vec;

use super::sync::{
    blocking::{ConstInit, DefaultMutex, Mutex, RawMutex, ScopedRawMutex},
    spin::Spinlock,
};

static COUNT: Mutex<u32> = Mutex::new(0);
static SPUN_COUNT: Mutex<u32, Spinlock> = Mutex::new_with_raw_mutex(0, Spinlock::new());

#[test]
fn locks() {
    fn scoped(lock: &impl ScopedRawMutex) {
        assert_eq!(lock.with_lock(|| (lock.is_locked(), lock.try_with_lock(|| ()))), (true, None));
        assert_eq!(lock.try_with_lock(|| 1), Some(1));
        assert!(!lock.is_locked());
    }
    fn raw(lock: &impl RawMutex) {
        lock.lock();
        assert!(lock.is_locked() && !lock.try_lock());
        #[expect(unsafe_code, reason = "a raw lock is unlocked by hand")]
        // SAFETY: locked above.
        unsafe {
            lock.unlock();
        }
        assert!(!lock.is_locked());
    }
    scoped(&DefaultMutex::new());
    scoped(&DefaultMutex::default());
    let (default, spinlock) = (DefaultMutex::INIT, Spinlock::INIT);
    scoped(&default);
    scoped(&Spinlock::new());
    raw(&Spinlock::default());
    raw(&spinlock);
    assert!(!format!("{:?} {:?}", DefaultMutex::new(), Spinlock::new()).is_empty());

    COUNT.with_lock(|count| *count += 1);
    SPUN_COUNT.with_lock(|count| *count += 2);
    assert_eq!(COUNT.try_with_lock(|count| *count), Some(1));
    assert_eq!(SPUN_COUNT.with_lock(|_| SPUN_COUNT.try_with_lock(|_| ())), None);
    let mut list: Mutex<Vec<u8>> = Mutex::default();
    list.get_mut().push(3);
    assert!(format!("{list:?}").contains('3'));
    assert_eq!(list.into_inner(), [3]);
}
