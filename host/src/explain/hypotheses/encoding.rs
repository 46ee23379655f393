//! The variants of percent-encoding used by client libraries and proxies.

/// A variant of percent-encoding. All characters are encoded except letters, digits and the characters in
/// `plain`.
#[derive(Clone, Copy)]
pub(super) struct Style {
    pub(super) plain: &'static str,
    pub(super) plus_for_space: bool,
    pub(super) lower_hex: bool,
}

const UNRESERVED: &str = "-._~";
/// The characters that are not encoded in paths, for five encoders: RFC 3986, Python's `quote`, JavaScript's
/// `encodeURIComponent` and `encodeURI`, and a minimal encoder.
pub(super) const PATH_STYLES: [&str; 5] =
    ["-._~!$&'()*+,;=:@", UNRESERVED, "-._~!'()*", "-._~!$&'()*+,;=:@#?", "-._~!$&'()*+,;=:@[]|^{}\"<>`"];
/// The encodings that are tried for the names and values of query fields.
pub(super) const QUERY_STYLES: [Style; 10] = [
    style("-._~", false),
    style("-._", true),
    style("-._~", true),
    style("*-._", true),
    style("-._~!'()*", false),
    style("-._~!$'()*,;:@/?", false),
    style("-._~!$'()*,;:@/?+", false),
    style("-._~/", false),
    style("-._~!$'()*,;:@/?[]", false),
    Style { plain: UNRESERVED, plus_for_space: false, lower_hex: true },
];

const fn style(plain: &'static str, plus_for_space: bool) -> Style {
    Style { plain, plus_for_space, lower_hex: false }
}

/// Decodes percent-encoding. If `plus_is_space` is `true`, `+` is decoded as a space, as in form bodies and
/// queries.
pub(super) fn decode(text: &str, plus_is_space: bool) -> Vec<u8> {
    let mut rest = text.as_bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'%' => match coded(after) {
                Some(code) => {
                    decoded.push(code);
                    rest = after.get(2..).unwrap_or_default();
                }
                None => decoded.push(b'%'),
            },
            b'+' if plus_is_space => decoded.push(b' '),
            other => decoded.push(*other),
        }
    }
    decoded
}

/// Parses the two hex digits at the start of `text`.
fn coded(text: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let [high, low] = *text.first_chunk()?;
    Some(digit(high)? << 4 | digit(low)?)
}

/// Percent-encodes bytes.
pub(super) fn encode(bytes: &[u8], style: Style) -> String {
    let mut text = String::with_capacity(bytes.len());
    for byte in bytes {
        let letter = char::from(*byte);
        if byte.is_ascii_alphanumeric() || (byte.is_ascii() && style.plain.contains(letter)) {
            text.push(letter);
        } else if *byte == b' ' && style.plus_for_space {
            text.push('+');
        } else {
            text.push_str(&code(*byte, style.lower_hex));
        }
    }
    text
}

pub(super) fn code(byte: u8, lower_hex: bool) -> String {
    if lower_hex { format!("%{byte:02x}") } else { format!("%{byte:02X}") }
}

/// Changes the hex digits of percent-encoded bytes to lower case or upper case.
pub(super) fn with_hex(text: &str, lower: bool) -> String {
    let mut changed = String::with_capacity(text.len());
    for (at, piece) in text.split('%').enumerate() {
        if at > 0 {
            changed.push('%');
        }
        let (code, rest) = piece.split_at_checked(if at > 0 { 2 } else { 0 }).unwrap_or((piece, ""));
        changed.push_str(&if lower { code.to_ascii_lowercase() } else { code.to_ascii_uppercase() });
        changed.push_str(rest);
    }
    changed
}
