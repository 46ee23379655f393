"""Connection strings. A connection string is a list of `key=value` beans, joined by `;` and encoded as padded
Base64."""

import base64

from .wire import hmac_sha512


def mac_input(beans: list[str]) -> bytes:
    """Returns the MAC input: the Base64 encoding of all beans except `sig`, in the given order."""
    return base64.b64encode(";".join(bean for bean in beans if not bean.startswith("sig=")).encode())


def signature(secret: bytes, beans: list[str]) -> str:
    return hmac_sha512(secret, mac_input(beans)).hex()


def encode(beans: list[str]) -> str:
    return base64.b64encode(";".join(beans).encode()).decode()


def issue(secret: bytes, beans: list[str]) -> str:
    """Returns a signed token. `kvr` must be the last bean."""
    return encode([*beans, f"sig={signature(secret, beans)}"])
