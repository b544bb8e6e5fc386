//! What runs above the tests, if they want it: one of these jobs at a time.

use embassy_executor::SendSpawner;
use embassy_futures::join::join;
use sync_core::{WaitCell, blocking::Mutex};

use crate::tests::{hammer, priorities};

/// A part of a test that runs on the executor above.
#[derive(Clone, Copy)]
pub(crate) enum Job {
    Mutex,
    Semaphore,
    Permits,
    Queue,
    Token,
    Lock,
}

static NEXT: Mutex<Option<Job>> = Mutex::new(None);
static BEGIN: WaitCell = WaitCell::new();
static DONE: WaitCell = WaitCell::new();

pub(crate) fn start(executor: SendSpawner) {
    executor.spawn(worker().expect("it is spawned once"));
    for _ in 0..priorities::CONTENDERS {
        executor.spawn(contender().expect("there is room for all"));
    }
}

/// Runs `job` above and `test` here, until both are done.
pub(crate) async fn alongside(job: Job, test: impl Future<Output = ()>) {
    let above = async {
        NEXT.with_lock(|next| *next = Some(job));
        BEGIN.wake();
        DONE.wait().await.expect("it is never closed");
    };
    join(above, test).await;
}

#[embassy_executor::task(pool_size = priorities::CONTENDERS)]
async fn contender() {
    priorities::contender().await;
}

#[embassy_executor::task]
async fn worker() {
    loop {
        let job = BEGIN.wait_for_value(|| NEXT.with_lock(Option::take)).await;
        match job.expect("it is never closed") {
            Job::Mutex => priorities::mutex_above().await,
            Job::Semaphore => priorities::semaphore_above().await,
            Job::Permits => hammer::permits_above().await,
            Job::Queue => hammer::queue_above().await,
            Job::Token => hammer::token_above().await,
            Job::Lock => hammer::lock_above().await,
        }
        DONE.wake();
    }
}
