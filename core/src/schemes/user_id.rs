//! `X-User-ID`: the user a request is made for.

use crate::bytes::text::ascii;
use crate::wire::grammar;
use crate::wire::reason::Fault;
use crate::wire::request::Request;

/// The user a request is made for. `message` signs it; `pairwise` does not.
pub const USER_ID: &str = "X-User-ID";

/// Reads the header: at most one line, 1 to 128 visible ASCII characters.
pub(crate) fn user_id<'a>(request: &Request<'a>) -> Result<Option<&'a str>, Fault> {
    let Some(value) = request.single(USER_ID)? else { return Ok(None) };
    let text = ascii(value).filter(|_| grammar::is_user_id(value));
    text.map(Some).ok_or(Fault::malformed(USER_ID))
}
