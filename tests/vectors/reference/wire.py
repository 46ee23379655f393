"""What the formats share: requests as the vectors write them, bytes, and MACs."""

import base64
import hashlib
import hmac


def wire_bytes(text: str) -> bytes:
    """Header values and targets: one character of the JSON string is one byte on the wire."""
    return text.encode("latin-1")


def body_bytes(request: dict) -> bytes:
    """The body in whichever of the three spellings the case uses."""
    if "body_hex" in request:
        return bytes.fromhex(request["body_hex"])
    if "body_repeat" in request:
        return request["body_repeat"]["text"].encode() * request["body_repeat"]["times"]
    return request.get("body", "").encode()


def secret_bytes(version: dict) -> bytes:
    """The key's bytes: the UTF-8 of `secret`, or what `secret_base64` decodes to."""
    if "secret_base64" in version:
        return base64.b64decode(version["secret_base64"], validate=True)
    return version["secret"].encode()


def hmac_sha256(key: bytes, message: bytes) -> bytes:
    return hmac.new(key, message, hashlib.sha256).digest()


def hmac_sha512(key: bytes, message: bytes) -> bytes:
    return hmac.new(key, message, hashlib.sha512).digest()


def split_target(target: str) -> tuple[str, str | None]:
    """Path and query of an origin-form target; the query is None when there is no `?`."""
    path, mark, query = target.partition("?")
    return path, query if mark else None
