"""The service `meals`. It accepts only signed GET requests from `agent` for paths below /menu."""

from fastapi import FastAPI
from sealwire.fastapi import HMACAuthMiddleware, ServiceIdentity

app = FastAPI()
app.add_middleware(
    HMACAuthMiddleware,
    service_name="meals",
    senders={"agent": {"methods": ["GET"], "path_prefixes": ["/menu"]}},
    listed_senders_only=True,
)


@app.get("/menu")
async def menu(caller: ServiceIdentity) -> dict[str, str]:
    """Returns the menu."""
    return {"dish": "soup", "asked_by": caller.sender or "nobody"}
