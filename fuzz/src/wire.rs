//! A text format for requests. The first line is `now_ms METHOD target`, and the second line is the
//! authority. Then follow the header lines, an empty line and the body. Because the format is simple text,
//! most mutations of an input change only a part of the request.

use sealwire_core::{Header, MAX_HEADERS, Request};

/// The current time in most vectors, in milliseconds since the Unix epoch.
pub const NOW_MS: u64 = 1_712_419_200_000;

/// A request that was parsed from the text format. Parsing never fails.
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
        // The list can contain one more header than the core crate accepts, to test the limit.
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

    /// Returns the value of a header, or `None` if the header is missing or repeated.
    pub fn only(&self, name: &str) -> Option<&'a [u8]> {
        let mut found =
            self.headers.iter().filter(|header| header.name.eq_ignore_ascii_case(name.as_bytes()));
        found.next().filter(|_| found.next().is_none()).map(|header| header.value)
    }
}

/// Splits the data at the first byte `at`. If the data does not contain this byte, the second part is empty.
pub fn cut(data: &[u8], at: u8) -> (&[u8], &[u8]) {
    match data.iter().position(|byte| *byte == at) {
        Some(place) => (&data[..place], &data[place + 1..]),
        None => (data, &[]),
    }
}

/// Returns the authority as it is signed for `https`. The result is in lower case, and a default or empty
/// port is removed (RFC 3986 section 6.2.3).
pub fn authority(sent: &[u8]) -> Vec<u8> {
    let lower = sent.to_ascii_lowercase();
    lower.strip_suffix(b":443").or_else(|| lower.strip_suffix(b":")).unwrap_or(&lower).to_vec()
}
