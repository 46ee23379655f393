"""The common parts of all client integrations: a signer, the service to call, and the allowed origins."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, TypedDict, Unpack

from sealwire._documented import documented
from sealwire._errors import ConfigError, SignError
from sealwire._native import KeyRing, Signer, VerifiedResponse
from sealwire._origins import Origin, Origins
from sealwire._settings import check_settings, check_value
from sealwire._words import Clock, Scheme, Strings

Receiver = str | Callable[[str], str]
"""The name of the service to call, or a function that takes the URL's host and returns this name."""

Pairs = Iterable[tuple[str | bytes, str | bytes]]

OF_SIGNER: Final = ("schemes", "cover", "cover_authority", "clock")

UNREADABLE = (
    "the body can be read only once, and its digest must be sent before it: pass bytes, a file or another object that can "
    "be read again; for a generator, b''.join(...) or a temporary file"
)


class SigningOptions(TypedDict, total=False):
    """The settings of a client integration that are passed as keyword arguments."""

    keys: KeyRing | None
    """The keys. The primary key of each entry signs requests. Value: a KeyRing. Default: from the environment."""
    schemes: Iterable[Scheme]
    """The schemes used to sign requests. Each request gets a signature in every scheme of the list. Value: a list of "message", "pairwise", "client". Default: `["message"]`."""
    user_id: str | None
    """The user for whom the request is sent. Value: a string."""
    cover: Strings
    """Additional header fields to sign if the request contains them. Value: a list of header field names. Default: `[]`."""
    cover_authority: bool
    """Signs the authority. Set it to false if a proxy rewrites the authority. Value: true or false. Default: `True`."""
    clock: Clock | None
    """The clock, which tests can replace. Value: a function that returns the Unix time in milliseconds. Default: the system clock."""
    verify_responses: bool
    """Raises `Rejected` if the receiver did not sign the response. Value: true or false. Default: `False`."""
    origins: Strings
    """The origins to which signed requests are sent, such as `https://practices.internal`. Value: a list of strings. Default: the base URL's origin."""


class Signing:
    """Signs the requests of a client and verifies the responses."""

    @documented("client")
    def __init__(self, name: str, receiver: Receiver = "", **options: Unpack[SigningOptions]) -> None:
        """`name` is the name of this service or its client id. `receiver` is the called service.

        `receiver` can be empty if the requests are signed with a client key.
        """
        if not callable(receiver) and not isinstance(receiver, str):
            raise ConfigError(
                "receiver: pass the name of a service, or a function of the host that returns one"
            )
        check_settings("client", {"name": name, **options})
        check_value("receiver", receiver)
        keys = options.get("keys")
        ring = keys if keys is not None else KeyRing.from_env(name)
        taken: dict[str, Any] = {name: value for name, value in options.items() if name in OF_SIGNER}
        self._signer = Signer(name, ring, **taken)
        if isinstance(receiver, str):
            self._signer.check_receiver(receiver)
        self._receiver = receiver
        self._user_id = options.get("user_id")
        self.verifies_responses = options.get("verify_responses", False)
        self.signs_bodies = any(scheme != "client" for scheme in self._signer.schemes)
        self.origins = Origins.of(options["origins"]) if "origins" in options else None

    def headers(
        self, method: str, url: str | bytes, host: str, headers: Pairs, body: bytes | None
    ) -> dict[str, str]:
        """Returns the headers to add to a request. `body` is None if the body can be read only once."""
        if body is None and self.signs_bodies:
            raise SignError(UNREADABLE)
        return self._signer.sign(method, url, headers, body, self.receiver(host), self._user_id, as_sent=True)

    def receiver(self, host: str) -> str:
        """Returns the name of the service at a host."""
        return self._receiver if isinstance(self._receiver, str) else self._receiver(host)

    def check(
        self,
        method: str,
        url: str | bytes,
        host: str,
        sent: Pairs,
        status: int,
        headers: Pairs,
        body: bytes,
    ) -> VerifiedResponse:
        """Verifies the response to a signed request. `sent` contains the headers of the request, including
        its signature."""
        return self._signer.verify_response(
            method, url, sent, status, headers, body, self.receiver(host), as_sent=True
        )

    def check_origin(self, origin: Origin, default: Origins | None = None) -> None:
        """Raises `SignError` if requests to this origin are not allowed. `default` is used if `origins` is
        not set."""
        origins = self.origins or default
        if origins is None:
            raise SignError(
                f"origins is not set, and the client has no base URL, so a redirect to {origin} cannot be distinguished from a "
                f"request; set origins=[{str(origin)!r}] if this is the called service"
            )
        origins.check(origin)
