"""Tests for AWS Lambda events from API Gateway (payload formats 1.0 and 2.0) and from a load balancer, with
the Mangum adapter."""

from __future__ import annotations

import asyncio
import base64
import json
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from fastapi import FastAPI, Request
from mangum import Mangum
from sealwire import ReplayTable, Signer
from sealwire.asgi import HMACAuthMiddleware
from sealwire.fastapi import OptionalServiceIdentity

SCHEMES = ["message", "pairwise", "client"]
HOST = "api.test"


@pytest.fixture(autouse=True)
def event_loop_of_mangum():
    """Sets the current event loop, because Mangum runs the application in it."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield
    asyncio.set_event_loop(None)
    loop.close()


def handler(keys, **changes):
    app = FastAPI()

    @app.api_route("/{path:path}", methods=["GET", "POST"])
    async def show(path: str, request: Request, caller: OptionalServiceIdentity):
        query = request.query_params.multi_items()
        return [caller and caller.sender, path, query, len(await request.body())]

    settings = {"keys": keys, "schemes": SCHEMES, "authorities": [HOST], "exempt_paths": ["/public/*"]}
    settings["replay"] = ReplayTable.heap(accept_older=True)
    app.add_middleware(HMACAuthMiddleware, "practices", **{**settings, **changes})
    return Mangum(app, lifespan="off")


def request_event(method, url, headers, body):
    encoded = base64.b64encode(body).decode() if body else None
    fields = {**headers, "host": HOST, "x-forwarded-proto": "https"}
    return {"headers": fields, "body": encoded, "isBase64Encoded": bool(body), "httpMethod": method}


def version_1(method, url, headers, body, decodes_path=False):
    """Returns an API Gateway event in payload format 1.0. API Gateway decodes the path for an HTTP API, but
    not for a REST API."""
    path, query = urlsplit(url).path, parse_qs(urlsplit(url).query, keep_blank_values=True)
    return {
        **request_event(method, url, headers, body),
        "version": "1.0",
        "resource": "/{proxy+}",
        "path": unquote(path) if decodes_path else path,
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "multiValueHeaders": {name: [value] for name, value in headers.items()} | {"host": [HOST]},
        "requestContext": {"identity": {"sourceIp": "192.0.2.1"}, "httpMethod": method},
    }


def version_1_http(method, url, headers, body):
    return version_1(method, url, headers, body, decodes_path=True)


def version_2(method, url, headers, body):
    path, query = unquote(urlsplit(url).path), urlsplit(url).query
    http = {"method": method, "path": path, "sourceIp": "192.0.2.1"}
    return {
        **request_event(method, url, headers, body),
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": query,
        "requestContext": {"http": http},
    }


def balancer(method, url, headers, body):
    parts = urlsplit(url)
    several = {}
    for pair in filter(None, parts.query.split("&")):
        name, _, value = pair.partition("=")
        several.setdefault(name, []).append(value)
    event = request_event(method, url, headers, body)
    return {
        **event,
        "path": parts.path,
        "multiValueQueryStringParameters": several,
        "multiValueHeaders": {name: [value] for name, value in event.pop("headers").items()},
        "requestContext": {"elb": {"targetGroupArn": "arn"}},
    }


EVENTS = [version_1, version_1_http, version_2, balancer]
TARGETS = [
    "/a",
    "/a%20b/caf%C3%A9",
    "/a?k=1&k=2&other=3",
    "/a?q=b%20c&k=%26%3D%25",
    "/a?q=b+c",
    "/a?q=caf%C3%A9&empty=",
    "/a?filter=a,b:c@d/e!",
    "/a?ids[]=1&ids[]=2",
]


def sent(handler, event, method, target, headers, body=b""):
    response = handler(event(method, target, headers, body), None)
    return response["statusCode"], json.loads(response["body"])


def signed(keys, scheme, method, target, body=b""):
    name = "billing-service" if scheme == "client" else "agent"
    return Signer(name, keys, schemes=[scheme]).sign(
        method, f"https://{HOST}{target}", body=body, receiver="practices", as_sent=True
    )


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("event", EVENTS)
def test_a_signed_event_is_accepted_once(keys, event, target, scheme):
    serve = handler(keys)
    headers = signed(keys, scheme, "GET", target)
    status, seen = sent(serve, event, "GET", target, headers)
    assert status == 200 and seen[0] == ("billing-service" if scheme == "client" else "agent")
    assert seen[1] == unquote(urlsplit(target).path)[1:]
    if scheme != "pairwise":
        assert sent(serve, event, "GET", target, headers)[0] == 401


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("event", EVENTS)
def test_bodies_are_verified(keys, event, scheme):
    serve, body = handler(keys), b"\x00\xff" * 100_000
    headers = signed(keys, scheme, "POST", "/a?k=1&k=2", body)
    assert sent(serve, event, "POST", "/a?k=1&k=2", headers, body)[1][3] == len(body)
    changed = signed(keys, scheme, "POST", "/a", body)
    if scheme != "client":
        assert sent(serve, event, "POST", "/a", changed, body + b"x")[0] == 401


@pytest.mark.parametrize("event", EVENTS)
def test_hostile_events_are_rejected(keys, event):
    serve = handler(keys, schemes=["message", "client"])
    headers = signed(keys, "message", "GET", "/a?k=1")
    for target in ("/b?k=1", "/a?k=2", "/a?k=1&k=1", "/a", "/a?k=1&x=1"):
        assert sent(serve, event, "GET", target, headers)[0] == 401
    assert sent(serve, event, "GET", "/public/a", {})[0] == 200
    for target in ("/a", "/public/%2e%2e/a", "/public/..%2fa", "/public/%252e%252e/a", "/public%2f../a"):
        assert sent(serve, event, "GET", target, {})[0] == 401


def test_an_event_cannot_name_another_path_than_the_routed_one(keys):
    """An adapter may rewrite the path, for example to remove the stage, but the event still contains the old
    path."""
    from sealwire._lambda import targets_of

    event = {"path": "/public/a", "requestContext": {}}
    assert list(targets_of({"path": "/admin", "query_string": b"", "aws.event": event})) == ["/admin"]
