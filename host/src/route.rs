//! Determines the route of a request from the paths reported by the server.

use sealwire_core::{Policy, Route};

/// The paths of a request, as reported by the server.
#[derive(Clone, Copy, Debug)]
pub struct ReportedPath<'a> {
    /// The percent-encoded path as the client sent it, without the query.
    pub raw: &'a [u8],
    /// The decoded path that the application uses to select a handler. It includes the root path with some
    /// servers.
    pub decoded: &'a [u8],
    /// The decoded root path (`root_path` or `SCRIPT_NAME`). It is empty if there is none.
    pub root: &'a [u8],
}

/// The route of a request in an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Located<'a> {
    /// The root path that a proxy removed from the path. The sender signed the path with this prefix. It is
    /// empty if nothing was removed.
    pub removed: &'a [u8],
    /// The route used for exemptions and path rules.
    pub route: Route<'a>,
}

impl<'a> ReportedPath<'a> {
    /// Determines the route. The root path is used only if the policy contains it and `raw` decodes to
    /// `decoded`. If the two paths differ, one of them was changed on the way to the application, so the
    /// route is unknown.
    #[must_use]
    pub fn locate(self, policy: &Policy) -> Located<'a> {
        let root = self.root.strip_suffix(b"/").unwrap_or(self.root);
        let route = policy.route(self.raw, root);
        let is_below = is_below_root(self.raw, root);
        // The results differ if the root path is percent-encoded in `raw`.
        let agree = is_below == is_below_root(self.decoded, root);
        let is_same = (agree && decodes_to(self.raw, b"", self.decoded))
            || (!root.is_empty() && is_below && decodes_to(self.raw, b"", &[root, self.decoded].concat()))
            || (!root.is_empty() && !is_below && decodes_to(self.raw, root, self.decoded));
        if route == Route::UnknownRoot || !is_same || !self.raw.starts_with(b"/") {
            return Located { removed: b"", route: Route::UnknownRoot };
        }
        Located { removed: if is_below { b"" } else { root }, route }
    }
}

/// Returns `true` if a path is equal to `root` or below it.
fn is_below_root(path: &[u8], root: &[u8]) -> bool {
    path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
}

/// Returns `true` if `decoded` consists of `prefix` and the decoded form of `raw`.
fn decodes_to(raw: &[u8], prefix: &[u8], decoded: &[u8]) -> bool {
    decoded.strip_prefix(prefix).is_some_and(|decoded| raw == decoded || percent_decoded(raw) == decoded)
}

/// Decodes percent-encoding. Invalid escape sequences are preserved, as servers also do.
fn percent_decoded(raw: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((&byte, after)) = rest.split_first() {
        let code = if byte == b'%' {
            after.split_first_chunk().and_then(|(digits, _)| value(*digits))
        } else {
            None
        };
        decoded.push(code.unwrap_or(byte));
        rest = if code.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    decoded
}

fn value([high, low]: [u8; 2]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

#[cfg(test)]
mod tests {
    use super::{Located, ReportedPath};
    use sealwire_core::{Policy, Route, Text};

    fn located<'a>(known: &str, raw: &'a str, decoded: &'a str, root: &'a str) -> Located<'a> {
        let mut policy = Policy::new(Text::new("practices").unwrap_or(Text::EMPTY));
        policy.root_path = Text::new(known).unwrap_or(Text::EMPTY);
        ReportedPath { raw: raw.as_bytes(), decoded: decoded.as_bytes(), root: root.as_bytes() }
            .locate(&policy)
    }

    const UNKNOWN: Located<'_> = Located { removed: b"", route: Route::UnknownRoot };

    fn at<'a>(removed: &'a str, path: &'a str) -> Located<'a> {
        Located { removed: removed.as_bytes(), route: Route::Path(path.as_bytes()) }
    }

    #[test]
    fn the_route_is_the_path_if_there_is_no_root_path() {
        assert_eq!(located("", "/a%20b", "/a b", ""), at("", "/a%20b"));
        assert_eq!(located("", "/%", "/%", ""), at("", "/%"));
        assert_eq!(located("", "/a", "/b", ""), UNKNOWN);
        assert_eq!(located("", "http://h/a", "http://h/a", ""), UNKNOWN);
    }

    #[test]
    fn a_root_path_is_used_only_if_it_is_configured() {
        assert_eq!(located("", "/public/admin", "/public/admin", "/public"), UNKNOWN);
        assert_eq!(located("/api", "/public/admin", "/public/admin", "/public"), UNKNOWN);
        assert_eq!(located("/api", "/api/a", "/api/a", ""), UNKNOWN);
        assert_eq!(located("/api", "/api/a", "/api/a", "/api"), at("", "/a"));
        assert_eq!(located("/api", "/api/a", "/api/a", "/api/"), at("", "/a"));
        assert_eq!(located("/api", "/api", "/api", "/api"), at("", "/"));
        assert_eq!(located("/api", "/api/a", "/a", "/api"), at("", "/a"));
    }

    #[test]
    fn a_prefix_that_a_proxy_removed_is_returned() {
        assert_eq!(located("/api", "/a", "/a", "/api"), at("/api", "/a"));
        assert_eq!(located("/api", "/a", "/api/a", "/api"), at("/api", "/a"));
        assert_eq!(located("/api", "/apis", "/apis", "/api"), at("/api", "/apis"));
        assert_eq!(located("/api", "/a", "/b", "/api"), UNKNOWN);
        assert_eq!(located("/api", "/%61pi/a", "/api/a", "/api"), UNKNOWN);
    }
}
