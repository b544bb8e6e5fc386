// A predicate, and nothing that it could be asked about.
#[sync_core::wait_map(key = u16, value = u8, match = predicate(u16::eq))]
pub struct Watch;

static WATCH: Watch = Watch::new();

pub async fn changed() -> u8 {
    WATCH.notify_with(&3, 4);
    WATCH.wait(3).await.unwrap()
}

fn main() {}
