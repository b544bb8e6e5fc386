//! What is measured: the libraries, the operations, and which library has which operation.

use clap::ValueEnum;

mod operation;
mod rows;

pub use self::operation::Operation;
pub use self::rows::{ROWS, Row};

/// A library, or what stands for the least that is possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, ValueEnum)]
pub enum Library {
    /// This library.
    SyncCore,
    /// `maitake-sync`.
    Maitake,
    /// `tokio::sync::Notify`.
    Tokio,
    /// `futures-intrusive`: its fair semaphore, and `ManualResetEvent` where all are woken.
    FuturesIntrusive,
    /// `event_listener::Event`.
    EventListener,
    /// `diatomic-waker`.
    Diatomic,
    /// `atomic-waker`.
    AtomicWaker,
    /// A mutex around a `HashMap` of tokio's oneshot senders.
    OneshotMap,
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
