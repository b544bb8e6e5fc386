// A number of buckets that no bits of a hash choose from evenly.
#[sync_core::wait_map(key = usize, match = unique, buckets = 100)]
pub struct Futex;

static FUTEX: Futex = Futex::new();

pub async fn wait() {
    let _ = FUTEX.wake(&4);
    FUTEX.wait(4).await.unwrap();
}

fn main() {}
