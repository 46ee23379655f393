"""The common implementation for httpx and httpx2, which have the same classes in different modules."""

from __future__ import annotations

from collections.abc import (
    AsyncGenerator,
    Awaitable,
    Callable,
    Generator,
    ItemsView,
    Iterator,
    MutableMapping,
)
from types import ModuleType
from typing import Any, ClassVar, Final, Self, TypeVar, Unpack

from sealwire._documented import documented
from sealwire._errors import ConfigError, SignError
from sealwire._origins import Origin, Origins
from sealwire._signing import Receiver, Signing, SigningOptions

RESPONSE: Final = "sealwire.response"
TRACE: Final = "trace"
ABOUT_TO_SEND: Final = ".send_request_headers.started"
CONNECT: Final = b"CONNECT"

# httpx and httpx2 have no common base classes, so this module types their objects as `Any`. The public
# modules use the exact types.
Request = Any
Response = Any


class Transport(Signing):
    """A transport that signs each request, including retries and redirects, and passes the request to another
    transport."""

    library: ClassVar[ModuleType]

    @documented("client")
    def __init__(
        self,
        name: str,
        receiver: Receiver = "",
        transport: Any = None,  # noqa: ANN401
        **options: Unpack[SigningOptions],
    ) -> None:
        """`transport` sends the requests. It defaults to the library's HTTP transport. `origins` is
        required."""
        super().__init__(name, receiver, **options)
        if self.origins is None:
            raise ConfigError(
                "origins is required, because a transport does not know the client's base URL: write "
                "origins=['https://host'] or wrap the client with signed(client, ...)"
            )
        self.transport = self._default() if transport is None else transport

    def _default(self) -> Any:  # noqa: ANN401
        return self.library.HTTPTransport()

    def _signed(self, request: Request) -> tuple[Request, str]:
        """Returns a signed copy of a request, and the URL of the request. The original is not changed,
        because the client copies its headers to a redirect."""
        url, origin = where(request)
        self.check_origin(origin)
        check_host(request, origin)
        body = body_of(self.library, request)
        added = self.headers(request.method, url, origin.host, request.headers.raw, body)
        headers = self.library.Headers(request.headers)
        headers.update(added)
        return (
            self.library.Request(
                request.method,
                request.url,
                headers=headers,
                stream=request.stream,
                extensions=request.extensions,
            ),
            url,
        )

    def _verified(self, request: Request, url: str, response: Response, body: bytes) -> Response:
        verified = self.check(
            request.method,
            url,
            request.url.host,
            request.headers.raw,
            response.status_code,
            response.headers.raw,
            body,
        )
        return self.library.Response(
            response.status_code,
            headers=response.headers,
            stream=self.library.ByteStream(body),
            extensions={**response.extensions, RESPONSE: verified},
        )


class SyncTransport(Transport):
    """A transport for synchronous clients."""

    def handle_request(self, request: Request) -> Response:
        """Signs and sends a request."""
        if self.signs_bodies and can_be_read(self.library, request):
            request.read()
        signed, url = self._signed(request)
        response = self.transport.handle_request(signed)
        if not self.verifies_responses:
            return response
        try:
            body = b"".join(response.stream)
        finally:
            response.close()
        return self._verified(signed, url, response, body)

    def close(self) -> None:
        """Closes the wrapped transport."""
        self.transport.close()

    def __enter__(self) -> Self:
        """Opens the wrapped transport."""
        self.transport.__enter__()
        return self

    def __exit__(self, *raised: Any) -> None:  # noqa: ANN401
        """Closes the wrapped transport."""
        self.transport.__exit__(*raised)


class AsyncTransport(Transport):
    """A transport for asynchronous clients."""

    def _default(self) -> Any:  # noqa: ANN401
        return self.library.AsyncHTTPTransport()

    async def handle_async_request(self, request: Request) -> Response:
        """Signs and sends a request."""
        if self.signs_bodies and can_be_read(self.library, request):
            await request.aread()
        signed, url = self._signed(request)
        response = await self.transport.handle_async_request(signed)
        if not self.verifies_responses:
            return response
        try:
            body = b"".join([chunk async for chunk in response.stream])
        finally:
            await response.aclose()
        return self._verified(signed, url, response, body)

    async def aclose(self) -> None:
        """Closes the wrapped transport."""
        await self.transport.aclose()

    async def __aenter__(self) -> Self:
        """Opens the wrapped transport."""
        await self.transport.__aenter__()
        return self

    async def __aexit__(self, *raised: Any) -> None:  # noqa: ANN401
        """Closes the wrapped transport."""
        await self.transport.__aexit__(*raised)


ClientT = TypeVar("ClientT")


def sign_client(
    client: ClientT,
    wrap: Any,  # noqa: ANN401 - the transport class of one of the two packages
    name: str,
    receiver: Receiver,
    options: SigningOptions,
) -> ClientT:
    """Replaces all transports of a client, including those for proxies, with transports that sign requests.
    `origins` defaults to the origin of the client's base URL."""
    library = wrap.library
    if not isinstance(client, library.Client | library.AsyncClient):
        kind = type(client)
        raise ConfigError(
            f"client: pass a Client or AsyncClient of {library.__name__}, not {kind.__name__} of {kind.__module__}"
        )
    inside: Any = client
    if "origins" not in options:
        if not inside.base_url.host:
            raise ConfigError(
                "origins is required, because the client has no base_url; write origins=['https://host']"
            )
        options["origins"] = [str(origin_of(inside.base_url))]
    # These attributes are private, but httpx has no public API for the transports that it creates.
    inside._transport = wrap(name, receiver, inside._transport, **options)
    inside._mounts = {
        pattern: transport and wrap(name, receiver, transport, **options)
        for pattern, transport in inside._mounts.items()
    }
    return client


class Auth(Signing):
    """The common base of the `auth=` classes. An `auth=` class cannot sign redirects, so a redirect raises
    `SignError`."""

    library: ClassVar[ModuleType]

    @documented("client")
    def __init__(self, name: str, receiver: Receiver = "", **options: Unpack[SigningOptions]) -> None:
        """Like `Signing`. Without `origins`, requests to all origins are signed, except redirects."""
        super().__init__(name, receiver, **options)
        self.requires_response_body = self.verifies_responses

    def sync_auth_flow(self, request: Request) -> Generator[Request, Response, None]:
        """Signs a request and optionally verifies its response."""
        if self.signs_bodies and can_be_read(self.library, request):
            request.read()
        finish = self._sign(request, self._redirect_guard)
        response = yield request
        if self.verifies_responses:
            response.read()
        finish(response)

    async def async_auth_flow(self, request: Request) -> AsyncGenerator[Request, Response]:
        """Signs a request and optionally verifies its response."""
        if self.signs_bodies and can_be_read(self.library, request):
            await request.aread()
        finish = self._sign(request, self._async_redirect_guard)
        response = yield request
        if self.verifies_responses:
            await response.aread()
        finish(response)

    def _sign(self, request: Request, guard: Callable[..., Any]) -> Callable[[Response], None]:
        url, origin = where(request)
        self.check_origin(origin, Origins((origin,)))
        check_host(request, origin)
        if self.verifies_responses:
            request.headers["Accept-Encoding"] = "identity"
        added = self.headers(
            request.method, url, origin.host, request.headers.raw, body_of(self.library, request)
        )
        request.headers = SignedHeaders(request.headers, added)
        request.extensions[TRACE] = guard(origin, added, request.extensions.get(TRACE))
        return lambda response: self._finish(request, url, response)

    def _finish(self, request: Request, url: str, response: Response) -> None:
        if response.request is not request:
            raise unsigned_redirect(
                where(request)[1], where(response.request)[1], "it was sent without a signature"
            )
        if not self.verifies_responses:
            return
        response.extensions[RESPONSE] = self.check(
            request.method,
            url,
            request.url.host,
            request.headers.raw,
            response.status_code,
            response.headers.raw,
            response.content,
        )

    @staticmethod
    def _redirect_guard(origin: Origin, added: dict[str, str], before: Any) -> Callable[..., None]:  # noqa: ANN401
        def trace(event: str, info: MutableMapping[str, Any]) -> None:
            refuse_redirect(origin, added, event, info)
            if before is not None:
                before(event, info)

        return trace

    @staticmethod
    def _async_redirect_guard(
        origin: Origin,
        added: dict[str, str],
        before: Any,  # noqa: ANN401
    ) -> Callable[..., Awaitable[None]]:
        async def trace(event: str, info: MutableMapping[str, Any]) -> None:
            refuse_redirect(origin, added, event, info)
            if before is not None:
                await before(event, info)

        return trace


class SignedHeaders(MutableMapping[str, str]):
    """The headers of a signed request. Copies do not contain the signature headers.

    httpx creates the headers of a redirect with `Headers(request.headers)`, which calls `items()`. A redirect
    therefore has no signature.
    """

    def __init__(self, headers: Any, added: dict[str, str]) -> None:  # noqa: ANN401
        """`headers` are the request headers, and `added` are the signature headers."""
        self._headers = headers.copy()
        self._headers.update(added)
        self._added = frozenset(name.lower() for name in added)

    def items(self) -> ItemsView[str, str]:
        """Returns the headers without the signature headers."""
        return {name: value for name, value in self._headers.items() if name not in self._added}.items()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self.__dict__["_headers"], name)

    def __getitem__(self, name: str) -> str:
        value: str = self._headers[name]
        return value

    def __setitem__(self, name: str, value: str) -> None:
        self._headers[name] = value

    def __delitem__(self, name: str) -> None:
        del self._headers[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._headers)

    def __len__(self) -> int:
        return len(self._headers)


def refuse_redirect(
    origin: Origin, added: dict[str, str], event: str, info: MutableMapping[str, Any]
) -> None:
    """Raises `SignError` if the client is about to send a request without the signature. httpx calls this
    function for each trace event, through the `trace` extension."""
    request = info.get("request")
    if not event.endswith(ABOUT_TO_SEND) or request is None or request.method == CONNECT:
        return
    sent = {(name.lower(), value) for name, value in request.headers}
    if {(name.lower().encode(), value.encode()) for name, value in added.items()} <= sent:
        return
    url = request.url
    hop = Origin.of_parts(url.scheme.decode(), url.host.decode() + (f":{url.port}" if url.port else ""))
    raise unsigned_redirect(origin, hop, "it was not sent")


def unsigned_redirect(origin: Origin, hop: Origin, outcome: str) -> SignError:
    """Returns the error for a redirect that an `auth=` class cannot sign."""
    return SignError(
        f"{origin} redirects to {hop}, and an auth= class cannot sign a redirect; {outcome}. Use the transport of "
        "this module, which signs redirects within the same origin"
    )


def origin_of(url: Any) -> Origin:  # noqa: ANN401
    """Returns the origin of a URL object."""
    return Origin.of_parts(url.scheme, url.netloc.decode("ascii"))


def where(request: Request) -> tuple[str, Origin]:
    """Returns the URL of a request as it is sent, and the URL's origin."""
    url = request.url
    absolute = f"{url.scheme}://{url.netloc.decode('ascii')}{url.raw_path.decode('ascii')}"
    return absolute, origin_of(url)


def check_host(request: Request, origin: Origin) -> None:
    """Raises `SignError` for a `Host` header that differs from the URL."""
    for host in request.headers.get_list("Host"):
        origin.check_host(host)


def can_be_read(library: ModuleType, request: Request) -> bool:
    """Returns whether a body can be read into memory. A multipart form or a file can be read, but a stream of
    unknown length cannot."""
    return isinstance(request.stream, library.ByteStream) or "Transfer-Encoding" not in request.headers


def body_of(library: ModuleType, request: Request) -> bytes | None:
    """Returns the bytes of a body, or None for a stream that was not read."""
    try:
        content: bytes = request.content
    except library.RequestNotRead:
        return None
    return content
