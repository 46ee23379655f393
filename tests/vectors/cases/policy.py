"""Vectors for policies: allowed methods and paths, authorities, and the modes of a service and of senders."""

from . import client, message, pairwise
from .common import CLIENT_ID, OTHER_SECRET, accepted, rejected, ring
from .common import client as client_key

LONG = "a client secret of more than thirty-two bytes"
ABOUT = "Policies: allowed methods and paths, and the effect of a rejection. let_through means that the request is rejected but accepted because of the mode."


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
    yield of("prefix-with-slash", "a trailing slash of a prefix has no effect", yes, "/public/a")
    yield of("method-not-listed", "another method", no, "/items", method="DELETE")
    yield of("path-not-listed", "another path", no, "/admin")
    yield of("prefix-ends-at-a-segment", "/items does not include /itemsandmore", no, "/itemsandmore")
    yield of(
        "dot-segments",
        "a path that a server may interpret as another path is never exempt",
        no,
        "/items/../admin",
    )
    yield of("encoded-dot-segments", "the same with encoding", no, "/items/%2e%2E/admin")
    yield of("encoded-slash", "the same with an encoded slash", no, "/items/..%2fadmin")
    yield of("doubled-slash", "the same with a repeated slash", no, "/items//admin")
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
        "a sender with a key that is not in the list of senders",
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
        "the rules also apply to senders of messages",
    )


def canonical_names():
    """Returns cases in which the rules and modes of a sender apply to both forms of its name."""
    no, rules = pairwise.no("sender_not_allowed"), {"methods": ["GET"], "path_prefixes": ["/public"]}

    def of(name, why, expect, sender, verifier, **more):
        return named(pairwise.case("", "", expect, sender=sender, verifier=verifier, **more), name, why)

    def yes(sender):
        return accepted("pairwise", sender)

    short, long = {"senders": {"agent": rules}}, {"senders": {"agent_service": rules}}
    admin, public = {"method": "DELETE", "target": "/admin"}, {"method": "GET", "target": "/public/a"}
    yield of("rules-of-long-name-sent", "the rule is for agent", no, "agent_service", short, **admin)
    yield of("rules-of-short-name-sent", "the rule is for agent_service", no, "agent", long, **admin)
    yield of(
        "rules-of-repeated-suffix",
        "a suffix does not avoid a rule",
        no,
        "agent_service_service",
        short,
        **admin,
    )
    yield of(
        "rules-allow-long-name",
        "a missing suffix does not avoid a rule",
        yes("agent_service"),
        "agent_service",
        short,
        **public,
    )
    yield of(
        "rules-allow-short-name",
        "the same for the other form of the name",
        yes("agent"),
        "agent",
        long,
        **public,
    )
    listed = {"listed_senders_only": True, "senders": {"agent": {}}}
    yield of(
        "listed-by-other-name",
        "a sender is listed in both forms of its name",
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
        "also if the request is rejected before its signature is read",
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
        "client ids have canonical names too",
    )


def ambiguous_paths():
    """Returns paths that match no prefix, because servers may interpret them as other paths."""
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
            "a server may route it as another path",
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
        "encoded-letter": "/public/%C3%A9",
        "parameter": "/public/a;v=1",
        "query-with-anything": "/public/a?b=../%2e%2e//%00",
    }.items():
        yield of_pairwise(
            f"path-{name}", "the path is unambiguous", pairwise.yes(), rules, method="GET", target=target
        )


def authorities():
    """Returns cases for the authorities of a service. Only the scheme `message` signs the authority."""
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
    yield of("other-port", "another port is another authority", no, authority="practices.internal:8443")
    yield of(
        "other-default-port",
        "the default port of another scheme is not ignored",
        no,
        authority="practices.internal:80",
    )
    yield of("with-port", "a port that is listed", yes, authority="API.test:8443")
    yield of("without-listed-port", "a listed port is required", no, authority="api.test")
    yield of("other-host", "a request for another host", no, authority="evil.test")
    yield of(
        "longer-host", "the listed host is only the end of the name", no, authority="evil.practices.internal"
    )
    yield of(
        "suffix-host",
        "the listed host is only the start of the name",
        no,
        authority="practices.internal.evil.test",
    )
    yield of("root-dot", "a name with a trailing dot", no, authority="practices.internal.")
    yield of(
        "listed-port-is-default",
        "a default port in the list is ignored, too",
        yes,
        {"authorities": ["https://practices.internal:443"]},
    )
    yield of("other-scheme", "a listed scheme is compared", no, authority="api.test:8443", url_scheme="http")
    yield of("any", "with any, all hosts are accepted", yes, {"authorities": ["any"]}, authority="evil.test")
    yield of(
        "unset",
        "the key of a pair identifies the receiver, so no authorities are required",
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
        "a proxy terminates TLS, as configured",
        yes,
        behind,
        sent={"scheme": "http"},
        components=covered,
    )
    yield of(
        "scheme-as-reported",
        "without the setting, the scheme of the connection is used",
        message.no("signature_mismatch"),
        {"authorities": ["practices.internal"]},
        sent={"scheme": "http"},
        components=covered,
    )
    by_client = ring(clients=[client_key(CLIENT_ID, LONG)])
    signed = {"keys": by_client, "keyid": f"{CLIENT_ID}#1", "secret_bytes": LONG.encode()}
    yield of(
        "client-key-listed",
        "a client key does not identify a receiver",
        message.yes(sender=CLIENT_ID),
        **signed,
    )
    yield of("client-key-other-host", "so the host is compared", no, authority="evil.test", **signed)
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
    """Returns requests with headers that could replace the method or path after the verification."""
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
            "this scheme cannot sign headers, and the sender is restricted",
        )
        yield named(
            pairwise.case("", "", pairwise.yes(), change=added),
            f"override-pairwise-unrestricted-{name}",
            "a sender without rules is not restricted, so the header is accepted",
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
        "client cannot sign headers either",
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
        "observe-accepts", "a valid request has an identity in observe mode, too", pairwise.yes(), observe
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
        "a sender in observe mode, while the service enforces",
        let_through("observe", "signature_mismatch"),
        one,
        **wrong,
    )
    yield of(
        "other-sender-enforced",
        "all other senders are rejected",
        pairwise.no("unknown_client"),
        one,
        sender="stranger",
    )
    one = {"mode": "observe", "senders": {"agent": {"mode": "enforce"}}}
    yield of(
        "sender-enforced", "a sender in enforce mode, while the service observes", mismatch, one, **wrong
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
    yield named(stale, "client-observed", "clients can have modes, too")
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
    yield named(missing, "message-sender-observed", "the sender of a message is in its key id")
    yield named(
        message.case(
            "",
            "",
            rejected("message", "missing_headers", "signature-input"),
            change=lambda headers: [],
            body=None,
        ),
        "message-unsigned-enforced",
        "a message without a sender is rejected",
    )
