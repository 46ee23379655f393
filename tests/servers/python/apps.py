"""The test application, written for each framework. It reads the body, and responds with the body length and
the verified sender."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any

import flask
import litestar
import quart
from fastapi import FastAPI, Request, WebSocket
from litestar.middleware import DefineMiddleware
from sealwire import Identity, KeyRing, ReplayTable
from sealwire.asgi import HMACAuthMiddleware
from sealwire.fastapi import ServiceIdentity
from sealwire.wsgi import HMACAuthMiddleware as WSGIMiddleware

SERVICE, PAIR, CLIENT = "practices", ("agent", "practices"), "cli"
SECRETS = {PAIR: b"the secret of the pair, 32 bytes or more"}
CLIENTS = {CLIENT: "a client's shared secret, 32 bytes or more"}
KEYS = KeyRing(pairs=SECRETS, clients=CLIENTS)
SCHEMES = ("message", "pairwise", "client")
UNAUTHORIZED = 401


def settings() -> dict[str, Any]:
    return {
        "service_name": SERVICE,
        "keys": KEYS,
        "schemes": SCHEMES,
        "authorities": "any",
        "exempt_paths": ["/ready"],
        "replay": ReplayTable.heap(accept_older=True),
    }


def seen(identity: Identity | None, body: bytes) -> dict[str, Any]:
    return {
        "sender": identity and identity.sender,
        "scheme": identity and identity.scheme,
        "length": len(body),
    }


def fastapi_app() -> Any:
    app = FastAPI()

    @app.api_route("/x", methods=["GET", "POST"])
    async def x(request: Request, caller: ServiceIdentity) -> dict[str, Any]:
        return seen(caller, await request.body())

    @app.websocket("/ws")
    async def ws(websocket: WebSocket, caller: ServiceIdentity) -> None:
        await websocket.accept()
        await websocket.send_json(seen(caller, await websocket.receive_bytes()))
        await websocket.close()

    app.add_middleware(HMACAuthMiddleware, **settings())
    return app


async def plain_app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        return
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    shown = json.dumps(seen(scope["state"]["identity"], body)).encode()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": shown})


def litestar_app() -> Any:
    @litestar.route("/x", http_method=["GET", "POST"], status_code=200)
    async def x(request: litestar.Request[Any, Any, Any]) -> dict[str, Any]:
        return seen(request.state.identity, await request.body())

    return litestar.Litestar([x], middleware=[DefineMiddleware(HMACAuthMiddleware, **settings())])


def quart_app() -> Any:
    app = quart.Quart(SERVICE)

    @app.route("/x", methods=["GET", "POST"])
    async def x() -> dict[str, Any]:
        return seen(quart.request.scope["state"]["identity"], await quart.request.get_data())

    app.asgi_app = HMACAuthMiddleware(app.asgi_app, **settings())
    return app


def flask_app() -> Any:
    app = flask.Flask(SERVICE)

    @app.route("/x", methods=["GET", "POST"])
    def x() -> dict[str, Any]:
        return seen(flask.request.environ["sealwire.identity"], flask.request.get_data())

    app.wsgi_app = WSGIMiddleware(app.wsgi_app, **settings())
    return app


def django_view(request: Any) -> Any:
    from django.http import JsonResponse

    identity = (
        request.META["sealwire.identity"]
        if hasattr(request, "environ")
        else request.scope["state"]["identity"]
    )
    return JsonResponse(seen(identity, request.body))


def django_app(interface: str) -> Any:
    from django.conf import settings as configuration
    from django.urls import path

    module = sys.modules[__name__]
    module.urlpatterns = [path("x", django_view)]  # type: ignore[attr-defined]
    configuration.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY=os.urandom(16).hex())
    if interface == "asgi":
        from django.core.asgi import get_asgi_application

        return HMACAuthMiddleware(get_asgi_application(), **settings())
    from django.core.wsgi import get_wsgi_application

    return WSGIMiddleware(get_wsgi_application(), **settings())


APPS: dict[str, Callable[[], Any]] = {
    "fastapi": fastapi_app,
    "plain": lambda: HMACAuthMiddleware(plain_app, **settings()),
    "litestar": litestar_app,
    "quart": quart_app,
    "flask": flask_app,
    "django_asgi": lambda: django_app("asgi"),
    "django_wsgi": lambda: django_app("wsgi"),
}
