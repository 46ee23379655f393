"""Vectors for requests that require no signature. These are local health checks and requests for exempt
paths."""

ABOUT = "Requests that need no signature: GET /health from the local machine (client), and exempt paths. The peer is the address of the socket."


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
        "the local machine, on a dual-stack socket",
        True,
        peer="::ffff:127.0.0.1",
    )
    yield probe(
        "ipv6-loopback-in-full", "the same address without abbreviation", True, peer="0:0:0:0:0:0:0:1"
    )
    yield probe("with-query", "the query is not part of the path", True, target="/health?verbose=1")
    yield probe("post", "another method", False, method="POST")
    yield probe("head", "a HEAD is not a GET", False, method="HEAD")
    yield probe("lower-case-method", "methods are case-sensitive", False, method="get")
    yield probe("below", "another path", False, target="/health/deep")
    yield probe("trailing-slash", "another path", False, target="/health/")
    yield probe("other-case", "another path", False, target="/HEALTH")
    yield probe(
        "dot-segments",
        "another path as sent, even if a server normalises it",
        False,
        target="/x/../health",
    )
    yield probe("encoded", "another path on the wire", False, target="/%68ealth")
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
        yield probe(f"from-{name}", "not the local machine, or not an address", False, peer=peer)


def exempt_paths():
    listed = ["/health", "/static/*", "/open*"]

    def exempt(name, why, passes, path, paths=listed):
        return {
            "name": f"exempt-{name}",
            "why": why,
            "exempt": {"paths": paths, "path": path},
            "expect": {"passes": passes},
        }

    yield exempt("exact", "exactly the listed path", True, "/health")
    yield exempt("exact-below", "an exact path is not a prefix", False, "/health/deep")
    yield exempt("exact-longer", "an exact path is not the start of another", False, "/healthz")
    yield exempt("exact-other-case", "paths are case-sensitive", False, "/Health")
    yield exempt("prefix", "a star at the end makes a prefix", True, "/static/css/main.css")
    yield exempt("prefix-itself", "the prefix ends in a slash, so the path needs one", False, "/static")
    yield exempt(
        "prefix-without-slash", "a prefix with a star need not end at a segment", True, "/openapi.json"
    )
    yield exempt(
        "prefix-dot-segments",
        "a path that a server may interpret as another path is never exempt",
        False,
        "/static/../admin",
    )
    yield exempt("prefix-dot-segment-at-end", "the same at the end of the path", False, "/static/..")
    yield exempt("prefix-encoded-dots", "the same with an encoded character", False, "/static/%2e%2E/admin")
    yield exempt("prefix-encoded-slash", "the same with an encoded slash", False, "/static/..%2fadmin")
    yield exempt(
        "prefix-backslash",
        "the same with a backslash, which some servers treat as a slash",
        False,
        "/static/..\\admin",
    )
    yield exempt(
        "prefix-encoded-backslash", "the same with an encoded backslash", False, "/static/..%5Cadmin"
    )
    yield exempt("prefix-doubled-slash", "the same with a repeated slash", False, "/static//admin")
    yield exempt(
        "prefix-hidden-file", "a dot at the start of a segment is part of a name", True, "/static/.env"
    )
    yield exempt(
        "prefix-two-dots", "two dots at the start of a segment are not part of a name", False, "/static/..x"
    )
    for name, path in {
        "encoded-tab": "/static/%09../admin",
        "encoded-nul": "/static/a%00",
        "encoded-delete": "/static/a%7f",
        "control-character": "/static/a\t",
        "double-encoded-dot": "/static/%252e%252e/admin",
        "double-encoded-slash": "/static/..%252fadmin",
        "triple-encoded": "/static/%25252e",
        "double-encoded-control": "/static/a%250d",
        "dots-with-parameter": "/static/..;/admin",
        "incomplete-code": "/static/a%2",
    }.items():
        yield exempt(f"prefix-{name}", "a server may route it as another path", False, path)
    yield exempt("prefix-encoded-space", "an encoded space is unambiguous", True, "/static/a%20b")
    yield exempt("well-known", "a name that starts with a dot", True, "/.well-known/a", ["/.well-known/*"])
    yield exempt(
        "prefix-dot-within", "a dot within a segment has no special meaning", True, "/static/main.min.css"
    )
    yield exempt("everything", "a single star matches all paths", True, "/any/path", ["/*"])
    yield exempt("nothing-listed", "no path is exempt by default", False, "/health", [])
    yield exempt("empty-path", "no path", False, "")
