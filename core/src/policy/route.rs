//! The path that an application routes, as opposed to the path on the wire.

/// The path that exemptions and path rules are judged by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route<'a> {
    /// This path, without the query.
    Path(&'a [u8]),
    /// The server reported a root path that the policy does not name, so the routed path is not known. Nothing is exempt, and
    /// senders with path rules are rejected.
    UnknownRoot,
}

impl<'a> Route<'a> {
    /// The route of a request. `path` is the path as routed, `reported` the root path that the server reports (`root_path`,
    /// `SCRIPT_NAME`), `known` the root path that the configuration names.
    pub(super) fn below(path: &'a [u8], reported: &[u8], known: &[u8]) -> Self {
        let root = without_slash(reported);
        if root != without_slash(known) {
            return Self::UnknownRoot;
        }
        match path.strip_prefix(root) {
            Some(b"") => Self::Path(b"/"),
            Some(below) if below.starts_with(b"/") => Self::Path(below),
            _ => Self::Path(path),
        }
    }

    /// The route, without the query it may still have.
    pub(super) fn path(&self) -> Option<&'a [u8]> {
        match self {
            Self::Path(path) => path.split(|byte| *byte == b'?').next(),
            Self::UnknownRoot => None,
        }
    }
}

fn without_slash(root: &[u8]) -> &[u8] {
    root.strip_suffix(b"/").unwrap_or(root)
}
