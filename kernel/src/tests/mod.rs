//! What is tested, by name.

mod fails;
mod hammer;
mod locks;
mod machine;
mod timers;
mod waking;

use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use kernel::boot::CommandLine;

use crate::testing::suite;

/// How many bytes the host sends to the console.
static FROM_HOST: AtomicUsize = AtomicUsize::new(0);

pub(crate) async fn run_all(line: CommandLine) {
    FROM_HOST.store(line.value("console").map_or(0, |n| n.parse().expect("console=N")), Relaxed);
    suite! {
        machine: red_zone sse_state memory_functions critical_sections;
        waking: cell_by_timer queue_by_serial_burst map_by_serial_burst events_of_two_handlers task_on_the_other_cpu;
        timers: each_at_its_tick time_is_up in_time a_dropped_sleep_leaves_the_line;
        locks: mutex_among_tasks rwlock_among_tasks semaphore_among_tasks mutex_between_cpus;
        hammer: queue semaphore map;
    }
}

pub(crate) async fn run_one_that_panics() {
    suite! {
        fails: on_purpose;
    }
}

pub(crate) async fn run_one_that_overflows() {
    suite! {
        fails: for_want_of_stack;
    }
}
