"""Tests that a real nginx cache does not serve one caller's response to another caller."""

from __future__ import annotations

import httpx
import pytest
from sealwire import KeyRing, Signer

from .conftest import PAIR_SECRET, call
from .shared_cache import OTHER_SECRET, caching, server

PATHS = ["/plain", "/expires", "/etag", "/vary", "/stream", "/failed", "/moved", "/file"]
SERVERS = ["uvicorn", "gunicorn"]


@pytest.fixture(scope="module", params=SERVERS)
def proxy(request):
    with server(request.param) as upstream, caching(upstream) as url:
        yield url


KEYS = KeyRing(pairs={"agent/practices": PAIR_SECRET, "meals/practices": OTHER_SECRET})


def signed(url, path, sender="agent", method="GET", scheme="message"):
    return Signer(sender, KEYS, schemes=[scheme]).sign(method, url + path, receiver="practices")


@pytest.mark.parametrize("scheme", ["message", "pairwise"])
@pytest.mark.parametrize("path", PATHS)
def test_a_verified_response_is_served_to_its_caller_only(proxy, path, scheme):
    own = call(proxy, "GET", path, signed(proxy, path, scheme=scheme))
    assert own.status_code in (200, 301, 404) and own.headers["X-Cache"] == "MISS"
    for method in ("GET", "HEAD"):
        unsigned = call(proxy, method, path, {})
        assert unsigned.status_code == 401 and "no-store" in unsigned.headers["Cache-Control"]
    other = call(proxy, "GET", path, signed(proxy, path, sender="meals", scheme=scheme))
    assert other.status_code == own.status_code and other.headers["X-Cache"] == "MISS"
    if path != "/file":
        assert (own.content.split()[0], other.content.split()[0]) == (b"agent", b"meals")


def test_a_rejection_is_not_served_to_a_verified_caller(proxy):
    assert call(proxy, "GET", "/plain", {}).status_code == 401
    assert call(proxy, "GET", "/plain", signed(proxy, "/plain")).status_code == 200


def test_the_applications_cache_control_is_kept(proxy):
    first = call(proxy, "GET", "/own", signed(proxy, "/own"))
    assert first.headers["Cache-Control"] == "public, max-age=60"
    unsigned = call(proxy, "GET", "/own", {})
    assert (unsigned.headers["X-Cache"], unsigned.content) == ("HIT", first.content)


@pytest.mark.parametrize("path", ["/plain", "/etag"])
def test_the_response_to_a_head_request_is_not_changed(proxy, path):
    answer = call(proxy, "HEAD", path, signed(proxy, path, method="HEAD"))
    assert (answer.status_code, answer.headers["X-Cache"]) == (200, "MISS")
    assert call(proxy, "HEAD", path, {}).status_code == 401


def test_conditional_and_partial_responses_are_private(proxy):
    whole = httpx.get(f"{proxy}/file", headers=signed(proxy, "/file"))
    for condition in ({"If-None-Match": whole.headers["ETag"]}, {"Range": "bytes=0-7"}):
        for _ in range(2):
            again = httpx.get(f"{proxy}/file", headers={**signed(proxy, "/file"), **condition})
            assert again.headers["X-Cache"] == "MISS" and again.status_code in (200, 206, 304)
        assert httpx.get(f"{proxy}/file", headers=condition).status_code == 401
