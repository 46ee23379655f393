//! Tests that a rejection contains the scheme, the reason, the header, and whether the MAC was valid.

use sealwire_core::keys::KeyRing;
use sealwire_core::replay::HeapTable;
use sealwire_core::{Header, Policy, Reason, Rejection, Request, Scheme, Signing, Verifier};

use crate::common::{self, Headers, NOW_MS, SIGNING, lines, policy, ring, signer};

#[test]
fn a_rejection_contains_scheme_reason_and_header() {
    let (policy, keys) = (policy(Scheme::Message), KeyRing::default());
    let verifier = Verifier { policy: &policy, keys: &keys };
    let said = |headers: &[Header<'_>]| {
        let request = Request { method: b"GET", target: b"/", authority: b"a", scheme: b"http", headers };
        verifier.verify(&request, b"", None, 0).unwrap_err().to_string()
    };
    assert_eq!(said(&[]), "message request rejected: missing_headers (Signature-Input)");
    let bare = Header::new(
        "Signature-Input",
        "s=();created=1;nonce=\"n\";keyid=\"a/practices#1\";alg=\"hmac-sha256\";tag=\"sealwire\"",
    );
    let signature = Header::new("Signature", "s=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:");
    assert_eq!(said(&[bare, signature]), "message request rejected: missing_coverage (@method)");
}

fn request<'a>(target: &'a str, headers: &'a [Header<'a>]) -> Request<'a> {
    Request { target: target.as_bytes(), ..common::request(headers) }
}

fn sign(scheme: Scheme, target: &str) -> Headers {
    let signing = Signing { body: b"{}", ..SIGNING };
    common::sign(&signer("agent", &ring(), scheme), &request(target, &[]), &signing).unwrap()
}

/// Verifies a request in one call and in parts. Checks that both rejections are the same, and returns the
/// rejection.
fn rejection(scheme: Scheme, headers: &Headers, target: &str, body: &[u8], times: usize) -> Rejection {
    let (keys, policy) = (ring(), Policy { claim_pairwise: true, max_body_bytes: 4, ..policy(scheme) });
    let verifier = Verifier { policy: &policy, keys: &keys };
    let tables = [0, 1].map(|seed| HeapTable::new(64, [seed; 16], 0));
    let headers = lines(headers);
    let request = request(target, &headers);
    let whole = |table: &HeapTable| verifier.verify(&request, body, Some(table), NOW_MS).map(|_| ());
    let streamed = |table: &HeapTable| {
        let mut pending = verifier.begin(&request, Some(table), NOW_MS)?;
        pending.update(body)?;
        verifier.claim(&pending.finish()?, table, NOW_MS).map(|_| ())
    };
    let [one, other] = &tables;
    for _ in 1..times {
        whole(one).unwrap();
        streamed(other).unwrap();
    }
    let (whole, streamed) = (whole(one).unwrap_err(), streamed(other).unwrap_err());
    assert_eq!((whole.reason, whole.mac_was_valid), (streamed.reason, streamed.mac_was_valid), "{whole}");
    whole
}

#[test]
fn a_rejection_reports_whether_the_mac_was_valid() {
    for scheme in [Scheme::Message, Scheme::Pairwise] {
        let good = sign(scheme, "/a");
        let forged: Headers = sign(scheme, "/other");
        let valid = |rejected: &Rejection| (rejected.reason, rejected.mac_was_valid);
        assert_eq!(valid(&rejection(scheme, &good, "/a", b"{}", 2)), (Reason::Replayed, true), "{scheme}");
        assert_eq!(valid(&rejection(scheme, &forged, "/a", b"{}", 1)), (Reason::SignatureMismatch, false));
        let unknown =
            good.iter().map(|(name, value)| (name.clone(), value.replace("agent", "nobody"))).collect();
        assert_eq!(valid(&rejection(scheme, &unknown, "/a", b"{}", 1)), (Reason::UnknownClient, false));
        assert_eq!(valid(&rejection(scheme, &Vec::new(), "/a", b"{}", 1)), (Reason::MissingHeaders, false));
        let proven = scheme == Scheme::Message;
        assert_eq!(valid(&rejection(scheme, &good, "/a", b"{....}", 1)), (Reason::BodyTooLarge, proven));
    }
    let good = sign(Scheme::Message, "/a");
    let changed = rejection(Scheme::Message, &good, "/a", b"[]", 1);
    assert_eq!((changed.reason, changed.mac_was_valid), (Reason::BodyDigestMismatch, true));
}
