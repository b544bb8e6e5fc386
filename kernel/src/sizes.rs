//! Images that hold one primitive each, to see what it adds.

/// Makes an image of a task: `image!(async { … })`.
#[macro_export]
macro_rules! image {
    (async $body:block) => {
        $crate::entry!(main);

        fn main(_: $crate::boot::CommandLine) -> ! {
            $crate::spawn!(0, task(()));
            $crate::executor::run()
        }

        async fn task((): ()) $body
    };
}

/// Polls both futures until both are done, as two tasks would be.
pub use embassy_futures::join::join;
