"""Test vectors for the signature bases in RFC 9421, and for components that cannot be signed."""

from reference import message as scheme
from reference.wire import hmac_sha256

DIGEST_512 = (
    "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:"
)
RESPONSE_DIGEST_512 = (
    "sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX69wWdXymyU0rjJuahq4l5aGgfLQ==:"
)
SHARED_SECRET = "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ=="
DATE = "Tue, 20 Apr 2021 02:07:55 GMT"

REQUEST = {
    "method": "POST",
    "scheme": "https",
    "authority": "example.com",
    "target": "/foo?param=Value&Pet=dog",
    "headers": [
        ["Host", "example.com"],
        ["Date", DATE],
        ["Content-Type", "application/json"],
        ["Content-Digest", DIGEST_512],
        ["Content-Length", "18"],
    ],
}
RESPONSE = {
    "status": 200,
    "headers": [
        ["Date", "Tue, 20 Apr 2021 02:07:56 GMT"],
        ["Content-Type", "application/json"],
        ["Content-Digest", RESPONSE_DIGEST_512],
        ["Content-Length", "23"],
    ],
}
TRANSFORMED = {
    "method": "GET",
    "scheme": "https",
    "authority": "example.org",
    "target": "/demo?name1=Value1&Name2=value2",
    "headers": [
        ["Host", "example.org"],
        ["Date", "Fri, 15 Jul 2022 14:24:55 GMT"],
        ["Accept", "application/json"],
        ["Accept", "*/*"],
    ],
}
CREATED = ";created=1618884473"
PSS, P256 = f'{CREATED};keyid="test-key-rsa-pss"', f'{CREATED};keyid="test-key-ecc-p256"'
NONCE = f'{PSS};nonce="b3k2pp5k7z-50gnwp.yemd"'
SHARED, ED25519 = f'{CREATED};keyid="test-shared-secret"', f'{CREATED};keyid="test-key-ed25519"'

# For each example: the label, the section, the message, the covered components, the parameters, and the
# component values that the RFC shows.
PRINTED = [
    ("sig-b21", "B.2.1", REQUEST, "", NONCE, []),
    (
        "sig-b22",
        "B.2.2",
        REQUEST,
        '"@authority" "content-digest" "@query-param";name="Pet"',
        f'{PSS};tag="header-example"',
        ["example.com", DIGEST_512, "dog"],
    ),
    (
        "sig-b23",
        "B.2.3",
        REQUEST,
        '"date" "@method" "@path" "@query" "@authority" "content-type" "content-digest" "content-length"',
        PSS,
        [DATE, "POST", "/foo", "?param=Value&Pet=dog", "example.com", "application/json", DIGEST_512, "18"],
    ),
    (
        "sig-b24",
        "B.2.4",
        RESPONSE,
        '"@status" "content-type" "content-digest" "content-length"',
        P256,
        ["200", "application/json", RESPONSE_DIGEST_512, "23"],
    ),
    (
        "sig-b25",
        "B.2.5",
        REQUEST,
        '"date" "@authority" "content-type"',
        SHARED,
        [DATE, "example.com", "application/json"],
    ),
    (
        "sig-b26",
        "B.2.6",
        REQUEST,
        '"date" "@method" "@path" "@authority" "content-type" "content-length"',
        ED25519,
        [DATE, "POST", "/foo", "example.com", "application/json", "18"],
    ),
    (
        "transform",
        "B.4",
        TRANSFORMED,
        '"@method" "@path" "@authority" "accept"',
        ED25519,
        ["GET", "/demo", "example.org", "application/json, */*"],
    ),
]


def cases():
    for label, section, message, components, parameters, values in PRINTED:
        made = base(
            f"rfc9421-{section.lower()}",
            f"RFC 9421 appendix {section}",
            message,
            components,
            parameters,
            label,
        )
        identifiers = components.split(" ") if components else []
        printed = [f"{identifier}: {value}" for identifier, value in zip(identifiers, values, strict=True)]
        printed.append(f'"@signature-params": ({components}){parameters}')
        assert bytes.fromhex(made["canonical_hex"]) == "\n".join(printed).encode(), section
        if label == "sig-b25":
            made |= mac(made)
        yield made
    yield from transformations()
    yield from of_section_2()
    yield from refused()


def base(name, why, message, components, parameters=CREATED, label="sig1"):
    identifiers = components.split(" ") if components else []
    signed = scheme.base(message, identifiers, parameters)
    return {
        "name": f"base-{name}",
        "why": why,
        "message": message,
        "label": label,
        "signature_input": f"{label}=({components}){parameters}",
        "canonical_hex": signed.hex(),
    }


def mac(made):
    """Returns the secret and the MAC of section B.2.5, which is the only example with hmac-sha256. Checks
    that the MAC matches the one in the RFC."""
    value = hmac_sha256(scheme.base64.b64decode(SHARED_SECRET), bytes.fromhex(made["canonical_hex"]))
    assert scheme.base64.b64encode(value).decode() == "pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8="
    return {"secret_base64": SHARED_SECRET, "mac_hex": value.hex()}


def transformations():
    """Yields the examples of appendix B.4. An intermediary changes a request, and the signature remains valid
    or becomes invalid."""
    _, _, message, components, parameters, _ = PRINTED[-1]
    original = scheme.base(message, components.split(" "), parameters)
    accept = [["Accept", "application/json"], ["Accept", "*/*"]]
    same = {
        "field-and-query-added": {
            "target": "/demo?name1=Value1&Name2=value2&param=added",
            "headers": [*message["headers"], ["Accept-Language", "en-US,en;q=0.5"]],
        },
        "date-gone-accept-joined": {
            "headers": [
                ["Host", "example.org"],
                ["Referer", "https://developer.example.org/demo"],
                ["Accept", "application/json, */*"],
            ]
        },
        "fields-in-another-order": {
            "headers": [*accept, ["Date", "Fri, 15 Jul 2022 14:24:55 GMT"], ["Host", "example.org"]]
        },
    }
    other = {
        "another-method-and-authority": {"method": "POST", "authority": "example.com"},
        "accept-in-another-order": {"headers": [["Host", "example.org"], *reversed(accept)]},
    }
    for name, change in (same | other).items():
        made = base(
            f"rfc9421-b.4-{name}",
            "the change has no effect on the signature base"
            if name in same
            else "the signature base changes",
            message | change,
            components,
            parameters,
            "transform",
        )
        assert (bytes.fromhex(made["canonical_hex"]) == original) == (name in same), name
        yield made


def of_section_2():
    """Yields the short examples in section 2."""
    fields = {
        "method": "GET",
        "scheme": "https",
        "authority": "www.Example.com:443",
        "target": "/path?param=value&foo=bar&baz=batman&qux=",
        "headers": [
            ["Date", "Tue, 20 Apr 2021 02:07:56 GMT"],
            ["X-OWS-Header", "  Leading and trailing whitespace. \t "],
            ["X-Obs-Fold-Header", "Obsolete\r\n    line folding."],
            ["Cache-Control", "max-age=60"],
            ["Cache-Control", "   must-revalidate"],
            ["Example-Dict", " a=1,    b=2;x=1;y=2,   c=(a   b    c), d"],
            ["X-Empty-Header", ""],
            ["Example-Header", "value, with, lots"],
            ["Example-Header", "of, commas"],
        ],
    }
    yield base(
        "2.1-fields",
        "fields are trimmed, unfolded and joined",
        fields,
        '"date" "x-ows-header" "x-obs-fold-header" "cache-control" "example-dict" "x-empty-header"',
    )
    yield base(
        "2.1.2-dictionary-members",
        "single members of a dictionary",
        fields,
        '"example-dict";key="a" "example-dict";key="d" "example-dict";key="b" "example-dict";key="c"',
    )
    yield base(
        "2.1.3-binary-wrapped",
        "each header line is encoded as Base64, so that joined lines are unambiguous",
        fields,
        '"example-header";bs',
    )
    yield base(
        "2.2-derived",
        "all derived components of a request",
        fields,
        '"@method" "@target-uri" "@authority" "@scheme" "@request-target" "@path" "@query"',
    )
    yield base(
        "2.2.8-query-parameters",
        "single query parameters, including an empty one",
        fields,
        '"@query-param";name="baz" "@query-param";name="qux" "@query-param";name="param"',
    )
    encoded = fields | {
        "target": "/parameters?var=this%20is%20a%20big%0Amultiline%20value&bar=with+plus+whitespace&fa%C3%A7ade%22%3A%20=something"
    }
    yield base(
        "2.2.8-query-parameters-encoded",
        "query parameters are decoded as form data and encoded again",
        encoded,
        '"@query-param";name="var" "@query-param";name="bar" "@query-param";name="fa%C3%A7ade%22%3A%20"',
    )
    bare = fields | {"target": "/", "authority": "EXAMPLE.com"}
    yield base(
        "2.2-no-query", "a missing query is signed as a question mark", bare, '"@path" "@query" "@authority"'
    )
    yield base(
        "2.2-empty-query",
        "an empty query is signed as a question mark",
        bare | {"target": "/?"},
        '"@query" "@request-target"',
    )
    port = fields | {"authority": "example.com:8443", "scheme": "https"}
    yield base(
        "2.2.3-port",
        "a port that is not the default of the scheme is kept",
        port,
        '"@authority" "@target-uri"',
    )
    plain = fields | {"authority": "example.com:80", "scheme": "http"}
    yield base(
        "2.2.3-default-port", "the default port of the scheme is removed", plain, '"@authority" "@target-uri"'
    )
    asked = RESPONSE | {
        "request": REQUEST | {"headers": [*REQUEST["headers"], ["Signature", "sig1=:AAAA:, sig2=:BBBB:"]]}
    }
    yield base(
        "2.4-request-response",
        "a response bound to its request",
        asked,
        '"@status" "content-digest" "@authority";req "@method";req "@path";req "content-digest";req "signature";req',
    )
    yield base(
        "2.4-signature-member-of-request",
        "a response that covers one of the request's signatures",
        asked,
        '"@status" "signature";req;key="sig1"',
    )


def refused():
    def no(name, why, components, message=REQUEST):
        return {
            "name": f"base-refused-{name}",
            "why": why,
            "message": message,
            "label": "sig1",
            "signature_input": f"sig1=({components}){CREATED}",
            "expect": {"refused": True},
        }

    yield no("absent-field", "a header field that is not in the message", '"x-absent"')
    yield no("absent-member", "a dictionary without the requested member", '"content-digest";key="md5"')
    yield no("component-twice", "a component that is listed twice", '"date" "@method" "date"')
    yield no("unknown-derived", "an undefined derived component", '"@nonsense"')
    yield no("signature-params", "the signature parameters cannot cover themselves", '"@signature-params"')
    yield no("status-of-request", "a request has no status", '"@status"')
    yield no("method-of-response", "a response has no method", '"@method"', RESPONSE)
    yield no("req-in-request", "the parameter req is valid only in responses", '"@method";req')
    yield no("trailer", "trailers arrive only after the signature has been checked", '"x-sum";tr')
    yield no("unknown-parameter", "an undefined parameter", '"date";wrong')
    yield no("upper-case-name", "a component name must be in lower case", '"Date"')
    yield no("query-param-without-name", "the name of the query parameter is missing", '"@query-param"')
    yield no(
        "query-param-absent", "a query parameter that is not in the query", '"@query-param";name="absent"'
    )
    twice = REQUEST | {"target": "/foo?a=1&a=2"}
    yield no("query-param-twice", "a repeated query parameter is ambiguous", '"@query-param";name="a"', twice)
    yield no("bs-and-key", "a binary-wrapped field has no members", '"content-digest";bs;key="sha-512"')
