"""What the client adapters share: a signer, and whom it signs for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from sealwire._errors import SignError
from sealwire._native import KeyRing, Signer

Receiver = str | Callable[[str], str]
"""The service called; or, for a client that calls several, a function of the URL's host that names it."""

STREAMED: Final = (
    "the body is streamed, and its signature must be sent before it; read it into bytes first, or use the client scheme, "
    "which does not sign bodies"
)


class Signing:
    """Signs what a client is about to send."""

    def __init__(
        self,
        name: str,
        receiver: Receiver = "",
        *,
        keys: KeyRing | None = None,
        schemes: Iterable[str] = ("message",),
        user_id: str | None = None,
        cover: Iterable[str] = (),
        cover_authority: bool = True,
    ) -> None:
        """`name` is this service or its client id, `keys` default to the pair secrets in the environment.

        `receiver` is the service called; it may stay empty under the `client` scheme.
        """
        ring = keys if keys is not None else KeyRing.from_env(name)
        self._signer = Signer(name, ring, schemes=[*schemes], cover=[*cover], cover_authority=cover_authority)
        self._receiver = receiver
        self._user_id = user_id
        self.signs_bodies = any(scheme != "client" for scheme in self._signer.schemes)

    def headers(
        self,
        method: str,
        url: str | bytes,
        host: str,
        headers: Iterable[tuple[str | bytes, str | bytes]],
        body: bytes | None,
    ) -> dict[str, str]:
        """The headers to add. `body` is None when it is a stream."""
        if body is None and self.signs_bodies:
            raise SignError(STREAMED)
        receiver = self._receiver if isinstance(self._receiver, str) else self._receiver(host)
        return self._signer.sign(method, url, headers, body, receiver, self._user_id)
