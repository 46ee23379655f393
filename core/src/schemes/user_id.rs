//! The parser for the `X-User-ID` header.

use crate::bytes::text::ascii;
use crate::wire::grammar;
use crate::wire::reason::Fault;
use crate::wire::request::Request;

/// The header that contains the user on whose behalf the request is sent. The `message` scheme
/// signs this header, but the `pairwise` scheme does not.
pub const USER_ID: &str = "X-User-ID";

/// Parses the header, which must be a single line of 1 to 128 visible ASCII characters.
pub(crate) fn user_id<'a>(request: &Request<'a>) -> Result<Option<&'a str>, Fault> {
    let Some(value) = request.single(USER_ID)? else { return Ok(None) };
    let text = ascii(value).filter(|_| grammar::is_user_id(value));
    text.map(Some).ok_or(Fault::malformed(USER_ID))
}
