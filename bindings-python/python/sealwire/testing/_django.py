"""Signs the requests of Django's test client."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.handlers.wsgi import WSGIRequest  # type: ignore[import-untyped, unused-ignore]
from django.http import HttpResponse  # type: ignore[import-untyped, unused-ignore]

from sealwire._errors import ConfigError
from sealwire._wsgi import Environ
from sealwire.testing._signs import Check, Sign
from sealwire.wsgi import HMACAuthMiddleware

Client = TypeVar("Client")
Handler = Any


def signed_django(
    client: Client, sign: Sign, application: HMACAuthMiddleware | None, verifies: bool
) -> Client:
    """Changes a client so that it signs each request, and sends the request through the middleware if
    `application` is given."""
    if verifies and application is None:
        raise ConfigError(
            "verify_responses: needs application, because only the middleware of the project signs responses"
        )
    if application is not None and not isinstance(application, HMACAuthMiddleware):
        raise ConfigError("application: pass the HMACAuthMiddleware of the project, from its wsgi.py")
    inside: Any = client
    inside.handler = SigningHandler(inside.handler, sign, application, verifies)
    return client


class SigningHandler:
    """The handler of a test client. It wraps Django's handler, and reads and writes all attributes
    there."""

    def __init__(
        self, inner: Handler, sign: Sign, application: HMACAuthMiddleware | None, verifies: bool
    ) -> None:
        """`inner` is Django's handler."""
        self.__dict__.update(_inner=inner, _sign=sign, _application=application, _verifies=verifies)

    def __getattr__(self, name: str) -> object:
        """Returns an attribute of Django's handler."""
        return getattr(self.__dict__["_inner"], name)

    def __setattr__(self, name: str, value: object) -> None:
        """Sets an attribute of Django's handler."""
        setattr(self._inner, name, value)

    def __call__(self, environ: Environ) -> Any:  # noqa: ANN401 - a response of Django with attributes for tests
        """Signs and sends a request."""
        check = self.__dict__["_sign"](environ)
        application = self.__dict__["_application"]
        inner = self.__dict__["_inner"]
        if application is None:
            return inner(environ)
        return through(application, inner, environ, check if self.__dict__["_verifies"] else None)


def through(application: HMACAuthMiddleware, inner: Handler, environ: Environ, check: Check | None) -> Any:  # noqa: ANN401 - a response of Django with attributes for tests
    """Sends a request through the middleware. Returns Django's response, or the middleware's response to a
    rejected request. `check` verifies the response, unless it is None."""
    responses: list[Any] = []
    started: dict[str, Any] = {}

    def app(environ: Environ, start_response: Callable[..., Any]) -> list[bytes]:
        response = inner(environ)
        content: list[bytes] = []
        responses.append(response)
        if not response.streaming:
            content = [response.content]
        elif check is not None:
            response.streaming_content = content = [b"".join(response)]
        start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
        return content

    def start_response(status: str, headers: list[tuple[str, str]], *_: object) -> Callable[[bytes], None]:
        started.update(status=int(status.partition(" ")[0]), headers=headers)
        return lambda _: None

    guarded = copy.copy(application)
    guarded.app = app
    body = b"".join(guarded(environ, start_response))
    if check is not None:
        check(started["status"], started["headers"], body)
    if not responses:
        rejected = HttpResponse(body, status=started["status"], headers=dict(started["headers"]))
        rejected.wsgi_request = WSGIRequest(environ)
        return rejected
    [response] = responses
    for name, value in started["headers"]:
        response[name] = value
    return response
