//! Reads key files and mode files from disk.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use zeroize::Zeroizing;

use crate::ConfigError;

/// The maximum size of a key or mode file in bytes.
const MAX_FILE_BYTES: u64 = 1 << 20;

/// Reads a key file or mode file. The returned text is wiped from memory on drop.
///
/// # Errors
/// [`ConfigError`] if the file cannot be opened, is too large or is not UTF-8.
pub fn read_file(path: &Path) -> Result<Zeroizing<String>, ConfigError> {
    let error = |advice: String| ConfigError { entry: path.display().to_string(), advice };
    let unreadable = |cause: std::io::Error| error(format!("cannot be opened: {}", reason(&cause)));
    let file = File::open(path).map_err(unreadable)?;
    let length = file.metadata().map_or(0, |metadata| metadata.len().min(MAX_FILE_BYTES));
    let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(length).unwrap_or_default() + 1));
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(error(format!("is larger than {MAX_FILE_BYTES} bytes; use a key or mode file")));
    }
    match std::str::from_utf8(&bytes) {
        Ok(text) => Ok(Zeroizing::new(text.to_owned())),
        Err(cause) => {
            let line = 1 + bytes.iter().take(cause.valid_up_to()).filter(|byte| **byte == b'\n').count();
            Err(error(format!("is not UTF-8 text; see line {line}")))
        }
    }
}

/// Returns the operating system's error message without its error number.
fn reason(cause: &std::io::Error) -> String {
    let text = cause.to_string();
    text.split(" (os error").next().unwrap_or_default().to_owned()
}
