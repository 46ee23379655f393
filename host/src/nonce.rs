//! Generates nonces from random bytes provided by the operating system.

use std::cell::RefCell;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use crate::fresh_nonce::{BYTES, FreshNonce};

/// The number of nonces for which random bytes are read in one system call. With one call per nonce, signing
/// would take twice as long.
const NONCES: usize = 64;

/// The error that is returned if the operating system provides no random bytes. Without random bytes,
/// requests cannot be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoRandomness;

impl core::fmt::Display for NoRandomness {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(
            "the operating system provides no random bytes; check that getrandom is allowed in this sandbox",
        )
    }
}

impl core::error::Error for NoRandomness {}

/// Generates a nonce. Nonces are unique across threads, processes and hosts.
///
/// The current time is mixed into each nonce. Copies of a process, for example in two virtual machines
/// resumed from the same snapshot, therefore generate different nonces. In addition, [`discard_nonces`]
/// discards the random bytes that both copies have in memory.
///
/// # Errors
/// [`NoRandomness`] if the operating system provides no random bytes.
pub fn fresh_nonce() -> Result<FreshNonce, NoRandomness> {
    let bytes = mixed(POOL.with_borrow_mut(Pool::next)?, crate::clock::now_ns());
    Ok(FreshNonce::from_random(bytes))
}

/// Discards the random bytes that the threads of this process have read in advance. If the memory of a
/// process was copied without `fork`, call this function in each copy.
pub fn discard_nonces() {
    GENERATION.fetch_add(1, Relaxed);
}

/// Mixes the time into random bytes, so that equal random bytes at different times produce different results.
fn mixed(random: [u8; BYTES], time_ns: u64) -> [u8; BYTES] {
    // Because the constant is odd, different times result in different products. Because it is large, the low
    // bits of the time affect all bytes of the product.
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    (u128::from_le_bytes(random) ^ u128::from(time_ns.wrapping_mul(ODD))).to_le_bytes()
}

/// Returns random bytes, for example for the key of a replay table.
///
/// # Errors
/// [`NoRandomness`] if the operating system provides no random bytes.
pub fn random_bytes<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}

/// The current generation of random bytes. It is incremented by [`discard_nonces`], and in each forked child
/// process. Random bytes of earlier generations are not used.
static GENERATION: AtomicU32 = AtomicU32::new(0);

thread_local! {
    static POOL: RefCell<Pool> = const { RefCell::new(Pool { bytes: [[0; BYTES]; NONCES], used: NONCES, generation: 0 }) };
}

struct Pool {
    bytes: [[u8; BYTES]; NONCES],
    used: usize,
    /// The generation in which the bytes were read.
    generation: u32,
}

impl Pool {
    fn next(&mut self) -> Result<[u8; BYTES], NoRandomness> {
        let generation = fork::generation();
        if self.generation != generation || self.used >= NONCES {
            getrandom::fill(self.bytes.as_flattened_mut()).map_err(|_| NoRandomness)?;
            (self.used, self.generation) = (0, generation);
        }
        let bytes = self.bytes.get_mut(self.used).map(std::mem::take).ok_or(NoRandomness)?;
        self.used += 1;
        Ok(bytes)
    }
}

mod fork {
    use super::{GENERATION, Relaxed};

    /// Returns the current generation. The first call registers a fork handler that increments the
    /// generation.
    #[cfg(unix)]
    pub(super) fn generation() -> u32 {
        use std::sync::OnceLock;

        static REGISTERED: OnceLock<bool> = OnceLock::new();
        let registered = REGISTERED.get_or_init(|| {
            // SAFETY: `forked` only increments an atomic integer, which is allowed between fork and exec. The
            // code of the function is never unloaded while the process runs.
            unsafe { libc::pthread_atfork(None, None, Some(forked)) == 0 }
        });
        let generation = GENERATION.load(Relaxed);
        // If the handler could not be registered, the process id distinguishes a forked child from its
        // parent. It is not always used, because reading it requires a system call.
        if *registered { generation } else { generation ^ std::process::id() }
    }

    #[cfg(unix)]
    extern "C" fn forked() {
        GENERATION.fetch_add(1, Relaxed);
    }

    #[cfg(not(unix))]
    pub(super) fn generation() -> u32 {
        GENERATION.load(Relaxed)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::{BYTES, NONCES, POOL, discard_nonces, fresh_nonce, mixed};
    use std::collections::HashSet;
    use std::sync::Mutex;

    /// Serialises the tests that examine a pool, because `discard_nonces` affects all threads.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

    /// Generates two nonces from copies of the same pool, as two copies of a process would do.
    fn drawn_after_a_copy() -> [String; 2] {
        fresh_nonce().unwrap();
        let copy = POOL.with_borrow(|pool| (pool.bytes, pool.used, pool.generation));
        std::array::from_fn(|_| {
            POOL.with_borrow_mut(|pool| (pool.bytes, pool.used, pool.generation) = copy);
            fresh_nonce().unwrap().as_str().to_owned()
        })
    }

    #[test]
    fn copies_of_a_process_generate_different_nonces() {
        for _ in 0..1000 {
            let [one, other] = drawn_after_a_copy();
            assert_ne!(one, other);
        }
        let times: HashSet<_> = (0..10_000u64).map(|time| mixed([7; BYTES], time)).collect();
        assert_eq!(times.len(), 10_000);
    }

    #[test]
    fn discard_nonces_discards_all_bytes_that_were_read_in_advance() {
        let _one_at_a_time = ONE_AT_A_TIME.lock().unwrap();
        fresh_nonce().unwrap();
        let before = POOL.with_borrow(|pool| pool.bytes);
        discard_nonces();
        fresh_nonce().unwrap();
        let after = POOL.with_borrow(|pool| pool.bytes);
        assert!(before.iter().filter(|bytes| **bytes != [0; BYTES]).all(|bytes| !after.contains(bytes)));
    }

    #[test]
    fn threads_generate_different_nonces() {
        let draw = || (0..1000).map(|_| fresh_nonce().unwrap().as_str().to_owned()).collect::<Vec<_>>();
        let threads: Vec<_> = (0..4).map(|_| std::thread::spawn(draw)).collect();
        let drawn: Vec<_> = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
        assert_eq!(drawn.iter().collect::<HashSet<_>>().len(), 4000);
        assert!(drawn.iter().all(|nonce| nonce.len() == 36 && nonce.chars().nth(14) == Some('4')));
    }

    #[test]
    fn used_random_bytes_are_erased() {
        let _one_at_a_time = ONE_AT_A_TIME.lock().unwrap();
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
        // SAFETY: the child only calls functions that are safe after a fork, and does not acquire locks.
        let child = unsafe { libc::fork() };
        if child == 0 {
            let _ = writer.write_all(
                fresh_nonce().map(|nonce| nonce.as_str().to_owned()).unwrap_or_default().as_bytes(),
            );
            // SAFETY: `_exit` terminates the child without running the destructors of the test harness.
            unsafe { libc::_exit(0) }
        }
        drop(writer);
        let mut theirs = String::new();
        reader.read_to_string(&mut theirs).unwrap();
        assert_eq!(theirs.len(), 36);
        assert_ne!(theirs, fresh_nonce().unwrap().as_str());
    }
}
