"""Tests for the callbacks `skip`, `on_reject` and `look_up_keys`, which an application can pass to the middleware."""

from __future__ import annotations

import flask
import httpx
import pytest
from fastapi import FastAPI, Request, WebSocket
from sealwire import ConfigError, ReplayTable
from sealwire.asgi import HMACAuthMiddleware
from sealwire.fastapi import OptionalServiceIdentity
from sealwire.httpx import HMACAuth
from sealwire.wsgi import HMACAuthMiddleware as WSGIMiddleware

from .conftest import CLIENT_SECRET, PAIR_SECRET, call, serving, serving_wsgi
from .test_websockets import conversation


def options(keys, **changes):
    table = ReplayTable.heap(accept_older=True)
    return {"service_name": "practices", "keys": keys, "authorities": "any", "replay": table, **changes}


def asgi(keys, **changes):
    app = FastAPI()

    @app.websocket("/ws")
    async def ws(websocket: WebSocket):
        await websocket.accept()
        await websocket.receive_text()
        await websocket.send_text(str(websocket.state.identity))

    @app.api_route("/{path:path}", methods=["GET", "POST"])
    async def show(request: Request, caller: OptionalServiceIdentity):
        rejection = getattr(request.state, "rejection", None)
        return {"sender": caller and caller.sender, "rejection": rejection and rejection.reason}

    app.add_middleware(HMACAuthMiddleware, **options(keys, **changes))
    return serving(app)


def wsgi(keys, **changes):
    app = flask.Flask("practices")

    @app.route("/<path:path>", methods=["GET", "POST"])
    def show(path):
        identity, rejection = (
            flask.request.environ[f"sealwire.{name}"] for name in ("identity", "rejection")
        )
        return {"sender": identity and identity.sender, "rejection": rejection and rejection.reason}

    app.wsgi_app = WSGIMiddleware(app.wsgi_app, **options(keys, **changes))
    return serving_wsgi(app)


BOTH = pytest.mark.parametrize("serve", [asgi, wsgi])


def path_of(request):
    return request.get("PATH_INFO") or request["path"]


def auth(keys, name="agent", **changes):
    return HMACAuth(name, "practices", keys=keys, **changes)


@BOTH
def test_skipped_requests_are_not_verified(keys, serve):
    with serve(keys, skip=lambda request: path_of(request).startswith("/open/")) as url:
        assert httpx.get(f"{url}/open/a").json() == {"sender": None, "rejection": None}
        assert httpx.get(f"{url}/a").status_code == 401
        assert httpx.get(f"{url}/a", auth=auth(keys)).json()["sender"] == "agent"


@BOTH
@pytest.mark.parametrize("result", [1, "yes", None, ZeroDivisionError("no")])
def test_only_true_skips_a_request(keys, serve, result, caplog):
    def skip(request):
        if isinstance(result, Exception):
            raise result
        return result

    with serve(keys, skip=skip) as url:
        assert httpx.get(f"{url}/a").status_code == 401
        assert httpx.get(f"{url}/a", auth=auth(keys)).status_code == 200
    assert ("skip failed" in caplog.text) is isinstance(result, Exception)


async def test_functions_may_be_coroutine_functions_under_asgi(keys):
    async def skip(scope):
        return scope["path"] == "/ws"

    async def on_reject(scope, rejected):
        return {"body": {"path": scope["path"]}}

    with asgi(keys, skip=skip, on_reject=on_reject) as url:
        assert await conversation(url, "/ws", {}) == "None"
        async with httpx.AsyncClient(base_url=url) as client:
            assert (await client.get("/a")).json() == {"path": "/a"}


def problem(request, rejected):
    return {
        "body": {"title": rejected.public_text, "status": rejected.status, "at": path_of(request)},
        "content_type": "application/problem+json",
        "headers": {"X-Reason": rejected.reason, "cache-control": "no-cache"},
    }


@BOTH
def test_the_application_chooses_the_response_to_a_rejection(keys, serve):
    with serve(keys, on_reject=problem) as url:
        rejected = httpx.get(f"{url}/a")
        assert rejected.status_code == 401
        assert rejected.json() == {"title": "Request signature required", "status": 401, "at": "/a"}
        assert rejected.headers["content-type"] == "application/problem+json"
        assert rejected.headers["www-authenticate"] == 'Sealwire realm="practices"'
        assert rejected.headers["x-reason"] == "missing_headers"
        assert rejected.headers.get_list("cache-control") == ["no-cache"]


@BOTH
@pytest.mark.parametrize(
    ("own", "kind", "body"),
    [
        ({"body": "no"}, "text/plain; charset=utf-8", "no"),
        ({"body": b"<p>no", "content_type": "text/html"}, "text/html", "<p>no"),
        ({"body": ["no"]}, "application/json", '["no"]'),
        (None, "application/json", '{"detail": "Request signature required"}'),
        (7, "application/json", '{"detail": "Request signature required"}'),
        ({"body": {1, 2}}, "application/json", '{"detail": "Request signature required"}'),
        ({"headers": {"a\n": "b"}}, "application/json", '{"detail": "Request signature required"}'),
        ({"headers": {"a": "b\r\nx: y"}}, "application/json", '{"detail": "Request signature required"}'),
        ({"headers": {"a": "\u4e2d"}}, "application/json", '{"detail": "Request signature required"}'),
        (
            {"headers": {"content-length": "3"}},
            "application/json",
            '{"detail": "Request signature required"}',
        ),
        ({"content_type": "a\nb"}, "application/json", '{"detail": "Request signature required"}'),
    ],
)
def test_a_body_is_sent_by_its_type_and_a_wrong_one_is_replaced(keys, serve, own, kind, body):
    with serve(keys, on_reject=lambda request, rejected: own) as url:
        rejected = httpx.get(f"{url}/a")
        assert (rejected.status_code, rejected.headers["content-type"], rejected.text) == (401, kind, body)


@BOTH
def test_an_exception_in_on_reject_does_not_cause_a_500(keys, serve, caplog):
    with serve(keys, on_reject=lambda request, rejected: 1 / 0) as url:
        assert httpx.get(f"{url}/a").json() == {"detail": "Request signature required"}
    assert "on_reject failed" in caplog.text


async def test_a_rejected_handshake_has_the_applications_response(keys):
    with asgi(keys, on_reject=problem) as url:
        refused = await conversation(url, "/ws", {})
        assert refused.status_code == 401 and b'"at": "/ws"' in refused.body


@BOTH
def test_a_rejection_that_the_mode_accepts_is_on_the_request(keys, serve):
    with serve(keys, mode="observe", on_reject=lambda request, rejected: 1 / 0) as url:
        assert httpx.get(f"{url}/a").json() == {"sender": None, "rejection": "missing_headers"}
        assert httpx.get(f"{url}/a", auth=auth(keys)).json() == {"sender": "agent", "rejection": None}
        call(url, "GET", "/a", {"sealwire.rejection": "forged", "Sealwire-Rejection": "forged"})


FOUND = {
    "agent": {"pairs": {("agent", "practices"): PAIR_SECRET}},
    "billing-service": {"clients": {"billing-service": CLIENT_SECRET}},
    "weak": {"clients": {"weak": "too short"}},
}


@pytest.fixture
def asked():
    return []


@pytest.fixture
def look_up(asked):
    def find(sender):
        asked.append(sender)
        return FOUND.get(sender)

    return find


@BOTH
def test_keys_are_looked_up_at_the_first_request_of_a_sender(keys, serve, look_up, asked):
    with serve(None, look_up_keys=look_up) as url:
        for _ in range(2):
            posted = httpx.post(f"{url}/a", auth=auth(keys), content=b"body")
            assert posted.json()["sender"] == "agent"
            got = httpx.get(f"{url}/a", auth=auth(keys, "billing-service"))
            assert got.json()["sender"] == "billing-service"
            assert httpx.get(f"{url}/a", auth=auth(keys, "meals")).status_code == 401
        forged = httpx.post(f"{url}/b", headers=dict(posted.request.headers), content=b"body")
        assert forged.status_code == 401
        assert httpx.get(f"{url}/a").status_code == 401
    assert asked == ["agent", "billing-service", "meals"]


@BOTH
def test_keys_are_looked_up_again_after_their_time(keys, serve, look_up, asked):
    with serve(None, look_up_keys=look_up, look_up_ttl=0.001) as url:
        for _ in range(2):
            assert httpx.get(f"{url}/a", auth=auth(keys)).json()["sender"] == "agent"
    assert asked == ["agent", "agent"]


@BOTH
def test_an_exception_in_look_up_keys_is_a_rejection(keys, serve, caplog):
    def broken(sender):
        raise ConnectionError(f"no database at db:secret@host for {sender}")

    with serve(None, look_up_keys=broken) as url:
        assert httpx.get(f"{url}/a", auth=auth(keys)).status_code == 401
    assert "look_up_keys failed" in caplog.text and "secret" not in caplog.text
    with serve(None, look_up_keys=lambda sender: FOUND["weak"]) as url:
        assert httpx.get(f"{url}/a", auth=auth(keys)).status_code == 401
    assert "weak: " in caplog.text and "too short" not in caplog.text


@BOTH
def test_keys_of_another_sender_are_looked_up_once(keys, serve, asked):
    def other(sender):
        asked.append(sender)
        return FOUND["billing-service"]

    with serve(None, look_up_keys=other) as url:
        for _ in range(2):
            assert httpx.get(f"{url}/a", auth=auth(keys)).status_code == 401
    assert asked == ["agent"]


async def coroutine(*_):
    return None


@pytest.mark.parametrize("name", ["skip", "on_reject", "look_up_keys"])
def test_a_wrong_function_stops_the_start(keys, name):
    given = None if name == "look_up_keys" else keys
    for middleware in (HMACAuthMiddleware, WSGIMiddleware):
        with pytest.raises(ConfigError, match=f"{name}: pass a function"):
            middleware(None, **options(given, **{name: "no"}))
    with pytest.raises(ConfigError, match=f"{name}: pass an ordinary function"):
        WSGIMiddleware(None, **options(given, **{name: coroutine}))
    if name == "look_up_keys":
        with pytest.raises(ConfigError, match="look_up_keys: omit keys"):
            HMACAuthMiddleware(None, **options(keys, look_up_keys=coroutine))
