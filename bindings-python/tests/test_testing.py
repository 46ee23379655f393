"""Tests for `sealwire.testing`: test keys, identities, signing test clients, and the pytest fixtures."""

from __future__ import annotations

import subprocess
import sys
import time

import django.conf
import flask
import httpx
import pytest
import werkzeug.test
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.test import AsyncClient, Client, RequestFactory, override_settings
from django.urls import path
from fastapi import APIRouter, FastAPI, WebSocket
from sealwire import ConfigError, Rejected, Signer, SignError, Verifier, testing
from sealwire.asgi import HMACAuthMiddleware
from sealwire.fastapi import OptionalServiceIdentity, ServiceIdentity, service_identity
from sealwire.wsgi import HMACAuthMiddleware as WSGIMiddleware
from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount, Router
from starlette.testclient import TestClient

KEYS = testing.key_ring("agent", "practices", "meals", clients=["billing"])


def server(**changes):
    return {"keys": KEYS, "replay": testing.replay_table(), "authorities": "any", **changes}


def fastapi_app(**changes):
    app = FastAPI()

    @app.api_route("/items", methods=["GET", "POST"])
    async def items(caller: ServiceIdentity):
        return {"sender": caller.sender, "user": caller.user_id}

    @app.websocket("/ws")
    async def ws(websocket: WebSocket, caller: OptionalServiceIdentity):
        await websocket.accept()
        await websocket.send_text(caller.sender)
        await websocket.close()

    app.add_middleware(HMACAuthMiddleware, "practices", **server(**changes))
    return app


def flask_app(**changes):
    app = flask.Flask("practices")
    app.secret_key = "for tests"

    @app.route("/items", methods=["GET", "POST"])
    def items():
        environ = flask.request.environ
        sender, user = environ["sealwire.authenticated_service"], environ["sealwire.user_id"]
        return {"sender": sender, "user": user, "body": flask.request.get_data(as_text=True)}

    @app.route("/moved")
    def moved():
        return flask.redirect("/items?a=1")

    app.wsgi_app = WSGIMiddleware(app.wsgi_app, "practices", **server(**changes))
    return app


# Keys


def test_each_key_ring_has_new_keys():
    one, other = (testing.key_ring("agent", "practices") for _ in range(2))
    headers = signed_headers(one)
    table = testing.replay_table()
    with pytest.raises(Rejected) as rejected:
        verifier(other, table).verify("GET", "/", headers)
    assert rejected.value.reason == "signature_mismatch"
    assert verifier(one, table).verify("GET", "/", headers).sender == "agent"
    with pytest.raises(Rejected):
        verifier(one, table).verify("GET", "/", headers)
    table.clear()
    assert verifier(one, table).verify("GET", "/", headers).sender == "agent"


def signed_headers(keys):
    signed = Signer("agent", keys).sign("GET", "http://a.test/", receiver="practices")
    return {"Host": "a.test", **signed}


def verifier(keys, table):
    return Verifier("practices", keys, replay=table)


def test_a_key_ring_has_each_pair_the_clients_and_an_issuer():
    keys = testing.key_ring("a", "b", "c", clients=["one", "two"], issuer=True)
    names = sorted(key.name for key in keys.status())
    assert len(names) == 6
    with pytest.raises(ConfigError):
        testing.key_ring("a b", "c")


def test_the_environment_names_the_variables_of_each_pair(monkeypatch):
    variables = testing.environment("agent", "practices", "meals")
    assert sorted(variables) == [
        "HMAC_SECRET_AGENT_MEALS",
        "HMAC_SECRET_AGENT_PRACTICES",
        "HMAC_SECRET_MEALS_PRACTICES",
    ]
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    client = testing.signed(TestClient(fastapi_app(keys=None)), "agent", "practices")
    assert client.get("/items").json() == {"sender": "agent", "user": None}


# Identities


@pytest.mark.parametrize("scheme", ["message", "pairwise", "client"])
def test_a_test_identity_equals_the_identity_of_a_verified_request(scheme):
    user = None if scheme == "client" else "alice"
    identity = testing.identity("agent_service", scheme=scheme, user_id=user)
    assert (identity.sender, identity.scheme, identity.user_id) == ("agent", scheme, user)
    assert identity.verified
    assert identity.name_as_sent == "agent_service"


def test_an_identity_replaces_the_dependency_of_fastapi():
    app = FastAPI()

    @app.get("/items")
    async def items(caller: ServiceIdentity):
        return caller.sender

    assert TestClient(app).get("/items").status_code == 401
    app.dependency_overrides[service_identity] = lambda: testing.identity("agent")
    assert TestClient(app).get("/items").json() == "agent"


def test_an_identity_in_the_environment_of_wsgi():
    app = flask_app()
    app.wsgi_app = app.wsgi_app.app
    environ = testing.environ_of(testing.identity("agent", user_id="alice"))
    answer = app.test_client().get("/items", environ_overrides=environ)
    assert (answer.json["sender"], answer.json["user"]) == ("agent", "alice")


# Clients of Starlette and httpx


def test_the_client_of_fastapi_is_signed():
    app = fastapi_app()
    client = testing.signed(TestClient(app), "agent", "practices", keys=KEYS, user_id="alice")
    for _ in range(2):
        assert client.post("/items?a=b", json={"a": 1}).json() == {"sender": "agent", "user": "alice"}
    assert TestClient(app).get("/items").status_code == 401
    wrong = testing.signed(TestClient(app), "agent", "practices", keys=testing.key_ring("agent", "practices"))
    assert wrong.get("/items").status_code == 401


def test_the_handshake_of_a_websocket_is_signed():
    client = testing.signed(TestClient(fastapi_app()), "agent", "practices", keys=KEYS)
    with client.websocket_connect("/ws") as websocket:
        assert websocket.receive_text() == "agent"


def test_a_client_with_an_id_needs_no_receiver():
    client = testing.signed(
        TestClient(fastapi_app(schemes=["client"])), "billing", keys=KEYS, schemes=["client"]
    )
    assert client.get("/items").json()["sender"] == "billing"


async def test_an_asynchronous_client_of_httpx_is_signed():
    transport = httpx.ASGITransport(fastapi_app())
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        signs = testing.signed(client, "agent", "practices", keys=KEYS)
        assert (await signs.get("/items")).json()["sender"] == "agent"


# Middleware that is built during the first request


@pytest.fixture
def new_tables(monkeypatch, tmp_path):
    """The default replay files are created in an empty folder."""
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path))


class SlowMiddleware(HMACAuthMiddleware):
    """Creates its replay table a second after its construction begins."""

    def __init__(self, app):
        time.sleep(1)
        super().__init__(app, "practices", keys=KEYS, authorities="any")


def slow_app():
    app = FastAPI()
    app.add_middleware(SlowMiddleware)
    app.get("/items")(lambda: "items")
    return app


def mounted(app):
    outer = FastAPI()
    inner = FastAPI()
    inner.mount("/internal", app)
    outer.mount("/v1", inner)
    return outer


def mounted_with_parameter(app):
    inner = Router([Mount("/{tenant}", app)])
    return GZipMiddleware(Starlette(routes=[Mount("/v1", inner)]))


@pytest.mark.parametrize(
    ("app", "path"),
    [
        (slow_app, "/items"),
        (lambda: mounted(slow_app()), "/v1/internal/items"),
        (lambda: mounted_with_parameter(slow_app()), "/v1/internal/items"),
    ],
)
@pytest.mark.usefixtures("new_tables")
def test_the_first_request_is_newer_than_the_replay_table(app, path):
    client = testing.signed(TestClient(app()), "agent", "practices", keys=KEYS)
    assert client.get(path).json() == "items"


@pytest.mark.usefixtures("new_tables")
async def test_the_first_request_of_an_asynchronous_client_is_newer_than_the_replay_table():
    mounts = {"http://practices": httpx.ASGITransport(slow_app())}
    async with httpx.AsyncClient(mounts=mounts, base_url="http://practices") as client:
        signs = testing.signed(client, "agent", "practices", keys=KEYS)
        assert (await signs.get("/items")).json() == "items"


def test_an_application_with_a_router_and_an_application_that_is_not_from_starlette_are_called():
    app = fastapi_app()
    router = APIRouter()
    router.get("/routed")(lambda: "routed")
    app.include_router(router, prefix="/api")
    client = testing.signed(
        testing.signed(TestClient(app), "agent", "practices", keys=KEYS), "meals", "practices", keys=KEYS
    )
    assert client.get("/api/routed").json() == "routed"
    remote = httpx.Client(
        base_url="http://practices", transport=httpx.MockTransport(lambda _: httpx.Response(204))
    )
    assert testing.signed(remote, "agent", "practices", keys=KEYS).get("/").status_code == 204
    with httpx.Client(base_url="http://127.0.0.1:1") as client, pytest.raises(httpx.ConnectError):
        testing.signed(client, "agent", "practices", keys=KEYS).get("/")


def test_middleware_that_no_request_uses_is_not_built():
    outer = mounted(slow_app())
    client = testing.signed(TestClient(outer), "agent", "practices", keys=KEYS)
    assert client.get("/v1/other").status_code == 404
    [inner] = [route.app for route in outer.routes if getattr(route, "path", "") == "/v1"]
    [slow] = [route.app for route in inner.routes if getattr(route, "path", "") == "/internal"]
    assert inner.middleware_stack is not None
    assert slow.middleware_stack is None


# Clients of Flask, Werkzeug and Django


def test_the_client_of_flask_is_signed():
    app = flask_app()
    client = testing.signed(app.test_client(), "agent", "practices", keys=KEYS, user_id="alice")
    answer = client.post("/items?a=%20b", data="body")
    assert answer.json == {"sender": "agent", "user": "alice", "body": "body"}
    assert client.get("/moved", follow_redirects=True).json["sender"] == "agent"
    assert client.post("/items", json={"a": 1}, base_url="https://practices.test:8443").status_code == 200
    assert client.get("/items", environ_overrides={"PATH_INFO": "/items"}).status_code == 200
    assert app.test_client().get("/items").status_code == 401
    with client.session_transaction() as session:
        assert not session


def test_a_client_of_werkzeug_is_signed():
    client = testing.signed(werkzeug.test.Client(flask_app()), "agent", "practices", keys=KEYS)
    assert client.put("/items").status_code == 405
    assert client.post("/items", data=b"x" * 100_000).status_code == 200


def view(request):
    return JsonResponse(
        {"sender": request.META["sealwire.authenticated_service"], "body": request.body.decode()}
    )


def download(request):
    return StreamingHttpResponse([b"one", b"two"])


def home(request):
    return HttpResponse("home")


urlpatterns = [path("items", view), path("download", download), path("", home)]


@pytest.fixture(scope="module")
def project():
    if not django.conf.settings.configured:
        django.conf.settings.configure(SECRET_KEY="for tests")
    django.setup()
    with override_settings(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], MIDDLEWARE=[]):
        yield WSGIMiddleware(WSGIHandler(), "practices", ["/"], **server())


def test_the_client_of_django_is_signed_and_passes_the_middleware(project):
    client = testing.signed(Client(), "agent", "practices", keys=KEYS, application=project)
    answer = client.post("/items?a=1", {"a": "é"}, content_type="application/json")
    assert answer.json() == {"sender": "agent", "body": '{"a": "\\u00e9"}'}
    assert answer["Cache-Control"] == "private"
    assert answer.resolver_match.func is view
    assert b"".join(client.get("/download").streaming_content) == b"onetwo"
    assert client.get("/").content == b"home"
    assert client.get("/items", headers={"host": "practices.test:8443"}, secure=True).status_code == 200
    other = testing.signed(Client(), "meals", "agent", keys=KEYS, application=project)
    answer = other.get("/items")
    assert answer.status_code == 401
    assert "WWW-Authenticate" in answer


def test_the_client_of_django_without_the_middleware_has_an_identity_in_the_environment(project):
    answer = Client().get("/items", **testing.environ_of(testing.identity("agent")))
    assert answer.json()["sender"] == "agent"
    # The middleware in Django's settings must be able to read the signature headers.
    client = testing.signed(Client(enforce_csrf_checks=True), "agent", "practices", keys=KEYS)
    assert client.get("/").wsgi_request.headers["Signature"].startswith("sealwire=")
    client.handler.enforce_csrf_checks = False
    assert client.handler.enforce_csrf_checks is False


@pytest.mark.parametrize("client", [object(), AsyncClient(), RequestFactory(), None, TestClient])
def test_an_object_that_is_not_a_client_is_an_error(client):
    with pytest.raises(ConfigError, match=r"^client: "):
        testing.signed(client, "agent", "practices", keys=KEYS)


def test_application_is_the_middleware_of_a_django_project(project):
    with pytest.raises(ConfigError, match=r"^application: "):
        testing.signed(Client(), "agent", "practices", keys=KEYS, application=WSGIHandler())
    with pytest.raises(ConfigError, match=r"^application: "):
        testing.signed(TestClient(fastapi_app()), "agent", "practices", keys=KEYS, application=project)


def test_a_wrong_setting_is_an_error_when_the_client_is_made():
    with pytest.raises(ConfigError, match="did you mean user_id"):
        testing.signed(flask_app().test_client(), "agent", "practices", keys=KEYS, user_if="a")
    with pytest.raises((ConfigError, SignError)):
        testing.signed(flask_app().test_client(), "agent", "unknown", keys=KEYS).get("/items")


# Time, and pytest


def test_a_manual_clock_moves_only_when_a_test_moves_it():
    clock = testing.ManualClock(1_935_360_000_000)
    app = flask_app(clock=clock)
    client = testing.signed(app.test_client(), "agent", "practices", keys=KEYS, clock=clock)
    assert client.get("/items").status_code == 200
    late = testing.ManualClock(clock() - 301_000)
    client = testing.signed(app.test_client(), "agent", "practices", keys=KEYS, clock=late)
    assert client.get("/items").status_code == 401
    late.advance(1)
    assert client.get("/items").status_code == 200


CONFTEST = """
import pytest
pytest_plugins = ["sealwire.testing.pytest_plugin"]

@pytest.fixture(scope="session")
def sealwire_services():
    return ("agent", "practices")
"""

TESTS = """
import os
from sealwire import testing
from sealwire.wsgi import HMACAuthMiddleware
from werkzeug.test import Client
from werkzeug.wrappers import Response


def app(**settings):
    return HMACAuthMiddleware(Response("ok"), "practices", **settings)


def test_the_environment_has_the_keys(sealwire_keys):
    client = testing.signed(Client(app()), "agent", "practices", keys=sealwire_keys)
    assert client.get("/").status_code == 200
    assert os.listdir(os.environ["RUNTIME_DIRECTORY"])


def test_the_clock_and_the_table_are_those_of_the_test(sealwire_keys, sealwire_clock, sealwire_replay):
    made = app(clock=sealwire_clock, replay=sealwire_replay)
    client = testing.signed(Client(made), "agent", "practices", keys=sealwire_keys, clock=sealwire_clock)
    assert client.get("/").status_code == 200
    sealwire_clock.advance(1000)
    assert client.get("/").status_code == 200
"""


def test_the_fixtures_of_the_pytest_plugin(tmp_path):
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_service.py").write_text(TESTS)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:asyncio",
        "-W",
        "error",
        str(tmp_path),
    ]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=120, check=False)
    assert "2 passed" in ran.stdout, ran.stdout + ran.stderr


# Responses and origins


def starlette_client(**settings):
    return TestClient(fastapi_app(**settings))


def flask_client(**settings):
    return flask_app(**settings).test_client()


def werkzeug_client(**settings):
    return werkzeug.test.Client(flask_app(**settings))


EACH_CLIENT = pytest.mark.parametrize("client", [starlette_client, flask_client, werkzeug_client])


@EACH_CLIENT
def test_a_response_that_is_not_signed_is_rejected(client):
    options = {"keys": KEYS, "verify_responses": True}
    signs = testing.signed(client(sign_responses=True), "agent", "practices", **options)
    assert signs.get("/items").status_code == 200
    assert signs.post("/items", json={"a": 1}).status_code == 200
    with pytest.raises(Rejected):
        testing.signed(client(), "agent", "practices", **options).get("/items")


@EACH_CLIENT
def test_a_request_to_another_origin_is_not_sent(client):
    signs = testing.signed(client(), "agent", "practices", keys=KEYS, origins=["https://nowhere.test"])
    with pytest.raises(SignError, match="nowhere"):
        signs.get("/items")
    origins = ["http://testserver", "http://localhost"]
    signs = testing.signed(client(), "agent", "practices", keys=KEYS, origins=origins)
    assert signs.get("/items").status_code == 200


def test_the_client_of_django_verifies_responses_and_origins(project):
    options = {"keys": KEYS, "verify_responses": True}
    guarded = WSGIMiddleware(WSGIHandler(), "practices", **server(sign_responses=True))
    signs = testing.signed(Client(), "agent", "practices", application=guarded, **options)
    assert signs.get("/items").json()["sender"] == "agent"
    assert b"".join(signs.get("/download").streaming_content) == b"onetwo"
    with pytest.raises(Rejected):
        testing.signed(Client(), "agent", "practices", application=project, **options).get("/items")
    with pytest.raises(ConfigError, match=r"^verify_responses: "):
        testing.signed(Client(), "agent", "practices", **options)
    away = testing.signed(Client(), "agent", "practices", keys=KEYS, origins=["https://nowhere.test"])
    with pytest.raises(SignError, match="nowhere"):
        away.get("/items")


# Wrong arguments


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (testing.key_ring, r"^services: "),
        (lambda: testing.key_ring("a"), r"^services: "),
        (lambda: testing.key_ring("a", clients=["b"]), r"^services: "),
        (lambda: testing.key_ring(["a", "b"]), r"^services: .*list"),
        (lambda: testing.key_ring("a", "a"), r"^services: 'a' is given twice"),
        (lambda: testing.key_ring("a", "b", clients="xyz"), r"^clients: "),
        (testing.environment, r"^services: "),
        (lambda: testing.environment("a"), r"^services: "),
        (lambda: testing.environment(["a", "b"]), r"^services: .*list"),
        (lambda: testing.environment("a-b", "a_b", "c"), r"^services: .*HMAC_SECRET_A_B_C"),
        (lambda: testing.environment("a_b", "c", "a", "b_c"), r"^services: .*HMAC_SECRET_A_B_C"),
        (lambda: testing.ManualClock("x"), r"^now_ms: "),
        (lambda: testing.ManualClock(True), r"^now_ms: "),
        (lambda: testing.ManualClock(1.5), r"^now_ms: "),
        (lambda: testing.ManualClock().advance("1"), r"^seconds: "),
        (lambda: testing.ManualClock().advance(float("nan")), r"^seconds: "),
    ],
)
def test_a_wrong_argument_is_an_error_that_names_it(make, message):
    with pytest.raises(ConfigError, match=message):
        make()


def test_keys_of_clients_or_an_issuer_need_no_services():
    assert len(testing.key_ring(clients=iter(["one", "two"])).status()) == 2
    assert len(testing.key_ring(issuer=True).status()) == 1
