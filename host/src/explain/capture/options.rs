//! The curl options that occur in commands copied with "Copy as cURL".

use super::{header_line, refused};

#[derive(Default)]
pub(super) struct Command {
    pub(super) method: Option<String>,
    pub(super) url: Option<String>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) data: Vec<String>,
}

pub(super) enum Kind {
    /// An option without a value.
    Flag,
    /// An option without a value that sets the HTTP method.
    Method(&'static str),
    /// An option with a value.
    Value(&'static str),
    Unknown,
}

/// The short and long names of the options that take a value.
const WITH_VALUE: [(&str, &str); 26] = [
    ("-X", "--request"),
    ("-H", "--header"),
    ("-d", "--data"),
    ("", "--data-raw"),
    ("", "--data-binary"),
    ("", "--data-ascii"),
    ("", "--json"),
    ("-b", "--cookie"),
    ("-A", "--user-agent"),
    ("-e", "--referer"),
    ("", "--url"),
    ("-F", "--form"),
    ("-T", "--upload-file"),
    ("", "--data-urlencode"),
    ("-o", "--output"),
    ("-w", "--write-out"),
    ("-m", "--max-time"),
    ("-x", "--proxy"),
    ("-E", "--cert"),
    ("", "--key"),
    ("", "--cacert"),
    ("", "--connect-timeout"),
    ("", "--retry"),
    ("", "--resolve"),
    ("", "--connect-to"),
    ("-D", "--dump-header"),
];
const FLAGS: [&str; 16] = [
    "--compressed",
    "--insecure",
    "--silent",
    "--show-error",
    "--verbose",
    "--include",
    "--location",
    "--http1.1",
    "--http1.0",
    "--http2",
    "--http3",
    "--fail",
    "--path-as-is",
    "--globoff",
    "--no-progress-meter",
    "--http2-prior-knowledge",
];
/// The letters of the short options that take no value.
const SHORT_FLAGS: &[u8] = b"ksSviLfg#0";

/// Returns the kind of an option, and its value if the value is part of the same word, as in `-XPOST`.
/// Returns `None` for a word that is not an option.
pub(super) fn kind(word: &str) -> Option<(Kind, Option<String>)> {
    let letters = word.strip_prefix('-').filter(|rest| !rest.is_empty())?;
    match word {
        "-I" | "--head" => return Some((Kind::Method("HEAD"), None)),
        flag if FLAGS.contains(&flag) => return Some((Kind::Flag, None)),
        _ => {}
    }
    if let Some((_, long)) = WITH_VALUE.iter().find(|(short, long)| word == *short || word == *long) {
        return Some((Kind::Value(long), None));
    }
    if letters.starts_with('-') {
        return Some((Kind::Unknown, None));
    }
    if letters.bytes().all(|letter| SHORT_FLAGS.contains(&letter)) {
        return Some((Kind::Flag, None));
    }
    let attached = WITH_VALUE.iter().find(|(short, _)| !short.is_empty() && word.starts_with(short));
    Some(attached.map_or((Kind::Unknown, None), |(short, long)| {
        (Kind::Value(long), word.strip_prefix(short).map(ToOwned::to_owned))
    }))
}

impl Command {
    pub(super) fn set(&mut self, option: &str, value: String) -> Result<(), String> {
        match option {
            "--request" => self.method = Some(value),
            "--url" => self.url = Some(value),
            "--cookie" => self.headers.push(("Cookie".to_owned(), value)),
            "--user-agent" => self.headers.push(("User-Agent".to_owned(), value)),
            "--referer" => self.headers.push(("Referer".to_owned(), value)),
            "--header" => match header_line(&value) {
                Some(header) => self.headers.push(header),
                None => return refused("a header of the curl command is invalid"),
            },
            "--json" => {
                self.headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
                self.data.push(value);
            }
            "--data" | "--data-raw" | "--data-binary" | "--data-ascii" => {
                if value.starts_with('@') && option != "--data-raw" {
                    return refused("the curl command reads its body from a file; write it as --data-raw");
                }
                self.data.push(value);
            }
            "--form" | "--upload-file" | "--data-urlencode" => {
                return refused("curl creates the body of this command; capture it with curl -v");
            }
            _ => {}
        }
        Ok(())
    }
}
