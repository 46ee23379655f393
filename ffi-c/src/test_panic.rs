//! Shows what a caller sees of a panic. Only in builds with the feature `test-panic`.

use crate::guard::guard;

/// Panics.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn sealwire_test_panic() -> i32 {
    #[expect(clippy::panic, reason = "the purpose of this symbol")]
    guard(|| panic!("requested by sealwire_test_panic"))
}
