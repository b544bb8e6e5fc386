//! How many tests each step must at least run.
//!
//! A test that is no longer compiled in (a wrong `cfg`, a file that no `mod` names, a filter left behind)
//! passes as well as one that runs; only the number gives it away. Raise a number when tests are added, and
//! lower it only in the commit that removes tests.

/// Links in the texts and in the documentation.
pub(crate) const LINKS: usize = 20_000;
/// Unit and integration tests, default features.
pub(crate) const UNIT: usize = 1067;
/// The same with `std`.
pub(crate) const UNIT_STD: usize = 860;
/// The unit tests of sync-core, over its default lock for interrupt handlers.
pub(crate) const UNIT_CRITICAL_SECTION: usize = 45;
/// The unit tests of sync-core with the features for other crates' traits.
pub(crate) const UNIT_ADAPTERS: usize = 52;
/// Calls in the middle of calls, and other tests with batches of two wakers.
pub(crate) const ROUNDS: usize = 520;
/// Examples in the documentation of the published crates.
pub(crate) const DOC_TESTS: usize = 97;
/// Misuses of the macros whose message is pinned, and uses that must compile.
pub(crate) const UI: usize = 189;
/// Tests of the published crates with the oldest compiler: sync-core's once for each set of features.
pub(crate) const MSRV: usize = 1262;
/// Tests on another processor that this machine can run.
pub(crate) const CROSS: usize = 618;
/// The same without crowds, under emulation.
pub(crate) const CROSS_EMULATED: usize = 600;
/// Tests interpreted under Stacked Borrows; those of several threads once, however many seeds there are.
pub(crate) const MIRI_STACKED: usize = 225;
/// The same under Tree Borrows, with the examples in the documentation and without the specification.
pub(crate) const MIRI_TREE: usize = 490;
/// Tests interpreted as on another machine, for each of them.
pub(crate) const MIRI_ELSEWHERE: usize = 25;
/// Loom models next to the code.
pub(crate) const LOOM_CORE: usize = 2;
/// Loom models of compositions, through the public API.
pub(crate) const LOOM_TESTS: usize = 1242;
/// Tests of many tasks under schedules that are drawn, twice: at random, and by priorities.
pub(crate) const SHUTTLE: usize = 26;
/// Sets of features that a user can ask for; not a lower bound but all that are tried.
pub(crate) const FEATURE_SETS: usize = 51;
/// Models of the types that a strict crate makes with the macros.
pub(crate) const LOOM_HYGIENE: usize = 19;
/// Models of a user's crate outside this workspace.
pub(crate) const LOOM_DOWNSTREAM: usize = 1;
/// The counters at their edges, with optimisation.
pub(crate) const LIMITS: usize = 33;
/// Storms under the thread sanitizer, on threads and on tokio.
pub(crate) const SANITIZE_THREAD: usize = 66;
/// Under the address sanitizer: storms, injected panics, crowds, and wakers that come back.
pub(crate) const SANITIZE_ADDRESS: usize = 370;
/// Under the leak sanitizer: storms and injected panics.
pub(crate) const SANITIZE_LEAK: usize = 100;
/// Tests of the examples and of the benchmarks.
pub(crate) const SURROUNDINGS: usize = 77;
/// Tests in the booted firmware: for four targets, with assertions and without.
pub(crate) const CHIPS: usize = 112;
/// Tests in the booted kernel: with one CPU and with two, without optimisation and with it.
pub(crate) const GUEST: usize = 76;
