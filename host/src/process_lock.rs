//! A lock that forked child processes can always acquire.

use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;

/// A lock for infrequent changes. Each forked child process creates a new lock, because a thread of the
/// parent may have owned the old lock at the time of the fork. That thread does not exist in the child, so
/// the old lock would never be released there.
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
    /// Acquires the lock, calls `change`, and releases the lock.
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
        // The first thread in a child process replaces the lock, and all other threads use the new lock.
        self.0.rcu(|held| if held.process == process_id() { held.clone() } else { Arc::new(Lock::new()) });
        self.0.load_full()
    }
}

impl Lock {
    fn new() -> Self {
        Self { process: process_id(), held: Mutex::new(()) }
    }
}

/// Returns the id of this process. Without the feature `os`, the id is 0, because WebAssembly has no
/// processes.
fn process_id() -> u32 {
    if cfg!(feature = "os") { std::process::id() } else { 0 }
}
