"""Signs what requests sends.

    session = requests.Session()
    session.auth = HMACAuth("agent", "practices")

Redirects carry the first request's signature and are refused by a new receiver: pass `allow_redirects=False`.
"""

from __future__ import annotations

import requests
from requests.auth import AuthBase

from sealwire._signing import UNCODED, Signing

__all__ = ["HMACAuth"]


class HMACAuth(Signing, AuthBase):
    """Signs each request as it leaves; the arguments are those of `Signing`."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Adds the headers to a request."""
        body = request.body
        if isinstance(body, str):
            # Fixed here to the bytes that are signed, so that nothing encodes the text otherwise.
            request.body = body = body.encode()
            request.headers["Content-Length"] = str(len(body))
        # A stream has no bytes to sign; no body has none to send.
        whole = None if body is not None and not isinstance(body, bytes) else body or b""
        if self.verifies_responses:
            request.headers.update([UNCODED])
            request.hooks.setdefault("response", []).append(self._judge)
        url, host = where(request)
        request.headers.update(self.headers(request.method or "", url, host, request.headers.items(), whole))
        return request

    def _judge(self, response: requests.Response, **_: object) -> None:
        request = response.request
        url, host = where(request)
        self.check(
            request.method or "",
            url,
            host,
            request.headers.items(),
            response.status_code,
            response.raw.headers.items(),
            response.content,
        )


def where(request: requests.PreparedRequest) -> tuple[str, str]:
    """The URL as it is sent, and its host."""
    url: str = requests.utils.urldefragauth(request.url or "")
    return url, requests.compat.urlparse(url).hostname or ""
