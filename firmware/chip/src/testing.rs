//! Tests by name, reported as libtest does.

use core::{
    panic::PanicInfo,
    sync::atomic::{AtomicU32, Ordering::Relaxed},
};

use embassy_time::{Duration, Instant, with_timeout};
use semihosting::println;
use sync_core::blocking::Mutex;

use crate::{Status, device, exit, stack};

/// What takes longer waits for something that was lost.
const LIMIT: Duration = Duration::from_secs(20);

static PASSED: AtomicU32 = AtomicU32::new(0);
static RUNNING: Mutex<&str> = Mutex::new("");

/// Runs the tests one after the other: `suite! { module: test, test; … }`, each an `async fn` without
/// arguments.
macro_rules! suite {
    ($($module:ident: $($test:ident),+;)+) => {{
        $crate::testing::begin(0 $($(+ { let _ = stringify!($test); 1 })+)+);
        $($($crate::testing::run(
            concat!(stringify!($module), "::", stringify!($test)),
            $crate::tests::$module::$test(),
        ).await;)+)+
        $crate::testing::end()
    }};
}
pub(crate) use suite;

pub(crate) fn begin(tests: usize) {
    println!("\nrunning {tests} tests");
}

pub(crate) async fn run(name: &'static str, test: impl Future<Output = ()>) {
    RUNNING.with_lock(|running| *running = name);
    match with_timeout(LIMIT, test).await {
        Ok(()) => {
            PASSED.store(PASSED.load(Relaxed) + 1, Relaxed);
            println!("test {name} ... ok");
        }
        Err(elapsed) => panic!("{elapsed:?}: {name} is not done after {} s", LIMIT.as_secs()),
    }
}

pub(crate) fn end() -> ! {
    let (used, size) = stack::used();
    println!("\nthe device has interrupted {} times; the stack took {used} of {size} bytes", device::total());
    summary("ok", 0);
    exit(Status::Success)
}

pub(crate) fn on_panic(info: &PanicInfo<'_>) {
    println!("{info}");
    // The name is not locked for longer than a copy takes.
    let _ = RUNNING.try_with_lock(|name| println!("test {name} ... FAILED"));
    summary("FAILED", 1);
}

fn summary(result: &str, failed: u32) {
    let (passed, now) = (PASSED.load(Relaxed), Instant::now().as_millis());
    println!(
        "\ntest result: {result}. {passed} passed; {failed} failed; 0 ignored; 0 measured; 0 filtered out; \
         finished in {}.{:02}s",
        now / 1000,
        now % 1000 / 10
    );
}
