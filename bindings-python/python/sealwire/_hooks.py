"""Hooks are functions that an application passes to a server integration."""

from __future__ import annotations

import inspect
import json
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, TypedDict

from sealwire._errors import ConfigError, Rejected
from sealwire._key_lookup import FoundKeys, KeyLookup
from sealwire._rejections import Response
from sealwire._report import printable

logger = logging.getLogger("sealwire")

# The characters of a header name, and of a header value in Latin-1 (RFC 9110 sections 5.1 and 5.5).
HEADER_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
HEADER_VALUE: Final = re.compile(r"[\t\x20-\x7e\x80-\xff]*")

# An ASGI scope or a WSGI environment.
Request = Any


class RejectionBody(TypedDict, total=False):
    """The parts of the response to a rejected request that `on_reject` can set. The status cannot be
    changed."""

    body: str | bytes | Mapping[str, object] | list[object]
    """The body of the response. A mapping or a list is sent as JSON."""
    content_type: str
    """The value of `Content-Type`. The default is `application/json` for a mapping or a list, otherwise
    `text/plain; charset=utf-8`."""
    headers: Mapping[str, str]
    """Additional headers of the response."""


class HookOptions(TypedDict, total=False):
    """The settings for hooks. The argument `request` of a hook is an ASGI scope or a WSGI environment.

    Under ASGI, hooks can be coroutine functions.
    """

    skip: Callable[[Request], bool | Awaitable[bool]] | None
    """Requests for which this function returns true are not verified. Value: a function (request) that returns a boolean."""
    on_reject: Callable[[Request, Rejected], RejectionBody | Awaitable[RejectionBody | None] | None] | None
    """Returns the response body for a rejected request. It cannot change the status. Value: a function (request, rejection)."""
    look_up_keys: Callable[[str], FoundKeys | Awaitable[FoundKeys | None] | None] | None
    """Looks up the keys of a sender. Use it instead of `keys`. Value: a function (sender)."""
    look_up_ttl: float
    """The time for which looked-up keys are cached. Value: a number of seconds above 0. Default: `60`."""


class Hooks:
    """The hooks of one server integration. If a hook raises an exception, the exception is logged, and the
    request is processed as if the hook were not set."""

    def __init__(self, options: HookOptions, *, waits: bool) -> None:
        """`waits` is true for WSGI servers, which call hooks, and false for ASGI servers, which can await
        them."""
        for name in ("skip", "on_reject", "look_up_keys"):
            check_function(name, options.get(name), waits=waits)
        self._skip = options.get("skip")
        self._on_reject = options.get("on_reject")
        look_up = options.get("look_up_keys")
        if look_up is None and options.get("look_up_ttl") is not None:
            raise ConfigError(
                "look_up_ttl: pass look_up_keys too, because it is the time that their results are kept"
            )
        self.lookup = KeyLookup(look_up, options.get("look_up_ttl")) if look_up is not None else None
        self.before_verification = self._skip is not None or self.lookup is not None

    def begin(self, request: Request) -> bool:
        """Removes expired keys and calls `skip`. Returns whether the verification of the request is
        skipped."""
        if self.lookup is not None:
            self.lookup.expire()
        return self._skip is not None and run("skip", self._skip, request) is True

    async def begin_async(self, request: Request) -> bool:
        """Like `begin`, for ASGI."""
        if self.lookup is not None:
            self.lookup.expire()
        return self._skip is not None and await run_async("skip", self._skip, request) is True

    def response(self, request: Request, rejected: Rejected, usual: Response) -> Response:
        """Returns the response to a rejected request, which is `usual` with the parts that `on_reject`
        sets."""
        if self._on_reject is None:
            return usual
        return usual_or_own(usual, run("on_reject", self._on_reject, request, rejected))

    async def response_async(self, request: Request, rejected: Rejected, usual: Response) -> Response:
        """Like `response`, for ASGI."""
        if self._on_reject is None:
            return usual
        return usual_or_own(usual, await run_async("on_reject", self._on_reject, request, rejected))


def check_function(name: str, function: object, *, waits: bool) -> None:
    """Raises `ConfigError` if a hook is not a function, or is a coroutine function under WSGI."""
    if function is None:
        return
    if not callable(function):
        raise ConfigError(f"{name}: pass a function")
    if waits and inspect.iscoroutinefunction(function):
        raise ConfigError(f"{name}: pass an ordinary function, because a WSGI server cannot await it")


def run(name: str, function: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401 - the result of an application's function
    """Calls a hook. Returns None if it raises an exception."""
    try:
        return function(*arguments)
    except Exception:
        logger.exception("%s failed; the request is handled as if it were not set", name)
        return None


async def run_async(name: str, function: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401 - the result of an application's function
    """Like `run`, for a hook that can be a coroutine function."""
    try:
        result = function(*arguments)
        return await result if inspect.isawaitable(result) else result
    except Exception:
        logger.exception("%s failed; the request is handled as if it were not set", name)
        return None


def usual_or_own(usual: Response, own: RejectionBody | None) -> Response:
    """Returns the response with the parts that `on_reject` returned, or `usual` if they are not valid."""
    if own is None:
        return usual
    try:
        return merged(usual, own)
    except (TypeError, ValueError, AttributeError):
        logger.exception("on_reject returned no RejectionBody, so the default response was sent")
        return usual


def merged(usual: Response, own: RejectionBody) -> Response:
    content = own.get("body", b"")
    usual_type = "text/plain; charset=utf-8"
    if isinstance(content, str):
        body = content.encode()
    elif isinstance(content, bytes):
        body = content
    else:
        body, usual_type = json.dumps(content).encode(), "application/json"
    kind = own.get("content_type") or usual_type
    headers = {str(name): str(value) for name, value in own.get("headers", {}).items()}
    check_headers({"Content-Type": kind, **headers})
    more = {"Content-Type": kind, "Content-Length": str(len(body)), **headers}
    replaced = {name.lower() for name in more}
    kept = [(name, value) for name, value in usual.headers if name.lower() not in replaced]
    return Response(usual.status, [*kept, *more.items()], body)


def check_headers(headers: Mapping[str, str]) -> None:
    """Raises `ValueError` for headers that a server cannot send, and for headers that describe the length of
    the body."""
    for name, value in headers.items():
        if name.lower() in ("content-length", "transfer-encoding"):
            raise ValueError(f"the header {name} cannot be set")
        if not HEADER_NAME.fullmatch(name) or not HEADER_VALUE.fullmatch(value):
            raise ValueError(f"the header {printable(name)} has an invalid name or value")
