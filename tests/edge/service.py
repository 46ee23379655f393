"""A FastAPI service that an edge worker calls and that calls the worker itself.

Usage: service.py PORT. HMAC_SECRET_EDGE_PRACTICES is the secret that both share.
"""

import sys

import httpx
import uvicorn
from fastapi import FastAPI
from sealwire.fastapi import HMACAuthMiddleware, ServiceIdentity
from sealwire.httpx import HMACAuth

app = FastAPI()
app.add_middleware(HMACAuthMiddleware, service_name="practices", exempt_paths=["/call-worker", "/health"])


@app.get("/health")
def health() -> str:
    """Accepts unsigned requests, so that a test can wait for the service."""
    return "ok"


@app.post("/items")
async def items(caller: ServiceIdentity, item: dict) -> dict:
    """Returns the caller, the scheme and the body of the request."""
    return {"caller": caller.sender, "scheme": caller.scheme, "item": item}


@app.get("/call-worker")
def call_worker(url: str, tamper: bool = False) -> dict:
    """Sends the same signed request to the worker twice, and returns both responses."""
    first = httpx.post(url, json={"name": "tea"}, auth=HMACAuth("practices", "edge"))
    request = first.request
    body = b'{"name":"tee"}' if tamper else request.content
    again = httpx.request(request.method, str(request.url), headers=request.headers.raw, content=body)
    return {
        "first": {"status": first.status_code, "text": first.text, "headers": dict(first.headers)},
        "again": {"status": again.status_code, "text": again.text},
    }


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="error")
