// No `impl Policy`.
#[sync_core::primitive(method = acquire, future = Acquire)]
pub struct Tokens;

fn main() {}
