"""Signs requests without Sealwire, with the reference implementation in tests/vectors.

The caller without Sealwire and the attacker use this module.
"""

import sys
import time
import uuid
from dataclasses import dataclass, replace

from .places import VECTORS
from .wire import Headers, Request

sys.path.insert(0, str(VECTORS))
from reference import client, message, pairwise


@dataclass(frozen=True)
class Draft:
    """A request before it is signed. Attacks can change any of its fields."""

    sender: str
    receiver: str
    authority: str
    method: str
    target: str
    body: bytes
    key: bytes
    age_s: float = 0
    timestamp: str | None = None
    keyid: str | None = None
    user: str | None = None

    def but(self, **changes) -> "Draft":
        return replace(self, **changes)


def sign(scheme: str, draft: Draft) -> Request:
    headers = {"pairwise": sign_pairwise, "client": sign_client, "message": sign_message}[scheme](draft)
    return Request(draft.method, draft.target, headers, draft.body)


def sign_pairwise(draft: Draft) -> Headers:
    timestamp = draft.timestamp or str(int(time.time() - draft.age_s))
    base = pairwise.base(timestamp, draft.sender, draft.receiver, draft.method, draft.target, draft.body)
    return as_pairs(
        pairwise.headers(draft.sender, timestamp, pairwise.signature(draft.key, base), draft.user)
    )


def sign_client(draft: Draft) -> Headers:
    timestamp = draft.timestamp or str(int((time.time() - draft.age_s) * 1000))
    request_id = str(uuid.uuid4())
    base = client.base(draft.sender, timestamp, draft.method, draft.target, request_id)
    return as_pairs(client.headers(draft.sender, timestamp, request_id, client.signature(draft.key, base)))


def sign_message(draft: Draft) -> Headers:
    headers: Headers = []
    components = ['"@method"', '"@authority"', '"@path"', '"@query"']
    if draft.body:
        headers.append(("Content-Digest", message.content_digest(draft.body)))
        components.append('"content-digest"')
    if draft.user:
        headers.append(("X-User-ID", draft.user))
        components.append('"x-user-id"')
    parameters = message_parameters(draft)
    described = {
        "method": draft.method,
        "target": draft.target,
        "authority": draft.authority,
        "scheme": "http",
        "headers": headers,
    }
    signature = message.signature(draft.key, message.base(described, components, parameters))
    return [
        *headers,
        ("Signature-Input", f"sig1={message.inner_list(components, parameters)}"),
        ("Signature", f"sig1={signature}"),
    ]


def message_parameters(draft: Draft) -> str:
    created = draft.timestamp or str(int(time.time() - draft.age_s))
    keyid = draft.keyid or f"{draft.sender}/{draft.receiver}#1"
    return f';created={created};nonce="{uuid.uuid4()}";keyid="{keyid}";alg="hmac-sha256";tag="sealwire"'


def as_pairs(headers: list[list[str]]) -> Headers:
    return [(name, value) for name, value in headers]
