//! The parser for raw HTTP/1 requests, which may have been saved with an editor.

use super::{Captured, head, text};

pub(super) fn parse(content: &[u8]) -> Result<Captured, String> {
    let separator = end_of_head(content);
    let (end, length) = separator.unwrap_or((content.len(), 0));
    let head_text = text(content.get(..end).unwrap_or_default());
    let body = content.get(end + length..).unwrap_or_default().to_vec();
    let mut lines = head_text.lines();
    let lead = lines.next().unwrap_or_default().trim_end();
    let mut captured = head(lead, lines, Some(body))?;
    // If the empty line after the head is missing, the head may be incomplete.
    captured.has_all_headers = separator.is_some();
    captured.is_edited = length < 4;
    if separator.is_none() && (captured.header("content-length").is_some() || is_chunked(&captured)) {
        captured.body = None;
    }
    if is_chunked(&captured)
        && let Some(body) = captured.body.as_deref()
    {
        let is_cut = body.is_empty() || has_chunk_size(body);
        match joined(body) {
            Some(joined) => captured.body = Some(joined),
            None if is_cut => captured.body = None,
            None => {}
        }
    }
    captured.trim_body();
    Ok(captured)
}

/// Returns the position and length of the separator between the head and the body. If the first line ends
/// with CR LF, the separator must be CR LF CR LF. Otherwise it is LF LF.
fn end_of_head(content: &[u8]) -> Option<(usize, usize)> {
    let position = |separator: &[u8]| content.windows(separator.len()).position(|held| held == separator);
    let first = content.split(|byte| *byte == b'\n').next().unwrap_or_default();
    if first.ends_with(b"\r") {
        position(b"\r\n\r\n").map(|at| (at, 4))
    } else {
        position(b"\n\n").map(|at| (at, 2))
    }
}

fn is_chunked(captured: &Captured) -> bool {
    captured.header("transfer-encoding").is_some_and(|value| value.to_ascii_lowercase().ends_with("chunked"))
}

/// Returns `true` if the first line of a body is a chunk size.
fn has_chunk_size(body: &[u8]) -> bool {
    let end = body.windows(2).position(|held| held == b"\r\n");
    let size = end.and_then(|end| body.get(..end)).and_then(|line| line.split(|byte| *byte == b';').next());
    size.is_some_and(|size| {
        !size.trim_ascii().is_empty() && size.trim_ascii().iter().all(u8::is_ascii_hexdigit)
    })
}

/// Decodes a chunked body (RFC 9112 section 7.1). Returns `None` if the body is not a complete chunked body.
fn joined(mut body: &[u8]) -> Option<Vec<u8>> {
    let mut content = Vec::new();
    loop {
        let end = body.windows(2).position(|held| held == b"\r\n")?;
        let (size, rest) = body.split_at_checked(end)?;
        let size = text(size).split(';').next().unwrap_or_default().trim().to_owned();
        let size = usize::from_str_radix(&size, 16).ok()?;
        let rest = rest.get(2..)?;
        if size == 0 {
            return Some(content);
        }
        content.extend_from_slice(rest.get(..size)?);
        body = rest.get(size..)?.strip_prefix(b"\r\n")?;
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn chunks_are_joined_and_the_content_length_ends_the_body() {
        let body = |raw: &str| parse(raw.as_bytes()).ok().and_then(|captured| captured.body);
        let chunked =
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;x=1\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
        assert_eq!(body(chunked), Some(b"abcde".to_vec()));
        assert_eq!(body("POST / HTTP/1.1\nContent-Length: 2\n\nab\n"), Some(b"ab".to_vec()));
        assert_eq!(body("POST / HTTP/1.1\nContent-Length: 3\n\nab"), None, "the capture is cut");
        let cut = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n";
        assert_eq!(body(cut), None, "the last chunk is absent");
        assert_eq!(body("GET / HTTP/1.1\nA: b\n"), Some(Vec::new()));
    }
}
