//! The same text, compiled and run against either library.

use alloc::string::String;
use core::fmt;

/// The same text, compiled and run against either library: all that 0.3.0 has of these types.
macro_rules! program {
    ($name:ident, $library:ident) => {
        #[test]
        #[expect(unsafe_code, clippy::mem_forget, reason = "part of the surface")]
        fn $name() {
            use $library::{
                blocking::{self, ConstInit, DefaultMutex, RawMutex, RawRwLock, ScopedRawMutex},
                spin::{self, InitOnce, Lazy, RwSpinlock, Spinlock, once},
            };

            type Guarded<T> = blocking::Mutex<T, Spinlock>;

            fn raw<L: RawMutex<GuardMarker = ()> + ScopedRawMutex + ConstInit + fmt::Debug>(_: &L) {}
            fn raw_rw<L: RawRwLock<GuardMarker = ()> + ConstInit + fmt::Debug>(_: &L) {}

            static MUTEX: blocking::Mutex<u8> = blocking::Mutex::new(1);
            static LOCK: blocking::RwLock<u8> = blocking::RwLock::new(1);
            static ONCE: InitOnce<u8> = InitOnce::uninitialized();
            static LAZY: Lazy<u8> = Lazy::new(|| 1);
            assert_eq!((MUTEX.with_lock(|n| *n), *LOCK.read(), *ONCE.init(1), *LAZY), (1, 1, 1, 1));

            let (spinlock, rw_spinlock) = (Spinlock::INIT, RwSpinlock::INIT);
            raw(&spinlock);
            raw_rw(&rw_spinlock);
            let _: (DefaultMutex, spin::Spinlock) = Default::default();

            let mut mutex: Guarded<String> = Guarded::new_with_raw_mutex(String::new(), Spinlock::new());
            let mut guard: blocking::MutexGuard<'_, String, Spinlock> = mutex.lock();
            guard.push('a');
            let (_, _): (&str, String) = (guard.as_ref(), format!("{guard} {guard:?}"));
            drop(guard);
            assert!(mutex.try_lock().is_some_and(|text| *text == "a"));
            assert_eq!(mutex.try_with_lock(|text| text.len()), Some(1));
            core::mem::forget(mutex.try_lock());
            // SAFETY: it is locked, and its guard is gone.
            unsafe { mutex.force_unlock() };
            assert!(mutex.try_lock().is_some());
            mutex.get_mut().push('b');
            assert_eq!((format!("{mutex:?}").is_empty(), mutex.into_inner().as_str()), (false, "ab"));
            let _ = Guarded::<u8>::default();

            let mut lock = blocking::RwLock::from(String::new());
            let mut guard: blocking::RwLockWriteGuard<'_, String> = lock.write();
            guard.push('a');
            let (_, _): (&str, String) = (guard.as_ref(), format!("{guard} {guard:?}"));
            assert!(lock.has_writer() && lock.try_read().is_none() && lock.try_write().is_none());
            drop(guard);
            let guard: blocking::RwLockReadGuard<'_, String> = lock.read();
            let (_, _): (&str, String) = (guard.as_ref(), format!("{guard} {guard:?}"));
            assert_eq!((lock.reader_count(), lock.try_read().is_some()), (1, true));
            drop(guard);
            lock.get_mut().push('b');
            assert_eq!((format!("{lock:?}").is_empty(), lock.into_inner().as_str()), (false, "ab"));
            let unsized_lock: &blocking::RwLock<[u8]> = &blocking::RwLock::new([1]);
            assert_eq!(unsized_lock.read().len(), 1);

            let once: InitOnce<String> = InitOnce::uninitialized();
            assert!(once.try_get().is_none());
            assert_eq!(format!("{once:?}"), "<uninitialized>");
            assert_eq!(once.get_or_else(|| String::from("a")), "a");
            let error: once::TryInitError<String> = once.try_init(String::from("b")).unwrap_err();
            assert!(format!("{error}").contains("already initialized"));
            assert_eq!((error.into_inner().as_str(), once.get().as_str()), ("b", "a"));
            // SAFETY: it was filled.
            let unchecked = unsafe { once.get_unchecked() };
            assert_eq!((unchecked.as_str(), format!("{once:?}").as_str()), ("a", "\"a\""));

            let mut lazy: Lazy<u8, _> = Lazy::new(|| 1);
            assert!(lazy.get_if_present().is_none());
            lazy.init();
            *lazy += 1;
            *lazy.get_mut() += 1;
            assert_eq!((*lazy.get(), *lazy, format!("{lazy:?}").as_str()), (3, 3, "3"));
        }
    };
}

program!(a_program_with_maitake_sync, maitake_sync);
program!(the_same_program_with_this_library, sync_core);
