//! That this ends the run with the status of a failure is a test of its own, on the host.

pub(crate) async fn on_purpose() {
    panic!("this test fails on purpose");
}
