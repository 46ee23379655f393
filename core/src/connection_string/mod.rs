//! Connection strings, which are API gateway tokens signed with versioned keys.
//!
//! A token is the Base64 encoding (RFC 4648 section 4, padded, canonical) of *beans*: `key=value` pairs
//! joined by `;`, without a trailing `;`. Each bean occurs at most once. `aid` and `edt` are required. Issued
//! tokens contain the beans in the order of this table, but verifiers accept any order:
//!
//! | bean | value |
//! |---|---|
//! | `aid` | account, a hyphenated UUID |
//! | `edt` | expiry, `2030-01-02T03:04:05+00:00` |
//! | `rls` | roles, `name:permission` joined by `,`; permission 0 reads, 1 writes |
//! | `tid`, `sid` | tenant and subscription, hyphenated UUIDs |
//! | `kvr` | key version, a `u32` without leading zeros |
//! | `sig` | MAC, 128 lower-case hex digits |
//!
//! The MAC is HMAC-SHA-512. Its input is the Base64 text of all beans except `sig`, joined by `;`. A verifier
//! computes the MAC from the beans **as received** and does not format them again, so it also accepts
//! timestamps with other UTC offsets.
//!
//! A token with an unknown bean is malformed, because the bean could be a restriction, which must not be
//! ignored.
//!
//! # Example
//! ```
//! use sealwire_core::connection_string::{ConnectionString, Draft, Expiry, Timestamp, Uuid};
//! use sealwire_core::{keys::{Key, KeySet, Strength}, mac::HmacSha512};
//!
//! let keys = [Key::<HmacSha512>::new(1, b"at least 32 bytes from a CSPRNG.", Strength::Required)?];
//! let set = KeySet::new(&keys, 1)?;
//! let expires = Timestamp::new(1_893_553_445, 0).ok_or("a year of four digits")?;
//! let draft = Draft { account: Uuid::nil(), expires, roles: &[], tenant: None, subscription: None };
//! let mut out = [0; 512];
//! let length = draft.issue(set, &mut out)?;
//!
//! let account = ConnectionString::read(&out[..length], |string| {
//!     Ok(string?.verify(set, 1_800_000_000, Expiry::Checked)?.beans().account)
//! });
//! assert_eq!(account, Ok::<_, sealwire_core::Reason>(Uuid::nil()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod beans;
mod issue;
mod response;
mod roles;
mod timestamp;
mod token;
mod verify;

pub use beans::Beans;
pub use issue::{Draft, IssueError};
pub use response::{FAILED_FIELD, body, code, message};
pub use roles::{Permission, Role, Roles};
pub use timestamp::Timestamp;
pub use token::{ConnectionString, HEADER, MAX_BEANS_BYTES, MAX_TOKEN_BYTES};
pub use uuid::Uuid;
pub use verify::{Expiry, VerifiedConnectionString};
