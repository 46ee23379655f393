//! A function that panics, to test how a panic is converted to a status. It exists only in builds with the
//! feature `test-panic`.

use crate::guard::guard;

/// Panics. Returns `SEALWIRE_STATUS_PANIC`.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn sealwire_test_panic() -> i32 {
    #[expect(clippy::panic, reason = "this function exists to cause a panic")]
    guard(|| panic!("requested by sealwire_test_panic"))
}
