"""Signs the requests of requests.

    session = signed(requests.Session(), "agent", "practices", origins=["http://practices"])

Each attempt of a `Retry` and each redirect within the same origin is signed again. A redirect to another origin raises
`SignError`, and nothing is sent there. To set retries or pools, mount the adapter yourself, for both schemes:

    adapter = HMACAdapter("agent", "practices", origins=["http://practices"], max_retries=Retry(3))
    session.mount("http://", adapter)
    session.mount("https://", adapter)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Unpack

import requests
from requests.adapters import DEFAULT_POOLSIZE, HTTPAdapter
from requests.auth import AuthBase
from urllib3.util.retry import Retry

from sealwire._documented import documented
from sealwire._errors import ConfigError, SignError
from sealwire._origins import Origin, Origins
from sealwire._requests_headers import Signature, SignedHeaders, target_of
from sealwire._requests_pools import EXCHANGE, Exchange, bytes_of, is_rereadable, signing_pools
from sealwire._signing import UNREADABLE, Receiver, Signing, SigningOptions

__all__ = ["HMACAdapter", "HMACAuth", "signed"]

# The digest covers the content as sent, but requests provides a decoded response.
UNCODED = ("Accept-Encoding", "identity")


@documented("client")
def signed(
    session: requests.Session, name: str, receiver: Receiver = "", **options: Unpack[SigningOptions]
) -> requests.Session:
    """Makes a session sign its requests as `name`, and returns it. `origins` is required.

    `name` is this service or its client id; `receiver` is the called service. The settings are those of `HMACAdapter`.
    """
    adapter = HMACAdapter(name, receiver, **options)
    for prefix in ("https://", "http://"):
        session.mount(prefix, adapter)
    return session


class HMACAdapter(HTTPAdapter):
    """Signs each attempt when it is sent. Mount it for `http://` and `https://`."""

    @documented("client")
    def __init__(
        self,
        name: str,
        receiver: Receiver = "",
        *,
        pool_connections: int = DEFAULT_POOLSIZE,
        pool_maxsize: int = DEFAULT_POOLSIZE,
        max_retries: Retry | int = 0,
        pool_block: bool = False,
        **options: Unpack[SigningOptions],
    ) -> None:
        """`origins` is required. The pool settings are those of `HTTPAdapter`, the others those of `SigningOptions`."""
        self._signing = Signing(name, receiver, **options)
        if self._signing.origins is None:
            raise ConfigError(
                "origins is required, because a session has no base URL; write origins=['https://host']"
            )
        super().__init__(pool_connections, pool_maxsize, max_retries, pool_block)

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - those of HTTPAdapter
        """Creates pools whose connections sign."""
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = signing_pools(self.poolmanager.pool_classes_by_scheme)

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:  # noqa: ANN401 - a manager of urllib3
        """Creates pools whose connections sign, for a proxy."""
        manager = super().proxy_manager_for(proxy, **options)
        manager.pool_classes_by_scheme = signing_pools(manager.pool_classes_by_scheme)
        return manager

    def send(self, request: requests.PreparedRequest, *arguments: Any, **options: Any) -> requests.Response:  # noqa: ANN401
        """Sends a request, signed for each attempt."""
        origin = Origin.of(request.url or "")
        self._signing.check_origin(origin)
        check_host(request, origin)
        if self._signing.signs_bodies:
            check_body(request)
        if self._signing.verifies_responses:
            request.headers.update([UNCODED])
        exchange = Exchange(self._signing, origin)
        before = EXCHANGE.set(exchange)
        try:
            response = super().send(request, *arguments, **options)
        finally:
            EXCHANGE.reset(before)
        if self._signing.verifies_responses:
            verify(self._signing, exchange, response)
        return response


class HMACAuth(Signing, AuthBase):
    """Signs each attempt of the first request, for `auth=`. A redirect raises `SignError`; use `HMACAdapter`
    for redirects."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Adds the headers to a request."""
        origin = Origin.of(request.url or "")
        self.check_origin(origin, Origins((origin,)))
        check_host(request, origin)
        if self.signs_bodies:
            check_body(request)
        if self.verifies_responses:
            request.headers.update([UNCODED])
            request.hooks.setdefault("response", []).append(self._verify)
        method, url = request.method or "", f"{origin}{target_of(request)}"

        def sign(plain: Mapping[str, Any]) -> dict[str, str]:
            body = bytes_of(request.body) if self.signs_bodies else b""
            return self.headers(method, url, origin.host, plain.items(), body)

        signature = Signature(request.headers, origin, sign)
        signature.renew()
        request.headers = SignedHeaders(signature)
        request.hooks.setdefault("response", []).append(signature.note_redirect)
        return request

    def _verify(self, response: requests.Response, **_: object) -> None:
        request = response.request
        headers = request.headers
        origin = Origin.of(request.url or "")
        sent = headers.signature.sent() if isinstance(headers, SignedHeaders) else dict(headers)
        verify(
            self,
            Exchange(self, origin, request.method or "", f"{origin}{target_of(request)}", sent),
            response,
        )


def verify(signing: Signing, exchange: Exchange, response: requests.Response) -> None:
    """Raises `Rejected` if the response is not signed by the receiver."""
    signing.check(
        exchange.method,
        exchange.url,
        exchange.origin.host,
        exchange.sent.items(),
        response.status_code,
        response.raw.headers.items(),
        response.content,
    )


def check_host(request: requests.PreparedRequest, origin: Origin) -> None:
    """Raises `SignError` for a `Host` header that differs from the URL."""
    host = request.headers.get("Host")
    if host is not None:
        origin.check_host(host if isinstance(host, str) else host.decode("latin-1"))


def check_body(request: requests.PreparedRequest) -> None:
    """Raises `SignError` for a body that can be read only once, and encodes text."""
    body = request.body
    if isinstance(body, str):
        request.body = body = body.encode()
        request.headers["Content-Length"] = str(len(body))
    if not is_rereadable(body):
        raise SignError(UNREADABLE)
