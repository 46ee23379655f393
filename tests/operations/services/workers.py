"""An application for several uvicorn workers that share a port. /metrics returns the metrics, summed over all workers."""

import os

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from sealwire import ReplayTable
from sealwire.asgi import HMACAuthMiddleware
from sealwire.metrics import Metrics
from sealwire.secrets import Reloader, load, load_modes
from sealwire.secrets.metrics import watch
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

KEYS = os.environ["KEYS"]
MODES = os.environ["MODES"]

keys = load(KEYS)
modes = load_modes(MODES)
# The table is small, so that a test can fill it.
replay = ReplayTable.mapped(os.environ["TABLE"], requests_per_second=1, window=10)
metrics = Metrics()
metrics.watch(replay, keys, modes)
watch(Reloader(keys, lambda: load(KEYS), path=KEYS, look_every=0.2).start(), KEYS)
watch(Reloader(modes, lambda: load_modes(MODES), path=MODES, look_every=0.2).start())


def report(_request: Request) -> PlainTextResponse:
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return PlainTextResponse(generate_latest(registry))


def whoami(request: Request) -> PlainTextResponse:
    return PlainTextResponse(f"{os.getpid()} {request.state.authenticated_service}")


app = Starlette(
    routes=[
        Route("/health", lambda request: PlainTextResponse("ok")),
        Route("/metrics", report),
        Route("/{rest:path}", whoami),
    ],
    middleware=[
        Middleware(
            HMACAuthMiddleware,
            service_name="practices",
            exempt_paths=["/health", "/metrics"],
            keys=keys,
            modes=modes,
            replay=replay,
            metrics=metrics,
            max_sender_share=1,
        )
    ],
)
