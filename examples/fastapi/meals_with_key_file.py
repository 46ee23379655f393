"""The `meals` service with a key file, metrics, and a capture of the last request.

The key file is reloaded when it changes.
"""

from capture import Capture
from fastapi import FastAPI
from prometheus_client import make_asgi_app
from sealwire import KeyRing
from sealwire.fastapi import HMACAuthMiddleware, ServiceIdentity
from sealwire.metrics import Metrics
from sealwire.secrets import Reloader, load


def read() -> KeyRing:
    """Loads this service's keys from the key file."""
    return load("keys.toml", service="meals")


keys = read()
Reloader(keys, read, path="keys.toml").on_signal().start()
metrics = Metrics()
metrics.watch(keys=keys)

app = FastAPI()
app.mount("/metrics", make_asgi_app())
app.add_middleware(
    HMACAuthMiddleware,
    service_name="meals",
    keys=keys,
    metrics=metrics,
    exempt_paths=["/metrics", "/metrics/*"],
)
app.add_middleware(Capture, file="request.http")  # the middleware that is added last receives requests first


@app.get("/menu")
async def menu(caller: ServiceIdentity) -> dict[str, str]:
    """Returns the menu."""
    return {"dish": "soup", "asked_by": caller.sender or "nobody"}
