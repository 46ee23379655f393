"""Calls the service with the requests package."""

import os

import requests
from sealwire.requests import signed

SERVICE = os.environ.get("SERVICE_URL", "http://127.0.0.1:8000")
session = signed(requests.Session(), "agent", "practices", origins=[SERVICE])
response = session.post(f"{SERVICE}/items", json={"name": "tea"})
print(response.status_code, response.text)  # noqa: T201 - the output of the example
