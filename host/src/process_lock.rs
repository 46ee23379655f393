//! A lock that a fork does not leave locked.

use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;

/// Serialises rare changes. A child process gets its own lock, because the thread that held the parent's lock at the fork does not
/// exist in the child and would never release it.
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
    /// Runs `change` while no other thread of this process runs one.
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
        // Of several threads of a child, the first replaces the lock and the others use that one.
        self.0.rcu(|held| if held.process == process_id() { held.clone() } else { Arc::new(Lock::new()) });
        self.0.load_full()
    }
}

impl Lock {
    fn new() -> Self {
        Self { process: process_id(), held: Mutex::new(()) }
    }
}

/// Constant without an operating system, where nothing forks.
fn process_id() -> u32 {
    if cfg!(feature = "os") { std::process::id() } else { 0 }
}
