//! An application for a target without an operating system: it names every primitive, and says how large they
//! may be.
#![no_std]

use core::mem::{align_of, size_of};

use portable_atomic as _;
use sync_core::{
    Barrier, Condvar, Event, Latch, Mutex, OnceCell, Policy, RwLock, Select, Semaphore, WaitCell, WaitQueue, bitfield,
    primitive, spin::Spinlock, util::CachePadded, wait_map,
};

/// One waiter per request.
#[wait_map(key = u16, value = u32, match = unique)]
pub struct Replies;

/// A primitive of the user's, with methods that are there with `Arc` only.
#[primitive(method = acquire, future = Acquire)]
pub struct Tokens;

impl Policy for Tokens {
    type State = usize;
    type Waiter = usize;
    type Value = ();
    type Event<'e> = ();
    fn try_ready(available: &mut usize, need: &usize) -> Option<()> {
        available.checked_sub(*need).map(|left| *available = left)
    }
    fn select(available: &mut usize, need: &mut usize, (): &mut ()) -> Select<()> {
        Self::try_ready(available, need).map_or(Select::Stop, Select::Wake)
    }
}

/// A word without a cell may be as wide as it likes.
#[bitfield(u64)]
pub struct Frame {
    valid: bool,
    #[bits(..)]
    number: u64,
}

/// A word that every target can exchange.
#[bitfield(u32, atomic = AtomicLine)]
pub struct Line {
    ready: bool,
    #[bits(..)]
    errors: u32,
}

/// A word that not every target can exchange.
#[cfg(feature = "wide-cell")]
#[bitfield(u64, atomic = AtomicWide)]
pub struct Wide {
    valid: bool,
    #[bits(..)]
    number: u64,
}

#[cfg(feature = "wide-word")]
mod gate {
    //! A primitive whose word is as wide.

    #[sync_core::bitfield(u64)]
    pub struct Word {
        waiting: bool,
        closed: bool,
        #[bits(..)]
        free: u64,
    }

    #[sync_core::primitive(method = enter, future = Enter, word = Word)]
    pub struct Gate;

    impl sync_core::WordPolicy for Gate {
        type Word = Word;
        type Waiter = ();
        type Value = ();
        fn take(word: Word, (): &()) -> Option<(Word, ())> {
            word.free().checked_sub(1).map(|free| (word.with_free(free), ()))
        }
    }
}

pub static BARRIER: Barrier = Barrier::new(2);
pub static CONDVAR: Condvar = Condvar::new();
pub static EVENT: Event = Event::new();
pub static LATCH: Latch = Latch::new(1);
pub static LINE: AtomicLine = AtomicLine::new(Line::new());
pub static MUTEX: Mutex<u32> = Mutex::new(0);
pub static ONCE_CELL: OnceCell<u32> = OnceCell::new();
pub static QUEUE: WaitQueue = WaitQueue::new();
pub static REPLIES: Replies = Replies::new();
pub static RWLOCK: RwLock<u32> = RwLock::new(0);
pub static SEMAPHORE: Semaphore = Semaphore::new(1);
pub static TOKENS: Tokens = Tokens::new(1);
pub static WAIT_CELL: WaitCell = WaitCell::new();

/// On a small target no primitive is padded: it is as large as its parts.
#[cfg(all(target_os = "none", target_pointer_width = "32"))]
const _: () = {
    const WORD: usize = 4;
    macro_rules! at_most {
        ($($type:ty: $words:literal),+ $(,)?) => { $(
            assert!(size_of::<$type>() <= $words * WORD, concat!(stringify!($type), " is larger than it was"));
            assert!(align_of::<$type>() == WORD, concat!(stringify!($type), " is padded"));
        )+ };
    }
    at_most! {
        WaitCell: 5,
        WaitQueue: 5,
        Mutex<()>: 5,
        Mutex<u32>: 6,
        RwLock<()>: 5,
        Semaphore: 5,
        Event: 5,
        Replies: 5,
        Tokens: 6,
        WaitQueue<Spinlock>: 5,
    }
    // What asks for it is.
    let pads = !cfg!(feature = "no-cache-pad");
    assert!(pads == (align_of::<CachePadded<Mutex<u8>>>() > WORD), "`CachePadded` pads, unless a feature says no");
};

/// Elsewhere each has its line.
#[cfg(not(all(target_os = "none", target_pointer_width = "32")))]
const _: () = {
    let pads = !cfg!(feature = "no-cache-pad");
    assert!(pads == (align_of::<WaitCell>() > 8), "a primitive is padded, unless a feature says no");
    assert!(size_of::<WaitQueue<Spinlock>>() <= if pads { align_of::<CachePadded<u8>>() } else { 40 });
};

#[cfg(target_os = "none")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}
