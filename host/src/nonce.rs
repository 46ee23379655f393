//! Fresh nonces, which are also request ids: random UUIDs (RFC 9562 section 5.4).

use std::cell::RefCell;

use uuid::{Builder, fmt::Hyphenated};

/// A system call costs as much as the rest of signing, so random bytes are fetched for this many nonces at once.
const NONCES: usize = 64;
const BYTES: usize = 16;

/// A nonce, 36 characters of text.
#[derive(Clone, Copy, Debug)]
pub struct FreshNonce([u8; Hyphenated::LENGTH]);

impl FreshNonce {
    /// Its length in characters.
    pub const LENGTH: usize = Hyphenated::LENGTH;

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// The operating system gave no random bytes; without them no request can be signed safely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoRandomness;

impl core::fmt::Display for NoRandomness {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(
            "the operating system gives no random bytes; check that getrandom is allowed in this sandbox",
        )
    }
}

impl core::error::Error for NoRandomness {}

/// A nonce that no other call, thread, process or host makes.
///
/// # Errors
/// [`NoRandomness`].
pub fn fresh_nonce() -> Result<FreshNonce, NoRandomness> {
    let bytes = POOL.with_borrow_mut(Pool::next)?;
    let mut text = [0; Hyphenated::LENGTH];
    Builder::from_random_bytes(bytes).into_uuid().hyphenated().encode_lower(&mut text);
    Ok(FreshNonce(text))
}

/// Random bytes for one buffer: keys of replay tables, say.
///
/// # Errors
/// [`NoRandomness`].
pub fn random_bytes<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}

thread_local! {
    static POOL: RefCell<Pool> = const { RefCell::new(Pool { bytes: [[0; BYTES]; NONCES], used: NONCES, forks: 0 }) };
}

struct Pool {
    bytes: [[u8; BYTES]; NONCES],
    used: usize,
    /// How often the process had been forked when this was filled: a worker must not hand out its parent's nonces again.
    forks: u32,
}

impl Pool {
    fn next(&mut self) -> Result<[u8; BYTES], NoRandomness> {
        let forks = fork::count();
        if self.forks != forks || self.used >= NONCES {
            getrandom::fill(self.bytes.as_flattened_mut()).map_err(|_| NoRandomness)?;
            (self.used, self.forks) = (0, forks);
        }
        let bytes = self.bytes.get_mut(self.used).map(std::mem::take).ok_or(NoRandomness)?;
        self.used += 1;
        Ok(bytes)
    }
}

#[cfg(unix)]
mod fork {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

    static FORKS: AtomicU32 = AtomicU32::new(0);
    static REGISTERED: OnceLock<bool> = OnceLock::new();

    /// A number that differs between a process and its forks: how many there were, or, should the system not tell, the
    /// process id, which costs a system call each time.
    pub(super) fn count() -> u32 {
        let registered = REGISTERED.get_or_init(|| {
            // SAFETY: `forked` only adds to an atomic, which is allowed between fork and exec, and is never unloaded while
            // the process runs.
            unsafe { libc::pthread_atfork(None, None, Some(forked)) == 0 }
        });
        if *registered { FORKS.load(Relaxed) } else { std::process::id() }
    }

    extern "C" fn forked() {
        FORKS.fetch_add(1, Relaxed);
    }
}

#[cfg(not(unix))]
mod fork {
    /// There is no fork here.
    pub(super) fn count() -> u32 {
        0
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::{BYTES, NONCES, POOL, fresh_nonce};
    use std::collections::HashSet;

    #[test]
    fn no_two_threads_get_the_same_nonce() {
        let draw = || (0..1000).map(|_| fresh_nonce().unwrap().as_str().to_owned()).collect::<Vec<_>>();
        let threads: Vec<_> = (0..4).map(|_| std::thread::spawn(draw)).collect();
        let drawn: Vec<_> = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
        assert_eq!(drawn.iter().collect::<HashSet<_>>().len(), 4000);
        assert!(drawn.iter().all(|nonce| nonce.len() == 36 && nonce.chars().nth(14) == Some('4')));
    }

    #[test]
    fn what_was_handed_out_is_erased() {
        for drawn in 1..=NONCES + 1 {
            fresh_nonce().unwrap();
            let (used, left) = POOL.with_borrow(|pool| {
                let (used, left) = pool.bytes.split_at(pool.used);
                (used.to_vec(), left.to_vec())
            });
            assert_eq!(used.len() + left.len(), NONCES);
            assert_eq!(used.len(), (drawn - 1) % NONCES + 1);
            assert!(used.iter().all(|bytes| *bytes == [0; BYTES]));
            assert!(left.iter().all(|bytes| *bytes != [0; BYTES]));
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_forked_child_does_not_repeat_its_parent() {
        use std::io::{Read, Write};
        fresh_nonce().unwrap();
        let (mut reader, mut writer) = std::io::pipe().unwrap();
        // SAFETY: the child calls only what is safe after fork in a thread of its own: no locks are taken.
        let child = unsafe { libc::fork() };
        if child == 0 {
            let _ = writer.write_all(
                fresh_nonce().map(|nonce| nonce.as_str().to_owned()).unwrap_or_default().as_bytes(),
            );
            // SAFETY: ends the child without running the test harness's destructors.
            unsafe { libc::_exit(0) }
        }
        drop(writer);
        let mut theirs = String::new();
        reader.read_to_string(&mut theirs).unwrap();
        assert_eq!(theirs.len(), 36);
        assert_ne!(theirs, fresh_nonce().unwrap().as_str());
    }
}
