"""Settings for type checkers, which must report an error on each line with the comment `wrong` and on no
other line. The code is never run."""

import redis
import redis.asyncio
from sealwire import Identity, KeyRing, Modes, Signer, Verifier
from sealwire.asgi import HMACAuthMiddleware
from sealwire.httpx import HMACAuth
from sealwire.redis import AsyncRedisStore, RedisStore
from sealwire.secrets import Env, Reloader, load, load_modes
from sealwire.wsgi import HMACAuthMiddleware as WSGIMiddleware
from starlette.types import Receive, Scope, Send

keys = KeyRing.from_env("practices")
modes = Modes("observe", {"agent": "enforce"})
asynchronous = AsyncRedisStore(redis.asyncio.Redis(), timeout=0.5)
synchronous = RedisStore(redis.Redis(), fall_back=True)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Does nothing."""


Verifier(
    "practices", keys, schemes=["message", "pairwise"], past=300, senders={"agent": {"methods": ["GET"]}}
)
Verifier("practices", keys, authorities=["api.test"], scheme="https", modes=modes)
Verifier("practices", keys, authorities="any", mode="observe", replay="heap")
Signer("agent", keys, schemes=("message",), cover=["x-tenant"])
HMACAuth("agent", "practices", keys=keys, schemes=["pairwise"], origins=["https://practices.test"])
HMACAuth("agent", lambda host: host, keys=keys, verify_responses=True)
HMACAuthMiddleware(
    application, "practices", keys=keys, replay=asynchronous, schemes=["message"], mode="enforce"
)
WSGIMiddleware(lambda environ, start: [], "practices", keys=keys, replay=synchronous)
load("keys.toml", service="practices", sources=[Env(), Env({"A": "b"})])
Reloader(modes, lambda: load_modes("modes.toml"), path="modes.toml", every=60)


def sender_of(identity: Identity) -> str:
    """Checks that the scheme has a literal type with these three values."""
    return {"message": "m", "pairwise": "p", "client": "c"}[identity.scheme]


Verifier("practices", keys, schemes="pairwise")  # wrong
Verifier("practices", keys, schemes=["pairwize"])  # wrong
Verifier("practices", keys, mode="enforced")  # wrong
Verifier("practices", keys, authorities="api.test")  # wrong
Verifier("practices", keys, scheme="ftp")  # wrong
Verifier("practices", keys, past="300")  # wrong
Verifier("practices", keys, replay="redis://localhost")  # wrong
Verifier("practices", keys, bogus=1)  # wrong
Verifier("practices", keys, exempt_paths="/health")  # wrong
Verifier("practices", keys, require_fields="x-tenant")  # wrong
Verifier("practices", keys, senders={"agent": {"methods": "GET"}})  # wrong
HMACAuth("agent", "practices", origins="http://a.test")  # wrong
HMACAuthMiddleware(application, "practices", "/health")  # wrong
Verifier("practices", keys, senders={"agent": {"path_prefix": ["/a"]}})  # wrong
Verifier("practices", keys, senders={"agent": {"mode": "enforced"}})  # wrong
Signer("agent", keys, schemes="message")  # wrong
Signer("agent", keys, cover_authorities=True)  # wrong
Modes("enforced")  # wrong
Modes(senders={"agent": "enforced"})  # wrong
KeyRing(client={"a": "b"})  # wrong
HMACAuth("agent", "practices", schemes="pairwise")  # wrong
HMACAuth("agent", "practices", verify_answer=True)  # wrong
HMACAuth("agent", 5)  # wrong
HMACAuthMiddleware(application, "practices", schemes="pairwise")  # wrong
HMACAuthMiddleware(application, "practices", enforce="false")  # wrong
HMACAuthMiddleware(application, "practices", replay=synchronous)  # wrong
HMACAuthMiddleware(application, "practices", senders={"agent": {"method": ["GET"]}})  # wrong
WSGIMiddleware(lambda environ, start: [], "practices", replay=asynchronous)  # wrong
AsyncRedisStore(redis.asyncio.Redis(), prefx="a")  # wrong
RedisStore(redis.Redis(), timeout=1)  # wrong
load("keys.toml", sources=[Env])  # wrong
Reloader(modes, lambda: modes, evry=5)  # wrong
