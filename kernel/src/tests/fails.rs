//! That each of these ends the run with the status of a failure is a test of its own, on the host.

pub(super) async fn on_purpose() {
    panic!("this test fails on purpose");
}

pub(super) async fn for_want_of_stack() {
    panic!("{} calls fitted", deeper(1));
}

/// As many calls as the stack has bytes.
fn deeper(depth: usize) -> usize {
    let frame = core::hint::black_box([depth; 8]);
    if depth < kernel::boot::STACK_SIZE { deeper(depth + 1).max(frame[7]) } else { depth }
}
