//! Tests of modes, exemptions and path rules.

use sealwire_core::{
    Header, Mode, Modes, Policy, Reason, Request, Route, Scheme, SenderPolicy, Text, Verifier,
};

use crate::common::{NOW_MS, SIGNING, lines, policy, ring, sign, signer};

#[test]
fn observe_only_changes_enforce_to_observe_and_keeps_off() {
    let name = |text| Text::new(text).unwrap();
    let senders = vec![(name("a"), Mode::Enforce), (name("b"), Mode::Off), (name("c"), Mode::Observe)];
    let mut modes = Modes { service: Mode::Enforce, senders };
    modes.observe_only();
    let after = ["", "a", "b", "c"].map(|sender| modes.of(sender));
    assert_eq!(after, [Mode::Observe, Mode::Observe, Mode::Off, Mode::Observe]);
}

fn request<'a>(target: &'a str, headers: &'a [Header<'a>]) -> Request<'a> {
    Request { target: target.as_bytes(), ..crate::common::request(headers) }
}

#[test]
fn a_root_path_is_used_only_if_it_equals_that_of_the_policy() {
    let mounted = Policy { root_path: Text::new("/public").unwrap(), ..policy(Scheme::Message) };
    let whole = policy(Scheme::Message);
    assert_eq!(whole.route(b"/admin", b""), Route::Path(b"/admin"));
    assert_eq!(
        whole.route(b"/public/admin", b"/public"),
        Route::UnknownRoot,
        "the root path of a server can come from a header"
    );
    assert_eq!(whole.route(b"/admin", b"/"), Route::Path(b"/admin"), "a single slash is not a root path");
    assert_eq!(mounted.route(b"/public/admin", b"/public"), Route::Path(b"/admin"));
    assert_eq!(mounted.route(b"/public/admin", b"/public/"), Route::Path(b"/admin"));
    assert_eq!(mounted.route(b"/public", b"/public"), Route::Path(b"/"));
    assert_eq!(
        mounted.route(b"/publicity", b"/public"),
        Route::Path(b"/publicity"),
        "only complete segments are removed"
    );
    assert_eq!(
        mounted.route(b"/admin", b"/public"),
        Route::Path(b"/admin"),
        "the path does not include the root path"
    );
    assert_eq!(mounted.route(b"/public/admin", b""), Route::UnknownRoot);
    assert_eq!(mounted.route(b"/public/admin", b"/other"), Route::UnknownRoot);
}

#[test]
fn below_an_unknown_root_no_path_is_exempt_and_path_rules_reject() {
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
    let keys = ring();
    let headers =
        sign(&signer("agent", &keys, Scheme::Pairwise), &request("/public/a", &[]), &SIGNING).unwrap();
    let headers = lines(&headers);
    let routed = |policy: &Policy, route| {
        let verifier = Verifier { policy, keys: &keys };
        let seen = verifier.verify_routed(&request("/public/a", &headers), route, b"", None, NOW_MS);
        seen.map(|_| ()).map_err(|rejected| rejected.reason)
    };
    assert_eq!(routed(&by_path, Route::Path(b"/public/a")), Ok(()));
    assert_eq!(
        routed(&by_path, Route::Path(b"/a")),
        Err(Reason::SenderNotAllowed),
        "the routed path is checked"
    );
    assert_eq!(routed(&by_path, Route::UnknownRoot), Err(Reason::SenderNotAllowed));
    let by_method = Policy { senders: vec![sender(&["POST"], &[])], ..policy(Scheme::Pairwise) };
    assert_eq!(routed(&by_method, Route::UnknownRoot), Ok(()), "no rule depends on the path");
}
