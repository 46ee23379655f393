//! Requests as readable bytes, so that a mutation of the text is a mutation of the request:
//! `now_ms METHOD target`, the authority, header lines, an empty line, the body.

use sealwire_core::{Header, MAX_HEADERS, Request};

/// The time of most vectors.
pub const NOW_MS: u64 = 1_712_419_200_000;

/// A request as the bytes spell it; every byte string is some request.
pub struct Wire<'a> {
    pub now_ms: u64,
    pub method: &'a [u8],
    pub target: &'a [u8],
    pub authority: &'a [u8],
    pub headers: Vec<Header<'a>>,
    pub body: &'a [u8],
}

impl<'a> Wire<'a> {
    pub fn read(data: &'a [u8]) -> Self {
        let (first, rest) = cut(data, b'\n');
        let (now, line) = cut(first, b' ');
        let (method, target) = cut(line, b' ');
        let (authority, mut rest) = cut(rest, b'\n');
        let mut headers = Vec::new();
        // One more than the core admits, so that its limit is tried too.
        while headers.len() <= MAX_HEADERS {
            let (line, after) = cut(rest, b'\n');
            rest = after;
            if line.is_empty() {
                break;
            }
            let (name, value) = cut(line, b':');
            headers.push(Header { name, value: value.trim_ascii() });
        }
        let now_ms = std::str::from_utf8(now).ok().and_then(|now| now.parse().ok()).unwrap_or(NOW_MS);
        Self { now_ms, method, target, authority, headers, body: rest }
    }

    pub fn request(&self) -> Request<'_> {
        let Self { method, target, authority, headers, .. } = self;
        Request { method, target, authority, scheme: b"https", headers }
    }

    /// The value of a header that stands once.
    pub fn only(&self, name: &str) -> Option<&'a [u8]> {
        let mut found =
            self.headers.iter().filter(|header| header.name.eq_ignore_ascii_case(name.as_bytes()));
        found.next().filter(|_| found.next().is_none()).map(|header| header.value)
    }
}

/// The bytes before and after the first `at`; all and none when there is none.
pub fn cut(data: &[u8], at: u8) -> (&[u8], &[u8]) {
    match data.iter().position(|byte| *byte == at) {
        Some(place) => (&data[..place], &data[place + 1..]),
        None => (data, &[]),
    }
}

/// An authority as it is signed under `https`: in lower case, without the default port, given or empty (RFC 3986 section 6.2.3).
pub fn authority(sent: &[u8]) -> Vec<u8> {
    let lower = sent.to_ascii_lowercase();
    lower.strip_suffix(b":443").or_else(|| lower.strip_suffix(b":")).unwrap_or(&lower).to_vec()
}
