//! The route of a request, which is the path that the application uses for routing. It can differ from the
//! path in the request target.

/// The path that is compared with exempt paths and path rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route<'a> {
    /// The path. A query after the path is ignored.
    Path(&'a [u8]),
    /// The server reported a root path that differs from the one in the policy, so the route is unknown. In
    /// this case, no path is exempt, and requests from senders with path rules are rejected.
    UnknownRoot,
}

impl<'a> Route<'a> {
    /// Returns the route of a request. `path` is the path that the application uses for routing. `reported`
    /// is the root path that the server reports (`root_path` or `SCRIPT_NAME`). `known` is the configured
    /// root path.
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

    /// Returns the path without the query.
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
