// A position of which nothing says where it starts: `new` needs that, `starting_at` does not.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lsn(pub u64);

#[sync_core::wait_map(key = Lsn, match = up_to)]
pub struct Flushed;

static FROM: Flushed = Flushed::starting_at(Lsn(7));
static FLUSHED: Flushed = Flushed::new();

fn main() {
    FROM.advance(Lsn(9));
    FLUSHED.advance(Lsn(9));
}
