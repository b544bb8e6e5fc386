//! Tests by name, reported as libtest does.

use core::{
    future::Future,
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    time::Duration,
};

use kernel::{
    cpu,
    devices::debug_exit::{self, Status},
    println,
    time::{CLOCK, timeout},
};
use sync_core::blocking::Mutex;

/// What takes longer waits for something that was lost.
const LIMIT: Duration = Duration::from_secs(60);

static PASSED: AtomicUsize = AtomicUsize::new(0);
static IGNORED: AtomicUsize = AtomicUsize::new(0);
static RUNNING: Mutex<&str> = Mutex::new("");

/// How a test ended. One that fails panics.
pub(crate) enum Outcome {
    Passed,
    /// It could not run here, for this reason.
    Ignored(&'static str),
}

impl From<()> for Outcome {
    fn from((): ()) -> Self {
        Self::Passed
    }
}

/// Runs the tests one after the other: `suite! { module: test test; … }`, each an `async fn` without
/// arguments.
macro_rules! suite {
    ($($module:ident: $($test:ident)+;)+) => {{
        $crate::testing::begin(0 $($(+ { let _ = stringify!($test); 1 })+)+);
        $($($crate::testing::run(
            concat!(stringify!($module), "::", stringify!($test)),
            $module::$test(),
        ).await;)+)+
        $crate::testing::end()
    }};
}
pub(crate) use suite;

pub(crate) fn begin(tests: usize) {
    kernel::on_panic(|| {
        // The name is not locked for longer than a copy takes, and not by the code that panics. If the other
        // CPU holds it at this moment, the summary has to do.
        let _ = RUNNING.try_with_lock(|name| println!("test {name} ... FAILED"));
        println!("\n{}", Summary { result: "FAILED", failed: 1 });
    });
    println!("\nrunning {tests} tests");
}

pub(crate) async fn run<T: Into<Outcome>>(name: &'static str, test: impl Future<Output = T>) {
    RUNNING.with_lock(|running| *running = name);
    match timeout(LIMIT, test).await.map(Into::into) {
        Ok(Outcome::Passed) => {
            PASSED.fetch_add(1, Relaxed);
            println!("test {name} ... ok");
        }
        Ok(Outcome::Ignored(why)) => {
            IGNORED.fetch_add(1, Relaxed);
            println!("test {name} ... ignored, {why}");
        }
        Err(elapsed) => panic!("{elapsed:?}: {name} is not done after {} s", LIMIT.as_secs()),
    }
}

pub(crate) fn end() -> ! {
    println!("\n{}", Summary { result: "ok", failed: 0 });
    debug_exit::exit(Status::Success)
}

struct Summary {
    result: &'static str,
    failed: usize,
}

impl core::fmt::Display for Summary {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let (passed, ignored) = (PASSED.load(Relaxed), IGNORED.load(Relaxed));
        let Self { result, failed } = self;
        write!(
            f,
            "test result: {result}. {passed} passed; {failed} failed; {ignored} ignored; 0 measured; "
        )?;
        let milliseconds = CLOCK.current();
        write!(f, "0 filtered out; finished in {}.{:02}s", milliseconds / 1000, milliseconds % 1000 / 10)
    }
}

/// Returns `Ignored` from a test that is of use with two CPUs only.
pub(crate) fn two_cpus() -> Result<(), Outcome> {
    if cpu::online() == 2 { Ok(()) } else { Err(Outcome::Ignored("there is one CPU")) }
}
