//! The version of the library at run time.

use core::ffi::{CStr, c_char};

/// Returns the version of the library. Compare it with `SEALWIRE_VERSION` of the header. The result is never
/// NULL. The string is static. Do not free it. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn sealwire_version() -> *const c_char {
    const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");
    CStr::from_bytes_until_nul(VERSION.as_bytes()).unwrap_or(c"").as_ptr()
}

/// Returns the ABI version of the library. A program that was compiled with a different
/// `SEALWIRE_ABI_VERSION` must not use the library. The SONAME of the shared library prevents this.
/// Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn sealwire_abi_version() -> u32 {
    ABI_VERSION
}

/// The ABI version. The build script defines it, because the SONAME contains it.
pub(crate) const ABI_VERSION: u32 = parsed(env!("SEALWIRE_ABI_VERSION"));

#[expect(clippy::panic, reason = "this code runs only at compile time")]
const fn parsed(text: &str) -> u32 {
    match u32::from_str_radix(text, 10) {
        Ok(number) => number,
        Err(_) => panic!("build.rs gives a number"),
    }
}
