"""Test vectors for policies: allowed methods and paths, authorities, and the modes of a service and its
senders."""

from . import client, message, pairwise
from .common import CLIENT_ID, OTHER_SECRET, accepted, rejected, ring
from .common import client as client_key

LONG = "a client secret of more than thirty-two bytes"
ABOUT = "Policies: allowed methods and paths, authorities, and modes. let_through means that the request is invalid, but the mode accepts it."


def cases():
    yield from allow_lists()
    yield from canonical_names()
    yield from ambiguous_paths()
    yield from authorities()
    yield from overrides()
    yield from modes()


def named(case, name, why):
    return case | {"name": f"policy-{name}", "why": why}


def of_pairwise(name, why, expect, rules, **more):
    return named(pairwise.case("", "", expect, verifier={"senders": {"agent": rules}}, **more), name, why)


def let_through(mode, reason):
    return {"let_through": {"mode": mode, "reason": reason}}


def allow_lists():
    yes, no = pairwise.yes(), pairwise.no("sender_not_allowed")
    items = {"methods": ["GET", "POST"], "path_prefixes": ["/items", "/public/"]}

    def of(name, why, expect, target, method="POST", rules=items):
        return of_pairwise(name, why, expect, rules, method=method, target=target)

    yield of("method-and-path-allowed", "the method and the path are allowed", yes, "/items/7")
    yield of("path-itself-allowed", "a prefix includes the path itself", yes, "/items")
    yield of("path-with-query-allowed", "the query is not part of the path", yes, "/items?page=2")
    yield of("prefix-with-slash", "a trailing slash in a prefix has no effect", yes, "/public/a")
    yield of("method-not-listed", "another method", no, "/items", method="DELETE")
    yield of("path-not-listed", "another path", no, "/admin")
    yield of("prefix-ends-at-a-segment", "/items does not include /itemsandmore", no, "/itemsandmore")
    yield of(
        "dot-segments",
        "dot segments are never allowed, because a server may interpret the path as another path",
        no,
        "/items/../admin",
    )
    yield of("encoded-dot-segments", "percent-encoded dot segments", no, "/items/%2e%2E/admin")
    yield of("encoded-slash", "a dot segment with a percent-encoded slash", no, "/items/..%2fadmin")
    yield of(
        "doubled-slash", "a repeated slash, which servers interpret in different ways", no, "/items//admin"
    )
    yield of("no-path-list", "an empty list allows every path", yes, "/a//b", rules={"methods": ["POST"]})
    yield of(
        "no-method-list",
        "an empty list allows every method",
        yes,
        "/items",
        method="DELETE",
        rules={"path_prefixes": ["/items"]},
    )
    listed = {"listed_senders_only": True, "senders": {"meals": {}}}
    yield named(
        pairwise.case("", "", no, verifier=listed),
        "sender-not-listed",
        "a sender that has a key but is not listed",
    )
    listed = {"listed_senders_only": True, "senders": {"agent": {}}}
    yield named(pairwise.case("", "", yes, verifier=listed), "sender-listed", "a listed sender without rules")
    other = {"senders": {"meals": {"methods": ["GET"]}}}
    yield named(
        pairwise.case("", "", yes, verifier=other),
        "rules-of-another-sender",
        "the rules of a sender do not apply to others",
    )
    rules = {"senders": {CLIENT_ID: {"path_prefixes": ["/auth"]}}}
    yield named(
        client.case("", "", client.yes(), verifier=rules),
        "client-path-allowed",
        "the rules also apply to clients",
    )
    yield named(
        client.case("", "", client.no("sender_not_allowed"), verifier=rules, target="/api"),
        "client-path-not-listed",
        "the rules also apply to clients",
    )
    rules = {"senders": {"agent": {"methods": ["GET"]}}}
    yield named(
        message.case("", "", message.no("sender_not_allowed"), verifier=rules),
        "message-method-not-listed",
        "the rules also apply to the scheme message",
    )


def canonical_names():
    """Yields test cases for rules and modes, which apply to both forms of a sender's name."""
    no, rules = pairwise.no("sender_not_allowed"), {"methods": ["GET"], "path_prefixes": ["/public"]}

    def of(name, why, expect, sender, verifier, **more):
        return named(pairwise.case("", "", expect, sender=sender, verifier=verifier, **more), name, why)

    def yes(sender):
        return accepted("pairwise", sender)

    short, long = {"senders": {"agent": rules}}, {"senders": {"agent_service": rules}}
    admin, public = {"method": "DELETE", "target": "/admin"}, {"method": "GET", "target": "/public/a"}
    yield of(
        "rules-of-long-name-sent",
        "a rule for agent applies to agent_service",
        no,
        "agent_service",
        short,
        **admin,
    )
    yield of(
        "rules-of-short-name-sent", "a rule for agent_service applies to agent", no, "agent", long, **admin
    )
    yield of(
        "rules-of-repeated-suffix",
        "a repeated suffix does not bypass a rule",
        no,
        "agent_service_service",
        short,
        **admin,
    )
    yield of(
        "rules-allow-long-name",
        "a rule for agent can allow agent_service",
        yes("agent_service"),
        "agent_service",
        short,
        **public,
    )
    yield of(
        "rules-allow-short-name",
        "a rule for agent_service can allow agent",
        yes("agent"),
        "agent",
        long,
        **public,
    )
    listed = {"listed_senders_only": True, "senders": {"agent": {}}}
    yield of(
        "listed-by-other-name",
        "a listed name also covers its other form",
        yes("agent_service"),
        "agent_service",
        listed,
    )
    wrong = {"secret": OTHER_SECRET}
    observed = {"senders": {"agent": {"mode": "observe"}}}
    seen = let_through("observe", "signature_mismatch")
    yield of(
        "mode-of-long-name-sent",
        "modes apply to both forms of a sender's name",
        seen,
        "agent_service",
        observed,
        **wrong,
    )
    observed = {"senders": {"agent_service": {"mode": "observe"}}}
    yield of(
        "mode-of-short-name-sent",
        "modes apply to both forms of a sender's name",
        seen,
        "agent",
        observed,
        **wrong,
    )
    held = {"mode": "observe", "senders": {"agent": {"mode": "enforce"}}}
    unread = [["X-Service-Name", "agent_service"]]
    yield of(
        "mode-of-unread-request",
        "modes apply to both forms of a sender's name, even if the request has no signature",
        pairwise.no("missing_headers", "x-service-timestamp"),
        "agent_service",
        held,
        change=lambda headers: unread,
    )
    yield named(
        message.case(
            "", "", message.no("sender_not_allowed"), keyid="agent_service/practices#1", verifier=short
        ),
        "message-rules-of-long-name-sent",
        "a key id can contain either form of the name",
    )
    rules = {"senders": {"billing": {"methods": ["GET"]}}}
    yield named(
        client.case(
            "",
            "",
            client.no("sender_not_allowed"),
            client_id="billing_service",
            keys=ring(clients=[client_key("billing_service")], allow_weak=True),
            verifier=rules,
        ),
        "client-rules-of-long-name-sent",
        "client ids also have canonical names",
    )


def ambiguous_paths():
    """Yields test cases with paths that match no prefix because servers may interpret them as other paths,
    and with similar paths that match."""
    rules = {"path_prefixes": ["/public"]}
    for name, target in {
        "encoded-tab": "/public/%09../admin",
        "encoded-tab-alone": "/public/%09x",
        "encoded-nul": "/public/a%00",
        "encoded-delete": "/public/a%7F",
        "encoded-line-feed": "/public/a%0a",
        "double-encoded-dot": "/public/%252e%252e/admin",
        "double-encoded-slash": "/public/..%252Fadmin",
        "double-encoded-backslash": "/public/a%255cb",
        "double-encoded-dot-with-encoded-digits": "/public/%25%32%65%25%32%65/admin",
        "double-encoded-backslash-with-encoded-digits": "/public/a%25%35%63b",
        "triple-encoded": "/public/%25252e",
        "double-encoded-control": "/public/a%2509",
        "encoded-backslash": "/public/..%5Cadmin",
        "backslash": "/public/..\\admin",
        "one-dot": "/public/./admin",
        "dots-with-parameter": "/public/..;a=b/admin",
        "ends-in-dots": "/public/..",
        "half-a-code": "/public/a%2",
        "no-code": "/public/a%zz",
        "percent-before-code": "/public/%%32%65%2e/admin",
        "leading-slashes": "//public/a",
    }.items():
        yield of_pairwise(
            f"path-{name}",
            "a server may interpret the path as another path",
            pairwise.no("sender_not_allowed"),
            rules,
            method="GET",
            target=target,
        )
    for name, target in {
        "hidden-file": "/public/.env",
        "dots-within": "/public/a..b/c.d",
        "encoded-space": "/public/a%20b",
        "encoded-percent": "/public/100%25",
        "encoded-percent-and-letters": "/public/100%25%41%42",
        "encoded-letter": "/public/%C3%A9",
        "parameter": "/public/a;v=1",
        "query-with-anything": "/public/a?b=../%2e%2e//%00",
    }.items():
        yield of_pairwise(
            f"path-{name}", "the path is unambiguous", pairwise.yes(), rules, method="GET", target=target
        )


def authorities():
    """Yields test cases for the authorities of a service. Only the scheme `message` signs the authority."""
    no, yes = message.no("authority_not_served", "@authority"), message.yes()
    hosts = {"authorities": ["practices.internal", "https://api.test:8443"]}

    def of(name, why, expect, verifier=hosts, **more):
        return named(message.case("", "", expect, verifier=verifier, **more), f"authority-{name}", why)

    yield of("listed", "a listed host", yes)
    yield of("other-case", "hosts are compared without regard to case", yes, authority="Practices.INTERNAL")
    yield of(
        "default-port",
        "the default port of the scheme is ignored",
        yes,
        authority="practices.internal:443",
    )
    yield of(
        "other-port",
        "a different port makes the authority different",
        no,
        authority="practices.internal:8443",
    )
    yield of(
        "other-default-port",
        "the default port of another scheme is not ignored",
        no,
        authority="practices.internal:80",
    )
    yield of("with-port", "a listed port", yes, authority="API.test:8443")
    yield of("without-listed-port", "a listed port must be in the request", no, authority="api.test")
    yield of("other-host", "a request for another host", no, authority="evil.test")
    yield of(
        "longer-host", "a host that only ends with the listed host", no, authority="evil.practices.internal"
    )
    yield of(
        "suffix-host",
        "a host that only starts with the listed host",
        no,
        authority="practices.internal.evil.test",
    )
    yield of("root-dot", "a host with a trailing dot", no, authority="practices.internal.")
    yield of(
        "listed-port-is-default",
        "a default port in the list is also ignored",
        yes,
        {"authorities": ["https://practices.internal:443"]},
    )
    yield of("other-scheme", "a listed scheme must match", no, authority="api.test:8443", url_scheme="http")
    yield of("any", "the value any accepts all hosts", yes, {"authorities": ["any"]}, authority="evil.test")
    yield of(
        "unset",
        "a pair's key identifies the receiver, so no authorities are required",
        yes,
        {},
        authority="evil.test",
    )
    yield of(
        "unknown-sender-first",
        "an unknown sender is reported first",
        message.no("unknown_client"),
        authority="evil.test",
        keyid="stranger/practices#1",
    )
    behind = {"authorities": ["https://practices.internal"], "url_scheme": "https"}
    covered = ["@method", "@authority", "@path", "@query", "@scheme", "content-digest"]
    yield of(
        "scheme-behind-proxy",
        "a proxy terminates TLS, and the setting url_scheme is https",
        yes,
        behind,
        sent={"scheme": "http"},
        components=covered,
    )
    yield of(
        "scheme-as-reported",
        "without the setting url_scheme, the scheme of the connection is used",
        message.no("signature_mismatch"),
        {"authorities": ["practices.internal"]},
        sent={"scheme": "http"},
        components=covered,
    )
    by_client = ring(clients=[client_key(CLIENT_ID, LONG)])
    signed = {"keys": by_client, "keyid": f"{CLIENT_ID}#1", "secret_bytes": LONG.encode()}
    yield of(
        "client-key-listed",
        "a client key does not identify the receiver, so the host must be listed",
        message.yes(sender=CLIENT_ID),
        **signed,
    )
    yield of(
        "client-key-other-host",
        "a client key does not identify the receiver, so other hosts are rejected",
        no,
        authority="evil.test",
        **signed,
    )
    elsewhere = {"authorities": ["other.test"]}
    yield named(
        pairwise.case("", "", pairwise.yes(), verifier=elsewhere),
        "authority-pairwise",
        "pairwise does not sign the host",
    )
    yield named(
        client.case("", "", client.yes(), verifier=elsewhere),
        "authority-client",
        "client does not sign the host",
    )


def overrides():
    """Yields requests with headers that could override the method or path after the verification."""
    restricted = {"senders": {"agent": {"methods": ["POST"]}}}
    for header, value in {
        "X-HTTP-Method-Override": "DELETE",
        "X-HTTP-Method": "DELETE",
        "X-Method-Override": "DELETE",
        "X-Original-URL": "/admin",
        "X-Rewrite-URL": "/admin",
    }.items():
        name, line = header.lower(), [header, value]

        def added(headers, line=line):
            return [*headers, line]

        yield named(
            message.case("", "", message.no("missing_coverage", name), change=added),
            f"override-message-{name}",
            "an override header that was added after signing must be covered",
        )
        yield named(
            message.case("", "", message.yes(), fields=[line], verifier=restricted),
            f"override-message-signed-{name}",
            "the sender signed the override header, so it is accepted",
        )
        yield named(
            pairwise.case("", "", pairwise.no("sender_not_allowed", name), change=added, verifier=restricted),
            f"override-pairwise-{name}",
            "pairwise cannot sign the override header, so a restricted sender must not send it",
        )
        yield named(
            pairwise.case("", "", pairwise.yes(), change=added),
            f"override-pairwise-unrestricted-{name}",
            "a sender without rules is not restricted, so the override header is accepted",
        )
    rules = {"senders": {CLIENT_ID: {"path_prefixes": ["/auth"]}}}
    yield named(
        client.case(
            "",
            "",
            client.no("sender_not_allowed", "x-original-url"),
            change=lambda headers: [*headers, ["x-original-url", "/admin"]],
            verifier=rules,
        ),
        "override-client",
        "client cannot sign the override header, so a restricted sender must not send it",
    )


def modes():
    wrong = {"secret": OTHER_SECRET}
    observe, off = {"mode": "observe"}, {"mode": "off"}
    mismatch = pairwise.no("signature_mismatch")

    def of(name, why, expect, verifier, **more):
        return named(pairwise.case("", "", expect, verifier=verifier, **more), name, why)

    yield of("enforce", "the default mode", mismatch, {"mode": "enforce"}, **wrong)
    yield of(
        "observe",
        "accepted without an identity, counted and logged",
        let_through("observe", "signature_mismatch"),
        observe,
        **wrong,
    )
    yield of("off", "accepted without verification", let_through("off", "signature_mismatch"), off, **wrong)
    yield of(
        "observe-accepts", "a valid request also has an identity in observe mode", pairwise.yes(), observe
    )
    unsigned = {"change": lambda headers: []}
    yield of(
        "observe-unsigned",
        "a request without a signature is also accepted",
        let_through("observe", "missing_headers"),
        observe,
        **unsigned,
    )
    one = {"senders": {"agent": {"mode": "observe"}}}
    yield of(
        "sender-observed",
        "a sender in observe mode, at a service in enforce mode",
        let_through("observe", "signature_mismatch"),
        one,
        **wrong,
    )
    yield of(
        "other-sender-enforced",
        "other senders have the mode of the service",
        pairwise.no("unknown_client"),
        one,
        sender="stranger",
    )
    one = {"mode": "observe", "senders": {"agent": {"mode": "enforce"}}}
    yield of(
        "sender-enforced", "a sender in enforce mode, at a service in observe mode", mismatch, one, **wrong
    )
    yield of(
        "unsigned-has-no-sender",
        "a request without a sender has the mode of the service",
        let_through("observe", "missing_headers"),
        one,
        **unsigned,
    )
    one = {"senders": {CLIENT_ID: {"mode": "observe"}}}
    stale = client.case(
        "",
        "",
        let_through("observe", "stale_timestamp"),
        verifier=one,
        now_ms=client.NOW_MS + client.SKEW_MS + 1,
    )
    yield named(stale, "client-observed", "clients can also have modes")
    many = client.case(
        "",
        "",
        let_through("observe", "body_too_large"),
        verifier={"mode": "observe", "max_body_bytes": 1},
        sent={"body": "22"},
    )
    yield named(many, "observe-body-over-cap", "the body limit also applies in observe mode")
    message_rules = {"senders": {"agent": {"mode": "observe"}}}
    missing = message.case(
        "",
        "",
        let_through("observe", "signature_mismatch"),
        verifier=message_rules,
        secret=OTHER_SECRET,
    )
    yield named(missing, "message-sender-observed", "in the scheme message, the key id contains the sender")
    yield named(
        message.case(
            "",
            "",
            rejected("message", "missing_headers", "signature-input"),
            change=lambda headers: [],
            body=None,
        ),
        "message-unsigned-enforced",
        "an unsigned request is rejected in the default mode",
    )
