"""Helpers for all wire formats. They convert values in the test vectors to bytes and compute MACs."""

import base64
import hashlib
import hmac


def wire_bytes(text: str) -> bytes:
    """Converts each character of a header value or target to one byte."""
    return text.encode("latin-1")


def body_bytes(request: dict) -> bytes:
    """Returns the bytes of a body, which test vectors contain in one of three forms."""
    if "body_hex" in request:
        return bytes.fromhex(request["body_hex"])
    if "body_repeat" in request:
        return request["body_repeat"]["text"].encode() * request["body_repeat"]["times"]
    return request.get("body", "").encode()


def secret_bytes(version: dict) -> bytes:
    """Returns the bytes of a key: the UTF-8 bytes of `secret`, or the decoded bytes of `secret_base64`."""
    if "secret_base64" in version:
        return base64.b64decode(version["secret_base64"], validate=True)
    return version["secret"].encode()


def hmac_sha256(key: bytes, message: bytes) -> bytes:
    return hmac.new(key, message, hashlib.sha256).digest()


def hmac_sha512(key: bytes, message: bytes) -> bytes:
    return hmac.new(key, message, hashlib.sha512).digest()


def split_target(target: str) -> tuple[str, str | None]:
    """Splits a target in origin-form into path and query. The query is None if the target contains no `?`."""
    path, mark, query = target.partition("?")
    return path, query if mark else None
