//! An interrupt handler hands bytes to a driver, through a ring and a cell that wakes.
//!
//! The handler is short, never waits, and locks nothing: it puts bytes into the ring, and wakes. The driver
//! is a task: it takes what is in the ring, and sleeps when there is nothing. A thread stands for the
//! hardware here; on a microcontroller, `Handler::interrupt` is what the interrupt vector calls, and the rest
//! stays the same.
//!
//! ```text
//! cargo run --release --example interrupt -- --bytes 1000000 --burst 200 --pause 0
//! ```
//!
//! What to read: `Handler::interrupt` and `receive`. What to learn: one moment matters, between looking into
//! the ring and falling asleep. An interrupt that comes there completes the wait that the driver subscribed
//! to before it looked, and it looks again.

#![expect(clippy::std_instead_of_alloc, clippy::std_instead_of_core, reason = "it has an operating system")]

use std::{
    cell::Cell,
    collections::VecDeque,
    fmt,
    io::{self, Write as _},
    process::ExitCode,
    thread,
    time::Duration,
};

use anyhow::{Result, bail, ensure};
use clap::Parser;
use heapless::spsc::{Consumer, Producer, Queue};
use static_cell::StaticCell;
use sync_core::WaitCell;

/// Less than many a burst, so that it fills up. (It holds one less than it says.)
static RING: StaticCell<Queue<u8, 64>> = StaticCell::new();

/// Wakes the driver. Lock-free: an interrupt handler may use it whatever it interrupts, the driver included.
static RECEIVED: WaitCell = WaitCell::new();

/// The side of the interrupts.
struct Handler {
    ring: Producer<'static, u8>,
}

impl Handler {
    /// Moves bytes from the device to the ring, and wakes the driver.
    ///
    /// What does not fit stays in the device, which interrupts again soon.
    fn interrupt(&mut self, device: &mut VecDeque<u8>) {
        while self.ring.ready() {
            let Some(byte) = device.pop_front() else { break };
            self.ring.enqueue(byte).expect("the ring is ready");
        }
        // After the bytes are in the ring. The other way round, the driver might look before they are, and
        // sleep.
        RECEIVED.wake();
    }
}

/// The driver: hands each byte to `take`, until the cell is closed.
async fn receive(
    mut ring: Consumer<'static, u8>,
    mut take: impl FnMut(u8) -> Result<()>,
    counts: &Counts,
) -> Result<()> {
    loop {
        // 1. Subscribe: from here on, an interrupt completes this wait.
        let interrupt = RECEIVED.subscribe().await;
        // 2. Look. What came before step 1 is found here.
        let mut found = 0;
        while let Some(byte) = ring.dequeue() {
            take(byte)?;
            found += 1;
        }
        counts.looked(found);
        // 3. Sleep, if there was nothing. What came after step 1 ends this at once.
        //
        // When there was something, look again instead: more may have come. A wake-up for what was found
        // already is still stored then, and costs one look that finds nothing.
        if found == 0 {
            if interrupt.await.is_err() {
                // Closed, and no wake-up is left: nothing came since the ring was found empty.
                return Ok(());
            }
            counts.woken();
        }
    }
}

// That is all there is to it. Below: the program around it.

/// After this time without a byte, a wake-up was lost.
const PATIENCE: Duration = Duration::from_secs(10);

/// Receives bytes in bursts from an interrupt handler, and loses none.
///
/// A thread plays the device and its interrupts: it makes up bursts of bytes, and the handler puts them into
/// a ring of 63 bytes. A driver task takes them out, and sleeps in between. The next burst comes when the
/// last was taken.
///
/// The example checks itself: that each byte arrives, once and in order, and that the driver does not sleep
/// on when there is something in the ring. It fails otherwise.
#[derive(Clone, Debug, Parser)]
struct Options {
    /// How many bytes are sent.
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    bytes: u64,

    /// How many bytes the longest burst has.
    #[arg(long, value_name = "N", default_value_t = 100)]
    burst: u64,

    /// The least time between interrupts, in microseconds.
    #[arg(long, value_name = "N", default_value_t = 20)]
    pause: u64,

    /// The seed of the made-up bytes and bursts: the same seed makes the same ones.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let Err(error) = run(&options) else { return ExitCode::SUCCESS };
    // Not `eprintln!`, which panics when stderr is closed.
    let _ = writeln!(io::stderr(), "error: {error:#}");
    ExitCode::FAILURE
}

fn run(options: &Options) -> Result<()> {
    ensure!(options.burst > 0, "--burst is 0, but a burst has at least one byte");
    ensure!(options.pause <= 1_000_000, "--pause is {}, but must be at most 1000000", options.pause);
    let (producer, consumer) = RING.init(Queue::new()).split();
    let hardware = thread::spawn({
        let options = options.clone();
        move || play_hardware(Handler { ring: producer }, &options)
    });

    let counts = Counts::default();
    // The same seed makes the same bytes.
    let mut number = 0_u64;
    let mut expected = fastrand::Rng::with_seed(options.seed);
    let check = |byte| {
        let due = expected.u8(..);
        number += 1;
        ensure!(byte == due, "byte {number} is {byte:#04x} instead of {due:#04x}");
        Ok(())
    };
    let driver = receive(consumer, check, &counts);
    smol::block_on(smol::future::or(driver, watch(&counts)))?;

    let Ok(Played { bursts, interrupts, ring_full }) = hardware.join() else {
        bail!("the hardware panicked")
    };
    let (sent, received) = (options.bytes, counts.bytes.get());
    ensure!(received == sent, "{sent} bytes were sent, but {received} received");
    let mut out = io::stdout();
    writeln!(out, "bursts sent:           {bursts}, of up to {} bytes", options.burst)?;
    writeln!(out, "interrupts:            {interrupts}")?;
    writeln!(
        out,
        "  ring was full:       {ring_full} of these times: the rest of the burst came with the next one"
    )?;
    write!(out, "{counts}")?;
    Ok(())
}

/// What the hardware did.
#[derive(Debug, Default)]
struct Played {
    bursts: u64,
    interrupts: u64,
    /// How often bytes had to stay in the device.
    ring_full: u64,
}

fn play_hardware(mut handler: Handler, options: &Options) -> Played {
    let mut played = Played::default();
    let mut bytes = fastrand::Rng::with_seed(options.seed);
    // Another seed: the lengths of the bursts are to be independent of the bytes in them.
    let mut lengths = fastrand::Rng::with_seed(!options.seed);
    let pause = || match options.pause {
        0 => thread::yield_now(),
        pause => thread::sleep(Duration::from_micros(pause)),
    };
    let mut left = options.bytes;
    let mut device = VecDeque::new();
    while left > 0 || !device.is_empty() {
        if device.is_empty() {
            let length = lengths.u64(1..=options.burst).min(left);
            left -= length;
            played.bursts += 1;
            device.extend((0..length).map(|_| bytes.u8(..)));
        }
        handler.interrupt(&mut device);
        played.interrupts += 1;
        played.ring_full += u64::from(!device.is_empty());
        pause();
        // The next burst comes when this one was taken: it must not make up for a wake-up that was lost.
        while device.is_empty() && !handler.ring.is_empty() {
            pause();
        }
    }
    RECEIVED.close();
    played
}

/// Ends, and with an error, when no more bytes come.
async fn watch(counts: &Counts) -> Result<()> {
    let mut before = u64::MAX;
    while counts.bytes.get() != before {
        before = counts.bytes.get();
        smol::Timer::after(PATIENCE).await;
    }
    bail!("no byte came for {PATIENCE:?} after the first {before}: a wake-up was lost")
}

/// What the driver counted.
#[derive(Debug, Default)]
struct Counts {
    bytes: Cell<u64>,
    wake_ups: Cell<u64>,
    /// Wake-ups after which there was nothing in the ring.
    for_nothing: Cell<u64>,
    most_at_once: Cell<u64>,
    just_woken: Cell<bool>,
}

impl Counts {
    fn woken(&self) {
        self.wake_ups.set(self.wake_ups.get() + 1);
        self.just_woken.set(true);
    }

    fn looked(&self, found: u64) {
        self.bytes.set(self.bytes.get() + found);
        self.most_at_once.set(self.most_at_once.get().max(found));
        if self.just_woken.replace(false) && found == 0 {
            self.for_nothing.set(self.for_nothing.get() + 1);
        }
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [bytes, wake_ups, for_nothing] = [&self.bytes, &self.wake_ups, &self.for_nothing].map(Cell::get);
        #[expect(clippy::cast_precision_loss, reason = "printed with one decimal")]
        let per_wake_up = bytes as f64 / wake_ups.max(1) as f64;
        writeln!(f, "driver woken:          {wake_ups} times, for {per_wake_up:.1} bytes on average")?;
        writeln!(
            f,
            "  ring was empty:      {for_nothing} of these times: the driver had found the bytes before it slept"
        )?;
        writeln!(f, "most bytes at once:    {}, found by the driver in one go", self.most_at_once.get())?;
        writeln!(f, "bytes received:        {bytes}, each once and in order")
    }
}
