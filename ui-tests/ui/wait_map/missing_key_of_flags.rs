// Flags of no type.
#[sync_core::wait_map(match = mask)]
pub struct Events;

static EVENTS: Events = Events::new();

pub async fn any() {
    EVENTS.set(3_u32);
    let _: u32 = EVENTS.get();
    EVENTS.wait_all(3_u32).await.unwrap();
}

fn main() {}
