"""The scheme `client`. The signing input consists of five parts, joined by colons."""

from .wire import hmac_sha256, wire_bytes


def base(client_id: str, timestamp: str, method: str, url: str, request_id: str) -> bytes:
    """Returns the signing input. `url` is the request target with the query. The body is not signed."""
    return wire_bytes(":".join([client_id, timestamp, method, url, request_id]))


def signature(secret: bytes, signing_input: bytes) -> str:
    return hmac_sha256(secret, signing_input).hex()


def headers(client_id: str, timestamp: str, request_id: str, signature_hex: str) -> list[list[str]]:
    """Returns the headers in the order that Sealwire uses."""
    return [
        ["X-Client-Id", client_id],
        ["X-Timestamp", timestamp],
        ["X-Signature", signature_hex],
        ["X-Request-ID", request_id],
    ]
