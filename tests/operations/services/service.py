"""A service: verifies, reloads its keys when their file changes or on SIGHUP, tells of it at /metrics."""

import os

import uvicorn
from prometheus_client import generate_latest
from sealwire import ReplayTable
from sealwire.asgi import HMACAuthMiddleware
from sealwire.metrics import Metrics
from sealwire.secrets import Reloader, StatusFile, load
from sealwire.secrets.metrics import watch
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

SERVICE = os.environ["SERVICE"]
KEYS = os.environ["KEYS"]


def options() -> dict[str, object]:
    """This service's own: everyone's are the default."""
    replay = ReplayTable.heap(accept_older=True)
    mode = os.environ.get("MODE", "enforce")
    return {"service_name": SERVICE, "schemes": ["message", "pairwise"], "replay": replay, "mode": mode}


async def whoami(request: Request) -> PlainTextResponse:
    await request.body()
    return PlainTextResponse(str(request.state.authenticated_service))


def main() -> None:
    keys = load(KEYS)
    reloader = Reloader(keys, lambda: load(KEYS), path=KEYS, look_every=0.2).on_signal().start()
    if directory := os.environ.get("STATUS_DIR"):
        StatusFile(keys, directory, SERVICE).start(every=0.2)
    settings = options()
    metrics = Metrics()
    metrics.watch(settings["replay"], keys)
    watch(reloader, KEYS)
    guard = Middleware(
        HMACAuthMiddleware, exempt_paths=["/health", "/metrics"], keys=keys, metrics=metrics, **settings
    )
    routes = [
        Route("/health", lambda request: PlainTextResponse("ok")),
        Route("/metrics", lambda request: PlainTextResponse(generate_latest())),
        Route("/{rest:path}", whoami, methods=["GET", "POST"]),
    ]
    uvicorn.run(
        Starlette(routes=routes, middleware=[guard]), port=int(os.environ["PORT"]), log_level="warning"
    )


main()
