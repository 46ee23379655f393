"""Tests for WebSocket handshakes, which the middleware verifies like requests."""

from __future__ import annotations

import base64
import hmac
import pathlib
import time
import uuid

import httpx
import pytest
import websockets.asyncio.client
from fastapi import APIRouter, Depends, FastAPI, WebSocket
from sealwire import ReplayTable, Signer
from sealwire.asgi import HMACAuthMiddleware
from sealwire.fastapi import OptionalServiceIdentity, ServiceIdentity, service_identity

from .conftest import PAIR_SECRET, serving
from .test_asgi import SharedStore, run

SCHEMES = ["message", "pairwise", "client"]
IMPLEMENTATIONS = ["websockets-sansio", "wsproto"]


def application(keys, **changes):
    app = FastAPI()

    @app.websocket("/ws")
    async def typed(websocket: WebSocket, caller: ServiceIdentity):
        await websocket.accept()
        await websocket.send_text(f"{caller.sender} {await websocket.receive_text()}")

    @app.websocket("/public/ws")
    async def untyped(websocket: WebSocket, caller: OptionalServiceIdentity):
        await websocket.accept()
        await websocket.receive_text()
        await websocket.send_text(f"{websocket.state.authenticated_service} {caller}")

    router = APIRouter(dependencies=[Depends(service_identity)])

    @router.websocket("/routed")
    async def routed(websocket: WebSocket):
        await websocket.accept()
        await websocket.receive_text()
        await websocket.send_text(websocket.state.identity.sender)

    app.include_router(router)
    settings = {
        "service_name": "practices",
        "keys": keys,
        "schemes": SCHEMES,
        "replay": ReplayTable.heap(accept_older=True),
        "exempt_paths": ["/public/*"],
        "authorities": "any",
        **changes,
    }
    app.add_middleware(HMACAuthMiddleware, **settings)
    return app


def signed(keys, url, scheme="message", path="/ws"):
    name = "billing-service" if scheme == "client" else "agent"
    return Signer(name, keys, schemes=[scheme]).sign("GET", f"{url}{path}", None, b"", "practices")


async def conversation(url, path, headers):
    """Sends a message and returns the text that it receives, or the response if the handshake is rejected."""
    address = url.replace("http://", "ws://") + path
    try:
        async with websockets.asyncio.client.connect(address, additional_headers=headers) as connection:
            await connection.send("hello")
            return await connection.recv()
    except websockets.exceptions.InvalidStatus as refused:
        return refused.response


@pytest.mark.parametrize("implementation", IMPLEMENTATIONS)
async def test_a_signed_handshake_is_accepted_once_in_every_scheme(keys, implementation):
    with serving(application(keys), ws=implementation) as url:
        for scheme in SCHEMES:
            headers = signed(keys, url, scheme)
            sender = "billing-service" if scheme == "client" else "agent"
            assert await conversation(url, "/ws", headers) == f"{sender} hello"
            if scheme != "pairwise":
                assert (await conversation(url, "/ws", headers)).status_code == 401
        assert await conversation(url, "/routed", signed(keys, url, path="/routed")) == "agent"


@pytest.mark.parametrize("implementation", IMPLEMENTATIONS)
async def test_an_invalid_handshake_is_rejected_with_a_response(keys, implementation):
    with serving(application(keys), ws=implementation) as url:
        refused = await conversation(url, "/ws", {})
        assert refused.status_code == 401
        assert refused.headers["WWW-Authenticate"] == 'Sealwire realm="practices"'
        assert b"Request signature required" in refused.body
        other = signed(keys, url, path="/other")
        assert (await conversation(url, "/ws", other)).status_code == 401
        posted = Signer("agent", keys).sign("POST", f"{url}/ws", None, b"", "practices")
        assert (await conversation(url, "/ws", posted)).status_code == 401


async def test_exempt_handshakes_pass_without_an_identity(keys):
    with serving(application(keys)) as url:
        assert await conversation(url, "/public/ws", {}) == "None None"
        assert (await conversation(url, "/public/%2e%2e/ws", {})).status_code == 401


@pytest.mark.parametrize("mode", ["observe", "off"])
async def test_the_mode_applies_to_handshakes(keys, mode):
    with serving(application(keys, mode=mode)) as url:
        assert await conversation(url, "/ws", {}) == " hello"
        assert await conversation(url, "/ws", signed(keys, url)) == "agent hello"


def websocket_scope(headers, **changes):
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    return {
        "type": "websocket",
        "path": "/ws",
        "raw_path": b"/ws",
        "query_string": b"",
        "scheme": "ws",
        "headers": raw,
        **changes,
    }


async def test_a_server_without_the_extension_closes_the_handshake(keys):
    app = application(keys)
    sent, _ = await run(app, websocket_scope({}), [{"type": "websocket.connect"}])
    assert sent == [{"type": "websocket.close", "code": 1008, "reason": "Request signature required"}]


@pytest.mark.parametrize(("answer", "accepted"), [(True, True), (False, False), (None, False)])
async def test_a_shared_store_is_used_for_handshakes(keys, answer, accepted):
    store = SharedStore(answer)
    with serving(application(keys, replay=store)) as url:
        received = await conversation(url, "/ws", signed(keys, url))
        assert (received == "agent hello") is accepted and len(store.asked) == 1


def signed_with_scheme(scheme: str) -> dict[str, str]:
    """Returns signature headers that cover `@scheme`, like those from other RFC 9421 implementations."""
    names = ["@method", "@authority", "@path", "@query", "@scheme"]
    values = ["GET", "127.0.0.1", "/ws", "?", scheme]
    components = " ".join(f'"{name}"' for name in names)
    parameters = f'({components});created={int(time.time())};nonce="{uuid.uuid4()}";alg="hmac-sha256"'
    parameters += ';keyid="agent/practices#1";tag="sealwire"'
    lines = [f'"{name}": {value}' for name, value in zip(names, values, strict=True)]
    base = "\n".join([*lines, f'"@signature-params": {parameters}'])
    mac = hmac.digest(base64.b64decode(PAIR_SECRET), base.encode(), "sha256")
    return {
        "Signature-Input": f"sealwire={parameters}",
        "Signature": f"sealwire=:{base64.b64encode(mac).decode()}:",
    }


@pytest.mark.parametrize("signed_scheme", ["ws", "http", None])
async def test_the_scheme_of_a_handshake_is_that_of_its_request(keys, signed_scheme):
    headers = signed_with_scheme("http")
    scope = websocket_scope({"Host": "127.0.0.1", **headers}, scheme=signed_scheme)
    if signed_scheme is None:
        del scope["scheme"]  # as Daphne does
    accepted = []

    async def app(scope, receive, send):
        accepted.append(scope["state"]["identity"].sender)

    middleware = HMACAuthMiddleware(
        app, "practices", keys=keys, authorities="any", replay=ReplayTable.heap(accept_older=True)
    )
    await run(middleware, scope, [{"type": "websocket.connect"}])
    assert accepted == ["agent"]


@pytest.mark.parametrize("signs", [True, False])
def test_the_readmes_client_connects_to_a_verifying_server(environment, capsys, signs):
    app = FastAPI()

    @app.websocket("/events")
    async def events(websocket: WebSocket, caller: ServiceIdentity):
        await websocket.accept()
        await websocket.send_text(f"hello {caller.sender}")

    app.add_middleware(HMACAuthMiddleware, "practices", replay=ReplayTable.heap(accept_older=True))
    readme = (pathlib.Path(__file__).parents[1] / "README.md").read_text()
    example = next(part for part in readme.split("```")[1::2] if "websockets.sync.client" in part)
    with serving(app) as url:
        local = example.replace("https://api.test", url).replace("wss://api.test", url.replace("http", "ws"))
        local = local.removeprefix("python\n") if signs else local[7:].replace("=headers", "={}")
        program = compile(local, "README.md", "exec")
        if signs:
            exec(program, {})  # noqa: S102 - the README of this repository
            assert capsys.readouterr().out == "hello agent\n"
        else:
            with pytest.raises(websockets.exceptions.InvalidStatus, match="401"):
                exec(program, {})  # noqa: S102 - the README of this repository


def test_requests_with_the_dependency_are_served_as_before(keys):
    with serving(application(keys)) as url:
        assert httpx.get(f"{url}/ws").status_code == 401
