"""A service that `agent` may call. It reads the key from HMAC_SECRET_AGENT_PRACTICES."""

from fastapi import FastAPI, Request
from sealwire.asgi import HMACAuthMiddleware

app = FastAPI()
app.add_middleware(HMACAuthMiddleware, service_name="practices")


@app.get("/whoami")
async def whoami(request: Request) -> str | None:
    """Returns the name of the caller."""
    return request.state.authenticated_service
