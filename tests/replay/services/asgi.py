"""An ASGI service with Sealwire's middleware. Environment variables select the replay store."""

import json
import os
from typing import Any

from redis.asyncio import Redis
from sealwire import KeyRing, ReplayTable
from sealwire.asgi import HMACAuthMiddleware
from sealwire.redis import AsyncRedisStore

PAST, FUTURE = (int(os.environ.get(name, "300")) for name in ("PAST", "FUTURE"))


async def worker(scope: dict[str, Any], receive: Any, send: Any) -> None:
    body = json.dumps({"worker": os.getpid()}).encode()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


def replay() -> Any:
    if "REDIS_URL" in os.environ:
        return AsyncRedisStore(
            Redis.from_url(os.environ["REDIS_URL"], socket_timeout=1, socket_connect_timeout=1)
        )
    per_second = int(os.environ.get("REQUESTS_PER_SECOND", "200"))
    if "REPLAY_FILE" in os.environ:
        return ReplayTable.mapped(
            os.environ["REPLAY_FILE"], requests_per_second=per_second, window=PAST + FUTURE
        )
    return None  # the default replay store


app = HMACAuthMiddleware(
    worker,
    "orders",
    keys=KeyRing(clients={os.environ["TEST_CLIENT"]: os.environ["TEST_SECRET"]}),
    schemes=["client"],
    replay=replay(),
    past=PAST,
    future=FUTURE,
)
