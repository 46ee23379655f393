//! Buffers for the arguments and results of the exported functions.

use core::cell::RefCell;
use core::ptr::null_mut;

use zeroize::Zeroize;

use crate::error::{Code, Error, Result};

/// The maximum capacity that the buffers keep after a call, in bytes.
const KEPT_BYTES: usize = 64 * 1024;

/// The number of random bytes in a nonce.
pub(crate) const RANDOM_BYTES: usize = 16;

#[derive(Default)]
struct Buffers {
    input: Vec<u8>,
    output: Vec<u8>,
}

thread_local! {
    static BUFFERS: RefCell<Buffers> = RefCell::default();
}

/// Returns a buffer of `length` bytes for the arguments of the next call, or null if the allocation fails.
#[unsafe(no_mangle)]
extern "C" fn sealwire_input(length: usize) -> *mut u8 {
    BUFFERS.with_borrow_mut(|Buffers { input, .. }| {
        input.clear();
        if input.try_reserve(length).is_err() {
            return null_mut();
        }
        input.resize(length, 0);
        input.as_mut_ptr()
    })
}

/// Returns the address of the last call's result.
#[unsafe(no_mangle)]
extern "C" fn sealwire_output() -> *const u8 {
    BUFFERS.with_borrow(|buffers| buffers.output.as_ptr())
}

/// Returns the length of the last call's result, in bytes.
#[unsafe(no_mangle)]
extern "C" fn sealwire_output_length() -> usize {
    BUFFERS.with_borrow(|buffers| buffers.output.len())
}

/// Calls `body` with the input and output buffers. Returns the number that `body` returned, or the error code.
pub(crate) fn call(body: impl FnOnce(&[u8], &mut Vec<u8>) -> Result<u32>) -> i32 {
    let Buffers { input, mut output } = BUFFERS.take();
    output.clear();
    let result = body(&input, &mut output);
    finish(input, output, result)
}

/// Like [`call`], but also wipes the input, because it contains secrets.
pub(crate) fn call_with_secrets(body: impl FnOnce(&[u8], &mut Vec<u8>) -> Result<u32>) -> i32 {
    let Buffers { mut input, mut output } = BUFFERS.take();
    output.clear();
    let result = body(&input, &mut output);
    input.zeroize();
    finish(input, output, result)
}

fn finish(mut input: Vec<u8>, mut output: Vec<u8>, result: Result<u32>) -> i32 {
    let number = match result {
        Ok(number) => i32::try_from(number).unwrap_or(i32::MAX),
        Err(Error { code, reason }) => {
            output.clear();
            output.extend_from_slice(reason.as_bytes());
            -(code as i32)
        }
    };
    input.clear();
    input.shrink_to(KEPT_BYTES);
    if output.len() <= KEPT_BYTES {
        output.shrink_to(KEPT_BYTES);
    }
    BUFFERS.set(Buffers { input, output });
    number
}

/// Splits the input into arguments with these lengths.
pub(crate) fn cut<const N: usize>(mut input: &[u8], lengths: [usize; N]) -> Result<[&[u8]; N]> {
    let mut parts: [&[u8]; N] = [&[]; N];
    for (part, length) in parts.iter_mut().zip(lengths) {
        (*part, input) = input.split_at_checked(length).ok_or_else(wrong_lengths)?;
    }
    if input.is_empty() { Ok(parts) } else { Err(wrong_lengths()) }
}

fn wrong_lengths() -> Error {
    Code::State.error("the lengths of the arguments are not those of the input")
}

/// Splits the input into the random bytes at the start and the remaining bytes.
pub(crate) fn random(input: &[u8]) -> Result<([u8; RANDOM_BYTES], &[u8])> {
    input.split_first_chunk().map(|(random, rest)| (*random, rest)).ok_or_else(wrong_lengths)
}

/// Converts an argument to a string.
pub(crate) fn utf8(bytes: &[u8]) -> Result<&str> {
    core::str::from_utf8(bytes).map_err(|_| Code::Config.error("a string is not UTF-8"))
}

/// Converts a time in milliseconds from a JavaScript number.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the conversion saturates, and fractions of a millisecond do not matter"
)]
pub(crate) fn milliseconds(now: f64) -> u64 {
    now as u64
}
