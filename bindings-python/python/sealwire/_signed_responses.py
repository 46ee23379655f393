"""Determines which responses are signed, for ASGI and WSGI."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Literal, TypedDict

from sealwire._errors import SignError
from sealwire._native import CACHE_CONTROL, MESSAGE_SIGNATURE_HEADER
from sealwire._report import printable
from sealwire._words import Strings

logger = logging.getLogger("sealwire")

DEFAULT_MAX_BYTES: Final = 1 << 20
EVENT_STREAM: Final = "text/event-stream"
TOO_LONG: Final = b'{"detail":"Response too long to sign"}'

Headers = list[tuple[str, str]]


class ResponseOptions(TypedDict, total=False):
    """The settings that determine which responses are signed.

    A response is buffered until it is complete, because its signature is in a header. If a response is
    longer than `max_signed_response` bytes, `oversize_responses` determines whether it is sent without a
    signature (`"pass"`) or replaced with a 500 response (`"reject"`). Event streams and responses to
    `unsigned_response_paths` are never signed.
    """

    max_signed_response: int
    """The maximum size of a response that is buffered and signed. Event streams are never signed. Value: a whole number of bytes from 0 to 1099511627776. Default: 1 MiB."""
    oversize_responses: Literal["pass", "reject"]
    """The action for a larger response: `pass` sends it without a signature, and `reject` sends status 500 instead. Value: one of "pass", "reject". Default: `"pass"`."""
    unsigned_response_paths: Strings
    """The paths whose responses are not signed. Value: a list of paths that start with /, each exact or ending in *. Default: `[]`."""


@dataclass(slots=True)
class SignedResponses:
    """The settings for signing responses, with their defaults."""

    sign: bool
    max_bytes: int
    oversize: str
    unsigned_paths: tuple[str, ...]
    _warned: bool = False

    def covers(self, *paths: str) -> bool:
        """Returns whether the response to a request is signed. `paths` contains the path of the request
        with and without the root path."""
        if not self.sign:
            return False
        return not any(matches(pattern, path) for pattern in self.unsigned_paths for path in paths)

    def warn(self, method: str, path: str, why: str) -> None:
        """Logs a warning about a response that cannot be signed. Only the first such response is logged."""
        if self._warned:
            return
        self._warned = True
        logger.warning(
            "the response to %s %s is not signed, because it is %s; list such paths in unsigned_response_paths. "
            "Later responses of this kind are not logged",
            printable(method),
            printable(path),
            why,
        )


def signed_responses(
    sign: bool,
    *,
    max_signed_response: int = DEFAULT_MAX_BYTES,
    oversize_responses: str = "pass",
    unsigned_response_paths: Strings = (),
) -> SignedResponses:
    """Returns the settings for signing responses, with defaults for omitted settings."""
    return SignedResponses(sign, max_signed_response, oversize_responses, tuple(unsigned_response_paths))


def matches(pattern: str, path: str) -> bool:
    """Returns whether a path matches a pattern. A pattern that ends with `*` matches all paths with this
    prefix."""
    return path.startswith(pattern[:-1]) if pattern.endswith("*") else path == pattern


def is_event_stream(headers: Iterable[tuple[str, str]]) -> bool:
    """Returns whether a response is an event stream, which cannot be buffered because it has no end."""
    return any(
        name.lower() == "content-type" and value.lower().startswith(EVENT_STREAM) for name, value in headers
    )


def has_signature(headers: Iterable[tuple[str, str]]) -> bool:
    """Returns whether a response is already signed by the application or by another middleware."""
    return any(name.lower() == MESSAGE_SIGNATURE_HEADER.lower() for name, _ in headers)


def with_signature(headers: Headers, sign: Callable[[], Headers]) -> Headers:
    """Returns the headers of a response with the signature that `sign` creates. Also adds `no-transform`,
    so that proxies do not change the signed body."""
    try:
        signature = sign()
    except SignError as error:
        logger.warning("the response is sent unsigned: %s", error)
        return headers
    return [*untransformed(headers), *signature]


def untransformed(headers: Headers) -> Headers:
    """Returns the headers with the directive `no-transform` in `Cache-Control` (RFC 9111 section 5.2.2.6)."""
    given = [value for name, value in headers if name.lower() == CACHE_CONTROL.lower()]
    if any("no-transform" in value.lower() for value in given):
        return headers
    others = [(name, value) for name, value in headers if name.lower() != CACHE_CONTROL.lower()]
    return [*others, (CACHE_CONTROL.lower(), ", ".join([*given, "no-transform"]))]


def error_headers() -> Headers:
    """Returns the headers of the 500 response whose body is `TOO_LONG`."""
    return [("content-type", "application/json"), ("content-length", str(len(TOO_LONG)))]
