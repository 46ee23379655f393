"""Calls the service with httpx."""

import os

import httpx
from sealwire.httpx import signed

SERVICE = os.environ.get("SERVICE_URL", "http://127.0.0.1:8000")
with signed(httpx.Client(base_url=SERVICE), "agent", "practices") as client:
    response = client.post("/items", json={"name": "tea"})
print(response.status_code, response.text)  # noqa: T201 - the output of the example
