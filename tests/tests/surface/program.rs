// Included twice by `surface.rs`, with `sync` as one library and as the other. What it asserts is what
// both promise; a defect of the old one is not asserted.

use alloc::{sync::Arc, vec::Vec};
use core::{
    fmt::{Debug, Display},
    future::Future,
    hash::Hash,
    ops::DerefMut,
    pin::{Pin, pin},
    task::{Context, Poll, Waker},
};

use sync::{
    Closed, WaitCell, WaitMap, WaitQueue, WaitResult,
    blocking::{ConstInit, DefaultMutex, Mutex, RawMutex, ScopedRawMutex},
    spin::Spinlock,
    util::{Backoff, CachePadded},
    wait_cell::{self, PollWaitError},
    wait_map::{self, EnqueueWait, WaitError, WakeOutcome},
    wait_queue,
};

fn poll<F: Future + ?Sized>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

fn ready<F: Future>(future: F) -> F::Output {
    match poll(pin!(future)) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("not ready"),
    }
}

// Statics, of every kind.
static CELL: WaitCell = WaitCell::new();
static QUEUE: WaitQueue = WaitQueue::new();
static SPUN_QUEUE: WaitQueue<Spinlock> = WaitQueue::new_with_raw_mutex(Spinlock::new());
static MAP: WaitMap<u16, u32> = WaitMap::new();
static SPUN_MAP: WaitMap<u16, u32, Spinlock> = WaitMap::new_with_raw_mutex(Spinlock::INIT);
static PADDED: CachePadded<u8> = CachePadded::new(1);
static COUNT: Mutex<u32> = Mutex::new(0);
static SPUN_COUNT: Mutex<u32, Spinlock> = Mutex::new_with_raw_mutex(0, Spinlock::new());

// A user's own types around them.
struct Driver<Lock: ScopedRawMutex = DefaultMutex> {
    done: WaitCell,
    room: WaitQueue<Lock>,
    replies: WaitMap<u16, Vec<u8>, Lock>,
    sent: Mutex<usize, Lock>,
}

impl<Lock: ScopedRawMutex + ConstInit> Driver<Lock> {
    const fn new() -> Self {
        Self {
            done: WaitCell::new(),
            room: WaitQueue::new_with_raw_mutex(Lock::INIT),
            replies: WaitMap::new_with_raw_mutex(Lock::INIT),
            sent: Mutex::new_with_raw_mutex(0, Lock::INIT),
        }
    }

    async fn request(&self, tag: u16) -> Result<Vec<u8>, WaitError> {
        let reply: wait_map::Wait<'_, u16, Vec<u8>, Lock> = self.replies.wait(tag);
        let mut reply = pin!(reply);
        let registered: wait_map::Subscribe<'_, '_, u16, Vec<u8>, Lock> = reply.as_mut().subscribe();
        registered.await?;
        self.sent.with_lock(|sent| *sent += 1);
        let outcome: WakeOutcome<Vec<u8>> = self.replies.wake(&tag, vec![1, 2]);
        assert!(matches!(outcome, WakeOutcome::Woke));
        reply.await
    }

    async fn slot(&self) -> WaitResult<()> {
        self.room.wait_for(|| self.sent.with_lock(|sent| *sent > 0)).await?;
        self.done.wake();
        self.done.wait().await
    }
}

impl<Lock: ScopedRawMutex + ConstInit> Debug for Driver<Lock>
where
    WaitQueue<Lock>: Debug,
{
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Driver")
            .field("done", &self.done)
            .field("room", &self.room)
            .field("replies", &self.replies)
            .field("sent", &self.sent)
            .finish()
    }
}

#[test]
fn a_driver() {
    fn run<Lock: ScopedRawMutex + ConstInit + Debug>() {
        let driver = Driver::<Lock>::new();
        assert_eq!(ready(driver.request(3)), Ok(vec![1, 2]));
        assert_eq!(ready(driver.slot()), Ok(()));
        assert!(format!("{driver:?}").contains("room"));
    }
    run::<DefaultMutex>();
    run::<Spinlock>();
}

#[test]
fn a_cell() {
    let cell = WaitCell::default();
    assert!(!cell.is_closed());
    {
        let wait: wait_cell::Wait<'_> = cell.wait();
        let mut wait = pin!(wait);
        assert!(poll(wait.as_mut()).is_pending());
        assert!(cell.wake());
        assert_eq!(poll(wait.as_mut()), Poll::Ready(Ok(())));
    }
    let subscribe: wait_cell::Subscribe<'_> = cell.subscribe();
    assert!(!format!("{subscribe:?}").is_empty());
    let mut wait = ready(subscribe);
    assert!(!format!("{wait:?} {cell:?}").is_empty());
    cell.wake();
    // Neither future minds being moved.
    assert_eq!(poll(Pin::new(&mut wait)), Poll::Ready(Ok(())));

    let cx = &mut Context::from_waker(Waker::noop());
    let polled: Poll<Result<(), PollWaitError>> = cell.poll_wait(cx);
    assert_eq!(polled, Poll::Pending);
    cell.wake();
    assert_eq!(cell.poll_wait(cx), Poll::Ready(Ok(())));

    assert_eq!(ready(cell.wait_for(|| true)), Ok(()));
    assert_eq!(ready(cell.wait_for_value(|| Some(5))), Ok(5));
    let mut seen = 0;
    let mut counted = pin!(CELL.wait_for(|| {
        seen += 1;
        seen == 2
    }));
    assert!(poll(counted.as_mut()).is_pending());
    CELL.wake();
    assert_eq!(poll(counted), Poll::Ready(Ok(())));

    let _called: bool = cell.close();
    assert!(ready(cell.wait()).is_err());
    match cell.poll_wait(cx) {
        Poll::Ready(Err(error @ PollWaitError::Closed)) => {
            let copy = error;
            assert_eq!(error.clone(), copy);
            assert_ne!(copy, PollWaitError::Busy);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_queue() {
    let queue: WaitQueue = WaitQueue::default();
    let mut first = pin!(queue.wait());
    let mut second: Pin<&mut wait_queue::Wait<'_>> = pin!(queue.wait());
    assert!(first.waits_on(&queue) && !first.waits_on(&QUEUE) && first.same_queue(&second));
    assert_eq!(first.as_mut().subscribe(), Poll::Pending);
    assert!(poll(second.as_mut()).is_pending());
    queue.wake();
    assert_eq!(first.as_mut().subscribe(), Poll::Ready(Ok(())));
    assert_eq!(poll(first.as_mut()), Poll::Ready(Ok(())));
    assert!(poll(second.as_mut()).is_pending());
    queue.wake_all();
    assert_eq!(poll(second.as_mut()), Poll::Ready(Ok(())));
    assert!(!format!("{first:?} {queue:?}").is_empty());

    let shared = Arc::new(WaitQueue::new_with_raw_mutex(Spinlock::new()));
    let mut first: Pin<Box<wait_queue::WaitOwned<Spinlock>>> = Box::pin(shared.wait_owned());
    let second = Box::pin(shared.wait_owned());
    assert!(first.waits_on(&shared) && first.same_queue(&second));
    assert!(poll(first.as_mut()).is_pending());
    shared.wake();
    assert_eq!(poll(first.as_mut()), Poll::Ready(Ok(())));
    assert!(!format!("{first:?}").is_empty());

    assert_eq!(ready(SPUN_QUEUE.wait_for(|| true)), Ok(()));
    assert_eq!(ready(SPUN_QUEUE.wait_for_value(|| Some("value"))), Ok("value"));
    let mut items = 0;
    let mut item = Box::pin(QUEUE.wait_for_value(|| {
        items += 1;
        (items == 2).then_some(items)
    }));
    assert!(poll(item.as_mut()).is_pending());
    QUEUE.wake();
    assert_eq!(poll(item.as_mut()), Poll::Ready(Ok(2)));

    let mut waiting = pin!(queue.wait());
    assert!(poll(waiting.as_mut()).is_pending());
    queue.close();
    assert!(queue.is_closed());
    let closed: WaitResult<()> = ready(waiting);
    let closed: Closed = closed.unwrap_err();
    assert_eq!(Err(closed), ready(queue.wait()));
    assert_eq!(closed.to_string(), "closed");
}

#[test]
fn a_map() {
    let map: WaitMap<u16, u32> = WaitMap::default();
    let mut wait: Pin<&mut wait_map::Wait<'_, u16, u32>> = pin!(map.wait(1));
    {
        let enqueue: EnqueueWait<'_, '_, u16, u32, DefaultMutex> = wait.as_mut().enqueue();
        assert!(!format!("{enqueue:?}").is_empty());
        assert_eq!(ready(enqueue), Ok(()));
    }
    assert!(poll(wait.as_mut()).is_pending());
    assert_eq!(ready(map.wait(1)), Err(WaitError::Duplicate));
    assert!(matches!(map.wake(&2, 20), WakeOutcome::NoMatch(20)));
    assert!(matches!(map.wake(&1, 10), WakeOutcome::Woke));
    assert_eq!(poll(wait.as_mut()), Poll::Ready(Ok(10)));
    assert_eq!(poll(wait.as_mut()), Poll::Ready(Err(WaitError::AlreadyConsumed)));
    assert!(!format!("{wait:?} {map:?}").is_empty());

    let shared = Arc::new(WaitMap::<u16, u32, Spinlock>::new_with_raw_mutex(Spinlock::new()));
    let mut owned: Pin<Box<wait_map::WaitOwned<u16, u32, Spinlock>>> = Box::pin(shared.wait_owned(1));
    assert!(poll(owned.as_mut()).is_pending());
    assert!(matches!(shared.wake(&1, 10), WakeOutcome::Woke));
    assert_eq!(poll(owned.as_mut()), Poll::Ready(Ok(10)));
    assert!(!format!("{owned:?}").is_empty());

    assert_eq!(ready(MAP.wait_for(5, || true)), Ok(()));
    assert_eq!(ready(SPUN_MAP.wait_for_value(5, || Some('x'))), Ok('x'));

    map.close();
    assert!(map.is_closed());
    let result: wait_map::WaitResult<u32> = ready(map.wait(1));
    assert_eq!(result, Err(WaitError::Closed));
    match map.wake(&1, 3) {
        WakeOutcome::Closed(value) => assert_eq!(value, 3),
        WakeOutcome::Woke | WakeOutcome::NoMatch(_) => panic!("it is closed"),
    }
    // A user's match has to have an arm for errors to come.
    for error in [WaitError::Closed, WaitError::Duplicate, WaitError::AlreadyConsumed, WaitError::NeverAdded]
    {
        let (known, copy) = (matches!(error, WaitError::Closed | WaitError::Duplicate), error);
        assert_eq!(known, copy == WaitError::Closed || copy == WaitError::Duplicate);
        assert!(!format!("{error} {error:?}").is_empty());
    }
}

#[test]
fn locks() {
    fn scoped(lock: &impl ScopedRawMutex) {
        assert_eq!(lock.with_lock(|| (lock.is_locked(), lock.try_with_lock(|| ()))), (true, None));
        assert_eq!(lock.try_with_lock(|| 1), Some(1));
        assert!(!lock.is_locked());
    }
    fn raw(lock: &impl RawMutex) {
        lock.lock();
        assert!(lock.is_locked() && !lock.try_lock());
        #[expect(unsafe_code, reason = "a raw lock is unlocked by hand")]
        // SAFETY: locked above.
        unsafe {
            lock.unlock();
        }
        assert!(!lock.is_locked());
    }
    scoped(&DefaultMutex::new());
    scoped(&DefaultMutex::default());
    let (default, spinlock) = (DefaultMutex::INIT, Spinlock::INIT);
    scoped(&default);
    scoped(&Spinlock::new());
    raw(&Spinlock::default());
    raw(&spinlock);
    assert!(!format!("{:?} {:?}", DefaultMutex::new(), Spinlock::new()).is_empty());

    COUNT.with_lock(|count| *count += 1);
    SPUN_COUNT.with_lock(|count| *count += 2);
    assert_eq!(COUNT.try_with_lock(|count| *count), Some(1));
    assert_eq!(SPUN_COUNT.with_lock(|_| SPUN_COUNT.try_with_lock(|_| ())), None);
    let mut list: Mutex<Vec<u8>> = Mutex::default();
    list.get_mut().push(3);
    assert!(format!("{list:?}").contains('3'));
    assert_eq!(list.into_inner(), [3]);
}

#[test]
fn small_things() {
    fn traits<T: Copy + Debug + Default + PartialEq + Eq + Hash>(_: &T) {}
    fn derefs<T: DerefMut<Target = u8>>(_: &T) {}
    fn errors<T: Copy + Clone + Debug + Display + PartialEq + Eq>() {}
    errors::<Closed>();
    errors::<WaitError>();

    let mut backoff = Backoff::new();
    backoff.spin();
    let mut limited = Backoff::with_max_exponent(Backoff::DEFAULT_MAX_EXPONENT - 1);
    limited.spin();
    let copy = limited;
    assert!(!format!("{copy:?} {:?}", Backoff::default()).is_empty());

    assert_eq!(*PADDED, 1);
    let mut padded = CachePadded::new(5);
    traits(&padded);
    derefs(&padded);
    *padded += 1;
    assert_eq!(*padded, 6);
    assert_eq!(padded, CachePadded::new(6));
    assert_eq!(padded.into_inner(), 6);
}
