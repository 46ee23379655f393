//! A lock that is free in a child process after a fork.

use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;

/// Serialises rare changes. A child process gets its own lock, because a thread that held the parent's lock at the
/// fork does not exist in the child and would never release the lock.
#[derive(Debug)]
pub(crate) struct ProcessLock(ArcSwap<Lock>);

#[derive(Debug)]
struct Lock {
    process: u32,
    held: Mutex<()>,
}

impl Default for ProcessLock {
    fn default() -> Self {
        Self(ArcSwap::from_pointee(Lock::new()))
    }
}

impl ProcessLock {
    /// Runs `change` while no other thread of this process holds the lock.
    pub(crate) fn hold<T>(&self, change: impl FnOnce() -> T) -> T {
        let lock = self.own();
        let _held = lock.held.lock().unwrap_or_else(PoisonError::into_inner);
        change()
    }

    fn own(&self) -> Arc<Lock> {
        let lock = self.0.load_full();
        if lock.process == process_id() {
            return lock;
        }
        // The first thread of a child process replaces the lock. The other threads use the new lock.
        self.0.rcu(|held| if held.process == process_id() { held.clone() } else { Arc::new(Lock::new()) });
        self.0.load_full()
    }
}

impl Lock {
    fn new() -> Self {
        Self { process: process_id(), held: Mutex::new(()) }
    }
}

/// Returns the id of this process. Without an operating system there is no fork, and the id is 0.
fn process_id() -> u32 {
    if cfg!(feature = "os") { std::process::id() } else { 0 }
}
