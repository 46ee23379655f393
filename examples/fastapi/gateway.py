"""The public service `gateway`. It accepts unsigned requests and calls the `agent` service."""

import os

import httpx
from fastapi import FastAPI
from sealwire.httpx import signed

app = FastAPI()
AGENT = os.environ.get("AGENT_URL", "http://127.0.0.1:8001")
agent = signed(httpx.AsyncClient(base_url=AGENT), "gateway", "agent")


@app.get("/plan")
async def plan() -> dict[str, object]:
    """Returns the plan that `agent` creates."""
    response = await agent.post("/plan", json={"goal": "dinner"})
    return response.raise_for_status().json()
