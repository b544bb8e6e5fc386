// A closure has no path.
#[sync_core::wait_map(key = u8, event = u8, match = predicate(|key, event| key <= event))]
pub struct Watch;

static WATCH: Watch = Watch::new();

pub async fn changed() {
    WATCH.notify(&3);
    WATCH.wait(3).await.unwrap();
}

fn main() {}
