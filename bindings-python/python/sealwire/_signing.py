"""What the client adapters share: a signer, and whom it signs for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, TypedDict, Unpack

from sealwire._errors import SignError
from sealwire._native import KeyRing, Signer, VerifiedResponse

Receiver = str | Callable[[str], str]
"""The service called; or, for a client that calls several, a function of the URL's host that names it."""

Pairs = Iterable[tuple[str | bytes, str | bytes]]

# The digest is over what is transferred, and clients hand over what they decoded: so nothing may be encoded.
UNCODED: Final = ("Accept-Encoding", "identity")

STREAMED: Final = (
    "the body is streamed, and its signature must be sent before it; read it into bytes first, or use the client scheme, "
    "which does not sign bodies"
)


class SigningOptions(TypedDict, total=False):
    """What a client adapter takes beside the two names; what is left out has the safe default."""

    keys: KeyRing | None
    schemes: Iterable[str]
    user_id: str | None
    cover: Iterable[str]
    cover_authority: bool
    verify_responses: bool


class Signing:
    """Signs what a client is about to send, and verifies what it is answered."""

    def __init__(self, name: str, receiver: Receiver = "", **options: Unpack[SigningOptions]) -> None:
        """`name` is this service or its client id, `keys` default to the pair secrets in the environment.

        `receiver` is the service called; it may stay empty under the `client` scheme. `cover` names further headers to
        sign. `verify_responses` asks for answers without content coding, and raises `Rejected` for every answer that the
        receiver has not signed.
        """
        keys = options.get("keys")
        self._signer = Signer(
            name,
            keys if keys is not None else KeyRing.from_env(name),
            schemes=[*options.get("schemes", ())],
            cover=[*options.get("cover", ())],
            cover_authority=options.get("cover_authority", True),
        )
        self._receiver = receiver
        self._user_id = options.get("user_id")
        self.verifies_responses = options.get("verify_responses", False)
        self.signs_bodies = any(scheme != "client" for scheme in self._signer.schemes)

    def headers(
        self,
        method: str,
        url: str | bytes,
        host: str,
        headers: Pairs,
        body: bytes | None,
    ) -> dict[str, str]:
        """The headers to add. `body` is None when it is a stream."""
        if body is None and self.signs_bodies:
            raise SignError(STREAMED)
        return self._signer.sign(method, url, headers, body, self.receiver(host), self._user_id)

    def receiver(self, host: str) -> str:
        """The service called at a host."""
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
        """Verifies the answer to a request that was signed here; `sent` are the request's headers as they left."""
        return self._signer.verify_response(method, url, sent, status, headers, body, self.receiver(host))
