//! The macros of `sync-core`. Use them through that crate, which re-exports them.
#![forbid(unsafe_code)]

mod diag;
#[cfg(test)]
mod expect;
mod from_bits;
mod host;
mod krate;
mod layout;
mod list;
mod primitive;
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
///     /// Nobody may wait any more.
///     closed: bool,
///     /// How often everybody was woken; wraps.
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
/// | `atomic = Name` | makes the atomic cell `Name` too (not for `u128`) |
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
/// After the width may stand `counter` (unsigned; adds and wraps within its field) and `default = expression`.
/// A field whose name begins with `_` reserves its bits and has no accessors.
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
/// `with_x` and `set_x` panic at a value that does not fit its field: nothing is cut off in silence.
///
/// Of the cell: `new` (`const`, except in models under `--cfg loom`), `load`, `store`, `swap`,
/// `compare_exchange`, `compare_exchange_weak`, `fetch_update`, `update`; for a `bool`, `fetch_set_x` and
/// `fetch_clear_x`; for a counter, `fetch_add_x`, which never carries into a neighbour; for the other types,
/// `transition_x(from, to, success, failure)`, which changes that field alone. They return the word as it was.
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
/// Where every pattern of those bits is a variant, or one variant is the `#[fallback]` for those that are not,
/// reading never fails; otherwise the error is `sync_core::UnknownBits`, which has the pattern.
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
/// The policy says, in plain Rust, who may go on and who has to wait. The macro makes the type around it:
/// fair, without allocation, usable in a `static` and, with the right raw lock, from interrupt handlers.
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
/// | `method = acquire` | the name of the method that waits; with `_owned` behind it, of the one that borrows nothing |
/// | `future = Acquire` | the name of what that method returns; with `Owned` behind it, of the owned one |
/// | `waiter = expression` | the waiter of this method, which then takes none |
/// | `new(n: Type, …) = expression` | what `new` takes, and the state that it makes of that; without it, it takes the state |
/// | `word = Type` | the whole state is a word of this type, a `#[bitfield]` that no other primitive has, and the policy a `WordPolicy` |
/// | `crate = path` | where `sync_core` is, if not at `::sync_core` |
///
/// `/// …` before `method`, `future` or `new` is the documentation of that one, in place of what is generated.
///
/// ```
/// use sync_core::{Policy, ScopedRawMutex, Select};
///
/// /// A door for so many at a time.
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
///     // Who is let through does not wait for who is not.
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
///     /// Opens the bridge to `side`, and returns how many were waiting for that.
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
/// clause as they are written; `impl Policy for Tokens<T>` serves for every `Lock`.
///
/// - `const fn new(State)` for the default raw lock, `const fn new_with_raw_mutex(State, Lock)`, or both with the
///   parameters that `new(…) = …` names; `Debug`; `Default`, unless `new` has other parameters
/// - each `method` and, with the feature `alloc`, its owned twin on `&Arc<Self>`; an alias for the future of
///   each
/// - `notify(event, change)` and `notify_count(event, change)`, private, to make your own methods with; of a
///   word, `word()`, `try_take(&waiter)` and `change(f)`
/// - `close` and `is_closed`
///
/// All of it is as visible as the struct. None of it is `unsafe`: it calls into ordinary generic code in
/// `sync_core`.
#[proc_macro_attribute]
pub fn primitive(args: TokenStream, item: TokenStream) -> TokenStream {
    primitive::primitive(args.into(), item.into()).into()
}

/// Makes a type of tasks that wait for a key out of a unit struct.
///
/// You name a key, a value and the rule by which a wake-up finds its waiters. The type is fair and
/// allocates nothing; it is usable in a `static` and, with the right raw lock, from interrupt handlers.
///
/// ```
/// use core::pin::pin;
/// use sync_core::{wait_map, wait_map::WakeOutcome};
///
/// pub struct Reply(u32);
///
/// /// Who waits for the reply to which request.
/// #[wait_map(key = u16, value = Reply, match = unique)]
/// pub struct Replies;
///
/// static REPLIES: Replies = Replies::new();
///
/// # pollster::block_on(async {
/// let mut reply = pin!(REPLIES.wait(7));
/// reply.as_mut().subscribe().await?; // from here on, no reply is missed
/// // Whoever receives the reply, an interrupt handler for instance:
/// assert!(matches!(REPLIES.wake(&7, Reply(3)), WakeOutcome::Woke));
/// assert_eq!(reply.await?.0, 3);
/// # Ok::<(), sync_core::wait_map::WaitError>(()) }).unwrap();
/// ```
///
/// # Arguments
///
/// | argument | meaning |
/// | --- | --- |
/// | `key = Type` | what a task waits for; needs `PartialEq` |
/// | `value = Type` | what a wake-up brings; if it is left out, the wake methods take none |
/// | `match = mode` | the rule, see below |
/// | `future = Name` | the name of what `wait` returns, `…Wait` by default; with `Owned` behind it, of the owned one |
/// | `subscribe = Name` | the name of what that future's `subscribe` returns, `…Subscribe` by default |
/// | `crate = path` | where `sync_core` is, if not at `::sync_core` |
///
/// # Modes
///
/// | mode | who waits for a key | wake-ups | a wait yields |
/// | --- | --- | --- | --- |
/// | `unique` | one at most | `wake(&key, value) -> WakeOutcome<V>` | `Result<V, WaitError>` |
/// | `fifo` | any number | `wake_one(&key, value) -> WakeOutcome<V>`; with `V: Clone`, `wake_n(&key, n, value) -> usize` and `wake_all(&key, value) -> usize` | `Result<V, Closed>` |
///
/// `unique` also has `wait_for(key, condition)` and `wait_for_value(key, f)`. A value that was given to a
/// future which is then dropped goes, with `fifo`, to the next waiter of the same key; where there is none,
/// and with `unique`, it is dropped, outside the raw lock.
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
/// // Nobody is woken before somebody waits.
/// while boxes.wake_all(&"answers", 42) == 0 {
///     std::thread::yield_now();
/// }
/// assert_eq!(reader.join().unwrap(), Ok(42));
/// ```
///
/// # What is generated
///
/// For `struct Mailboxes<K, V>` the type `Mailboxes<K, V, Lock = DefaultMutex>`, with parameters, bounds and
/// the where clause as they are written, and `K: PartialEq` if that does not follow from them.
///
/// - `const fn new()` for the default raw lock, `const fn new_with_raw_mutex(Lock)`, `Default`, `Debug`
/// - `wait(key)` and, with the feature `alloc`, `wait_owned(key)` on `&Arc<Self>`; an alias for the future of
///   each
/// - the methods of the mode, `close` and `is_closed`
///
/// All of it is as visible as the struct. None of it is `unsafe`: it calls into ordinary generic code in
/// `sync_core`.
#[proc_macro_attribute]
pub fn wait_map(args: TokenStream, item: TokenStream) -> TokenStream {
    wait_map::wait_map(args.into(), item.into()).into()
}
