//! A fixed number of tasks waits for an interrupt, which wakes all; what they wait for is not stored in it.
#![no_std]
#![no_main]

use core::{cell::RefCell, future::poll_fn, task::Poll};
use embassy_sync::{
    blocking_mutex::{Mutex, raw::CriticalSectionRawMutex},
    waitqueue::MultiWakerRegistration,
};

static WAKERS: Mutex<CriticalSectionRawMutex, RefCell<MultiWakerRegistration<4>>> =
    Mutex::new(RefCell::new(MultiWakerRegistration::new()));

sizes::image! {
    task: poll_fn(|cx| {
        WAKERS.lock(|wakers| wakers.borrow_mut().register(cx.waker()));
        if sizes::unknown(false) { Poll::Ready(()) } else { Poll::Pending }
    }),
    interrupt: WAKERS.lock(|wakers| wakers.borrow_mut().wake()),
}
