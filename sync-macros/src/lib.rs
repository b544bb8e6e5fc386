//! The macros of `sync-core`. Use them through that crate, which re-exports them.
#![forbid(unsafe_code)]
// An example does not drop what a caller must look at.
#![doc(test(attr(deny(unused_must_use))))]

mod crate_path;
mod diag;
#[cfg(test)]
mod expect;
mod from_bits;
mod layout;
mod list;
mod primitive;
mod queue_owner;
#[cfg(test)]
mod ui_messages;
mod wait_map;

use proc_macro::TokenStream;

/// Makes a struct of named fields the layout of a state word, with an atomic cell for it.
///
/// The struct becomes one integer, `Copy` and `#[repr(transparent)]`, with typed accessors that compile to
/// masks and shifts. `atomic = Name` adds the same word in memory: every operation of the integer's atomic
/// type, but typed, and transitions of single fields on top.
///
/// ```
/// use core::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};
/// use sync_core::{FromBits, bitfield};
///
/// /// The word of a queue.
/// #[bitfield(usize, atomic = AtomicQueueState)]
/// #[derive(PartialEq, Eq)]
/// pub struct QueueState {
///     /// What the queue is doing.
///     #[bits(2)]
///     phase: Phase,
///     /// No task may wait any more.
///     closed: bool,
///     /// The number of calls that woke all; wraps.
///     #[bits(.., counter)]
///     wake_alls: usize,
/// }
///
/// #[derive(FromBits, Clone, Copy, Debug, PartialEq, Eq)]
/// #[repr(u8)]
/// pub enum Phase { Empty = 0, Waiting = 1, Woken = 2 }
///
/// let state = QueueState::new().with_phase(Phase::Waiting).with_wake_alls(5);
/// assert_eq!((state.phase(), state.closed(), state.bits()), (Phase::Waiting, false, 0b101_0_01));
///
/// static WORD: AtomicQueueState = AtomicQueueState::new(QueueState::new());
/// WORD.transition_phase(Phase::Empty, Phase::Waiting, AcqRel, Acquire).unwrap();
/// assert!(WORD.transition_phase(Phase::Empty, Phase::Woken, AcqRel, Acquire).is_err());
/// assert!(!WORD.fetch_set_closed(Release).closed());
/// WORD.fetch_add_wake_alls(1, Relaxed);
/// let now = WORD.load(Acquire);
/// assert_eq!(format!("{now:?}"), "QueueState { phase: Waiting, closed: true, wake_alls: 1 }");
/// ```
///
/// # Arguments
///
/// | argument | meaning |
/// | --- | --- |
/// | `u8`, `u16`, `u32`, `u64`, `u128` or `usize`, first | the integer |
/// | `atomic = Name` | makes the atomic cell `Name` too: not for `u128`, and for `u64` only on targets with 64-bit atomic operations (`target_has_atomic = "64"`), which most 32-bit microcontrollers lack |
/// | `crate = path` | where `sync_core` is, if not at `::sync_core` |
///
/// # Fields
///
/// From the lowest bit up, in the order they are written.
///
/// | field | width |
/// | --- | --- |
/// | `bool` | one bit |
/// | `u8` to `u64`, `usize` | its own, or `#[bits(n)]` |
/// | any type that implements [`FromBits`](macro@FromBits) | `#[bits(n)]` |
/// | `#[bits(..)]`, the last one | what is left, also where `usize` has 32 bits |
///
/// The width may be followed by `counter` (unsigned; adds and wraps within its field) and
/// `default = expression`. A field whose name begins with `_` reserves its bits and has no accessors.
///
/// What overlaps, does not fit or is too narrow for its type is a compile error at the field.
///
/// # What it makes
///
/// Of the struct, with the struct's visibility:
///
/// | item | what it is |
/// | --- | --- |
/// | `new()`, `Default` | every field at its default |
/// | `from_bits(bits)`, `bits()` | the integer, whatever is in it |
/// | `x()`, `with_x(value)`, `set_x(value)` | a field; `const` for integers and `bool` |
/// | `try_x()` | for types that may not know a pattern; `x()` panics at such a one |
/// | `X` | the field's place, as a pack of `mycelium-bitfield` |
/// | `Debug` | the fields; a pattern that a type does not know prints as its bits |
/// | `Display` | the word, drawn as a table |
///
/// `with_x` and `set_x` panic at a value that does not fit its field: nothing is truncated silently.
///
/// Of the cell: `new` (`const`, except in models under `--cfg loom`), `load`, `store`, `swap`,
/// `compare_exchange`, `compare_exchange_weak`, `fetch_update`, `update`; for a `bool`, `fetch_set_x` and
/// `fetch_clear_x`; for a counter, `fetch_add_x`, which never carries into a neighbour; for the other types,
/// `transition_x(from, to, success, failure)`, which changes that field alone. They return the word as it
/// was.
///
/// ```text
/// QueueState 0x29                  (Display)
///    bits  word  field
///    0..2    01  phase = Waiting
///       2     0  closed = false
///   3..64   0x5  wake_alls = 5
/// ```
#[proc_macro_attribute]
pub fn bitfield(args: TokenStream, item: TokenStream) -> TokenStream {
    layout::bitfield(args.into(), item.into()).into()
}

/// Makes an enum a field of a [`#[bitfield]`](macro@bitfield).
///
/// The enum has a `#[repr]` of `u8` to `u64` or `usize`, and variants without data; discriminants are
/// literals, or count up. It implements `mycelium_bitfield::FromBits` for every unsigned integer that is wide
/// enough. It takes as many bits as its largest discriminant needs, or `#[bits(n)]` on the enum.
///
/// Where every pattern of those bits is a variant, or one variant is the `#[fallback]` for those that are
/// not, reading never fails; otherwise the error is `sync_core::UnknownBits`, which has the pattern.
/// `#[bits(crate = path)]` says where `sync_core` is, if not at `::sync_core`.
///
/// ```
/// use sync_core::FromBits;
///
/// #[derive(FromBits, Clone, Copy, Debug, PartialEq)]
/// #[repr(u8)]
/// enum Mode { Off = 0, Slow = 1, #[fallback] Fast = 2 }
///
/// assert_eq!(<Mode as FromBits<u8>>::BITS, 2);
/// assert_eq!(Mode::try_from_bits(1_u8), Ok(Mode::Slow));
/// assert_eq!(Mode::try_from_bits(3_u8), Ok(Mode::Fast));
/// ```
#[proc_macro_derive(FromBits, attributes(bits, fallback))]
pub fn from_bits(item: TokenStream) -> TokenStream {
    from_bits::derive(item.into()).into()
}

/// Makes a waiting primitive out of a unit struct and its `Policy`.
///
/// The policy says, in plain Rust, which task may go on and which has to wait. The macro makes the type
/// around it: fair, without allocation, usable in a `static` and, with the right raw lock, from interrupt
/// handlers.
///
/// ```
/// use sync_core::{Policy, ScopedRawMutex, Select};
///
/// /// A counting semaphore in which each task asks for its own number of tokens.
/// #[sync_core::primitive(method = acquire, future = Acquire)]
/// pub struct Tokens;
///
/// impl Policy for Tokens {
///     type State = usize; // guarded by the lock
///     type Waiter = usize; // what one task asks for, inside its own future
///     type Value = ();
///     type Event<'e> = ();
///     fn try_ready(available: &mut usize, need: &usize) -> Option<()> {
///         (*available >= *need).then(|| *available -= *need)
///     }
///     fn select(available: &mut usize, need: &mut usize, (): &mut ()) -> Select<()> {
///         Self::try_ready(available, need).map_or(Select::Stop, Select::Wake)
///     }
/// }
///
/// impl<Lock: ScopedRawMutex> Tokens<Lock> {
///     pub fn add(&self, n: usize) {
///         self.notify((), |available| *available += n);
///     }
/// }
///
/// static TOKENS: Tokens = Tokens::new(1);
///
/// # pollster::block_on(async {
/// TOKENS.acquire(1).await?;
/// TOKENS.add(3);
/// TOKENS.acquire(2).await?;
/// # Ok::<(), sync_core::Closed>(()) }).unwrap();
/// ```
///
/// # Arguments
///
/// | argument | meaning |
/// | --- | --- |
/// | `method = acquire` | the name of the method that waits; with `_owned` appended, of the one that borrows nothing |
/// | `future = Acquire` | the name of what that method returns; with `Owned` appended, of the owned one |
/// | `waiter = expression` | the waiter of this method, which then takes none |
/// | `new(n: Type, …) = expression` | what `new` takes, and the state that it makes of that; without it, it takes the state |
/// | `word = Type` | the whole state is a word of this type, a `#[bitfield]` that no other primitive has, and the policy a `WordPolicy` |
/// | `crate = path` | where `sync_core` is, if not at `::sync_core` |
///
/// `/// …` before `method`, `future` or `new` is the documentation of that one, instead of what is generated.
///
/// ```
/// use sync_core::{Policy, ScopedRawMutex, Select};
///
/// /// A door for a limited number of tasks at a time.
/// #[sync_core::primitive(
///     /// Waits until there is room, and goes in.
///     method = enter, future = Enter, waiter = (),
///     /// Returns a door with room for `at_most`.
///     new(at_most: usize) = Room { free: at_most, at_most },
/// )]
/// pub struct Door;
///
/// #[doc(hidden)]
/// pub struct Room {
///     free: usize,
///     at_most: usize,
/// }
///
/// impl Policy for Door {
///     type State = Room;
///     type Waiter = ();
///     type Value = ();
///     type Event<'e> = ();
///     fn try_ready(room: &mut Room, (): &()) -> Option<()> {
///         room.free.checked_sub(1).map(|free| room.free = free)
///     }
///     fn select(room: &mut Room, waiter: &mut (), (): &mut ()) -> Select<()> {
///         Self::try_ready(room, waiter).map_or(Select::Stop, Select::Wake)
///     }
///     fn on_cancel(room: &mut Room, (): &mut (), given: &mut Option<()>) -> Option<()> {
///         given.take().map(|()| room.free += 1)
///     }
/// }
///
/// impl<Lock: ScopedRawMutex> Door<Lock> {
///     pub fn leave(&self) {
///         self.notify((), |room| room.free = room.at_most.min(room.free + 1));
///     }
/// }
///
/// static DOOR: Door = Door::new(2);
/// # pollster::block_on(async {
/// DOOR.enter().await?;
/// DOOR.leave();
/// # Ok::<(), sync_core::Closed>(()) }).unwrap();
/// ```
///
/// `method` and `future`, and `waiter` after them, may be repeated for a primitive with several ways to wait:
///
/// ```
/// use sync_core::{Policy, ScopedRawMutex, Select};
///
/// #[derive(Clone, Copy, PartialEq)]
/// pub enum Side {
///     North,
///     South,
/// }
///
/// /// A bridge with one lane: open to one side at a time.
/// #[sync_core::primitive(
///     method = from_north, future = FromNorth, waiter = Side::North,
///     method = from_south, future = FromSouth, waiter = Side::South,
/// )]
/// pub struct Bridge;
///
/// impl Policy for Bridge {
///     type State = Side;
///     type Waiter = Side;
///     type Value = ();
///     type Event<'e> = ();
///     // A task whose side is open does not wait for those of the other side.
///     const FAIR: bool = false;
///     fn try_ready(open: &mut Side, from: &Side) -> Option<()> {
///         (open == from).then_some(())
///     }
///     fn select(open: &mut Side, from: &mut Side, (): &mut ()) -> Select<()> {
///         Self::try_ready(open, from).map_or(Select::Skip, Select::Wake)
///     }
/// }
///
/// impl<Lock: ScopedRawMutex> Bridge<Lock> {
///     /// Opens the bridge to `side`, and returns the number of tasks that were waiting for that.
///     pub fn open(&self, side: Side) -> usize {
///         self.notify_count((), |open| *open = side)
///     }
/// }
///
/// # pollster::block_on(async {
/// let bridge = Bridge::new(Side::North);
/// bridge.from_north().await?;
/// bridge.open(Side::South);
/// bridge.from_south().await?;
/// # Ok::<(), sync_core::Closed>(()) }).unwrap();
/// ```
///
/// # What is generated
///
/// For `struct Tokens<T>` the type `Tokens<T, Lock = DefaultMutex>`, with `T`, its bounds and the where
/// clause as they are written; `impl Policy for Tokens<T>` holds for every `Lock`.
///
/// - `const fn new(State)` for the default raw lock, `const fn new_with_raw_mutex(State, Lock)`, or both with
///   the parameters that `new(…) = …` names; `Debug`; `Default`, unless `new` has other parameters
/// - each `method` and, with the feature `alloc`, its owned twin on `&Arc<Self>`; for each a future, a
///   struct of the given name (`…Owned` for the twin) with `subscribe` and `Debug`
/// - `notify(event, change)` and `notify_count(event, change)`, private, to make your own methods with; of a
///   word, `word()`, `try_take(&waiter)` and `change(f)`
/// - `close`, `is_closed` and `waiters`
///
/// All of it is as visible as the struct. It calls into ordinary generic code in `sync_core`. One line of
/// each future is `unsafe`, the projection of its pin, which a macro of `sync_core` writes with its proof; it
/// is allowed in a crate that forbids unsafe code.
#[proc_macro_attribute]
pub fn primitive(args: TokenStream, item: TokenStream) -> TokenStream {
    primitive::primitive(args.into(), item.into()).into()
}

/// Makes a type on which tasks wait for keys out of a unit struct.
///
/// You name a key, a value and the rule by which a wake-up finds its waiters. The type is fair and allocates
/// nothing; it is usable in a `static` and, with the right raw lock, from interrupt handlers.
///
/// ```
/// use core::pin::pin;
/// use sync_core::{wait_map, wait_map::WakeOutcome};
///
/// pub struct Reply(u32);
///
/// /// The tasks that wait for replies, by the number of the request.
/// #[wait_map(key = u16, value = Reply, match = unique)]
/// pub struct Replies;
///
/// static REPLIES: Replies = Replies::new();
///
/// # pollster::block_on(async {
/// let mut reply = pin!(REPLIES.wait(7));
/// reply.as_mut().subscribe().await?; // from here on, no reply is missed
/// // What receives the reply, an interrupt handler for instance:
/// assert!(matches!(REPLIES.wake(&7, Reply(3)), WakeOutcome::Woke));
/// assert_eq!(reply.await?.0, 3);
/// # Ok::<(), sync_core::wait_map::WaitError>(()) }).unwrap();
/// ```
///
/// # Arguments
///
/// | argument | meaning |
/// | --- | --- |
/// | `key = Type` | what a task waits for; what it needs depends on the mode |
/// | `match = mode` | the rule, see below |
/// | `value = Type` | `unique`, `fifo`, `predicate`: what a wake-up brings; if it is left out, the wake methods take none |
/// | `event = Type` | `predicate`: the type of what happens; may be unsized, as `str` |
/// | `buckets = 64` | `unique`, `fifo`: the number of locks, each for the keys that hash to it; a power of two |
/// | `undelivered = path` | with a `value`: a function `fn(&Key, Value)` for values that were given and not taken |
/// | `wrapping` | `up_to`: positions are sequence numbers that wrap |
/// | `consume` | `mask`: a flag goes to one waiter |
/// | `future = Name` | the name of what `wait` returns, `…Wait` by default; with `Owned` appended, of the owned one |
/// | `subscribe = Name` | the name of what that future's `subscribe` returns, `…Subscribe` by default |
/// | `crate = path` | where `sync_core` is, if not at `::sync_core` |
///
/// # Modes
///
/// | mode | the key | waiting | wake-ups | a wait yields |
/// | --- | --- | --- | --- | --- |
/// | `unique` | `PartialEq` | `wait(key)`, one per key | `wake(&key, value) -> WakeOutcome<V>` | `Result<V, WaitError>` |
/// | `fifo` | `PartialEq` | `wait(key)`, any number | `wake_one(&key, value) -> WakeOutcome<V>`; with `V: Clone`, `wake_n(&key, n, value) -> usize` and `wake_all(&key, value) -> usize` | `Result<V, Closed>` |
/// | `up_to` | `Copy + Ord` | `wait(until)` | `advance(to) -> usize`; `current()` | `Result<K, Closed>`, the position |
/// | `mask` | `u8` to `u128`, `usize` | `wait_any(mask)`, `wait_all(mask)` | `set(bits) -> usize`; `clear(bits)`, `get()` | `Result<K, Closed>`, the flags |
/// | `predicate(f)` | any | `wait(key)` | `notify(&event) -> usize`; with a `value`, `notify_with(&event, value) -> usize`, `V: Clone` | `Result<V, Closed>` |
///
/// A number that is returned is that of the tasks that were woken.
///
/// ## `unique` and `fifo`: wake by key
///
/// `unique` also has `wait_for(key, condition)` and `wait_for_value(key, f)`. A value that was given to a
/// future which is then dropped goes, with `fifo`, to the next waiter of the same key; where there is none,
/// and with `unique`, it goes to `undelivered`, or is dropped, outside the raw lock.
///
/// A wake-up looks at the waiters one by one, which is meant for tens to hundreds of them. Where there are
/// more, or many calls at once, `buckets = N` spreads the keys over `N` lists with a lock each, by their
/// `Hash`. Such a map has `new()`, and for other raw locks `new_with_raw_mutexes([Lock; N])` and, for
/// statics, `const fn new_with_const_raw_mutexes()`.
///
/// ```
/// use std::sync::Arc;
/// use sync_core::wait_map;
///
/// /// Any key and any value; a queue per key.
/// #[wait_map(key = K, value = V, match = fifo, future = Mail)]
/// pub struct Mailboxes<K, V>
/// where
///     K: Eq;
///
/// let boxes = Arc::new(Mailboxes::new());
/// let mail: MailOwned<&str, u32> = boxes.wait_owned("answers");
/// let reader = std::thread::spawn(|| pollster::block_on(mail));
/// // None is woken before it waits.
/// while boxes.wake_all(&"answers", 42) == 0 {
///     std::thread::yield_now();
/// }
/// assert_eq!(reader.join().unwrap(), Ok(42));
/// ```
///
/// ```
/// use std::sync::Mutex;
/// use sync_core::{wait_map, wait_map::WakeOutcome};
///
/// pub struct Buffer(Vec<u8>);
///
/// static POOL: Mutex<Vec<Buffer>> = Mutex::new(Vec::new());
///
/// fn back_to_pool(_: &u64, buffer: Buffer) {
///     POOL.lock().unwrap().push(buffer);
/// }
///
/// /// Tasks that wait for a block, and get it in a buffer; a lock for each of 64 groups of blocks.
/// #[wait_map(key = u64, value = Buffer, match = fifo, buckets = 64, undelivered = back_to_pool)]
/// pub struct Blocks;
///
/// static BLOCKS: Blocks = Blocks::new();
///
/// # pollster::block_on(async {
/// let mut block = Box::pin(BLOCKS.wait(7));
/// block.as_mut().subscribe().await?;
/// assert!(matches!(BLOCKS.wake_one(&7, Buffer(vec![0; 512])), WakeOutcome::Woke));
/// drop(block); // after it was given a buffer
/// assert_eq!(POOL.lock().unwrap().len(), 1);
/// # Ok::<(), sync_core::Closed>(()) }).unwrap();
/// ```
///
/// ## `up_to`: wait until a position is reached
///
/// The type keeps a position, a watermark, and a wait is over when it was reached: at once if it was already,
/// also after `close`, so that nothing can be missed. `advance` wakes the waiters whose position was reached,
/// nearest first, and looks at no others; a task that waits for a position beyond all others takes its place
/// in one step. Going back changes nothing.
///
/// `new()` starts at `Position::START`, which is zero for integers; `starting_at(position)` and
/// `starting_at_with_raw_mutex(position, lock)` need no `Position`.
///
/// ```
/// /// The last record of the log that is on disk.
/// #[sync_core::wait_map(key = u64, match = up_to)]
/// pub struct Flushed;
///
/// static FLUSHED: Flushed = Flushed::new();
///
/// # pollster::block_on(async {
/// FLUSHED.advance(7);
/// assert_eq!(FLUSHED.wait(5).await?, 7);
/// assert_eq!(FLUSHED.current(), 7);
/// # Ok::<(), sync_core::Closed>(()) }).unwrap();
/// ```
///
/// With `wrapping`, the key is a `SequenceNumber` (`u8`, `u16`, `u32`, `u64`, `usize`), which counts on from
/// zero after its largest value. Of two, the one from which counting up leads to the other in less than half
/// the range is behind. So a position that is waited for, or advanced to, must be less than half the range
/// away from the present one.
///
/// ```
/// /// The TCP sequence number up to which the other side has acknowledged.
/// #[sync_core::wait_map(key = u32, match = up_to, wrapping)]
/// pub struct Acked;
///
/// # pollster::block_on(async {
/// let acked = Acked::starting_at(u32::MAX - 10);
/// acked.advance(20); // which is 31 further on
/// assert_eq!(acked.wait(u32::MAX).await?, 20);
/// # Ok::<(), sync_core::Closed>(()) }).unwrap();
/// ```
///
/// ## `mask`: wait for flags
///
/// The type keeps flags, the bits of an unsigned integer: an event group. `wait_any` waits until one of
/// several is set, `wait_all` until all of them are, at one time. They stay set until they are cleared by
/// `clear`, or by a future that was made with `.clear_on_exit()`: it clears the flags that matched, in
/// one step with its wake-up. `set` evaluates all waiters on one snapshot of the flags, oldest first, and
/// clears afterwards: so all tasks that wait for a flag see it. With `consume`, the first waiter for which
/// the flags suffice takes them instead, and the next one sees what is left; if it is dropped before it is
/// polled, they go to the next one or are set again.
///
/// ```
/// #[sync_core::wait_map(key = u32, match = mask)]
/// pub struct Events;
///
/// const RECEIVED: u32 = 1 << 0;
/// const SENT: u32 = 1 << 1;
///
/// static EVENTS: Events = Events::new();
///
/// # pollster::block_on(async {
/// EVENTS.set(RECEIVED); // for instance in an interrupt handler
/// assert_eq!(EVENTS.wait_any(RECEIVED | SENT).clear_on_exit().await?, RECEIVED);
/// assert_eq!(EVENTS.get(), 0);
/// # Ok::<(), sync_core::Closed>(()) }).unwrap();
/// ```
///
/// ## `predicate(f)`: wait for what a function recognises
///
/// `notify(&event)` wakes all waiters for whose key `f(&key, &event)` holds, in one pass under the raw lock;
/// `notify_with` gives each a clone of a value, made outside the lock. An event that finds no waiter is not
/// kept.
///
/// ```
/// use core::pin::pin;
///
/// pub struct Path(&'static str);
///
/// impl Path {
///     fn is_prefix_of(&self, path: &str) -> bool {
///         path.starts_with(self.0)
///     }
/// }
///
/// /// The tasks that wait for a change below a directory.
/// #[sync_core::wait_map(key = Path, event = str, match = predicate(Path::is_prefix_of))]
/// pub struct Watch;
///
/// static WATCH: Watch = Watch::new();
///
/// # pollster::block_on(async {
/// let mut change = pin!(WATCH.wait(Path("/etc")));
/// change.as_mut().subscribe().await?;
/// assert_eq!(WATCH.notify("/home/ferris"), 0);
/// assert_eq!(WATCH.notify("/etc/hosts"), 1);
/// change.await?;
/// # Ok::<(), sync_core::Closed>(()) }).unwrap();
/// ```
///
/// # What is generated
///
/// For `struct Mailboxes<K, V>` the type `Mailboxes<K, V, Lock = DefaultMutex>`, with parameters, bounds and
/// the where clause as they are written, and what the mode needs of `K` if that does not follow from them.
///
/// - `const fn new()` for the default raw lock, `const fn new_with_raw_mutex(Lock)`, `Default`, `Debug`; with
///   `up_to` and `buckets` those above
/// - `wait(key)` and, with the feature `alloc`, `wait_owned(key)` on `&Arc<Self>`; for each a future, a
///   struct with `subscribe` and `Debug`: `MailboxesWait` and `MailboxesWaitOwned`, or as `future = …` says;
///   and what `subscribe` of the first returns, `MailboxesWaitSubscribe`, or as `subscribe = …` says
/// - the methods of the mode, `close`, `is_closed` and `waiters`
///
/// All of it is as visible as the struct. It calls into ordinary generic code in `sync_core`. One line of
/// each future is `unsafe`, the projection of its pin, which a macro of `sync_core` writes with its proof; it
/// is allowed in a crate that forbids unsafe code.
#[proc_macro_attribute]
pub fn wait_map(args: TokenStream, item: TokenStream) -> TokenStream {
    wait_map::wait_map(args.into(), item.into()).into()
}
