"""The service of the boundary tests for ASGI and WSGI servers.

The paths `/public/*` are exempt, and all other paths are protected. The sender `meals` may send only GET and POST requests
below `/api`. `/inner` and `/mounted` are mounted applications. Only the middleware of `/inner` has the setting `root_path`.
"""

from __future__ import annotations

import os
from typing import Any

import flask
from fastapi import FastAPI, Request
from sealwire import KeyRing
from sealwire.asgi import HMACAuthMiddleware
from sealwire.fastapi import OptionalServiceIdentity
from sealwire.wsgi import HMACAuthMiddleware as WSGIMiddleware
from werkzeug.middleware.dispatcher import DispatcherMiddleware

SERVICE = "practices"
METHODS = ["GET", "POST", "DELETE", "OPTIONS"]
RULES = {"meals": {"methods": ["GET", "POST"], "path_prefixes": ["/api"]}}
ROOT = os.environ.get("BOUNDARY_ROOT_PATH", "")


def settings(**changes: Any) -> dict[str, Any]:
    return {
        "service_name": SERVICE,
        "keys": KeyRing.from_env(SERVICE),
        "exempt_paths": ["/public/*"],
        "senders": RULES,
        **changes,
    }


def shown(kind: str, path: str, sender: str | None, user: str | None) -> dict[str, Any]:
    return {"served": kind, "path": path, "sender": sender, "user": user}


def asgi_app(**options: Any) -> FastAPI:
    app = FastAPI(**options)

    @app.api_route("/public/{path:path}", methods=METHODS)
    async def public(path: str) -> dict[str, Any]:
        return shown("public", f"/public/{path}", None, None)

    @app.api_route("/{path:path}", methods=METHODS)
    async def protected(path: str, request: Request, caller: OptionalServiceIdentity) -> dict[str, Any]:
        await request.body()
        users = request.headers.getlist("x-user-id")
        sender = caller.sender if caller else None
        return shown("protected", f"/{path}", sender, ",".join(users) or None)

    return app


def wsgi_app() -> flask.Flask:
    app = flask.Flask(SERVICE)

    @app.route("/public/<path:path>", methods=METHODS)
    def public(path: str) -> flask.Response:
        return flask.jsonify(shown("public", f"/public/{path}", None, None))

    @app.route("/", defaults={"path": ""}, methods=METHODS)
    @app.route("/<path:path>", methods=METHODS)
    def protected(path: str) -> flask.Response:
        flask.request.get_data()
        sender = flask.request.environ["sealwire.authenticated_service"]
        return flask.jsonify(shown("protected", f"/{path}", sender, flask.request.headers.get("X-User-ID")))

    return app


def asgi() -> FastAPI:
    app = asgi_app(root_path=os.environ.get("BOUNDARY_FASTAPI_ROOT", ""))
    inner, mounted = asgi_app(), asgi_app()
    inner.add_middleware(HMACAuthMiddleware, **settings(root_path=f"{ROOT}/inner"))
    mounted.add_middleware(HMACAuthMiddleware, **settings(exempt_paths=["/mounted/*", "/public/*"]))
    outer = FastAPI(root_path=os.environ.get("BOUNDARY_FASTAPI_ROOT", ""))
    outer.mount("/inner", inner)
    outer.mount("/mounted", mounted)
    app.add_middleware(HMACAuthMiddleware, **settings(root_path=ROOT))
    outer.mount("/", app)
    return outer


def wsgi() -> Any:
    app, inner, mounted = wsgi_app(), wsgi_app(), wsgi_app()
    inner.wsgi_app = WSGIMiddleware(inner.wsgi_app, **settings(root_path=f"{ROOT}/inner"))
    mounted.wsgi_app = WSGIMiddleware(mounted.wsgi_app, **settings(exempt_paths=["/mounted/*", "/public/*"]))
    app.wsgi_app = WSGIMiddleware(app.wsgi_app, **settings(root_path=ROOT))
    return DispatcherMiddleware(app, {"/inner": inner, "/mounted": mounted})
