//! The parser for curl commands that browsers copy with "Copy as cURL (bash)".

use super::options::{Command, Kind, kind};
use super::{Captured, refused, shell};

pub(super) fn parse(content: &str) -> Result<Captured, String> {
    let content = content.replace("\\\r\n", "\\\n");
    let Some(words) = shell::words(&content) else {
        return refused("the curl command has an open quote, or is quoted for cmd");
    };
    let mut command = Command::default();
    let mut words = words.into_iter().skip(1);
    while let Some(word) = words.next() {
        let Some((kind, attached)) = kind(&word) else {
            if command.url.replace(word).is_some() {
                return refused("the curl command has two URLs, or an option that is not supported");
            }
            continue;
        };
        match kind {
            Kind::Flag => {}
            Kind::Unknown => return refused(&format!("the option {word} of curl is not supported")),
            Kind::Method(method) => command.method = Some(method.to_owned()),
            Kind::Value(name) => {
                let Some(value) = attached.or_else(|| words.next()) else {
                    return refused("an option of curl has no value");
                };
                command.set(name, value)?;
            }
        }
    }
    let Some(url) = command.url else { return refused("the curl command has no URL") };
    let usual = if command.data.is_empty() { "GET" } else { "POST" };
    let method = command.method.as_deref().unwrap_or(usual);
    let url = if url.contains("://") { url } else { format!("http://{url}") };
    let mut captured =
        Captured::of_url(method, &url, command.headers, Some(command.data.join("&").into_bytes()))?;
    // curl and browsers add headers that the command does not contain.
    captured.has_all_headers = false;
    Ok(captured)
}
