"""Selection of the responses to sign, for ASGI and WSGI."""

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
    """Which responses are signed.

    A response is buffered until it is complete, because its signature is in a header. A response of more than
    `max_signed_response` bytes is sent unsigned (`oversize_responses="pass"`) or replaced with a 500 (`"reject"`).
    Event streams and responses to `unsigned_response_paths` are never signed.
    """

    max_signed_response: int
    """The largest response that is buffered for signing; event streams are never signed. Give a whole number of bytes from 0 to 1099511627776. Default: 1 MiB."""
    oversize_responses: Literal["pass", "reject"]
    """A larger response is sent unsigned, or replaced by a 500. Give one of "pass", "reject". Default: `"pass"`."""
    unsigned_response_paths: Strings
    """Paths whose responses are not signed. Give a list of paths that start with /, each exact or ending in *. Default: `[]`."""


@dataclass(slots=True)
class SignedResponses:
    """The settings of signed responses."""

    sign: bool
    max_bytes: int
    oversize: str
    unsigned_paths: tuple[str, ...]
    _warned: bool = False

    def covers(self, *paths: str) -> bool:
        """Returns whether the response to a request is signed. `paths` are the spellings of the request's
        path."""
        if not self.sign:
            return False
        return not any(matches(pattern, path) for pattern in self.unsigned_paths for path in paths)

    def warn(self, method: str, path: str, why: str) -> None:
        """Warns about the first response that cannot be signed. Later ones are not logged."""
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
    """Creates the settings with their defaults."""
    return SignedResponses(sign, max_signed_response, oversize_responses, tuple(unsigned_response_paths))


def matches(pattern: str, path: str) -> bool:
    """Returns whether a path is equal to the pattern, or has its prefix if the pattern ends with `*`."""
    return path.startswith(pattern[:-1]) if pattern.endswith("*") else path == pattern


def is_event_stream(headers: Iterable[tuple[str, str]]) -> bool:
    """Returns whether the response is an event stream, which has no end."""
    return any(
        name.lower() == "content-type" and value.lower().startswith(EVENT_STREAM) for name, value in headers
    )


def has_signature(headers: Iterable[tuple[str, str]]) -> bool:
    """Returns whether the application or an inner middleware has signed the response."""
    return any(name.lower() == MESSAGE_SIGNATURE_HEADER.lower() for name, _ in headers)


def with_signature(headers: Headers, sign: Callable[[], Headers]) -> Headers:
    """Returns the headers with those that `sign` returns. `no-transform` prevents intermediaries from
    changing the signed body."""
    try:
        signature = sign()
    except SignError as error:
        logger.warning("the response is sent unsigned: %s", error)
        return headers
    return [*untransformed(headers), *signature]


def untransformed(headers: Headers) -> Headers:
    """Returns the headers with `no-transform` (RFC 9111 section 5.2.2.6)."""
    given = [value for name, value in headers if name.lower() == CACHE_CONTROL.lower()]
    if any("no-transform" in value.lower() for value in given):
        return headers
    others = [(name, value) for name, value in headers if name.lower() != CACHE_CONTROL.lower()]
    return [*others, (CACHE_CONTROL.lower(), ", ".join([*given, "no-transform"]))]


def error_headers() -> Headers:
    """Returns the headers of the 500 response that replaces a response that is too long to sign."""
    return [("content-type", "application/json"), ("content-length", str(len(TOO_LONG)))]
