//! Tests that signed responses are bound to their request, status, body and direction.

use sealwire_core::keys::KeyRing;
use sealwire_core::{Exchange, Header, Reason, Scheme, Signing};

use crate::common::{Headers, NOW_MS, SIGNING, lines, request, ring, sign, signer};

/// Signs a request in `scheme` with this nonce.
fn signed(ring: &KeyRing, scheme: Scheme, nonce: &str) -> Headers {
    let (name, receiver) = if scheme == Scheme::Client { ("billing", "") } else { ("agent", "practices") };
    let signing = Signing { receiver, body: b"question", nonce, ..SIGNING };
    sign(&signer(name, ring, scheme), &request(&[]), &signing).unwrap()
}

fn exchange<'e>(ring: &'e KeyRing, scheme: Scheme, headers: &'e [Header<'e>]) -> Exchange<'e, KeyRing> {
    let (caller, service) = if scheme == Scheme::Client { ("billing", "") } else { ("agent", "practices") };
    Exchange { caller, service, keys: ring, scheme, request: request(headers) }
}

fn answer(exchange: &Exchange<'_, KeyRing>, status: u16, body: &[u8]) -> Headers {
    let mut headers = Headers::new();
    let server_ms = NOW_MS + 3_600_000;
    exchange.sign(status, body, server_ms, |name, value| headers.push((name.into(), value.into()))).unwrap();
    headers
}

#[test]
fn a_response_contains_its_sender_and_the_server_time_in_every_scheme() {
    let ring = ring();
    for scheme in Scheme::ALL {
        let sent = signed(&ring, scheme, "nonce-1");
        let sent = lines(&sent);
        let exchange = exchange(&ring, scheme, &sent);
        for body in [b"".as_slice(), b"answer"] {
            let answered = answer(&exchange, 401, body);
            let verified = exchange.verify(401, &lines(&answered), body).unwrap();
            assert_eq!(verified.server_time_s, NOW_MS / 1000 + 3600, "{scheme}");
        }
    }
}

#[test]
fn a_different_status_body_or_request_is_rejected() {
    let ring = ring();
    for scheme in Scheme::ALL {
        let (sent, other) = (signed(&ring, scheme, "nonce-1"), signed(&ring, scheme, "nonce-2"));
        let sent = lines(&sent);
        let exchange_of = |headers| exchange(&ring, scheme, headers);
        let answered = answer(&exchange_of(&sent), 200, b"answer");
        let answered = lines(&answered);
        let reason =
            |status, body: &[u8]| exchange_of(&sent).verify(status, &answered, body).unwrap_err().reason;
        assert_eq!(reason(404, b"answer"), Reason::SignatureMismatch);
        assert_eq!(reason(200, b"Answer"), Reason::BodyDigestMismatch);
        if scheme != Scheme::Pairwise {
            // Two identical `pairwise` requests in the same second have the same signature, which is a
            // limitation of the format.
            let other = lines(&other);
            let rejected = exchange_of(&other).verify(200, &answered, b"answer").unwrap_err();
            assert_eq!(rejected.reason, Reason::SignatureMismatch);
        }
    }
}

#[test]
fn the_signature_of_a_request_is_not_accepted_for_a_response() {
    let ring = ring();
    let sent = signed(&ring, Scheme::Message, "nonce-1");
    let sent = lines(&sent);
    let rejected = exchange(&ring, Scheme::Message, &sent).verify(200, &sent, b"question").unwrap_err();
    assert_eq!(rejected.reason, Reason::MissingHeaders);
}

#[test]
fn a_response_signed_by_the_caller_is_rejected() {
    let ring = ring();
    let sent = signed(&ring, Scheme::Message, "nonce-1");
    let sent = lines(&sent);
    let mut turned = exchange(&ring, Scheme::Message, &sent);
    (turned.caller, turned.service) = (turned.service, turned.caller);
    let answered = answer(&turned, 200, b"");
    let rejected = exchange(&ring, Scheme::Message, &sent).verify(200, &lines(&answered), b"").unwrap_err();
    assert_eq!(rejected.reason, Reason::UnknownClient);
}

#[test]
fn a_response_to_a_client_is_signed_with_the_client_key_for_any_service_name() {
    let ring = ring();
    let answered_with = |scheme, service| {
        let signing = Signing { receiver: "meals", ..SIGNING };
        let sent = sign(&signer("agent", &ring, scheme), &request(&[]), &signing).unwrap();
        let sent = lines(&sent);
        let exchange = Exchange { caller: "agent", service, keys: &ring, scheme, request: request(&sent) };
        let mut headers = Headers::new();
        exchange.sign(200, b"", NOW_MS, |name, value| headers.push((name.into(), value.into()))).unwrap();
        exchange.verify(200, &lines(&headers), b"").unwrap().key_version
    };
    // This caller and `practices` have a pair key, but the request was signed with the client key.
    assert_eq!(answered_with(Scheme::Client, "practices"), 9);
    assert_eq!(answered_with(Scheme::Client, "meals"), 9);
    assert_eq!(answered_with(Scheme::Message, "meals"), 9);
}
