//! Interrupt handlers wake tasks.

use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use core::time::Duration;

use embassy_futures::{join::join, yield_now};
use kernel::{
    cpu::{self, interrupts},
    devices::serial::{COM2, FIFO},
    irq::{CONSOLE, EVENTS, Events, LOOPED, Received, TICK, read_console, read_looped},
    println, spawn,
    time::{CLOCK, sleep, timeout},
};
use sync_core::{Latch, WaitQueue};

use super::FROM_HOST;
use crate::testing::{Outcome, two_cpus};

const BURST: usize = Received::CAPACITY;

/// The byte number `n` of a burst; the host knows the same rule.
fn byte(n: usize) -> u8 {
    (n * 31 + n / 256).to_le_bytes()[0]
}

pub(super) async fn cell_by_timer() {
    for _ in 0..50 {
        let before = CLOCK.current();
        let tick = TICK.subscribe().await;
        tick.await.expect("it is never closed");
        // A wake-up that was stored, by a tick that had passed, completes that wait. This one begins after
        // it.
        TICK.wait().await.expect("it is never closed");
        assert!(CLOCK.current() > before, "the clock stands still, but its interrupt has woken a task");
    }
}

/// Two bursts: one while no task reads, which has to be in the ring afterwards; one that wakes the reader
/// again and again.
pub(super) async fn queue_by_serial_burst() {
    send_burst();
    expect_burst(async |buffer: &mut [u8]| read_looped(buffer).await).await;

    let send = async {
        for chunk in 0..BURST / FIFO {
            send_chunk(chunk);
            yield_now().await;
        }
    };
    join(send, expect_burst(async |buffer: &mut [u8]| read_looped(buffer).await)).await;
    assert_eq!(LOOPED.lost(), 0, "bytes found the ring full");
}

fn send_burst() {
    (0..BURST / FIFO).for_each(send_chunk);
}

/// As many bytes as the device keeps, before it can interrupt.
fn send_chunk(chunk: usize) {
    interrupts::without_interrupts(|| (0..FIFO).for_each(|n| COM2.send(byte(chunk * FIFO + n))));
}

async fn expect_burst(read: impl AsyncFn(&mut [u8]) -> usize) {
    let mut seen = 0;
    while seen < BURST {
        let mut buffer = [0; 100];
        let found = read(&mut buffer).await;
        for received in &buffer[..found] {
            assert_eq!(*received, byte(seen), "byte {seen}");
            seen += 1;
        }
    }
    assert_eq!(seen, BURST, "more bytes than were sent");
}

/// The host's burst, through a map of those who wait, by interrupt line.
pub(super) async fn map_by_serial_burst() -> Outcome {
    if FROM_HOST.load(Relaxed) != BURST {
        return Outcome::Ignored("the host was not asked to send anything");
    }
    println!("the console is ready for {BURST} bytes");
    expect_burst(async |buffer: &mut [u8]| read_console(buffer).await).await;
    assert_eq!(CONSOLE.lost(), 0, "bytes found the ring full");
    Outcome::Passed
}

pub(super) async fn events_of_two_handlers() {
    const BOTH: u32 = Events::TIMER | Events::SERIAL;
    for _ in 0..20 {
        EVENTS.clear(BOTH);
        let got = EVENTS.wait_any(BOTH).await.expect("it is never closed");
        assert_eq!(got, Events::TIMER, "nothing was sent");

        // The timer alone does not do.
        assert!(timeout(Duration::from_millis(5), EVENTS.wait_all(BOTH)).await.is_err());
        EVENTS.clear(Events::TIMER);
        let (got, ()) = join(EVENTS.wait_all(BOTH).clear_on_exit(), async { COM2.send(0) }).await;
        assert_eq!(got, Ok(BOTH));
        assert_eq!(EVENTS.get() & Events::SERIAL, 0, "cleared by the wait");
        assert_eq!(read_looped(&mut [0; 2]).await, 1);
    }
}

/// Each wake-up goes to a CPU that is asleep.
pub(super) async fn task_on_the_other_cpu() -> Outcome {
    static THERE: WaitQueue = WaitQueue::new();
    static BACK: WaitQueue = WaitQueue::new();
    static DONE: Latch = Latch::new(1);
    static TURNS: AtomicUsize = AtomicUsize::new(0);
    const ROUNDS: usize = 300;

    async fn echo((): ()) {
        for _ in 0..ROUNDS {
            THERE.wait().await.expect("it is never closed");
            assert_eq!(cpu::id(), 1);
            TURNS.fetch_add(1, Relaxed);
            BACK.wake();
        }
        DONE.count_down(1);
    }

    if let Err(ignored) = two_cpus() {
        return ignored;
    }
    spawn!(1, echo(()));
    for round in 1..=ROUNDS {
        if round % 100 == 0 {
            sleep(Duration::from_millis(3)).await;
        }
        THERE.wake();
        BACK.wait().await.expect("it is never closed");
        assert_eq!(TURNS.load(Relaxed), round);
    }
    DONE.wait().await.expect("it is counted down");
    Outcome::Passed
}
