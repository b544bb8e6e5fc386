//! A post office: a task that sends a letter waits for the answer to it, and a clerk answers letters.
//!
//! The letter in the box is behind a `Mutex`, the clerk waits for it in a `WaitQueue`, and the senders wait
//! for their answers in a `#[wait_map]`. There is no model in here and nothing that knows of one:
//! `tests/models.rs` compiles all of it, sync-core included, with `--cfg loom`.
#![no_std]
#![forbid(unsafe_code)]

use core::pin::pin;

use sync_core::{Mutex, WaitQueue, wait_map, wait_map::WaitError};

/// The waiters for an answer, by the number of the letter.
#[wait_map(key = u8, value = u32, match = unique, future = Answer)]
struct Answers;

/// Where letters are sent to and answered.
#[derive(Debug, Default)]
pub struct Office {
    /// Room for one letter.
    letter: Mutex<Option<u8>>,
    /// What has been done here: letters answered, and answers received.
    done: Mutex<u32>,
    /// The clerk waits here for a letter, and a sender for an empty box.
    changed: WaitQueue,
    answers: Answers,
}

impl Office {
    /// Sends letter `number` and waits for the answer.
    ///
    /// # Errors
    ///
    /// If a task waits for an answer to a letter with the same number.
    pub async fn send(&self, number: u8) -> Result<u32, WaitError> {
        let mut answer = pin!(self.answers.wait(number));
        // The answer may come before this looks for it.
        if !cfg!(feature = "registers-too-late") {
            answer.as_mut().subscribe().await?;
        }
        self.post(number).await;
        let answer = answer.await?;
        self.count().await;
        Ok(answer)
    }

    async fn post(&self, number: u8) {
        loop {
            // Made before it looks: so a change is either seen or told.
            let changed = self.changed.wait();
            {
                let mut letter = self.letter.lock().await;
                if letter.is_none() {
                    *letter = Some(number);
                    break;
                }
            }
            let changed = if cfg!(feature = "looks-before-it-waits") { self.changed.wait() } else { changed };
            changed.await.expect("it is never closed");
        }
        self.changed.wake_all();
    }

    /// Answers the next letter with `answer`, and returns its number.
    pub async fn answer(&self, answer: impl FnOnce(u8) -> u32) -> u8 {
        let number = loop {
            let changed = self.changed.wait();
            if let Some(number) = self.letter.lock().await.take() {
                break number;
            }
            let changed = if cfg!(feature = "looks-before-it-waits") { self.changed.wait() } else { changed };
            changed.await.expect("it is never closed");
        };
        self.changed.wake_all();
        // No task, if the sender has given up.
        let _outcome = self.answers.wake(&number, answer(number));
        self.count().await;
        number
    }

    async fn count(&self) {
        if cfg!(feature = "counts-without-the-lock") {
            let before = *self.done.lock().await;
            *self.done.lock().await = before + 1;
        } else {
            *self.done.lock().await += 1;
        }
    }

    /// How many letters have been answered, and answers received.
    pub async fn done(&self) -> u32 {
        *self.done.lock().await
    }
}
