"""Headers of requests signed by an `auth=` class for requests."""

from __future__ import annotations

import re
from collections.abc import Callable, ItemsView, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urljoin

import requests
from requests.structures import CaseInsensitiveDict

from sealwire._errors import SignError
from sealwire._origins import Origin

ESCAPE: Final = re.compile("%[0-9a-f]{2}", re.IGNORECASE)


@dataclass
class Signature:
    """The signature of the last attempt, shared by all copies of the headers."""

    plain: CaseInsensitiveDict[Any]
    origin: Origin
    sign: Callable[[Mapping[str, Any]], dict[str, str]]
    added: dict[str, str] = field(default_factory=dict)
    is_sent: bool = True
    redirect: str | None = None

    def renew(self) -> None:
        """Signs again if the signature was already sent."""
        if self.is_sent:
            self.added = self.sign(self.plain)
            self.is_sent = False

    def sent(self) -> dict[str, Any]:
        """The headers of the last attempt."""
        return {**self.plain, **self.added}

    def note_redirect(self, response: requests.Response, **_: object) -> None:
        """Stores the target of a redirect. Used as a response hook."""
        if response.is_redirect:
            self.redirect = urljoin(response.url, response.headers["location"])


class SignedHeaders(CaseInsensitiveDict[Any]):
    """Headers that are signed again for each attempt. The copy that requests makes for a redirect is unsigned
    and cannot be sent.

    urllib3 calls `items()` once for each attempt, which an `auth=` class cannot detect otherwise.
    """

    def __init__(self, signature: Signature) -> None:
        """Stores the signed headers. When urllib3 copies them for a retry, a file is not at its start."""
        super().__init__(signature.sent())
        self.signature = signature

    def items(self) -> ItemsView[str, Any]:
        """Returns the headers with a signature that was not sent before."""
        self.signature.renew()
        self.update(self.signature.added)
        self.signature.is_sent = True
        return super().items()

    def copy(self) -> CaseInsensitiveDict[Any]:
        """Returns a copy. The copy for a redirect has no signature."""
        redirect = self.signature.redirect
        if redirect is None:
            return SignedHeaders(self.signature)
        return RedirectHeaders(self.signature.plain, self.signature.origin, redirect)


class RedirectHeaders(CaseInsensitiveDict[Any]):
    """The headers of a redirect, which cannot be sent."""

    def __init__(self, plain: Mapping[str, Any], origin: Origin, target: str) -> None:
        """`target` is the URL of a redirect from `origin`."""
        super().__init__(plain)
        self._plain, self._origin, self._target = plain, origin, target

    def items(self) -> ItemsView[str, Any]:
        """Raises `SignError`, because it is called to send the request."""
        raise SignError(
            f"{self._origin} redirects to {Origin.of(self._target)}, and an auth= class cannot sign a redirect; it was not "
            "sent. Use HMACAdapter, which signs redirects within the same origin, or allow_redirects=False"
        )

    def copy(self) -> CaseInsensitiveDict[Any]:
        """Returns a copy that cannot be sent either."""
        return RedirectHeaders(self._plain, self._origin, self._target)


def target_of(request: requests.PreparedRequest) -> str:
    """Returns the path and query as sent by urllib3, with percent codes in upper case."""
    return ESCAPE.sub(lambda escape: escape[0].upper(), request.path_url)
