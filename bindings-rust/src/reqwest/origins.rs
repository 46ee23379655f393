//! The allowed origins of a client. An origin consists of scheme, host and port.

use sealwire_host::ConfigError;
use url::Url;

use crate::sign_error::SignError;

#[derive(Clone, Debug)]
pub(super) struct Origins(Vec<String>);

impl Origins {
    /// Parses the setting `origins`.
    pub(super) fn new(origins: &[String]) -> Result<Self, ConfigError> {
        origins.iter().map(|origin| read(origin)).collect::<Result<_, _>>().map(Self)
    }

    pub(super) fn of_base(base: &Url) -> Self {
        Self(vec![origin_of(base)])
    }

    /// Returns an error if the origin of `url` is not allowed. `from` is the URL that redirected to `url`.
    pub(super) fn check(&self, url: &Url, from: Option<&Url>) -> Result<(), SignError> {
        let origin = origin_of(url);
        if self.0.contains(&origin) {
            return Ok(());
        }
        Err(SignError::Origin { origin, from: from.map(origin_of), allowed: self.0.clone() })
    }
}

fn read(given: &str) -> Result<String, ConfigError> {
    let is_origin = |url: &Url| {
        let is_bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        is_http(url) && is_bare && url.username().is_empty() && url.password().is_none()
    };
    let url = Url::parse(given).ok().filter(is_origin);
    url.as_ref().map(origin_of).ok_or_else(|| ConfigError {
        entry: "origins".into(),
        advice: format!(
            "{given:?} is not an origin; use scheme, host and port only, such as https://iam.internal"
        ),
    })
}

pub(super) fn is_http(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

/// Returns the origin of a URL. If the scheme is neither `http` nor `https`, the origin is opaque, so the
/// whole URL is returned.
fn origin_of(url: &Url) -> String {
    match is_http(url) {
        true => url.origin().ascii_serialization(),
        false => url.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::Origins;

    #[test]
    fn only_a_scheme_a_host_and_a_port_are_an_origin() {
        for origin in ["https://a.test", "http://a.test:8080/", "https://A.test:443"] {
            assert!(Origins::new(&[origin.into()]).is_ok(), "{origin}");
        }
        for other in
            ["a.test", "https://a.test/path", "https://a.test?q", "https://a@a.test", "ftp://a.test", ""]
        {
            assert!(Origins::new(&[other.into()]).is_err(), "{other}");
        }
    }
}
