"""Sealwire signs and verifies service-to-service requests with HMAC.

    keys = KeyRing.from_env("practices")
    headers = Signer("agent", keys).sign("POST", url, body=body, receiver="practices")
    identity = Verifier("practices", keys, replay=ReplayTable.heap()).verify("POST", target, headers, body)

The integrations are in `sealwire.asgi`, `sealwire.fastapi`, `sealwire.wsgi`, `sealwire.httpx`,
`sealwire.httpx2`, `sealwire.requests`, `sealwire.aiohttp`, `sealwire.redis` and `sealwire.metrics`.
`sealwire.compat` contains functions with the names of earlier hand-written code.
"""

from sealwire._documented import document_class
from sealwire._errors import ConfigError, Rejected, SealwireError, SignError, TokenRejected
from sealwire._native import (
    ConnectionString,
    Identity,
    KeyRing,
    KeyStatus,
    Modes,
    Pending,
    Proven,
    ReplayTable,
    Signer,
    Stats,
    VerifiedResponse,
    Verifier,
    __version__,
    discard_nonces,
    sign_pairwise,
    verify_pairwise,
)

document_class(Signer, "signer", 2)
document_class(Verifier, "verifier", 2)
document_class(Modes, "modes", 2)
document_class(KeyRing, "key_ring", 3)

__all__ = [
    "ConfigError",
    "ConnectionString",
    "Identity",
    "KeyRing",
    "KeyStatus",
    "Modes",
    "Pending",
    "Proven",
    "Rejected",
    "ReplayTable",
    "SealwireError",
    "SignError",
    "Signer",
    "Stats",
    "TokenRejected",
    "VerifiedResponse",
    "Verifier",
    "__version__",
    "discard_nonces",
    "sign_pairwise",
    "verify_pairwise",
]
