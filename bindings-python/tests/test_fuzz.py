"""Tests with random input. Each input must be accepted or rejected with a documented reason, and must not
cause a 500 or another exception."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sealwire import ConnectionString, KeyRing, Rejected, ReplayTable, Signer, Verifier
from sealwire.asgi import HMACAuthMiddleware
from sealwire.compat import verify_service_request
from sealwire.wsgi import HMACAuthMiddleware as WSGIMiddleware

from .conftest import CLIENT_SECRET, PAIR_SECRET

KEYS = KeyRing(
    pairs={("agent", "practices"): PAIR_SECRET},
    clients={"billing-service": CLIENT_SECRET},
    issuer="an issuer's secret, of 32 bytes or more",
)
SCHEMES = ["message", "pairwise", "client"]
OPTIONS = {"keys": KEYS, "schemes": SCHEMES, "max_body_bytes": 4096, "authorities": "any"}
NAMES = sorted(
    {
        name
        for scheme in SCHEMES
        for name in Signer("billing-service" if scheme == "client" else "agent", KEYS, schemes=[scheme]).sign(
            "POST", "http://h/", None, b"x", "practices"
        )
    }
)
MANY = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])

names = st.sampled_from([name.lower().encode() for name in [*NAMES, "X-User-ID", "Host"]]) | st.binary(
    max_size=20
)
values = st.binary(max_size=200) | st.sampled_from(
    [
        b"agent",
        b"billing-service",
        b"1712419200",
        b"0" * 64,
        b'sealwire=("@method");created=1',
        b"sealwire=:AA==:",
    ]
)
headers = st.lists(st.tuples(names, values), max_size=12)
targets = st.binary(max_size=40) | st.sampled_from([b"/", b"/a?b", b"*"])
text = st.text(max_size=40)
chunks = st.lists(st.binary(max_size=3000), min_size=1, max_size=4)


@pytest.fixture(scope="module")
def verifier():
    return Verifier("practices", KEYS, schemes=SCHEMES, authorities="any", replay=ReplayTable.heap())


@MANY
@given(
    method=st.binary(max_size=8) | text, target=targets | text, headers=headers, body=st.binary(max_size=100)
)
def test_verify(verifier, method, target, headers, body):
    with pytest.raises(Rejected) as caught:
        verifier.verify(method, target, headers, body)
    assert caught.value.status in (401, 413, 503)


@MANY
@given(at=st.integers(0), bit=st.integers(0, 7), scheme=st.sampled_from(SCHEMES), data=st.data())
def test_one_flipped_bit_is_rejected(verifier, at, bit, scheme, data):
    name = "billing-service" if scheme == "client" else "agent"
    signed = Signer(name, KEYS, schemes=[scheme]).sign("POST", "/a?b", [("host", "h")], b"body", "practices")
    header = data.draw(st.sampled_from(sorted(signed)))
    value = bytearray(signed[header].encode())
    value[at % len(value)] ^= 1 << bit
    lines = [(b"host", b"h"), *((key, text) for key, text in signed.items() if key != header)]
    with pytest.raises(Rejected):
        verifier.verify("POST", "/a?b", [*lines, (header, bytes(value))], b"body")
    verifier.verify("POST", "/a?b", [*lines, (header, signed[header])], b"body")


@MANY
@given(
    scope=st.fixed_dictionaries({"method": text, "path": text, "raw_path": targets | st.none()}),
    query=targets,
    headers=headers,
    chunks=chunks,
)
def test_the_asgi_middleware_always_responds(scope, query, headers, chunks):
    sent = []
    messages = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    messages.append({"type": "http.request"})

    async def receive():
        return messages.pop(0)

    async def send(message):
        sent.append(message)

    async def app(scope, receive, send):
        raise AssertionError("nothing here is signed")

    middleware = HMACAuthMiddleware(app, "practices", sign_responses=True, **OPTIONS)
    whole = {"type": "http", "scheme": "http", "query_string": query, "headers": headers, **scope}
    asyncio.run(middleware(whole, receive, send))
    assert sent[0]["status"] in (401, 413) and len(sent) == 2


@MANY
@given(
    environ=st.dictionaries(
        st.sampled_from(
            [
                "RAW_URI",
                "REQUEST_URI",
                "PATH_INFO",
                "SCRIPT_NAME",
                "QUERY_STRING",
                "CONTENT_LENGTH",
                "HTTP_HOST",
            ]
        ),
        text,
    ),
    headers=headers,
    body=st.binary(max_size=5000),
)
def test_the_wsgi_middleware_always_responds(environ, headers, body):
    import io

    for name, value in headers:
        environ["HTTP_" + name.decode("latin-1").upper().replace("-", "_")] = value.decode("latin-1")
    answered = []

    def start_response(status, headers):
        answered.append(status)

    def app(environ, start_response):
        raise AssertionError("nothing here is signed")

    middleware = WSGIMiddleware(app, "practices", sign_responses=True, **OPTIONS)
    whole = {
        **environ,
        "REQUEST_METHOD": "POST",
        "wsgi.input": io.BytesIO(body),
        "wsgi.input_terminated": True,
    }
    assert b"".join(middleware(whole, start_response)).startswith(b'{"detail"')
    assert answered[0][:3] in ("401", "413")


anything = (
    st.none() | st.integers() | st.floats() | text | st.binary(max_size=20) | st.lists(text, max_size=2)
)


@MANY
@given(arguments=st.tuples(*[anything] * 7))
def test_the_older_function_returns_a_bool(arguments):
    assert verify_service_request(*arguments) is False


@MANY
@given(token=st.binary(max_size=300) | st.text(max_size=300))
def test_tokens(token):
    for read in (ConnectionString.inspect, lambda token: ConnectionString.verify(token, KEYS)):
        with pytest.raises(Rejected):
            read(token)
