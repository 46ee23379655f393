"""A service that verifies requests and exports metrics at /metrics. It reloads its keys and modes on SIGHUP
and when the files change."""

import os

import uvicorn
from prometheus_client import generate_latest
from redis.asyncio import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from sealwire import ReplayTable
from sealwire.asgi import HMACAuthMiddleware
from sealwire.metrics import Metrics
from sealwire.redis import AsyncRedisStore
from sealwire.secrets import Reloader, StatusFile, load, load_modes
from sealwire.secrets.metrics import watch
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

SERVICE = os.environ["SERVICE"]
KEYS = os.environ["KEYS"]
MODES = os.environ["MODES"]
PATIENCE_S = 0.5  # the maximum time for a claim


def shared(url: str, metrics: Metrics) -> AsyncRedisStore:
    """Returns a replay store in Redis."""
    settings = {
        "socket_timeout": PATIENCE_S,
        "socket_connect_timeout": PATIENCE_S,
        "retry": Retry(NoBackoff(), 0),
    }
    return AsyncRedisStore(Redis.from_url(url, **settings), metrics=metrics)


async def whoami(request: Request) -> PlainTextResponse:
    await request.body()
    return PlainTextResponse(str(request.state.authenticated_service))


def main() -> None:
    keys = load(KEYS)
    reloader = Reloader(keys, lambda: load(KEYS), path=KEYS, look_every=0.2).on_signal().start()
    if directory := os.environ.get("STATUS_DIR"):
        StatusFile(keys, directory, SERVICE).start(every=0.2)
    modes = load_modes(MODES)
    modes_reloader = (
        Reloader(modes, lambda: load_modes(MODES), path=MODES, look_every=0.2).on_signal().start()
    )
    metrics = Metrics()
    url = os.environ.get("REDIS_URL")
    replay = shared(url, metrics) if url else ReplayTable.heap(accept_older=True)
    metrics.watch(None if url else replay, keys, modes)
    watch(reloader, KEYS)
    watch(modes_reloader)
    guard = Middleware(
        HMACAuthMiddleware,
        service_name=SERVICE,
        exempt_paths=["/health", "/metrics"],
        schemes=["message", "pairwise"],
        keys=keys,
        modes=modes,
        replay=replay,
        metrics=metrics,
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
