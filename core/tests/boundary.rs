//! What is judged is what is executed, and a rejection reveals nothing to a caller without a key.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use sealwire_core::keys::{KeyName, KeyRing, KeyRingBuilder, Strength, Version};
use sealwire_core::replay::HeapTable;
use sealwire_core::{
    Authorities, Coverage, Header, Policy, Reason, Rejection, Request, Route, Scheme, SenderPolicy, Signer,
    Signing, Text, Verifier,
};

const NOW_MS: u64 = 1_712_419_200_000;

type Headers = Vec<(String, String)>;

fn ring() -> KeyRing {
    let mut builder = KeyRingBuilder::new(Strength::Required);
    let version = Version { number: 1, secret: b"an example secret of 32 bytes ok" };
    builder.add(KeyName::Pair("agent", "practices"), &[version], 1).unwrap();
    builder.add(KeyName::Client("billing"), &[version], 1).unwrap();
    builder.build()
}

fn policy(scheme: Scheme) -> Policy {
    Policy { schemes: [Some(scheme), None, None], ..Policy::new(Text::new("practices").unwrap()) }
}

fn request<'a>(target: &'a str, headers: &'a [Header<'a>]) -> Request<'a> {
    Request { method: b"POST", target: target.as_bytes(), authority: b"a.test", scheme: b"https", headers }
}

fn sign(scheme: Scheme, name: &str, target: &str) -> Headers {
    let (keys, mut headers) = (ring(), Headers::new());
    let signer =
        Signer { name, keys: &keys, schemes: [Some(scheme), None, None], coverage: Coverage::default() };
    let receiver = if name == "agent" { "practices" } else { "" };
    let signing = Signing { receiver, body: b"{}", user_id: None, nonce: "n-1", now_ms: NOW_MS };
    signer
        .sign(&request(target, &[]), &signing, |name, value| headers.push((name.into(), value.into())))
        .unwrap();
    headers
}

fn lines(headers: &Headers) -> Vec<Header<'_>> {
    headers.iter().map(|(name, value)| Header::new(name, value)).collect()
}

#[test]
fn a_root_path_counts_only_if_the_policy_names_it() {
    let mounted = Policy { root_path: Text::new("/public").unwrap(), ..policy(Scheme::Message) };
    let whole = policy(Scheme::Message);
    assert_eq!(whole.route(b"/admin", b""), Route::Path(b"/admin"));
    assert_eq!(whole.route(b"/public/admin", b"/public"), Route::UnknownRoot, "claimed in a header");
    assert_eq!(whole.route(b"/admin", b"/"), Route::Path(b"/admin"), "a slash alone is no root path");
    assert_eq!(mounted.route(b"/public/admin", b"/public"), Route::Path(b"/admin"));
    assert_eq!(mounted.route(b"/public/admin", b"/public/"), Route::Path(b"/admin"));
    assert_eq!(mounted.route(b"/public", b"/public"), Route::Path(b"/"));
    assert_eq!(
        mounted.route(b"/publicity", b"/public"),
        Route::Path(b"/publicity"),
        "a segment is a whole one"
    );
    assert_eq!(mounted.route(b"/admin", b"/public"), Route::Path(b"/admin"), "a server that left it out");
    assert_eq!(mounted.route(b"/public/admin", b""), Route::UnknownRoot);
    assert_eq!(mounted.route(b"/public/admin", b"/other"), Route::UnknownRoot);
}

#[test]
fn below_an_unknown_root_nothing_is_exempt_and_path_rules_reject() {
    let exempt_paths = vec![Text::new("/public/*").unwrap()];
    let sender = |methods: &[&str], prefixes: &[&str]| SenderPolicy {
        name: Text::new("agent").unwrap(),
        methods: methods.iter().map(|method| Text::new(method).unwrap()).collect(),
        path_prefixes: prefixes.iter().map(|prefix| Text::new(prefix).unwrap()).collect(),
    };
    let by_path =
        Policy { exempt_paths, senders: vec![sender(&[], &["/public"])], ..policy(Scheme::Pairwise) };
    assert!(by_path.exempts(Route::Path(b"/public/a")) && by_path.exempts(Route::Path(b"/public/a?b=//")));
    assert!(!by_path.exempts(Route::UnknownRoot));
    let override_line = [Header::new("X-Original-URL", "/admin")];
    assert!(by_path.exempts_request(&request("/public/a", &[]), Route::Path(b"/public/a")));
    assert!(!by_path.exempts_request(&request("/public/a", &override_line), Route::Path(b"/public/a")));
    let (keys, headers) = (ring(), sign(Scheme::Pairwise, "agent", "/public/a"));
    let headers = lines(&headers);
    let routed = |policy: &Policy, route| {
        let verifier = Verifier { policy, keys: &keys };
        let seen = verifier.verify_routed(&request("/public/a", &headers), route, b"{}", None, NOW_MS);
        seen.map(|_| ()).map_err(|rejected| rejected.reason)
    };
    assert_eq!(routed(&by_path, Route::Path(b"/public/a")), Ok(()));
    assert_eq!(
        routed(&by_path, Route::Path(b"/a")),
        Err(Reason::SenderNotAllowed),
        "what is routed is judged"
    );
    assert_eq!(routed(&by_path, Route::UnknownRoot), Err(Reason::SenderNotAllowed));
    let by_method = Policy { senders: vec![sender(&["POST"], &[])], ..policy(Scheme::Pairwise) };
    assert_eq!(routed(&by_method, Route::UnknownRoot), Ok(()), "no rule depends on the path");
}

#[test]
fn a_client_key_under_message_needs_authorities() {
    let (keys, headers) = (ring(), sign(Scheme::Message, "billing", "/a"));
    let seen = |authorities| {
        let policy = Policy { authorities, ..policy(Scheme::Message) };
        let verifier = Verifier { policy: &policy, keys: &keys };
        verifier
            .verify(&request("/a", &lines(&headers)), b"{}", None, NOW_MS)
            .map(|_| ())
            .map_err(|it| it.reason)
    };
    assert_eq!(seen(Authorities::Unset), Err(Reason::AuthorityNotServed));
    assert_eq!(seen(Authorities::Any), Ok(()));
}

/// The rejection of a request in one call and in pieces, which must agree.
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
fn a_rejection_says_whether_the_mac_was_valid() {
    for scheme in [Scheme::Message, Scheme::Pairwise] {
        let good = sign(scheme, "agent", "/a");
        let forged: Headers = sign(scheme, "agent", "/other");
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
    let good = sign(Scheme::Message, "agent", "/a");
    let changed = rejection(Scheme::Message, &good, "/a", b"[]", 1);
    assert_eq!((changed.reason, changed.mac_was_valid), (Reason::BodyDigestMismatch, true));
}
