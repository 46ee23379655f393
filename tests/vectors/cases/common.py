"""Helpers for all modules with test cases."""

import hashlib

from reference.wire import body_bytes

NOW = 1712419200  # 2024-04-06T16:00:00Z in Unix seconds
PAIR_SECRET = "dGVzdC1zZWNyZXQtMzItYnl0ZXMtbG9uZy1mb3ItdGVzdGluZw=="
PAIR_SECRET_2 = "c2Vjb25kLXNlY3JldC0zMi1ieXRlcy1sb25nLWZvci10ZXN0cw=="
OTHER_SECRET = "YW5vdGhlci1wYWlycy1zZWNyZXQtMzItYnl0ZXMtbG9uZyEhIQ=="
CLIENT_SECRET = "my-shared-secret"  # from the documentation; it is short, so it requires allow_weak
CLIENT_ID = "billing-service"
REQUEST_ID = "550e8400-e29b-41d4-a716-446655440000"
INLINE_LIMIT = 1024  # bytes; for longer signing inputs, a test case contains only the SHA-256

STATUS = {"body_too_large": 413, "replay_store_full": 503, "replay_store_unavailable": 503}
SHARED_TEXTS = {
    "body_too_large": "Body too large",
    "replay_store_full": "Replay store unavailable",
    "replay_store_unavailable": "Replay store unavailable",
}
TEXTS = {
    "client": {
        "missing_headers": "Missing auth headers",
        "duplicate_header": "Missing auth headers",
        "unknown_client": "Unknown client",
        "unknown_key_version": "Unknown client",
        "sender_not_allowed": "Unknown client",
        "stale_timestamp": "Stale timestamp",
        "future_timestamp": "Stale timestamp",
        "replayed": "Replay detected",
        None: "Buffer Doesn't match",
    },
    "pairwise": {
        "missing_headers": "Missing service authentication headers",
        "duplicate_header": "Missing service authentication headers",
        None: "Invalid service authentication signature",
    },
    "message": {
        "missing_headers": "Request signature required",
        None: "Request signature not accepted",
    },
}
# The public message for a malformed header depends on which check rejects the header.
MALFORMED_TEXTS = {
    "x-request-id": "Missing auth headers",
    "x-client-id": "Unknown client",
    "x-timestamp": "Stale timestamp",
    "x-signature": "Buffer Doesn't match",
    "x-service-timestamp": "Invalid timestamp format",
}


def pair(one, other, *secrets, primary=None):
    """Returns the key set for a pair of services. Its versions are numbered from 1 in the given order."""
    return {"names": [one, other], **key_set("secret_base64", secrets or (PAIR_SECRET,), primary)}


def client(client_id, *secrets, primary=None):
    return {"id": client_id, **key_set("secret", secrets or (CLIENT_SECRET,), primary)}


def issuer(*secrets, primary=None):
    return key_set("secret", secrets, primary)


def key_set(encoding, secrets, primary):
    versions = [{"version": at, encoding: secret} for at, secret in enumerate(secrets, 1)]
    return {"primary": primary or 1, "versions": versions}


def ring(pairs=(), clients=(), issuer=None, allow_weak=False):
    keys = {"pairs": list(pairs), "clients": list(clients), "allow_weak": allow_weak}
    return keys | ({"issuer": issuer} if issuer else {})


def request(method, target, headers, body=None, **more):
    """Returns a request over TLS. `body` is text or bytes."""
    made = {"method": method, "scheme": "https", "authority": "practices.internal", "target": target}
    made |= more | {"headers": headers}
    if isinstance(body, bytes):
        made["body_hex"] = body.hex()
    elif isinstance(body, dict):
        made["body_repeat"] = body
    elif body is not None:
        made["body"] = body
    return made


def body_of(body):
    """Converts a body to bytes."""
    return body_bytes(request("GET", "/", [], body))


def signing_input(data: bytes) -> dict:
    if len(data) > INLINE_LIMIT:
        return {"canonical_sha256": hashlib.sha256(data).hexdigest()}
    return {"canonical_hex": data.hex()}


def accepted(scheme, name_as_sent, key_version=1, user_id=None, nonce=None):
    """Returns the expected identity of a sender, with its canonical name."""
    sender = name_as_sent
    while sender.endswith("_service") and sender != "_service":
        sender = sender.removesuffix("_service")
    return {
        "accepted": {
            "sender": sender,
            "name_as_sent": name_as_sent,
            "key_version": key_version,
            "scheme": scheme,
            "user_id": user_id,
            "nonce": nonce,
        }
    }


def rejected(scheme, reason, field=None):
    return {
        "rejected": {
            "reason": reason,
            "status": STATUS.get(reason, 401),
            "text": text(scheme, reason, field),
            "field": field,
        }
    }


def text(scheme, reason, field):
    if reason in SHARED_TEXTS:
        return SHARED_TEXTS[reason]
    if reason == "malformed_header" and field in MALFORMED_TEXTS:
        return MALFORMED_TEXTS[field]
    texts = TEXTS[scheme]
    return texts.get(reason) or texts[None]


def without(headers, name):
    return [header for header in headers if header[0].lower() != name.lower()]


def replaced(headers, name, value):
    return [[known, value if known.lower() == name.lower() else old] for known, old in headers]


def flipped(hex_text, at=0):
    """Flips one bit in the hex digit at position `at`."""
    digit = f"{int(hex_text[at], 16) ^ 1:x}"
    return hex_text[:at] + digit + hex_text[at + 1 :]


def absent_or_doubled(case, no, names, prefix):
    """Yields three test cases for each header: the header is missing, empty or repeated."""
    for name in names:
        short = name.removeprefix(prefix)
        yield case(
            f"missing-{short}",
            f"{name} is missing",
            no("missing_headers", name),
            change=lambda headers, name=name: without(headers, name),
        )
        yield case(
            f"empty-{short}",
            f"an empty {name} is treated as missing",
            no("missing_headers", name),
            change=lambda headers, name=name: replaced(headers, name, ""),
        )
        yield case(
            f"doubled-{short}",
            f"{name} is repeated, even with equal values",
            no("duplicate_header", name),
            change=lambda headers, name=name: (
                headers + [header for header in headers if header[0].lower() == name]
            ),
        )


def limited_bodies(case, yes, no):
    """Yields a test case with the largest accepted body, and one with a larger body."""
    yield case(
        "body-at-cap",
        "a body of exactly the maximum size",
        yes(),
        body="12345678",
        verifier={"max_body_bytes": 8},
    )
    yield case(
        "body-over-cap",
        "a body that exceeds the limit by one byte",
        no("body_too_large"),
        body="123456789",
        verifier={"max_body_bytes": 8},
    )
