"""Tests for the client integrations: origins, redirects, retries, uploads and settings."""

from __future__ import annotations

import io
import uuid

import aiohttp
import httpx
import httpx2
import pytest
import requests
import sealwire.aiohttp
import sealwire.httpx
import sealwire.httpx2
import sealwire.requests
from sealwire import ConfigError, KeyRing, ReplayTable, Signer, SignError
from sealwire._origins import Origin
from sealwire.asgi import HMACAuthMiddleware
from urllib3.util.retry import Retry

from .conftest import PAIR_SECRET, serving

LIBRARIES = [(httpx, sealwire.httpx), (httpx2, sealwire.httpx2)]
INTEGRATIONS = [
    sealwire.httpx.HMACAuth,
    sealwire.httpx2.HMACAuth,
    sealwire.requests.HMACAuth,
    sealwire.requests.HMACAdapter,
    sealwire.aiohttp.HMACAuth,
    sealwire.httpx.HMACTransport,
    sealwire.httpx2.AsyncHMACTransport,
]
SENT = ("signature", "signature-input", "content-digest", "x-user-id", "x-service-signature")


@pytest.fixture
def pair():
    return KeyRing(pairs={("agent", "practices"): PAIR_SECRET})


class Redirecting:
    """An ASGI application that redirects to the URL in the query and records the names of the received
    headers."""

    def __init__(self):
        self.seen, self.calls = [], 0

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return
        self.calls += 1
        while (await receive()).get("more_body"):
            pass
        self.seen.append({name.decode() for name, _ in scope["headers"]})
        target = scope["query_string"].removeprefix(b"to=")
        status = 307 if target else 503 if scope["path"] == "/flaky" and self.calls % 2 else 200
        headers = [(b"location", target)] if target else []
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture
def servers(pair):
    evil = Redirecting()
    table = ReplayTable.heap(accept_older=True)
    app = HMACAuthMiddleware(
        Redirecting(), "practices", keys=pair, schemes=["message", "pairwise"], replay=table
    )
    with serving(app, lifespan="off") as url, serving(evil, lifespan="off") as other:
        yield url, other, evil


SETTINGS = {"name": "agent", "receiver": "practices", "user_id": "u"}


@pytest.mark.parametrize(("library", "integration"), LIBRARIES)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_httpx_never_signs_for_another_origin(pair, servers, library, integration, method):
    url, other, evil = servers
    plain = library.Client(base_url=url, follow_redirects=True)
    auth = integration.HMACAuth(**SETTINGS, keys=pair)
    with (
        integration.signed(plain, **SETTINGS, keys=pair) as signed,
        library.Client(follow_redirects=True, auth=auth) as by_auth,
    ):
        for client in (signed, by_auth):
            with pytest.raises(SignError) as raised:
                client.request(method, f"{url}/a?to={other}/admin")
            assert url in str(raised.value) and other in str(raised.value)
        assert signed.request(method, "/a?to=/b").status_code == 200
        with pytest.raises(SignError, match=other):
            signed.get(f"{other}/admin")
    assert evil.seen == []


@pytest.mark.parametrize(("library", "integration"), LIBRARIES)
def test_an_auth_class_leaves_no_signature_on_a_redirect_of_any_transport(pair, library, integration):
    hops = []

    def answer(request):
        hops.append({name.lower() for name, _ in request.headers.multi_items()})
        location = {"location": "http://evil.test/"} if len(hops) == 1 else {}
        return library.Response(307 if location else 200, headers=location)

    auth = integration.HMACAuth(**SETTINGS, keys=pair)
    client = library.Client(transport=library.MockTransport(answer), auth=auth, follow_redirects=True)
    with pytest.raises(SignError, match=r"redirects to http://evil\.test.* without a signature"):
        client.post("http://practices.test/", content=b"x")
    assert "signature" in hops[0] and "x-user-id" in hops[0]
    assert not hops[1] & set(SENT)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_requests_never_signs_for_another_origin(pair, servers, method):
    url, other, evil = servers
    by_adapter, by_auth = requests.Session(), requests.Session()
    sealwire.requests.signed(by_adapter, **SETTINGS, keys=pair, origins=[url])
    by_auth.auth = sealwire.requests.HMACAuth(**SETTINGS, keys=pair)
    for session in (by_adapter, by_auth):
        with pytest.raises(SignError) as raised:
            session.request(method, f"{url}/a?to={other}/admin", data=b"x", timeout=20)
        assert url in str(raised.value) and other in str(raised.value)
        answer = session.get(f"{url}/a?to={other}/admin", allow_redirects=False, timeout=20)
        assert answer.status_code == 307
    assert by_adapter.request(method, f"{url}/a?to=/b", data=io.BytesIO(b"x"), timeout=20).status_code == 200
    by_adapter.close()
    by_auth.close()
    assert evil.seen == []


async def test_aiohttp_never_signs_for_another_origin(pair, servers):
    url, other, evil = servers
    sign = sealwire.aiohttp.HMACAuth(**SETTINGS, keys=pair)
    async with aiohttp.ClientSession(url, middlewares=[sign]) as session:
        async with session.post("/a?to=/b", data=io.BytesIO(b"x")) as answer:
            assert answer.status == 200
        with pytest.raises(SignError) as raised:
            await session.get(f"/a?to={other}/admin")
        assert url in str(raised.value) and other in str(raised.value)
    async with aiohttp.ClientSession(middlewares=[sign]) as session:
        with pytest.raises(SignError, match="origins is not set"):
            await session.get(f"{url}/a")
    assert evil.seen == []


@pytest.mark.parametrize("scheme", ["message", "pairwise"])
def test_each_attempt_of_a_retry_is_signed_again(pair, servers, scheme):
    url, _, _ = servers
    retry = Retry(2, status_forcelist=[503], allowed_methods=None, backoff_factor=0)
    settings = {**SETTINGS, "keys": pair, "schemes": [scheme]}
    by_adapter, by_auth = requests.Session(), requests.Session()
    by_adapter.mount("http://", sealwire.requests.HMACAdapter(max_retries=retry, origins=[url], **settings))
    by_auth.mount("http://", requests.adapters.HTTPAdapter(max_retries=retry))
    by_auth.auth = sealwire.requests.HMACAuth(**settings)
    for session in (by_adapter, by_auth):
        for body in (b"x", io.BytesIO(b"xyz")):
            assert session.post(f"{url}/flaky", data=body, timeout=20).status_code == 200
        session.close()


async def test_a_body_that_aiohttp_compresses_later_is_rejected(pair, servers):
    url, _, _ = servers
    sign = sealwire.aiohttp.HMACAuth(**SETTINGS, keys=pair, origins=[url])
    async with aiohttp.ClientSession(middlewares=[sign]) as session:
        with pytest.raises(SignError, match="compress it first"):
            await session.post(f"{url}/a", data=b"abc", compress="gzip")


HOST = {"url": "http://practices.test/a", "headers": {"Host": "other.test"}}
DIFFERS = r"other\.test.*practices\.test"


def test_a_host_header_that_differs_from_the_url_is_an_error(pair):
    for library, integration in LIBRARIES:
        with pytest.raises(SignError, match=DIFFERS):
            library.get(**HOST, auth=integration.HMACAuth(**SETTINGS, keys=pair))
    with pytest.raises(SignError, match=DIFFERS):
        requests.get(**HOST, auth=sealwire.requests.HMACAuth(**SETTINGS, keys=pair), timeout=1)


async def test_a_host_header_that_differs_from_the_url_is_an_error_in_aiohttp(pair):
    sign = sealwire.aiohttp.HMACAuth(**SETTINGS, keys=pair, origins=["http://practices.test"])
    async with aiohttp.ClientSession(middlewares=[sign]) as session:
        with pytest.raises(SignError, match=DIFFERS):
            await session.get(**HOST)


@pytest.mark.parametrize("integration", INTEGRATIONS)
@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"verify_answer": True}, "verify_answer: no such setting"),
        ({"scheme": "pairwise"}, r"scheme: no such setting; did you mean schemes\?"),
        ({"origin": ["http://a"]}, r"origin: no such setting; did you mean origins\?"),
        ({"bogus": 1}, "bogus: no such setting; the settings are"),
        ({"user_id": uuid.uuid4()}, "user_id: pass a string, not an object of type UUID"),
        ({"schemes": "pairwise"}, r'schemes: pass a list: \["pairwise"\]'),
        ({"schemes": ["pairwize"]}, "schemes"),
        ({"cover": "x-a"}, "cover: pass a list"),
        ({"cover": [1]}, "cover: each entry must be a string"),
        ({"cover_authority": "no"}, "cover_authority: pass true or false"),
        ({"verify_responses": 1}, "verify_responses: pass true or false"),
        ({"keys": {"a": "b"}}, "keys: pass a KeyRing"),
        ({"receiver": "practicse"}, "receiver: .*did you mean practices"),
        ({"receiver": ""}, "receiver: set it to the service that agent calls"),
        ({"receiver": 7}, "receiver: pass the name"),
        ({"name": uuid.uuid4()}, "name: pass a string"),
        ({"origins": "http://a"}, "origins: pass a list"),
        ({"origins": []}, "origins is empty"),
        ({"origins": ["practices"]}, "origins: 'practices' is not an origin"),
        ({"origins": ["http://a/path"]}, "origins: 'http://a/path' is not an origin"),
        ({"origins": ["ftp://a"]}, "origins: "),
        ({"origins": [7]}, "origins: each entry must be a string"),
    ],
)
def test_a_wrong_setting_is_an_error_that_names_it(pair, integration, changes, named):
    with pytest.raises(ConfigError, match=named):
        integration(**{**SETTINGS, "keys": pair, "origins": ["http://practices"], **changes})


@pytest.mark.parametrize("receiver", ["practices", "practices_service", "practices_service_service"])
def test_a_receiver_may_be_given_by_any_name_of_the_service(pair, receiver):
    INTEGRATIONS[0](**{**SETTINGS, "keys": pair, "origins": ["http://practices"], "receiver": receiver})


@pytest.mark.parametrize("integration", [INTEGRATIONS[3], *INTEGRATIONS[5:]])
def test_origins_is_required_without_a_base_url(pair, integration):
    with pytest.raises(ConfigError, match="origins is required"):
        integration(**SETTINGS, keys=pair)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://A.test:80/x", "http://a.test"),
        ("HTTPS://a.test:443", "https://a.test/?q"),
        ("http://[::1]", "http://[::1]:80"),
    ],
)
def test_origins_are_compared_without_case_and_default_port(one, other):
    assert Origin.of(one) == Origin.of(other)


@pytest.mark.parametrize(
    "url",
    [
        "/a",
        "http://",
        "ftp://a",
        "http://[::1/",
        "http://h:abc/",
        "http://h:0",
        "http://h:70000",
        "http://a b/",
    ],
)
def test_an_invalid_origin_is_an_error(url):
    with pytest.raises(SignError):
        Origin.of(url)


@pytest.mark.parametrize("host", ["[::1", "h:abc", "a]b", ""])
def test_an_invalid_host_is_not_signed(pair, host):
    signer = Signer("agent", pair)
    with pytest.raises(SignError):
        signer.sign("GET", f"http://{host}/a", receiver="practices")
    with pytest.raises(SignError):
        signer.sign("GET", "/a", {"Host": host}, receiver="practices")


def test_a_signer_rejects_a_host_header_that_differs_from_the_url(pair):
    signer = Signer("agent", pair)
    with pytest.raises(SignError, match=r'"b\.test", but the host of the URL is "a\.test"'):
        signer.sign("GET", "http://a.test/", {"Host": "b.test"}, receiver="practices")
    for host in ("a.test", "A.test:80"):
        signer.sign("GET", "http://a.test/", {"Host": host}, receiver="practices")
