"""A test service for ASGI servers. It rejects a body that does not arrive within 0.5 seconds."""

from sealwire import KeyRing
from sealwire.asgi import HMACAuthMiddleware


async def application(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"ok"})


app = HMACAuthMiddleware(
    application,
    "practices",
    keys=KeyRing.from_env("practices"),
    schemes=["pairwise"],
    replay="heap",
    body_timeout=0.5,
)
