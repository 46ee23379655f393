"""Signs requests that are sent with the library requests.

    session = signed(requests.Session(), "agent", "practices", origins=["http://practices"])

Each retry and each redirect to the same origin is signed again. A redirect to another origin is not sent and
raises `SignError`. To configure retries or pools, mount the adapter yourself for `http://` and `https://`:

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

# The digest of a response covers the encoded body, but requests returns the decoded body. The request therefore
# has the header `Accept-Encoding: identity`.
UNCODED = ("Accept-Encoding", "identity")


@documented("client")
def signed(
    session: requests.Session, name: str, receiver: Receiver = "", **options: Unpack[SigningOptions]
) -> requests.Session:
    """Changes a session so that it signs its requests as `name`, and returns the session. `origins` is
    required.

    `name` is the name of this service or its client id. `receiver` is the called service. The settings are
    the same as for `HMACAdapter`.
    """
    if not isinstance(session, requests.Session):
        kind = type(session)
        raise ConfigError(f"session: pass a requests.Session, not {kind.__name__} of {kind.__module__}")
    adapter = HMACAdapter(name, receiver, **options)
    for prefix in ("https://", "http://"):
        session.mount(prefix, adapter)
    return session


class HMACAdapter(HTTPAdapter):
    """A transport adapter that signs each attempt of a request. Mount it for `http://` and `https://`."""

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
        """`origins` is required. `HTTPAdapter` describes the pool and retry settings."""
        self._signing = Signing(name, receiver, **options)
        if self._signing.origins is None:
            raise ConfigError(
                "origins is required, because a session has no base URL; write origins=['https://host']"
            )
        super().__init__(pool_connections, pool_maxsize, max_retries, pool_block)

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - the arguments of HTTPAdapter
        """Creates a pool manager whose connections sign requests."""
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = signing_pools(self.poolmanager.pool_classes_by_scheme)

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:  # noqa: ANN401 - a manager of urllib3
        """Returns a proxy pool manager whose connections sign requests."""
        manager = super().proxy_manager_for(proxy, **options)
        manager.pool_classes_by_scheme = signing_pools(manager.pool_classes_by_scheme)
        return manager

    def send(self, request: requests.PreparedRequest, *arguments: Any, **options: Any) -> requests.Response:  # noqa: ANN401
        """Sends a request, and signs each attempt. Optionally verifies the response."""
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
    """An authentication class for `auth=` that signs each attempt of a request. It cannot sign redirects, so
    a redirect raises `SignError`. Use `HMACAdapter` to sign redirects."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Signs a request, and prepares it to be signed again for each retry."""
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
    """Raises `Rejected` if the receiver did not sign the response."""
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
    """Encodes a text body. Raises `SignError` for a body that can be read only once."""
    body = request.body
    if isinstance(body, str):
        request.body = body = body.encode()
        request.headers["Content-Length"] = str(len(body))
    if not is_rereadable(body):
        raise SignError(UNREADABLE)
