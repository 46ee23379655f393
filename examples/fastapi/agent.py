"""The service `agent`. It accepts signed requests from `gateway` and calls the `meals` service."""

import os

import httpx
from fastapi import FastAPI
from sealwire.fastapi import HMACAuthMiddleware, ServiceIdentity
from sealwire.httpx import signed

app = FastAPI()
app.add_middleware(HMACAuthMiddleware, service_name="agent", exempt_paths=["/health"])
MEALS = os.environ.get("MEALS_URL", "http://127.0.0.1:8002")
meals = signed(httpx.AsyncClient(base_url=MEALS), "agent", "meals")


@app.get("/health")
async def health() -> str:
    """Responds to a health check, which needs no signature."""
    return "ok"


@app.post("/plan")
async def plan(caller: ServiceIdentity, body: dict[str, str]) -> dict[str, object]:
    """Requests the menu for a meal from `meals` and returns it."""
    response = await meals.get("/menu", params={"for": body["goal"]})
    return {"asked_by": caller.sender, "menu": response.raise_for_status().json()}
