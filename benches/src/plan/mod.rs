//! What is measured: the libraries, the operations, and which library has which operation.

use clap::ValueEnum;

mod blocking;
mod locks;
mod modes;
mod operation;
mod rows;
mod waiting;

pub use self::operation::Operation;
pub use self::rows::{PARTS, Part, RATIOS, Ratio, Row};

/// A library, or what stands for the least that is possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, ValueEnum)]
pub enum Library {
    /// This library.
    SyncCore,
    /// `maitake-sync`.
    Maitake,
    /// `tokio::sync`.
    Tokio,
    /// `futures-intrusive`, in its fair mode.
    FuturesIntrusive,
    /// `event_listener::Event`.
    EventListener,
    /// `diatomic-waker`.
    Diatomic,
    /// `atomic-waker`.
    AtomicWaker,
    /// A mutex around a `HashMap` of tokio's oneshot senders.
    OneshotMap,
    /// `async-lock`.
    AsyncLock,
    /// `futures_util::lock`.
    FuturesUtil,
    /// `embassy-sync`, under a critical section.
    Embassy,
    /// `mea`.
    Mea,
    /// `saa`.
    Saa,
    /// `spin`.
    Spin,
    /// `spinning_top`.
    SpinningTop,
    /// `parking_lot`.
    ParkingLot,
    /// The standard library.
    Std,
    /// The least that is possible.
    Floor,
}

impl Library {
    /// Its column in the tables.
    pub fn title(self) -> &'static str {
        match self {
            Self::SyncCore => "sync-core",
            Self::Maitake => "maitake-sync",
            Self::Tokio => "tokio",
            Self::FuturesIntrusive => "futures-intrusive",
            Self::EventListener => "event-listener",
            Self::Diatomic => "diatomic-waker",
            Self::AtomicWaker => "atomic-waker",
            Self::OneshotMap => "oneshot map",
            Self::AsyncLock => "async-lock",
            Self::FuturesUtil => "futures-util",
            Self::Embassy => "embassy-sync",
            Self::Mea => "mea",
            Self::Saa => "saa",
            Self::Spin => "spin",
            Self::SpinningTop => "spinning_top",
            Self::ParkingLot => "parking_lot",
            Self::Std => "std",
            Self::Floor => "floor",
        }
    }

    /// Its name on the command line.
    pub fn argument(self) -> String {
        argument(&self)
    }
}

fn argument(value: &impl ValueEnum) -> String {
    let value = value.to_possible_value().expect("no value is hidden");
    value.get_name().to_owned()
}
