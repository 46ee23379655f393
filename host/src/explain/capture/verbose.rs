//! The parser for the output of `curl -v`. This output contains the head of each request, but not the body.

use super::{Captured, chosen, head, refused};
use crate::explain::time::of_http_date;

/// Returns `true` if the content is the output of `curl -v`, where the request line follows `> `.
pub(super) fn is_output(content: &[u8]) -> bool {
    content.split(|byte| *byte == b'\n').any(|line| line.starts_with(b"> ") && is_lead(line))
}

fn is_lead(line: &[u8]) -> bool {
    line.windows(6).any(|held| held == b" HTTP/")
}

/// The lines of a request head, and the date of the response.
#[derive(Default)]
struct Exchange<'t> {
    lines: Vec<&'t str>,
    has_end: bool,
    date: Option<&'t str>,
}

pub(super) fn parse(content: &str, entry: Option<usize>) -> Result<Captured, String> {
    let mut exchanges: Vec<Exchange<'_>> = Vec::new();
    for line in content.lines() {
        let current = exchanges.last_mut();
        match (line.strip_prefix('>'), line.strip_prefix("< "), current) {
            (Some(line), _, _) if is_lead(line.as_bytes()) && line.starts_with(' ') => {
                exchanges.push(Exchange { lines: vec![line.trim()], ..Exchange::default() });
            }
            (Some(line), _, Some(current)) if !current.has_end => match line.trim() {
                "" => current.has_end = true,
                line => current.lines.push(line),
            },
            (_, Some(line), Some(current)) => {
                let is_date = line.get(..5).is_some_and(|name| name.eq_ignore_ascii_case("date:"));
                current.date = if is_date { line.get(5..) } else { current.date };
            }
            _ => {}
        }
    }
    let all = exchanges.iter().map(captured).collect::<Result<Vec<_>, _>>()?;
    if all.is_empty() { refused("the output of curl contains no request") } else { chosen(all, entry) }
}

fn captured(exchange: &Exchange<'_>) -> Result<Captured, String> {
    let (lead, lines) =
        exchange.lines.split_first().map_or(("", [].as_slice()), |(lead, rest)| (*lead, rest));
    let mut captured = head(lead, lines.iter().copied(), None)?;
    let may_have_body = captured.header("transfer-encoding").is_some()
        || captured.header("content-type").is_some()
        || captured.header("content-length").is_some_and(|length| length != "0")
        || (lead.contains(" HTTP/2") || lead.contains(" HTTP/3")) && captured.method != "GET";
    captured.body = if may_have_body { None } else { Some(Vec::new()) };
    captured.has_all_headers = exchange.has_end;
    captured.arrived = exchange.date.and_then(of_http_date).map(|ms| (ms, "the Date of the response"));
    Ok(captured)
}
