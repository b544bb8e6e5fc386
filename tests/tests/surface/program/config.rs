//! A configuration that every task reads and a task writes.

use alloc::{
    boxed::Box,
    collections::BTreeMap,
    string::{String, ToString},
    sync::Arc,
    vec::Vec,
};
use core::{
    fmt::Debug,
    future::Future,
    pin::{Pin, pin},
    task::Poll,
};

use super::{
    executor::{Executor, Log, log},
    sync::{
        self, OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock, RwLockReadGuard, RwLockWriteGuard,
        blocking::{ConstInit, RawMutex},
        rwlock,
        spin::Spinlock,
        wait_queue::WaitQueue,
    },
    waits::watched::Watched,
};
use tests::{poll, ready};

trait Source: Send + Sync + Debug {
    fn get(&self, key: &str) -> Option<&str>;
    fn set(&mut self, key: &str, value: &str);
}

impl Source for BTreeMap<String, String> {
    fn get(&self, key: &str) -> Option<&str> {
        BTreeMap::get(self, key).map(String::as_str)
    }

    fn set(&mut self, key: &str, value: &str) {
        self.insert(key.to_string(), value.to_string());
    }
}

#[derive(Clone)]
struct Config {
    source: Arc<RwLock<dyn Source>>,
    changed: Arc<WaitQueue>,
}

impl Config {
    fn new() -> Self {
        let source = Arc::new(RwLock::new(BTreeMap::<String, String>::new()));
        Self { source, changed: Arc::default() }
    }

    async fn get(&self, key: &str) -> Option<String> {
        let source: RwLockReadGuard<'_, dyn Source> = self.source.read().await;
        source.get(key).map(str::to_string)
    }

    async fn set(&self, key: &str, value: &str) {
        let mut source: RwLockWriteGuard<'_, dyn Source> = self.source.write().await;
        source.set(key, value);
        drop(source);
        self.changed.wake_all();
    }

    async fn until_set(&self, key: &str) -> String {
        loop {
            let changed = self.changed.wait();
            if let Some(value) = self.get(key).await {
                return value;
            }
            changed.await.expect("never closed");
        }
    }

    /// Keeps it as it is until the guard is gone.
    async fn freeze(&self) -> OwnedRwLockReadGuard<dyn Source> {
        self.source.read_owned().await
    }

    /// Several changes at once, in any task.
    async fn edit(&self) -> OwnedRwLockWriteGuard<dyn Source> {
        self.source.write_owned().await
    }
}

#[test]
fn a_change_is_seen_by_its_waiters() {
    let (executor, config) = (Executor::new(), Config::new());
    let waiting = ["name", "port"].map(|key| {
        let config = config.clone();
        executor.spawn(async move { config.until_set(key).await })
    });
    let writer = {
        let (config, clock) = (config.clone(), Arc::clone(executor.clock()));
        executor.spawn(async move {
            clock.sleep(1).await;
            config.set("port", "80").await;
            clock.sleep(1).await;
            config.set("name", "left").await;
        })
    };
    executor.run();
    assert!(writer.has_ended());
    let [name, port] = waiting.map(|task| executor.block_on(task));
    assert_eq!((name, port), (Ok("left".to_string()), Ok("80".to_string())));
    let Config { source, .. } = config;
    assert!(format!("{source:?}").contains("left"));
}

#[test]
fn it_stays_as_it_is_while_it_is_frozen() {
    let (executor, config) = (Executor::new(), Config::new());
    let clock = Arc::clone(executor.clock());
    let seen = executor.block_on({
        let (executor, config) = (executor.clone(), config.clone());
        async move {
            config.set("mode", "old").await;
            let frozen = config.freeze().await;
            let editor = {
                let config = config.clone();
                executor.spawn(async move {
                    let mut edit = config.edit().await;
                    edit.set("mode", "new");
                    edit.set("more", "yes");
                    edit
                })
            };
            // A reader that comes later does not go first.
            let reader = {
                let config = config.clone();
                executor.spawn(async move { config.get("mode").await })
            };
            clock.sleep(1).await;
            assert!(!editor.has_ended() && !reader.has_ended());
            assert!(config.source.try_write().is_none() && config.source.try_write_owned().is_none());
            assert_eq!(frozen.get("mode"), Some("old"));
            assert!(format!("{frozen:?}").contains("old"));
            drop(frozen);
            // What it returns is the guard.
            let edit = editor.await.expect("not aborted");
            assert!(config.source.try_read().is_none() && config.source.try_read_owned().is_none());
            assert!(format!("{edit:?} {:?}", config.source).contains("new"));
            assert_eq!(edit.get("more"), Some("yes"));
            drop(edit);
            reader.await
        }
    });
    assert_eq!(seen, Ok(Some("new".to_string())));
    assert!(config.source.try_read().is_some_and(|source| source.get("more") == Some("yes")));
}

fn user(
    executor: &Executor,
    log: &Log<String>,
    name: &'static str,
    work: impl Future<Output: Send> + Send + 'static,
) {
    let (log, clock) = (Arc::clone(log), Arc::clone(executor.clock()));
    executor.spawn(async move {
        let guard = work.await;
        log.lock().push(format!("{name} at {}", clock.now()));
        clock.sleep(5).await;
        drop(guard);
    });
}

static TABLE: RwLock<[u8; 4]> = RwLock::new([0; 4]);

#[test]
fn readers_share_and_writers_wait_their_turn() {
    let (executor, log) = (Executor::new(), log());
    user(&executor, &log, "reader", TABLE.read());
    user(&executor, &log, "reader", TABLE.read());
    user(&executor, &log, "writer", TABLE.write());
    user(&executor, &log, "reader", TABLE.read());
    user(&executor, &log, "writer", TABLE.write());
    executor.run();
    let expected = ["reader at 0", "reader at 0", "writer at 5", "reader at 10", "writer at 15"];
    assert_eq!(*log.lock(), expected);
}

#[test]
fn a_writer_that_gives_up_lets_the_readers_in() {
    let lock = RwLock::new(1);
    let first = ready(lock.read());
    let mut writer = Box::pin(lock.write());
    let mut second = pin!(lock.read());
    assert!(poll(writer.as_mut()).is_pending() && poll(second.as_mut()).is_pending());
    drop(writer);
    let Poll::Ready(second) = poll(second) else { panic!("readers share") };
    assert_eq!(*first + *second, 2);
    assert!(lock.try_read().is_some() && lock.try_write().is_none());
}

/// Adds to a part of a table, whatever its length.
async fn add(table: &RwLock<[u8]>, place: usize, number: u8) -> u8 {
    let mut table = table.write().await;
    table[place] += number;
    table[place]
}

#[test]
fn a_table_is_used_without_its_length() {
    let table = RwLock::new([1, 2, 3]);
    assert_eq!(ready(add(&table, 2, 10)), 13);
    let shared: Arc<RwLock<[u8]>> = Arc::new(table);
    {
        let owned = ready(shared.read_owned());
        let again = shared.try_read_owned().expect("readers share");
        assert_eq!((owned.len(), again.first()), (3, Some(&1)));
    }
    {
        let mut owned: rwlock::OwnedRwLockWriteGuard<[u8]> = shared.try_write_owned().expect("no task reads");
        owned.reverse();
    }
    {
        let mut owned = ready(shared.write_owned());
        owned.rotate_left(1);
    }
    assert_eq!(*shared.try_read().expect("no task writes"), [2, 1, 13]);
}

/// With a raw lock of the user's, of which the old library's write guards are for looking only.
fn of_any_lock<Lock: RawMutex + ConstInit + Debug>() {
    let mut lock = rwlock::RwLock::new_with_raw_mutex(vec![1], Lock::INIT);
    lock.get_mut().push(2);
    {
        let write: rwlock::RwLockWriteGuard<'_, Vec<i32>, Lock> = ready(lock.write());
        assert_eq!(*write, [1, 2]);
        assert!(lock.try_read().is_none());
    }
    {
        let read: rwlock::RwLockReadGuard<'_, Vec<i32>, Lock> = ready(lock.read());
        assert!(lock.try_read().is_some() && lock.try_write().is_none());
        assert!(format!("{read:?} {lock:?}").contains("[1, 2]"));
    }
    drop(lock.try_write());
    assert_eq!(lock.into_inner(), [1, 2]);
}

#[test]
fn the_raw_lock_is_a_parameter() {
    of_any_lock::<Spinlock>();
    of_any_lock::<Watched>();
    let mut lock: sync::RwLock<u8> = RwLock::default();
    *lock.get_mut() += 1;
    {
        let mut write = Pin::new(Box::new(lock.try_write().expect("no other task has it")));
        **write += 1;
        assert_eq!(format!("{write:?}"), "2");
    }
    assert_eq!(lock.into_inner(), 2);
}
