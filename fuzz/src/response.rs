//! The fuzz target for signed responses. A response must be accepted only if it was signed for its request.

use sealwire_core::Exchange;
use sealwire_core::{Header, Request, Scheme};

use crate::pipeline::RING;
use crate::wire::Wire;

const REQUEST: [Header<'static>; 1] =
    [Header { name: b"Signature", value: b"sealwire=:wMZww3E9at+ZUhZRYPWczm9Pd8DExXAMHSsNekCxbIA=:" }];

/// Verifies a response. The input has the same format as a request, except that its first number is the
/// status.
pub fn response(data: &[u8]) {
    let wire = Wire::read(data);
    let status = u16::try_from(wire.now_ms).unwrap_or(200);
    if exchange(&REQUEST).verify(status, &wire.headers, wire.body).is_ok() {
        let other = [Header { name: b"Signature", value: b"sealwire=:AAAA:" }];
        assert!(
            exchange(&other).verify(status, &wire.headers, wire.body).is_err(),
            "the response is accepted for another request"
        );
        assert!(
            exchange(&REQUEST).verify(status ^ 1, &wire.headers, wire.body).is_err(),
            "the response is accepted with another status"
        );
        let longer = [wire.body, b"."].concat();
        assert!(
            exchange(&REQUEST).verify(status, &wire.headers, &longer).is_err(),
            "the response is accepted with another body"
        );
    }
}

fn exchange<'e>(headers: &'e [Header<'e>]) -> Exchange<'e, sealwire_core::keys::KeyRing> {
    let request = Request {
        method: b"POST",
        target: b"/graphql",
        authority: b"practices.internal",
        scheme: b"https",
        headers,
    };
    Exchange { caller: "agent", service: "practices", keys: &*RING, scheme: Scheme::Message, request }
}
