"""Creates identities, for tests that call handlers without the middleware."""

from __future__ import annotations

from typing import Final

from sealwire._native import Identity, Signer, Verifier
from sealwire._words import Scheme
from sealwire.testing._keys import key_ring

RECEIVER: Final = "sealwire-testing"
HOST: Final = "testserver"


def identity(sender: str, *, user_id: str | None = None, scheme: Scheme = "message") -> Identity:
    """Returns the identity of a request from `sender`. To create the identity, the function signs and
    verifies a request with a new key.

    For FastAPI: `app.dependency_overrides[service_identity] = lambda: identity("agent")`. If `sender` is a
    client id, use `scheme="client"`, which has no user id.
    """
    is_client = scheme == "client"
    keys = key_ring(clients=[sender]) if is_client else key_ring(sender, RECEIVER)
    signer = Signer(sender, keys, schemes=[scheme])
    headers = signer.sign("GET", f"https://{HOST}/", receiver=RECEIVER, user_id=user_id)
    verifier = Verifier(
        RECEIVER, keys, schemes=[scheme], external_replay_store=True, trust_unsigned_user_id=True
    )
    return verifier.verify("GET", "/", {"Host": HOST, **headers})


def environ_of(identity: Identity) -> dict[str, object]:
    """Returns the WSGI environment variables that contain the sender's identity.

    For Flask: `client.get("/items", environ_overrides=environ_of(identity("agent")))`. For Django:
    `client.get("/items", **environ_of(identity("agent")))`.
    """
    return {
        "sealwire.identity": identity,
        "sealwire.authenticated_service": identity.sender,
        "sealwire.user_id": identity.user_id,
        "sealwire.rejection": None,
    }
