//! Connection strings, which are tokens of an API gateway.

use core::ffi::{c_char, c_void};
use core::mem::MaybeUninit;
use std::ffi::CString;
use std::sync::LazyLock;

use sealwire_core::Reason;
use sealwire_core::connection_string::{
    self, ConnectionString, Draft, Expiry, MAX_BEANS_BYTES, MAX_TOKEN_BYTES, Permission, Role, Timestamp,
    Uuid, VerifiedConnectionString,
};
use sealwire_core::keys::KeySource as _;

use crate::error::{ErrorOut, sealwire_error};
use crate::guard::guard;
use crate::key_ring::sealwire_key_ring;
use crate::opaque::borrow;
use crate::pointer::{Out, OutSlice, reference, slice};
use crate::status::{Failure, rejection, sealwire_status};
use crate::text::{filled, sealwire_text};

/// The size of a buffer that is sufficient for every connection string and its NUL, in bytes.
pub const SEALWIRE_TOKEN_SIZE: usize = 8193;
/// The size of a scratch buffer that is sufficient to verify every connection string, in bytes.
pub const SEALWIRE_TOKEN_SCRATCH_SIZE: usize = 6144;
/// The size of a buffer for a UUID as text, including the NUL, in bytes.
pub const SEALWIRE_UUID_SIZE: usize = 37;

const _: () =
    assert!(SEALWIRE_TOKEN_SIZE == MAX_TOKEN_BYTES + 1 && SEALWIRE_TOKEN_SCRATCH_SIZE == MAX_BEANS_BYTES);

/// A role and the permission that it grants.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct sealwire_role {
    /// The name of the role. It must not be empty and must not contain `;`, `=`, `:`, `,` or control
    /// characters.
    pub name: sealwire_text,
    /// The permission that the role grants: 0 to read, 1 to write.
    pub permission: i32,
}

/// The contents of a new connection string.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct sealwire_connection_string_draft {
    /// The id of the account, as a UUID.
    pub account: sealwire_text,
    /// The id of the tenant, as a UUID. An empty string omits the tenant.
    pub tenant: sealwire_text,
    /// The id of the subscription, as a UUID. An empty string omits the subscription.
    pub subscription: sealwire_text,
    /// The last second of the connection string's validity, in Unix seconds.
    pub expires_s: i64,
    /// The time zone of the expiry, in minutes east of UTC.
    pub offset_minutes: i32,
    /// The roles. The pointer may be NULL if `role_count` is 0.
    pub roles: *const sealwire_role,
    /// The number of elements in `roles`.
    pub role_count: usize,
}

/// The contents of a verified connection string. Each string ends with a NUL, and is empty if the token
/// does not contain the value.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct sealwire_connection_string {
    /// The time at which the token expires, in Unix seconds.
    pub expires_s: i64,
    /// The time zone of the expiry, in minutes east of UTC.
    pub offset_minutes: i32,
    /// The version of the key that signed the token.
    pub key_version: u32,
    /// The number of roles that were written to the array of the caller.
    pub role_count: usize,
    /// The id of the account, as a UUID.
    pub account: [c_char; SEALWIRE_UUID_SIZE],
    /// The id of the tenant, as a UUID.
    pub tenant: [c_char; SEALWIRE_UUID_SIZE],
    /// The id of the subscription, as a UUID.
    pub subscription: [c_char; SEALWIRE_UUID_SIZE],
    /// Always zero. This member occupies bytes that would otherwise be padding.
    pub reserved: [u8; 1],
}

/// Issues a connection string that is signed with the primary issuer key of the ring. Writes the connection
/// string to `buffer` with a final NUL. `*length` does not include the NUL. A buffer of `SEALWIRE_TOKEN_SIZE`
/// bytes is always sufficient.
///
/// Returns `SEALWIRE_STATUS_NO_KEY` if the ring has no issuer key. Returns `SEALWIRE_STATUS_CANNOT_SIGN` if
/// a role name is invalid or the token is too long, with the reason in `error`. Returns
/// `SEALWIRE_STATUS_INVALID_ARGUMENT` if a UUID, the time or a permission is invalid. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_connection_string_issue(
    ring: *const sealwire_key_ring,
    draft: *const sealwire_connection_string_draft,
    buffer: *mut c_char,
    buffer_size: usize,
    length: *mut usize,
    error: *mut sealwire_error,
) -> i32 {
    // SAFETY: the C caller guarantees valid outputs.
    let error = unsafe { ErrorOut::new(error) };
    error.guard(|| {
        // SAFETY: the C caller guarantees valid handles, inputs, buffers and outputs.
        let (ring, draft) = unsafe { (borrow(ring)?, reference(draft)?) };
        // SAFETY: as above.
        let (out, length) = unsafe { (OutSlice::new(buffer.cast::<u8>(), buffer_size)?, Out::new(length)?) };
        // SAFETY: as above.
        let roles = unsafe { draft.roles() }?;
        // SAFETY: as above.
        let draft = unsafe { draft.read(&roles) }?;
        let ring = ring.load();
        let set = ring.issuer().ok_or(sealwire_status::NoKey)?;
        // The buffer is sufficient for the largest token and a final NUL.
        let mut token = [0; SEALWIRE_TOKEN_SIZE];
        let buffer = token.get_mut(..MAX_TOKEN_BYTES).unwrap_or_default();
        let used =
            draft.issue(set, buffer).map_err(|cause| error.explain(sealwire_status::CannotSign, &cause))?;
        out.write(token.get(..=used).unwrap_or_default())?;
        length.write(used);
        Ok(())
    })
}

/// Verifies a connection string and writes its contents. `now_s` is the current time in Unix seconds. If
/// `ignore_expiry` is true, an expired token is also accepted. Use this option in tools that inspect tokens,
/// never for requests.
///
/// `scratch` is memory for the decoded token, which needs 3 bytes for every 4 bytes of the token, and at
/// most `SEALWIRE_TOKEN_SCRATCH_SIZE` bytes. The names in `roles` point into `scratch`, so keep this memory
/// as long as you use the roles. Each name ends with a NUL. Returns `SEALWIRE_STATUS_BUFFER_TOO_SMALL` if
/// `scratch` or `roles` is too small, and `SEALWIRE_STATUS_NO_KEY` if the ring has no issuer key. A
/// positive status is a `sealwire_reason`. Pass it to `sealwire_connection_string_response` to get the
/// response body. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_connection_string_verify(
    ring: *const sealwire_key_ring,
    token: sealwire_text,
    now_s: u64,
    ignore_expiry: bool,
    scratch: *mut c_void,
    scratch_size: usize,
    roles: *mut sealwire_role,
    role_capacity: usize,
    claims: *mut sealwire_connection_string,
) -> i32 {
    guard(|| {
        // SAFETY: the C caller guarantees valid handles, text, buffers and outputs.
        let (ring, token, out) = unsafe { (borrow(ring)?, token.bytes()?, Out::new(claims)?) };
        // SAFETY: as above.
        let (scratch, roles) = unsafe {
            (OutSlice::new(scratch.cast::<u8>(), scratch_size)?, OutSlice::new(roles, role_capacity)?)
        };
        let scratch = zeroed(scratch, token.len().min(MAX_TOKEN_BYTES) / 4 * 3)?;
        let expiry = if ignore_expiry { Expiry::Ignored } else { Expiry::Checked };
        let ring = ring.load();
        let set = ring.issuer().ok_or(sealwire_status::NoKey)?;
        let start = scratch.as_ptr();
        let verified = ConnectionString::decode(token, scratch)?.verify(set, now_s, expiry)?;
        let spans = role_spans(&verified, start);
        roles.check_capacity(spans.len())?;
        let claims = claims_of(&verified, spans.len());
        write_roles(&spans, scratch, roles)?;
        out.write(claims);
        Ok(())
    })
}

/// Returns the public code of a rejection, such as `MYC00031`. Returns an empty string if the rejection has
/// no code. The text is static. Do not free it. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn sealwire_connection_string_code(status: i32) -> sealwire_text {
    static_text(|texts| texts.codes.get(place(status)?))
}

/// Returns the JSON body of the response to a rejected connection string. Send it with HTTP status 401 and
/// the content type `application/json`. Returns an empty string if the status is not a rejection. The text
/// is static. Do not free it. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn sealwire_connection_string_response(status: i32) -> sealwire_text {
    static_text(|texts| texts.bodies.get(place(status)?))
}

/// Returns the name of the HTTP header that contains a connection string. The text is static. Do not free it.
/// Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn sealwire_connection_string_header() -> sealwire_text {
    static_text(|texts| Some(&texts.header))
}

/// Copies of the static strings of `sealwire-core`, each with a final NUL.
struct StaticTexts {
    codes: Vec<CString>,
    bodies: Vec<CString>,
    header: CString,
}

static TEXTS: LazyLock<StaticTexts> = LazyLock::new(|| {
    // `CString::new` cannot fail here, because the strings of `sealwire-core` contain no NUL.
    let ended = |text: &str| CString::new(text).unwrap_or_default();
    StaticTexts {
        codes: Reason::ALL.map(|reason| ended(connection_string::code(reason).unwrap_or_default())).into(),
        bodies: Reason::ALL.map(|reason| ended(connection_string::body(reason))).into(),
        header: ended(connection_string::HEADER),
    }
});

fn place(status: i32) -> Option<usize> {
    let reason = rejection(status)?;
    Reason::ALL.iter().position(|held| *held == reason)
}

fn static_text(of: impl FnOnce(&'static StaticTexts) -> Option<&'static CString>) -> sealwire_text {
    sealwire_text::of_c(of(&TEXTS).map_or(c"", |text| text.as_c_str()))
}

impl sealwire_connection_string_draft {
    /// # Safety
    /// Its pointers refer to memory that is not modified during the lifetime `'a`.
    unsafe fn roles<'a>(&self) -> Result<Vec<Role<'a>>, Failure> {
        // SAFETY: guaranteed by the caller of this function.
        let roles: &[sealwire_role] = unsafe { slice(self.roles, self.role_count) }?;
        let read = |role: &sealwire_role| {
            let number = u8::try_from(role.permission).ok();
            let permission =
                number.and_then(Permission::from_number).ok_or(sealwire_status::InvalidArgument)?;
            // SAFETY: as above.
            Ok(Role { name: unsafe { role.name.str() }?, permission })
        };
        roles.iter().map(read).collect()
    }

    /// # Safety
    /// Its pointers refer to memory that is not modified during the call.
    unsafe fn read<'r>(&self, roles: &'r [Role<'r>]) -> Result<Draft<'r>, Failure> {
        let offset = i16::try_from(self.offset_minutes).ok();
        let expires = offset.and_then(|offset| Timestamp::new(self.expires_s, offset));
        // SAFETY: guaranteed by the caller of this function.
        let (account, tenant, subscription) =
            unsafe { (uuid(self.account)?, uuid(self.tenant)?, uuid(self.subscription)?) };
        Ok(Draft {
            account: account.ok_or(sealwire_status::InvalidArgument)?,
            expires: expires.ok_or(sealwire_status::InvalidArgument)?,
            roles,
            tenant,
            subscription,
        })
    }
}

unsafe fn uuid(text: sealwire_text) -> Result<Option<Uuid>, Failure> {
    // SAFETY: guaranteed by the caller of `read`.
    let text = unsafe { text.optional_str() }?;
    text.map(Uuid::try_parse).transpose().map_err(|_| sealwire_status::InvalidArgument.into())
}

/// Returns the first `needed` bytes of the scratch buffer, filled with zeros.
fn zeroed<'a>(scratch: OutSlice<u8>, needed: usize) -> Result<&'a mut [u8], Failure> {
    let bytes = scratch.into_uninit().get_mut(..needed).ok_or(sealwire_status::BufferTooSmall)?;
    bytes.fill(MaybeUninit::new(0));
    // SAFETY: the statement above initialised all bytes.
    Ok(unsafe { bytes.assume_init_mut() })
}

/// The position of a role name in the scratch buffer, and the permission of the role.
struct RoleSpan {
    start: usize,
    end: usize,
    permission: i32,
}

fn role_spans(verified: &VerifiedConnectionString<'_>, scratch: *const u8) -> Vec<RoleSpan> {
    let span = |role: Role<'_>| {
        let start = role.name.as_ptr().addr().wrapping_sub(scratch.addr());
        RoleSpan { start, end: start + role.name.len(), permission: i32::from(role.permission.number()) }
    };
    verified.beans().roles.iter().map(span).collect()
}

/// Writes the roles. Replaces the separator after each name with a NUL, so that each name is a C string.
fn write_roles(spans: &[RoleSpan], scratch: &mut [u8], out: OutSlice<sealwire_role>) -> Result<(), Failure> {
    for span in spans {
        *scratch.get_mut(span.end).ok_or(sealwire_status::BufferTooSmall)? = 0;
    }
    for (place, span) in out.into_uninit().iter_mut().zip(spans) {
        let name = scratch.get(span.start..span.end).unwrap_or_default();
        place.write(sealwire_role { name: sealwire_text::of(name), permission: span.permission });
    }
    Ok(())
}

fn claims_of(verified: &VerifiedConnectionString<'_>, role_count: usize) -> sealwire_connection_string {
    let beans = verified.beans();
    sealwire_connection_string {
        account: uuid_text(Some(beans.account)),
        tenant: uuid_text(beans.tenant),
        subscription: uuid_text(beans.subscription),
        expires_s: beans.expires.unix_s(),
        offset_minutes: i32::from(beans.expires.offset_minutes()),
        key_version: verified.key_version(),
        role_count,
        reserved: [0; 1],
    }
}

fn uuid_text(uuid: Option<Uuid>) -> [c_char; SEALWIRE_UUID_SIZE] {
    let mut text = [0; SEALWIRE_UUID_SIZE - 1];
    filled(uuid.map_or("", |uuid| uuid.as_hyphenated().encode_lower(&mut text)))
}
