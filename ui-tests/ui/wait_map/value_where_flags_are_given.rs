// What a wait yields are the flags.
#[sync_core::wait_map(key = u32, value = u8, match = mask)]
pub struct Events;

static EVENTS: Events = Events::new();

pub async fn any() -> u32 {
    EVENTS.set(3);
    EVENTS.wait_any(2).clear_on_exit().await.unwrap()
}

fn main() {}
