"""The headers of requests that are signed by the class `HMACAuth` in `sealwire.requests`."""

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
    """The signature of a request, which is renewed for each attempt. All copies of the headers share this
    object."""

    plain: CaseInsensitiveDict[Any]
    origin: Origin
    sign: Callable[[Mapping[str, Any]], dict[str, str]]
    added: dict[str, str] = field(default_factory=dict)
    is_sent: bool = True
    redirect: str | None = None

    def renew(self) -> None:
        """Signs the request again if the current signature was already sent."""
        if self.is_sent:
            self.added = self.sign(self.plain)
            self.is_sent = False

    def sent(self) -> dict[str, Any]:
        """Returns the headers of the last attempt, including the signature."""
        return {**self.plain, **self.added}

    def note_redirect(self, response: requests.Response, **_: object) -> None:
        """Stores the target URL of a redirect. The library calls this method as a response hook."""
        if response.is_redirect:
            self.redirect = urljoin(response.url, response.headers["location"])


class SignedHeaders(CaseInsensitiveDict[Any]):
    """Headers that are signed again for each attempt. The library copies them for a redirect. Such a copy
    has no signature and cannot be sent.

    An `auth=` class is not called again for a retry. However, urllib3 calls `items()` once for each attempt,
    so `items()` renews the signature.
    """

    def __init__(self, signature: Signature) -> None:
        """`signature` contains the signed headers. The constructor does not sign the request again, because
        urllib3 may copy the headers after it has read part of a body file."""
        super().__init__(signature.sent())
        self.signature = signature

    def items(self) -> ItemsView[str, Any]:
        """Returns the headers with a signature that has not been sent yet."""
        self.signature.renew()
        self.update(self.signature.added)
        self.signature.is_sent = True
        return super().items()

    def copy(self) -> CaseInsensitiveDict[Any]:
        """Returns a copy with the signature. After a redirect, returns a copy that cannot be sent."""
        redirect = self.signature.redirect
        if redirect is None:
            return SignedHeaders(self.signature)
        return RedirectHeaders(self.signature.plain, self.signature.origin, redirect)


class RedirectHeaders(CaseInsensitiveDict[Any]):
    """The headers of a redirected request, which cannot be sent."""

    def __init__(self, plain: Mapping[str, Any], origin: Origin, target: str) -> None:
        """`target` is the URL to which `origin` redirects."""
        super().__init__(plain)
        self._plain, self._origin, self._target = plain, origin, target

    def items(self) -> ItemsView[str, Any]:
        """Raises `SignError`. urllib3 calls this method when it sends the request."""
        raise SignError(
            f"{self._origin} redirects to {Origin.of(self._target)}, and an auth= class cannot sign a redirect; it was not "
            "sent. Use HMACAdapter, which signs redirects within the same origin, or allow_redirects=False"
        )

    def copy(self) -> CaseInsensitiveDict[Any]:
        """Returns a copy, which cannot be sent either."""
        return RedirectHeaders(self._plain, self._origin, self._target)


def target_of(request: requests.PreparedRequest) -> str:
    """Returns the path and query as urllib3 sends them, with upper-case hex digits in percent-encoded
    characters."""
    return ESCAPE.sub(lambda escape: escape[0].upper(), request.path_url)
