//! The three formats for key files and mode files, and their parsers.

use crate::ConfigError;
use crate::config_error::error;
use crate::key_file::dotenv::Dotenv;
use crate::key_file::text::without_bom;
use crate::key_file::tree::Tree;

/// The format of a key file or mode file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// TOML.
    Toml,
    /// JSON, with the same structure as TOML.
    Json,
    /// Lines with assignments `NAME=value`, as in a `.env` file.
    Dotenv,
}

impl Format {
    /// Returns the format for a file name: TOML for names that end in `.toml`, JSON for `.json`, and dotenv
    /// for all others.
    #[must_use]
    pub fn of(path: &str) -> Self {
        let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
        match name.rsplit_once('.').map(|(_, extension)| extension) {
            Some("toml") => Self::Toml,
            Some("json") => Self::Json,
            _ => Self::Dotenv,
        }
    }

    /// Returns the format for the command-line argument `toml`, `json` or `dotenv`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "toml" => Self::Toml,
            "json" => Self::Json,
            "dotenv" => Self::Dotenv,
            _ => return None,
        })
    }
}

/// The parsed contents of a file: nested tables for TOML and JSON, or the lines of a dotenv file.
pub(crate) enum Contents {
    Table(Tree),
    Variables(Dotenv),
}

/// Parses a file. The error contains only the line number and not the parser's message, because that message
/// could contain a secret.
pub(crate) fn parse(file: &str, text: &str, format: Format) -> Result<Contents, ConfigError> {
    let text = without_bom(text);
    match format {
        Format::Dotenv => Dotenv::parse(file, text).map(Contents::Variables),
        Format::Toml => parse_toml(file, text).map(Contents::Table),
        Format::Json => parse_json(file, text).map(Contents::Table),
    }
}

fn parse_toml(file: &str, text: &str) -> Result<Tree, ConfigError> {
    toml_edit::de::from_str(text).map_err(|cause| {
        let line = cause.span().map(|span| line_of(text, span.start));
        unreadable(file, "toml", line)
    })
}

fn parse_json(file: &str, text: &str) -> Result<Tree, ConfigError> {
    let tree: Tree =
        serde_json::from_str(text).map_err(|cause| unreadable(file, "json", Some(cause.line())))?;
    match tree {
        Tree::Table(_) => Ok(tree),
        _ => Err(error(file, "must contain one JSON object")),
    }
}

pub(crate) fn line_of(text: &str, byte: usize) -> usize {
    1 + text.bytes().take(byte).filter(|byte| *byte == b'\n').count()
}

fn unreadable(file: &str, format: &str, line: Option<usize>) -> ConfigError {
    let place = line.map(|line| format!("; see line {line}")).unwrap_or_default();
    error(file, &format!("cannot be read as {format}{place}"))
}
