//! Which library a program runs with, against the header it was compiled with.

use core::ffi::{CStr, c_char};

/// The library's version, as `SEALWIRE_VERSION` in the header of the same release. Never NULL, never to be
/// freed. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn sealwire_version() -> *const c_char {
    const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");
    CStr::from_bytes_until_nul(VERSION.as_bytes()).unwrap_or(c"").as_ptr()
}

/// The library's ABI version. A program whose header has another `SEALWIRE_ABI_VERSION` must not use the
/// library; a shared library's SONAME sees to that by itself. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn sealwire_abi_version() -> u32 {
    ABI_VERSION
}

/// build.rs has the number, for the SONAME.
pub(crate) const ABI_VERSION: u32 = parsed(env!("SEALWIRE_ABI_VERSION"));

#[expect(clippy::panic, reason = "only the compiler can get there")]
const fn parsed(text: &str) -> u32 {
    match u32::from_str_radix(text, 10) {
        Ok(number) => number,
        Err(_) => panic!("build.rs gives a number"),
    }
}
