"""Tests for the FastAPI, Starlette, Flask and Django integrations with real servers and with httpx, requests
and aiohttp as clients. The tests run with all schemes."""

from __future__ import annotations

import json
import pathlib
import threading

import aiohttp
import flask
import httpx
import httpx2
import pytest
import requests
from django import urls
from django.views.decorators.cache import cache_control, cache_page
from fastapi import FastAPI
from sealwire import ReplayTable, Signer, SignError
from sealwire.aiohttp import HMACAuth as AiohttpAuth
from sealwire.asgi import HMACAuthMiddleware
from sealwire.fastapi import OptionalServiceIdentity, ServiceIdentity
from sealwire.httpx import HMACAuth as HttpxAuth
from sealwire.httpx2 import HMACAuth as Httpx2Auth
from sealwire.requests import HMACAuth as RequestsAuth
from sealwire.wsgi import HMACAuthMiddleware as WSGIMiddleware
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from .conftest import call, serving, serving_wsgi

SCHEMES = ["message", "pairwise", "client"]
OPTIONS = {
    "service_name": "practices",
    "schemes": SCHEMES,
    "trust_unsigned_user_id": True,
    "authorities": "any",
    "exempt_paths": ["/health"],
}


def options(keys, **changes):
    return {**OPTIONS, "keys": keys, "replay": ReplayTable.heap(accept_older=True), **changes}


def told(identity, path, body):
    return {
        "sender": identity and identity.sender,
        "scheme": identity and identity.scheme,
        "user": identity and identity.user_id,
        "path": path,
        "body": body.decode(),
    }


def fastapi_app(keys, **changes):
    app = FastAPI()

    @app.api_route("/{path:path}", methods=["GET", "POST"])
    async def show(path: str, caller: OptionalServiceIdentity, request: __import__("fastapi").Request):
        return told(caller, path, await request.body())

    app.add_middleware(HMACAuthMiddleware, **options(keys, **changes))
    return serving(app)


def starlette_app(keys, **changes):
    async def show(request):
        return JSONResponse(told(request.state.identity, request.path_params["path"], await request.body()))

    app = Starlette(routes=[Route("/{path:path}", show, methods=["GET", "POST"])])
    app.add_middleware(HMACAuthMiddleware, **options(keys, **changes))
    return serving(app)


def flask_app(keys, **changes):
    app = flask.Flask("practices")

    @app.route("/<path:path>", methods=["GET", "POST"])
    def show(path):
        return told(flask.request.environ["sealwire.identity"], path, flask.request.get_data())

    app.wsgi_app = WSGIMiddleware(app.wsgi_app, **options(keys, **changes))
    return serving_wsgi(app)


def django_settings():
    import django
    from django.conf import settings

    if not settings.configured:
        settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["127.0.0.1"], SECRET_KEY="for this test")
        django.setup()


def django_view(request, path):
    from django.http import JsonResponse

    return JsonResponse(told(request.META["sealwire.identity"], path, request.body))


def django_report(request):
    from django.http import HttpResponse

    return HttpResponse(f"a report for {request.META['sealwire.identity'].sender}")


django_settings()
urlpatterns = [
    urls.path("cached", cache_page(60)(django_report)),
    urls.path("private", cache_page(60)(cache_control(private=True)(django_report))),
    urls.path("<path:path>", django_view),
]


def django_app(keys, **changes):
    from django.core.wsgi import get_wsgi_application

    return serving_wsgi(WSGIMiddleware(get_wsgi_application(), **options(keys, **changes)))


APPS = {"fastapi": fastapi_app, "starlette": starlette_app, "flask": flask_app, "django": django_app}


def by_httpx(url, auth, method, path, body):
    with httpx.Client(auth=HttpxAuth(**auth)) as client:
        response = client.request(method, url + path, content=body)
        return response.status_code, response.json()


async def by_httpx_async(url, auth, method, path, body):
    async with httpx.AsyncClient(auth=HttpxAuth(**auth)) as client:
        response = await client.request(method, url + path, content=body)
        return response.status_code, response.json()


def by_httpx2(url, auth, method, path, body):
    with httpx2.Client(auth=Httpx2Auth(**auth)) as client:
        response = client.request(method, url + path, content=body)
        return response.status_code, response.json()


def by_requests(url, auth, method, path, body):
    with requests.Session() as session:
        session.auth = RequestsAuth(**auth)
        response = session.request(method, url + path, data=body, timeout=20)
        return response.status_code, response.json()


async def by_aiohttp(url, auth, method, path, body):
    async with (
        aiohttp.ClientSession(middlewares=[AiohttpAuth(**auth, origins=[url])]) as session,
        session.request(method, url + path, data=body or None) as response,
    ):
        return response.status, await response.json()


CLIENTS = {
    "httpx": by_httpx,
    "httpx-async": by_httpx_async,
    "httpx2": by_httpx2,
    "requests": by_requests,
    "aiohttp": by_aiohttp,
}


def auth_for(keys, scheme, **changes):
    name = "billing-service" if scheme == "client" else "agent"
    return {
        "name": name,
        "receiver": "practices",
        "keys": keys,
        "schemes": [scheme],
        "user_id": "user-7",
        **changes,
    }


async def send(client, *arguments):
    result = CLIENTS[client](*arguments)
    return await result if client in ("httpx-async", "aiohttp") else result


@pytest.mark.parametrize("app", APPS)
async def test_every_client_is_accepted_in_every_scheme(keys, app):
    with APPS[app](keys) as url:
        for client in CLIENTS:
            for scheme in SCHEMES:
                auth = auth_for(keys, scheme)
                for method, path, body in (
                    ("POST", "/items?page=2&q=a%20b", b'{"a": 1}'),
                    ("GET", "/items", b""),
                    ("GET", "/a%20b/%C3%A9", b""),
                    ("POST", "/upload", b"x" * 100_000),
                ):
                    status, shown = await send(client, url, auth, method, path, body)
                    assert status == 200, (client, scheme, path, shown)
                    assert (shown["sender"], shown["scheme"]) == (auth["name"], scheme)
                    assert shown["user"] == (None if scheme == "client" else "user-7")
                    assert shown["body"].encode() == body


@pytest.mark.parametrize("app", APPS)
async def test_every_rejection_has_a_response_and_none_is_a_500(keys, app):
    wrong = auth_for(stranger_keys(), "message", name="stranger")
    with APPS[app](keys, max_body_bytes=1000) as url:
        assert await send("httpx", url, wrong, "GET", "/a", b"") == (
            401,
            {"detail": "Request signature not accepted"},
        )
        assert call(url, "GET", "/a", {}).json() == {"detail": "Request signature required"}
        auth = auth_for(keys, "pairwise")
        status, shown = await send("httpx", url, auth, "POST", "/a", b"x" * 1001)
        assert (status, shown) == (413, {"detail": "Body too large"})
        headers = HttpxAuth(**auth_for(keys, "client")).headers("GET", "/a", "", [], None)
        assert call(url, "GET", "/a", headers).status_code == 200
        again = call(url, "GET", "/a", headers)
        assert (again.status_code, again.json()) == (401, {"detail": "Replay detected"})
        assert call(url, "GET", "/health", {}).status_code == 200


def stranger_keys():
    from sealwire import KeyRing

    return KeyRing(pairs={("stranger", "practices"): b"a secret that practices does not have"})


@pytest.mark.parametrize("app", APPS)
@pytest.mark.parametrize("mode", ["observe", "off"])
def test_without_enforcement_rejected_requests_have_no_identity(keys, app, mode):
    with APPS[app](keys, mode=mode) as url:
        shown = call(url, "POST", "/a", {"X-Service-Name": "agent"}, b"body")
        assert (shown.status_code, shown.json()["sender"], shown.json()["body"]) == (200, None, "body")
        auth = auth_for(keys, "pairwise")
        headers = HttpxAuth(**auth).headers("POST", "/a", "", [], b"x" * 70_000)
        shown = call(url, "POST", "/a", headers, b"y" * 70_000)
        assert (shown.status_code, shown.json()["sender"]) == (200, None)
        assert shown.json()["body"] == "y" * 70_000


@pytest.mark.parametrize("app", ["flask", "django"])
def test_chunked_bodies_reach_wsgi_applications(keys, app):
    with APPS[app](keys) as url, requests.Session() as session:
        headers = HttpxAuth(**auth_for(keys, "pairwise")).headers("POST", "/a", "", [], b"abcdef")
        response = session.post(f"{url}/a", data=iter([b"abc", b"", b"def"]), headers=headers, timeout=20)
        assert response.json()["body"] == "abcdef"


def stream():
    yield b"abc"


async def async_stream():
    yield b"abc"


async def test_streams_are_rejected_where_bodies_are_signed(keys):
    url = "http://127.0.0.1:9/a"
    for scheme in ("message", "pairwise"):
        auth = auth_for(keys, scheme)
        async with aiohttp.ClientSession(
            middlewares=[AiohttpAuth(**auth, origins=["http://127.0.0.1:9"])]
        ) as session:
            with pytest.raises(SignError, match="read only once"):
                await session.post(url, data=async_stream())
        async with httpx.AsyncClient(auth=HttpxAuth(**auth)) as client:
            with pytest.raises(SignError, match="read only once"):
                await client.post(url, content=async_stream())


def test_streams_are_rejected_by_synchronous_clients_too(keys):
    url = "http://127.0.0.1:9/a"
    for scheme in ("message", "pairwise"):
        auth = auth_for(keys, scheme)
        with pytest.raises(SignError, match="read only once"):
            httpx.post(url, content=stream(), auth=HttpxAuth(**auth))
        with pytest.raises(SignError, match="read only once"):
            requests.post(url, data=stream(), auth=RequestsAuth(**auth), timeout=1)
    with starlette_app(keys) as url:
        auth = auth_for(keys, "client")
        response = httpx.post(f"{url}/a", content=stream(), auth=HttpxAuth(**auth))
        assert response.json()["body"] == "abc"


def test_text_bodies_are_signed_as_they_are_sent(keys):
    with starlette_app(keys) as url:
        auth = RequestsAuth(**auth_for(keys, "pairwise"))
        response = requests.post(f"{url}/a", data="é€", auth=auth, timeout=20)
        assert response.json()["body"] == "é€"
        assert requests.post(f"{url}/a", json={"é": 1}, auth=auth, timeout=20).status_code == 200
        assert requests.post(f"{url}/a", data={"a": "b c"}, auth=auth, timeout=20).status_code == 200
        assert requests.get(f"{url}/a#fragment", params={"q": "é"}, auth=auth, timeout=20).status_code == 200


async def test_a_receiver_may_depend_on_the_host(keys):
    with starlette_app(keys) as url:
        hosts = []

        def receiver(host):
            hosts.append(host)
            return "practices"

        auth = auth_for(keys, "message", receiver=receiver)
        for client in CLIENTS:
            assert (await send(client, url, auth, "GET", "/a", b""))[0] == 200
        assert hosts == ["127.0.0.1"] * len(CLIENTS)


def test_an_auth_class_does_not_follow_a_redirect(keys):
    app = FastAPI()

    @app.get("/from")
    async def redirect():
        return __import__("fastapi").responses.RedirectResponse("/to")

    app.add_middleware(HMACAuthMiddleware, **options(keys, replay=None))
    with serving(app) as url:
        auth = HttpxAuth(**auth_for(keys, "message"))
        assert httpx.get(f"{url}/from", auth=auth).status_code == 307
        with pytest.raises(SignError, match="an auth= class cannot sign a redirect"):
            httpx.get(f"{url}/from", auth=auth, follow_redirects=True)


def test_the_openapi_document_of_fastapi_describes_the_caller(keys):
    app = FastAPI()

    @app.get("/needed")
    async def needed(caller: ServiceIdentity):
        return caller.sender

    @app.get("/optional")
    async def optional(caller: OptionalServiceIdentity):
        return caller and caller.sender

    app.add_middleware(HMACAuthMiddleware, **options(keys, exempt_paths=["/openapi.json"], mode="observe"))
    with serving(app) as url:
        document = httpx.get(f"{url}/openapi.json").json()
        assert document["components"]["securitySchemes"]["serviceSignature"]["in"] == "header"
        assert document["paths"]["/needed"]["get"]["security"] == [{"serviceSignature": []}]
        assert document["paths"]["/optional"]["get"]["security"] == [{"serviceSignature": []}]
        auth = HttpxAuth(**auth_for(keys, "message"))
        assert httpx.get(f"{url}/needed", auth=auth).json() == "agent"
        assert httpx.get(f"{url}/optional").json() is None
        assert httpx.get(f"{url}/needed").json() == ""


def test_callers_cannot_set_the_state_that_the_application_reads(keys):
    with flask_app(keys, mode="observe") as url:
        forged = {"sealwire.identity": "admin", "Sealwire-Identity": "admin", "sealwire_identity": "admin"}
        assert call(url, "GET", "/a", forged).json()["sender"] is None


def test_a_request_is_accepted_once_in_parallel_threads(keys):
    with flask_app(keys) as url:
        headers = HttpxAuth(**auth_for(keys, "message")).headers("GET", f"{url}/a", "", [], b"")
        answers = []
        threads = [
            threading.Thread(target=lambda: answers.append(call(url, "GET", "/a", headers).status_code))
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(answers) == [200] + [401] * 7


def test_the_cache_of_django_separates_private_pages(keys):
    """Django's cache returns a page that was generated for one caller to other callers, unless the page is
    private."""
    with django_app(keys) as url:
        pages = {
            (path, sender): httpx.get(f"{url}/{path}", auth=HttpxAuth(sender, "practices", keys=keys)).text
            for path in ("cached", "private")
            for sender in ("agent", "meals")
        }
        assert httpx.get(f"{url}/cached").status_code == 401
    assert pages["cached", "meals"] == "a report for agent"
    assert pages["private", "meals"] == "a report for meals"


def test_raw_wsgi_targets_are_used_if_the_server_provides_them():
    from sealwire._wsgi import target_of

    decoded = {"SCRIPT_NAME": "/api", "PATH_INFO": "/Ã© x", "QUERY_STRING": "q=%2F"}
    assert target_of(decoded) == "/api/%C3%A9%20x?q=%2F"
    assert target_of({**decoded, "RAW_URI": "/api/%c3%a9%20x?q=%2F"}) == "/api/%c3%a9%20x?q=%2F"
    assert target_of({**decoded, "REQUEST_URI": "http://h/api/a%2Fb?q"}) == "http://h/api/a%2Fb?q"
    assert target_of({"PATH_INFO": "", "QUERY_STRING": ""}) == "/"


def test_wsgi_reads_the_authority_of_a_target_in_absolute_form(keys):
    signed = Signer("agent", keys).sign("GET", "http://api.test/a?q", receiver="practices")
    with flask_app(keys, authorities=["api.test"]) as url:
        served = call(url, "GET", "http://api.test/a?q", {**signed, "Host": "api.test"})
        assert (served.status_code, served.json()["path"]) == (200, "a")
        other = Signer("agent", keys).sign("GET", "http://evil.test/a?q", receiver="practices")
        for target, host in [("http://api.test/a?q", "evil.test"), ("http://evil.test/a?q", "api.test")]:
            assert call(url, "GET", target, {**other, "Host": host}).status_code == 401
        assert call(url, "GET", "http://api.test/health/../a", {"Host": "api.test"}).status_code == 401


def test_the_application_reads_the_whole_body_after_a_part_was_read():
    import io

    from sealwire._wsgi import Rest

    assert io.BufferedReader(Rest(b"abc", io.BytesIO(b"def"))).read() == b"abcdef"
    assert json.loads(io.BufferedReader(Rest(b'{"a"', io.BytesIO(b": 1}"))).readline()) == {"a": 1}


def test_the_readmes_application_serves_unsigned_requests_after_a_rollback(environment):
    """If enforcement is disabled, the application must still be able to read `request.state` and the typed
    parameter for an unsigned request."""
    readme = (pathlib.Path(__file__).parents[2] / "README.md").read_text()
    example = readme.split("```python\n", 2)[1].split("```", 1)[0]
    environment.setenv("HMAC_AUTH_ENABLED", "false")
    module = {}
    exec(example, module)  # noqa: S102 - the README of this repository

    @module["app"].get("/typed")
    async def typed(caller: ServiceIdentity) -> str:
        return "verified" if caller else f"unverified {caller.sender}"

    with serving(module["app"]) as url:
        unsigned = httpx.get(f"{url}/whoami")
        assert (unsigned.status_code, unsigned.json()) == (200, None)
        unsigned = httpx.get(f"{url}/typed")
        assert (unsigned.status_code, unsigned.json()) == (200, "unverified ")
