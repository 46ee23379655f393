"""Tests for the URLs that a signer accepts. Absolute URLs are normalized as in the shared vectors, and
targets are not changed."""

import json
import pathlib

import pytest
from sealwire import KeyRing, Signer, SignError

VECTORS = pathlib.Path(__file__).resolve().parents[2] / "tests" / "vectors" / "url.json"
CASES = json.loads(VECTORS.read_text())["cases"]
SIGNED = [case for case in CASES if "url" in case["expect"]]
REFUSED = [case for case in CASES if "error" in case["expect"]]
FIXED = {"now_ms": 1_700_000_000_000, "nonce": "n"}


def name(case):
    return case["name"]


@pytest.fixture(scope="module")
def signer():
    return Signer("a", KeyRing({}, {"a": "0123456789abcdef0123456789abcdef"}), schemes=["message"])


@pytest.mark.parametrize("case", SIGNED, ids=name)
def test_an_absolute_url_is_signed_in_its_normal_form(signer, case):
    parts = case["expect"]["url"]
    sent = f"{parts['scheme']}://{parts['authority']}{parts['target']}"
    expected = signer.sign("GET", sent, as_sent=True, **FIXED)
    assert signer.sign("GET", case["url"], **FIXED) == expected
    assert signer.sign("GET", case["url"].encode(), **FIXED) == expected


@pytest.mark.parametrize("case", REFUSED, ids=name)
def test_a_url_without_a_unique_normal_form_is_rejected(signer, case):
    with pytest.raises(SignError, match="URL"):
        signer.sign("GET", case["url"], **FIXED)


def test_a_target_is_signed_as_it_is_given(signer):
    def sign(target):
        return signer.sign("GET", target, [("Host", "h")], **FIXED)

    assert sign("/a/../b?x='") != sign("/b?x='")
    assert sign("/b?x='") != sign("/b?x=%27")


def test_a_url_as_it_is_sent_is_not_changed(signer):
    raw = signer.sign("GET", "https://h/a?x='", as_sent=True, **FIXED)
    assert raw == signer.sign("GET", "/a?x='", [("Host", "h")], **FIXED)
    assert raw != signer.sign("GET", "https://h/a?x='", **FIXED)


@pytest.mark.parametrize("url", ["https://h/\ud800", "https://h/\u20ac", "/\u20ac", "/\u00e9", "/\ud800"])
@pytest.mark.parametrize("encode", [str, lambda url: url.encode("utf-8", "surrogatepass")])
def test_non_ascii_text_is_rejected_if_it_is_not_encoded(signer, url, encode):
    with pytest.raises(SignError):
        signer.sign("GET", encode(url), as_sent=True, **FIXED)
