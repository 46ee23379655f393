//! The covered components and parameters in the form that Sealwire's signers write. Comparing them as a whole
//! is many times faster than parsing. Other spellings are parsed, with the same result.

use super::component::{Covered, Part};

/// The start of a covered list. The next byte must be a space or `)`, otherwise the last identifier is
/// longer.
pub(crate) const SPELLED: &[u8] = b"\"@method\" \"@authority\" \"@path\" \"@query\"";

/// The components in [`SPELLED`].
pub(crate) const COMPONENTS: [Covered<'static>; 4] = [
    Covered::of_message("\"@method\"", Part::Method),
    Covered::of_message("\"@authority\"", Part::Authority),
    Covered::of_message("\"@path\"", Part::Path),
    Covered::of_message("\"@query\"", Part::Query),
];

/// The last parameters of a signature: the algorithm and the tag of requests in the `message` scheme.
pub(crate) const PARAMETERS: &[u8] = b";alg=\"hmac-sha256\";tag=\"sealwire\"";

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]
mod tests {
    use super::{COMPONENTS, PARAMETERS, SPELLED};
    use crate::bytes::sink::SliceWriter;
    use crate::http_signature::base::{Message, write_base};
    use crate::http_signature::covered::CoveredComponents;
    use crate::http_signature::problem::ComponentError;
    use crate::schemes::message::names::{ALGORITHM, REQUEST_TAG};
    use crate::structured_fields::dictionary::Dictionary;
    use crate::structured_fields::inner_list::Member;
    use crate::wire::request::Request;
    use std::format;
    use std::vec::Vec;

    #[test]
    fn default_components_are_in_canonical_form() {
        assert_eq!(COMPONENTS.map(|known| known.identifier).join(&b' '), SPELLED);
        assert_eq!(format!(";alg=\"{ALGORITHM}\";tag=\"{REQUEST_TAG}\"").as_bytes(), PARAMETERS);
    }

    /// Returns the lines of the default components, or the error.
    fn lines(request: &Request<'_>, slowly: bool) -> Result<Vec<u8>, ComponentError> {
        let field = b"l=(\"@method\" \"@authority\" \"@path\" \"@query\")".as_slice();
        let Some(Member::InnerList(list)) = Dictionary::parse([field].into_iter()).unwrap().get("l") else {
            panic!("it is a list")
        };
        let mut covered = CoveredComponents::none();
        covered.set_list(list);
        if slowly {
            COMPONENTS.into_iter().for_each(|known| covered.add(known).unwrap());
        } else {
            assert!(covered.add_defaults());
        }
        assert_eq!(covered.begins_with_defaults(), !slowly);
        let mut buffer = [0; 512];
        let mut sink = SliceWriter::new(&mut buffer);
        write_base(&mut sink, &covered, &Message::Request(request)).map(|()| sink.finish().unwrap().to_vec())
    }

    #[test]
    fn defaults_are_recognised_only_at_the_start() {
        let mut covered = CoveredComponents::none();
        let [method, ..] = COMPONENTS;
        covered.add(method).unwrap();
        assert!(!covered.add_defaults());
        assert!(!covered.begins_with_defaults());
        assert_eq!(covered.covered().count(), 1);
    }

    #[test]
    fn their_lines_are_those_written_one_by_one() {
        let authorities = [
            "iam",
            "IAM.Example",
            "iam:443",
            "iam:80",
            "iam:8443",
            "iam:",
            "[::1]",
            "10.0.0.1:443",
            "",
            "a@b",
            "\u{e9}",
        ];
        for method in ["GET", "get", "", "G T"] {
            for target in ["/", "/a/b?c=d?e", "", "?q", "*", "/a#b", "/a b", "/\u{e9}", "https://a/"] {
                for (authority, scheme) in
                    authorities.iter().flat_map(|at| ["https", "HTTP", "ws"].map(|of| (at, of)))
                {
                    let request = Request {
                        method: method.as_bytes(),
                        target: target.as_bytes(),
                        authority: authority.as_bytes(),
                        scheme: scheme.as_bytes(),
                        headers: &[],
                    };
                    assert_eq!(lines(&request, false), lines(&request, true), "{request:?}");
                }
            }
        }
    }
}
