//! The 8254 interval timer.

/// Its interrupt line.
pub const LINE: u8 = 0;

/// How often it interrupts in a second.
pub const TICKS_PER_SECOND: u32 = 1000;

/// Makes it interrupt [`TICKS_PER_SECOND`] times a second.
pub fn init() {
    const FREQUENCY: u32 = 1_193_182;
    const CHANNEL_0_RATE_GENERATOR: u8 = 0x34;
    let [low, high, ..] = (FREQUENCY / TICKS_PER_SECOND).to_le_bytes();
    super::write(0x43, CHANNEL_0_RATE_GENERATOR);
    super::write(0x40, low);
    super::write(0x40, high);
}
