//! What a program keeps in statics: made at compile time, or once, or when it is needed.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use core::{fmt::Debug, mem::ManuallyDrop, panic::AssertUnwindSafe};
use std::{panic::catch_unwind, thread};

use super::{
    sync::{
        self,
        blocking::{ConstInit, MutexGuard, RawMutex},
        spin::{
            InitOnce, Lazy, Spinlock,
            once::{self, TryInitError},
        },
        util::{Backoff, CachePadded},
    },
    waits::watched::Watched,
};

#[derive(Debug, PartialEq)]
struct Board {
    name: &'static str,
    cores: usize,
}

static BOARD: InitOnce<Board> = InitOnce::uninitialized();

#[test]
fn a_static_is_set_once() {
    assert_eq!(BOARD.try_get(), None);
    assert!(!format!("{BOARD:?}").contains("qemu"));
    assert!(catch_unwind(|| BOARD.get()).is_err());
    let board = BOARD.init(Board { name: "qemu", cores: 1 });
    assert_eq!((board, BOARD.try_get()), (BOARD.get(), Some(board)));
    assert!(format!("{BOARD:?}").contains("qemu"));
    let error: TryInitError<Board> =
        BOARD.try_init(Board { name: "real", cores: 4 }).expect_err("it was set");
    assert!(error.to_string().contains("already initialized"));
    assert_eq!(error.into_inner(), Board { name: "real", cores: 4 });
    assert_eq!(BOARD.get_or_else(|| unreachable!("it was set")).cores, 1);
    #[expect(unsafe_code, reason = "an interrupt handler does not look whether it was set")]
    // SAFETY: it was set above.
    let board = unsafe { BOARD.get_unchecked() };
    assert_eq!(board.name, "qemu");

    let local = once::InitOnce::uninitialized();
    assert_eq!(local.get_or_else(|| "first"), &"first");
    assert_eq!(local.get_or_else(|| "second"), &"first");
    let tried = InitOnce::uninitialized();
    assert!(tried.try_init(Vec::from([1])).is_ok());
    assert_eq!(tried.try_init(Vec::new()).err().map(TryInitError::into_inner), Some(Vec::new()));
    assert_eq!(tried.get(), &[1]);
}

/// The table of a CRC-8, with the polynomial 7.
static CRC: Lazy<[u8; 256]> = Lazy::new(|| {
    core::array::from_fn(|byte| {
        let step = |crc: u8| if crc & 0x80 == 0 { crc << 1 } else { crc << 1 ^ 7 };
        (0..8).fold(u8::try_from(byte).expect("256 of them"), |crc, _| step(crc))
    })
});

fn crc(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |crc, byte| CRC[usize::from(crc ^ byte)])
}

#[test]
fn a_table_is_made_when_it_is_needed() {
    assert!(CRC.get_if_present().is_none());
    assert!(!format!("{CRC:?}").contains("[0, 7"));
    assert_eq!(crc(b"123456789"), 0xf4);
    assert!(CRC.get_if_present().is_some_and(|table| table[1] == 7));
    assert!(format!("{CRC:?}").contains("[0, 7"));
    CRC.init();
    assert_eq!(CRC.get()[2], 14);

    let start = 5;
    let mut lazy: once::Lazy<Vec<i32>, _> = once::Lazy::new(|| Vec::from([start]));
    lazy.get_mut().push(6);
    lazy.push(7);
    assert_eq!(*lazy, [5, 6, 7]);
}

#[test]
fn threads_make_it_once() {
    static MADE: Lazy<sync::blocking::Mutex<u32>> = Lazy::new(|| sync::blocking::Mutex::new(0));
    static FIRST: InitOnce<usize> = InitOnce::uninitialized();
    thread::scope(|scope| {
        for n in 0..3 {
            scope.spawn(move || {
                _ = FIRST.try_init(n);
                MADE.with_lock(|made| *made += 1);
                let mut backoff = Backoff::new();
                while FIRST.try_get().is_none() {
                    backoff.spin();
                }
            });
        }
    });
    assert_eq!(MADE.try_with_lock(|made| *made), Some(3));
    assert!(*FIRST.get() < 3);
}

// A log that every part may write to, with guards.

type Lines<Lock> = sync::blocking::Mutex<Vec<String>, Lock>;

static LINES: CachePadded<Lines<Spinlock>> =
    CachePadded::new(sync::blocking::Mutex::new_with_raw_mutex(Vec::new(), Spinlock::INIT));

fn write(mut lines: MutexGuard<'_, Vec<String>, Spinlock>, line: &str) {
    lines.push(line.to_string());
}

#[test]
fn a_log_is_locked_by_guards() {
    write(LINES.lock(), "one");
    write(LINES.try_lock().expect("no task holds it"), "two");
    let mut guard = LINES.lock();
    assert!(LINES.try_lock().is_none());
    assert!(LINES.try_with_lock(|_| ()).is_none());
    assert!(!format!("{LINES:?}").contains("two"));
    {
        let lines: &mut [String] = guard.as_mut();
        lines.swap(0, 1);
    }
    let lines: &[String] = guard.as_ref();
    assert_eq!(lines, ["two", "one"]);
    assert!(format!("{guard:?} {}", guard.len()).ends_with('2'));
    drop(guard);
    assert!(format!("{LINES:?}").contains("two"));
    LINES.with_lock(Vec::clear);
    assert!(LINES.lock().is_empty());
}

/// Locks here and unlocks there, as an interface without lifetimes does.
#[test]
fn a_lock_is_let_go_by_force() {
    fn begin<Lock: RawMutex>(lock: &sync::blocking::Mutex<u32, Lock>) {
        let mut guard = ManuallyDrop::new(lock.lock());
        **guard += 1;
        assert_eq!(guard.to_string(), "1");
    }

    fn end<Lock: RawMutex>(lock: &sync::blocking::Mutex<u32, Lock>) {
        assert!(lock.try_lock().is_none());
        #[expect(unsafe_code, reason = "the lock is unlocked without its guard")]
        // SAFETY: locked by `begin`, whose guard is never used again.
        unsafe {
            lock.force_unlock();
        }
        assert_eq!(format!("{}", lock.lock()), "1");
    }

    fn run<Lock: RawMutex + ConstInit + Debug>() {
        let mut lock = sync::blocking::Mutex::new_with_raw_mutex(0, Lock::INIT);
        begin(&lock);
        end(&lock);
        *lock.get_mut() += 1;
        assert_eq!(lock.into_inner(), 2);
    }
    run::<Spinlock>();
    run::<Watched>();
}

/// A panic lets the lock go, and does not poison it.
#[test]
fn a_panic_leaves_the_lock_usable() {
    tests::quiet();
    let (guarded, closed) = (Lines::<Spinlock>::default(), Lines::<Spinlock>::default());
    assert!(
        catch_unwind(AssertUnwindSafe(|| {
            let _guard = guarded.lock();
            panic!("{}", tests::SILENT);
        }))
        .is_err()
    );
    assert!(catch_unwind(AssertUnwindSafe(|| closed.with_lock(|_| panic!("{}", tests::SILENT)))).is_err());
    assert!(guarded.try_lock().is_some() && closed.try_with_lock(|_| ()).is_some());
}
