//! Interrupt handlers, and how a task waits for one.
//!
//! An interrupt says "look", not "here is one byte": several may come before the task runs, and none may be
//! lost. So the handler puts what it has into a ring and wakes, and the task goes on in three steps:
//! subscribe, look into the ring, and only if there was nothing, wait. An interrupt after the first step ends
//! the wait; one before it is seen in the second.

use core::{
    pin::pin,
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
};

use heapless::Deque;
use sync_core::{WaitCell, WaitMap, WaitQueue, blocking::Mutex};

use crate::{
    devices::{
        pic, pit,
        serial::{COM1, COM2, Serial},
    },
    interrupts, time,
};

/// Flags that interrupt handlers set, and any number of tasks wait for.
#[sync_core::wait_map(key = u32, match = mask)]
pub struct Events;

impl Events {
    /// The timer has interrupted.
    pub const TIMER: u32 = 1 << 0;
    /// The second serial port has received something.
    pub const SERIAL: u32 = 1 << 1;
}

/// What has happened since it was cleared.
pub static EVENTS: Events = Events::new();

/// The timer's interrupt: one task waits for it at a time.
pub static TICK: WaitCell = WaitCell::new();

/// Interrupts by line: one task waits for a line at a time.
pub static LINES: WaitMap<u8, ()> = WaitMap::new();

/// What the second serial port has received: any number of tasks take turns.
pub static LOOPED: Received = Received::new();
static LOOPED_MORE: WaitQueue = WaitQueue::new();

/// What the console has received.
pub static CONSOLE: Received = Received::new();

/// Connects the devices to their handlers. Interrupts may be off.
pub fn init() {
    COM1.init(false);
    COM2.init(true);
    pic::init();
    time::init(on_tick);
    interrupts::set_line_handler(COM1.line, on_console);
    interrupts::set_line_handler(COM2.line, on_looped);
    COM1.interrupt_when_received();
    COM2.interrupt_when_received();
}

fn on_tick() {
    time::tick();
    TICK.wake();
    EVENTS.set(Events::TIMER);
    // If no task waits for the line, there is nothing to keep: the clock has been moved on.
    let _ = LINES.wake(&pit::LINE, ());
}

fn on_console() {
    CONSOLE.take_from(&COM1);
    let _ = LINES.wake(&COM1.line, ());
}

fn on_looped() {
    LOOPED.take_from(&COM2);
    LOOPED_MORE.wake();
    EVENTS.set(Events::SERIAL);
}

/// Returns at least one byte that the second serial port has received, and as many as there are and fit.
pub async fn read_looped(into: &mut [u8]) -> usize {
    // The three steps, for a function that looks.
    let look = || Some(LOOPED.read(into)).filter(|found| *found > 0);
    LOOPED_MORE.wait_for_value(look).await.expect("it is never closed")
}

/// Returns at least one byte that the console has received, and as many as there are and fit.
///
/// For one task at a time.
pub async fn read_console(into: &mut [u8]) -> usize {
    loop {
        // 1. From here on, an interrupt completes this wait.
        let mut interrupt = pin!(LINES.wait(COM1.line));
        interrupt.as_mut().subscribe().await.expect("one task reads the console");
        // 2. Look: what came before is found here.
        let found = CONSOLE.read(into);
        if found > 0 {
            return found;
        }
        // 3. Wait.
        interrupt.await.expect("it is never closed");
    }
}

/// Bytes between a handler and a task.
#[derive(Debug)]
pub struct Received {
    ring: Mutex<Deque<u8, { Self::CAPACITY }>>,
    lost: AtomicUsize,
}

impl Received {
    /// How many bytes can be waiting for a task.
    pub const CAPACITY: usize = 4096;

    const fn new() -> Self {
        Self { ring: Mutex::new(Deque::new()), lost: AtomicUsize::new(0) }
    }

    /// Moves what the device has to the ring. For the handler.
    fn take_from(&self, port: &Serial) {
        while let Some(byte) = port.receive() {
            if self.ring.with_lock(|ring| ring.push_back(byte)).is_err() {
                self.lost.fetch_add(1, Relaxed);
            }
        }
    }

    /// Moves bytes from the ring to `into`, and returns how many.
    fn read(&self, into: &mut [u8]) -> usize {
        self.ring
            .with_lock(|ring| into.iter_mut().map_while(|to| ring.pop_front().map(|byte| *to = byte)).count())
    }

    /// Returns how many bytes found the ring full.
    pub fn lost(&self) -> usize {
        self.lost.load(Relaxed)
    }
}
