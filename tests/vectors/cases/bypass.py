"""Test vectors for requests that require no signature: local health checks and requests for exempt paths."""

ABOUT = "Requests that need no signature: GET /health from the local machine (client), and exempt paths. The peer is the peer address of the socket."


def cases():
    yield from probes()
    yield from exempt_paths()


def probes():
    def probe(name, why, passes, method="GET", target="/health", peer="127.0.0.1"):
        asked = {"method": method, "target": target, "peer": peer}
        return {"name": f"probe-{name}", "why": why, "probe": asked, "expect": {"passes": passes}}

    yield probe("ipv4-loopback", "the local machine", True)
    yield probe("ipv6-loopback", "the local machine", True, peer="::1")
    yield probe(
        "ipv4-in-ipv6-loopback",
        "the local machine, connected to a dual-stack socket",
        True,
        peer="::ffff:127.0.0.1",
    )
    yield probe(
        "ipv6-loopback-in-full",
        "the IPv6 loopback address without abbreviation",
        True,
        peer="0:0:0:0:0:0:0:1",
    )
    yield probe("with-query", "the query is not part of the path", True, target="/health?verbose=1")
    yield probe("post", "another method", False, method="POST")
    yield probe("head", "HEAD is not GET", False, method="HEAD")
    yield probe("lower-case-method", "methods are case-sensitive", False, method="get")
    yield probe("below", "another path", False, target="/health/deep")
    yield probe("trailing-slash", "another path", False, target="/health/")
    yield probe("other-case", "another path", False, target="/HEALTH")
    yield probe(
        "dot-segments",
        "a different path, even if a server normalises it to /health",
        False,
        target="/x/../health",
    )
    yield probe(
        "encoded", "a different path, even if a server decodes it to /health", False, target="/%68ealth"
    )
    yield probe("empty-target", "no path", False, target="")
    for name, peer in {
        "private-network": "10.0.0.7",
        "other-127": "127.0.0.2",
        "any-address": "::",
        "ipv6-other": "2001:db8::1",
        "ipv4-in-ipv6-other": "::ffff:10.0.0.7",
        "ipv4-compatible": "::127.0.0.1",
        "name": "localhost",
        "with-port": "127.0.0.1:4711",
        "with-space": " 127.0.0.1",
        "short-form": "127.1",
        "octal": "0177.0.0.1",
        "list": "127.0.0.1, 10.0.0.7",
        "empty": "",
    }.items():
        yield probe(f"from-{name}", "not an address of the local machine", False, peer=peer)


def exempt_paths():
    listed = ["/health", "/static/*", "/open*"]

    def exempt(name, why, passes, path, paths=listed):
        return {
            "name": f"exempt-{name}",
            "why": why,
            "exempt": {"paths": paths, "path": path},
            "expect": {"passes": passes},
        }

    yield exempt("exact", "the path equals an exempt path", True, "/health")
    yield exempt("exact-below", "an exempt path without a star is not a prefix", False, "/health/deep")
    yield exempt(
        "exact-longer", "an exempt path without a star does not match longer names", False, "/healthz"
    )
    yield exempt("exact-other-case", "paths are case-sensitive", False, "/Health")
    yield exempt("prefix", "an exempt path with a star at the end is a prefix", True, "/static/css/main.css")
    yield exempt(
        "prefix-itself",
        "the prefix ends with a slash, so it does not match a path without this slash",
        False,
        "/static",
    )
    yield exempt("prefix-without-slash", "a prefix can end within a segment", True, "/openapi.json")
    yield exempt(
        "prefix-dot-segments",
        "dot segments are never exempt, because a server may interpret the path as another path",
        False,
        "/static/../admin",
    )
    yield exempt("prefix-dot-segment-at-end", "a dot segment at the end of the path", False, "/static/..")
    yield exempt("prefix-encoded-dots", "percent-encoded dot segments", False, "/static/%2e%2E/admin")
    yield exempt(
        "prefix-encoded-slash", "a dot segment with a percent-encoded slash", False, "/static/..%2fadmin"
    )
    yield exempt(
        "prefix-backslash",
        "a dot segment with a backslash, which some servers treat as a slash",
        False,
        "/static/..\\admin",
    )
    yield exempt(
        "prefix-encoded-backslash",
        "a dot segment with a percent-encoded backslash",
        False,
        "/static/..%5Cadmin",
    )
    yield exempt(
        "prefix-doubled-slash",
        "a repeated slash, which servers interpret in different ways",
        False,
        "/static//admin",
    )
    yield exempt(
        "prefix-hidden-file", "a segment that starts with one dot is an ordinary name", True, "/static/.env"
    )
    yield exempt(
        "prefix-two-dots",
        "some servers ignore the rest of a segment that starts with two dots",
        False,
        "/static/..x",
    )
    for name, path in {
        "encoded-tab": "/static/%09../admin",
        "encoded-nul": "/static/a%00",
        "encoded-delete": "/static/a%7f",
        "control-character": "/static/a\t",
        "double-encoded-dot": "/static/%252e%252e/admin",
        "double-encoded-slash": "/static/..%252fadmin",
        "double-encoded-dot-with-encoded-digits": "/static/%25%32%65%25%32%65/admin",
        "double-encoded-dot-with-one-encoded-digit": "/static/%25%32e%252%65/admin",
        "double-encoded-slash-with-encoded-digits": "/static/..%25%32%66admin",
        "triple-encoded": "/static/%25252e",
        "triple-encoded-with-encoded-digits": "/static/%25%32%35%32%65",
        "double-encoded-control": "/static/a%250d",
        "dots-with-parameter": "/static/..;/admin",
        "incomplete-code": "/static/a%2",
    }.items():
        yield exempt(f"prefix-{name}", "a server may interpret the path as another path", False, path)
    yield exempt("prefix-encoded-space", "an encoded space is unambiguous", True, "/static/a%20b")
    yield exempt(
        "well-known",
        "an exempt path with a segment that starts with one dot",
        True,
        "/.well-known/a",
        ["/.well-known/*"],
    )
    yield exempt(
        "prefix-dot-within", "a dot within a segment has no special meaning", True, "/static/main.min.css"
    )
    yield exempt("everything", "the exempt path /* matches every unambiguous path", True, "/any/path", ["/*"])
    yield exempt("nothing-listed", "no path is exempt by default", False, "/health", [])
    yield exempt("empty-path", "no path", False, "")
