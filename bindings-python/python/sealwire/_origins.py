"""Origins of URLs. An origin is the scheme, host and port of a URL."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

from sealwire._errors import ConfigError, SignError
from sealwire._native import split_url

DEFAULT_PORTS: Final = {"http": 80, "https": 443}
MOST_PORT: Final = 65535
AUTHORITY: Final = re.compile(
    r"(?P<host>\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._~!$&'()*+,;=%-]+)(?::(?P<port>[0-9]*))?"
)
USER_INFORMATION: Final = re.compile(r"//[^/?#\\]*@")


@dataclass(frozen=True, slots=True)
class Origin:
    """The scheme, the lower-case host and the port of a URL."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> Self:
        """Returns the origin of an absolute URL. Raises `SignError` for any other URL."""
        scheme, authority, _ = split_url(USER_INFORMATION.sub("//", url, count=1))
        return cls.of_parts(scheme, authority)

    @classmethod
    def of_parts(cls, scheme: str, authority: str) -> Self:
        """Returns the origin for a scheme and an authority. The authority must not contain user
        information."""
        scheme = scheme.lower()
        parts = AUTHORITY.fullmatch(authority)
        if scheme not in DEFAULT_PORTS or parts is None:
            raise SignError(f"{scheme}://{authority} is not the origin of an http or https URL")
        port = int(parts["port"] or DEFAULT_PORTS[scheme])
        if not 0 < port <= MOST_PORT:
            raise SignError(f"{scheme}://{authority} has a port outside 1 to {MOST_PORT}")
        return cls(scheme, parts["host"].lower(), port)

    def check_host(self, host: str) -> None:
        """Raises `SignError` if the value of a `Host` header differs from the origin."""
        if Origin.of_parts(self.scheme, host) != self:
            raise SignError(
                f"the Host header is {host!r}, but the host of the URL is {self}; remove the header"
            )

    def __str__(self) -> str:
        """Returns the origin as a URL. A default port is omitted."""
        port = "" if self.port == DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}"


@dataclass(frozen=True, slots=True)
class Origins:
    """The origins for which requests are signed."""

    allowed: tuple[Origin, ...]

    @classmethod
    def of(cls, urls: Iterable[str] | None) -> Self:
        """Parses the setting `origins`."""
        if isinstance(urls, str | bytes):
            raise ConfigError(f"origins must be a list of URLs; write origins=[{urls!r}]")
        if urls is None:
            raise ConfigError("origins: pass a list of URLs such as https://practices.internal, or omit it")
        allowed = tuple(map(setting, urls))
        if not allowed:
            raise ConfigError("origins is empty, so no request could be sent; add the origin of the service")
        return cls(allowed)

    def check(self, origin: Origin) -> None:
        """Raises `SignError` if requests to this origin must not be signed."""
        if origin not in self.allowed:
            known = ", ".join(map(str, self.allowed))
            raise SignError(
                f"the request goes to {origin}, but requests are signed for {known} only; it was not sent. Add "
                f"{str(origin)!r} to origins if it is the same service"
            )


def setting(url: object) -> Origin:
    """Parses an item of the setting `origins`, which must be a URL without a path."""
    if not isinstance(url, str):
        raise ConfigError(f"origins must contain URLs as str, not {type(url).__name__}")
    try:
        scheme, authority, target = split_url(url)
        origin = Origin.of_parts(scheme, authority)
    except SignError as error:
        raise ConfigError(f"origins: {url!r} is not an origin: {error}") from None
    if target != "/" or "?" in url or "#" in url:
        raise ConfigError(f"origins: {url!r} is not an origin; write it as https://host or https://host:port")
    return origin
