"""Transports for test clients of httpx and httpx2, which call the application in the process of the test."""

from __future__ import annotations

from typing import Any, TypeVar

from sealwire._httpx import AsyncTransport, SyncTransport

Client = TypeVar("Client")


def for_tests(client: Client) -> Client:
    """Changes a client that signs requests so that it also signs WebSocket handshakes, whose URLs begin with
    `ws:` or `wss:`. Before each request, it builds the middleware of the application."""
    inside: Any = client
    inside._transport = wrapped(inside._transport)
    inside._mounts = {pattern: wrapped(transport) for pattern, transport in inside._mounts.items()}
    return client


def wrapped(transport: Any) -> Any:  # noqa: ANN401 - the transports have no common class
    """Returns a transport that builds the middleware of the application, and then uses `transport`."""
    if isinstance(transport, SyncTransport):
        return InProcessTransport(transport)
    if isinstance(transport, AsyncTransport):
        return AsyncInProcessTransport(transport)
    return transport


class Wrapper:
    """Builds the middleware of the application before each request."""

    def __init__(self, transport: Any) -> None:  # noqa: ANN401
        """`transport` is the transport that signs and sends the requests."""
        self._transport = transport

    def __getattr__(self, name: str) -> object:
        """Returns an attribute of the wrapped transport."""
        return getattr(self._transport, name)

    def _build(self, request: Any) -> None:  # noqa: ANN401 - httpx and httpx2 have no common classes
        build_middleware(getattr(self._transport.transport, "app", None), request.url.path)


class InProcessTransport(Wrapper):
    """A transport that signs a WebSocket handshake as a GET request."""

    def handle_request(self, request: Any) -> Any:  # noqa: ANN401
        """Signs and sends a request."""
        self._build(request)
        scheme = {"ws": "http", "wss": "https"}.get(request.url.scheme)
        if scheme is None:
            return self._transport.handle_request(request)
        make = self._transport.library.Request
        got = make(request.method, request.url.copy_with(scheme=scheme), headers=request.headers)
        signed, _ = self._transport._signed(got)
        handshake = make(request.method, request.url, headers=signed.headers, extensions=request.extensions)
        return self._transport.transport.handle_request(handshake)


class AsyncInProcessTransport(Wrapper):
    """The transport of an asynchronous client."""

    async def handle_async_request(self, request: Any) -> Any:  # noqa: ANN401
        """Signs and sends a request."""
        self._build(request)
        return await self._transport.handle_async_request(request)


def build_middleware(app: Any, path: str) -> None:  # noqa: ANN401 - any ASGI or WSGI application
    """Builds the middleware of a Starlette application, of the applications that it mounts at `path`, and of an
    application inside other middleware.

    Starlette builds middleware during the first request. If the middleware then creates its replay table, the
    table rejects the request as stale when a second has begun since the request was signed.
    """
    if hasattr(app, "build_middleware_stack") and app.middleware_stack is None:
        app.middleware_stack = app.build_middleware_stack()
    for route in getattr(app, "routes", ()):
        match = route.path_regex.match(path) if hasattr(route, "path_regex") else None
        if match is not None and "path" in match.groupdict():
            build_middleware(getattr(route, "app", None), f"/{match['path']}")
    if hasattr(app, "app"):  # other middleware stores the application in this attribute
        build_middleware(app.app, path)
