// Not a type.
#[sync_core::primitive(method = acquire, future = Acquire)]
pub async fn tokens() {}

pub async fn call() {
    tokens().await;
}

fn main() {}
