"""The scheme `pairwise`. The signing input consists of six parts, joined by dots."""

from .wire import hmac_sha256, split_target, wire_bytes


def base(timestamp: str, sender: str, receiver: str, method: str, target: str, body: bytes) -> bytes:
    """Returns the signing input. The query of the target is not signed. The body may contain any bytes."""
    path, _ = split_target(target)
    head = ".".join([timestamp, sender, receiver, method.upper(), path])
    return wire_bytes(head) + b"." + body


def signature(key: bytes, signing_input: bytes) -> str:
    return hmac_sha256(key, signing_input).hex()


def headers(sender: str, timestamp: str, signature_hex: str, user_id: str | None = None) -> list[list[str]]:
    """Returns the headers in the order that Sealwire uses."""
    sent = [
        ["X-Service-Name", sender],
        ["X-Service-Timestamp", timestamp],
        ["X-Service-Signature", signature_hex],
    ]
    return sent + ([["X-User-ID", user_id]] if user_id is not None else [])
