"""Tests for an application with two instances of the middleware. Both verify each request, and the second one
must not reject it as a replay."""

from __future__ import annotations

import flask
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse
from sealwire import ReplayTable, Signer
from sealwire.asgi import HMACAuthMiddleware
from sealwire.wsgi import HMACAuthMiddleware as WSGIMiddleware

from .conftest import call, serving, serving_wsgi
from .test_asgi import GONE, SharedStore, http_scope, parts, run


def asgi(keys, outer, inner):
    app = FastAPI()
    app.add_api_route(
        "/a", lambda request: PlainTextResponse(request.state.identity.sender), methods=["POST"]
    )

    @app.post("/b")
    async def b(request: Request):
        return PlainTextResponse(request.state.identity.sender + (await request.body()).decode())

    app.add_middleware(HMACAuthMiddleware, service_name="practices", keys=keys, authorities="any", **inner)
    app.add_middleware(HMACAuthMiddleware, service_name="practices", keys=keys, authorities="any", **outer)
    return serving(app)


def wsgi(keys, outer, inner):
    app = flask.Flask("practices")

    @app.post("/b")
    def b():
        return flask.request.environ["sealwire.identity"].sender + flask.request.get_data().decode()

    app.wsgi_app = WSGIMiddleware(app.wsgi_app, "practices", keys=keys, authorities="any", **inner)
    app.wsgi_app = WSGIMiddleware(app.wsgi_app, "practices", keys=keys, authorities="any", **outer)
    return serving_wsgi(app)


def signed(keys, url, scheme):
    name = "billing-service" if scheme == "client" else "agent"
    return name, Signer(name, keys, schemes=[scheme]).sign("POST", f"{url}/b", None, b"!", "practices")


@pytest.mark.parametrize("serve", [asgi, wsgi])
@pytest.mark.parametrize("scheme", ["message", "client", "pairwise"])
@pytest.mark.parametrize("same_table", [True, False])
def test_a_request_is_accepted_once_by_both(keys, serve, scheme, same_table):
    tables = [ReplayTable.heap(accept_older=True) for _ in range(2)]
    if same_table:
        tables[1] = tables[0]
    outer, inner = (
        {"schemes": [scheme], "replay": table, "claim_pairwise": scheme == "pairwise"} for table in tables
    )
    with serve(keys, outer, inner) as url:
        name, headers = signed(keys, url, scheme)
        accepted = call(url, "POST", "/b", headers, b"!")
        assert (accepted.status_code, accepted.content.decode()) == (200, f"{name}!")
        assert call(url, "POST", "/b", headers, b"!").status_code == 401
        if scheme != "pairwise":  # two valid pairwise requests in one second have the same signature
            assert call(url, "POST", "/b", signed(keys, url, scheme)[1], b"!").status_code == 200


@pytest.mark.parametrize("serve", [asgi, wsgi])
def test_the_inner_middleware_applies_its_own_rules(keys, serve):
    table = ReplayTable.heap(accept_older=True)
    rules = {"senders": {"agent": {"methods": ["GET"]}}}
    with serve(keys, {"replay": table}, {"replay": table, **rules}) as url:
        assert call(url, "POST", "/b", signed(keys, url, "message")[1], b"!").status_code == 401


class Remembering(SharedStore):
    """A replay store that behaves like the one in Redis, but keeps the claims in this process."""

    def __init__(self):
        super().__init__(True)

    async def claim(self, key, expires):
        first = all(key != asked for asked, _ in self.asked)
        await super().claim(key, expires)
        return first


def test_a_shared_store_receives_one_claim_per_request(keys):
    store = Remembering()
    with asgi(keys, {"replay": store}, {"replay": store}) as url:
        _, headers = signed(keys, url, "message")
        assert [call(url, "POST", "/b", headers, b"!").status_code for _ in range(2)] == [200, 401]
        assert len(store.asked) == 2


async def test_a_replay_that_only_an_inner_middleware_receives_is_rejected(keys):
    """Even if the outer middleware has already claimed the nonce of a request, the inner middleware must
    reject a second request with that nonce."""
    table = ReplayTable.heap(accept_older=True)
    served = []

    async def app(scope, receive, send):
        served.append(scope["state"]["identity"].nonce)

    inner = HMACAuthMiddleware(app, "practices", keys=keys, authorities="any", replay=table)
    outer = HMACAuthMiddleware(
        inner, "practices", keys=keys, authorities="any", replay=ReplayTable.heap(accept_older=True)
    )
    first, other = (
        {"Host": "practices"}
        | Signer("agent", keys).sign("POST", "http://practices/a", None, b"", "practices")
        for _ in range(2)
    )
    await run(inner, http_scope(first), [*parts(b""), GONE])
    scope = http_scope(other)
    await run(outer, scope, [*parts(b""), GONE])
    claimed = scope["sealwire.identity"]
    sent, _ = await run(inner, {**http_scope(first), "sealwire.identity": claimed}, [*parts(b""), GONE])
    assert sent[0]["status"] == 401 and len(served) == 2
