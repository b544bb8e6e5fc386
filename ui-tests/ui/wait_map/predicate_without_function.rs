// A predicate without the function.
#[sync_core::wait_map(key = u8, event = str, match = predicate)]
pub struct Watch;

static WATCH: Watch = Watch::new();

pub async fn changed() {
    WATCH.notify("something");
    WATCH.wait(3).await.unwrap();
}

fn main() {}
