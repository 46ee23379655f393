"""Replay stores for several hosts, in Redis or Valkey.

    client = redis.asyncio.Redis(retry=Retry(NoBackoff(), 0))
    HMACAuthMiddleware(app, "practices", replay=AsyncRedisStore(client))

Disable the retries of the client, as in this example. If the client loses a response and repeats the claim,
the request is rejected as a replay. Each request waits for its claim. `AsyncRedisStore` waits for at most
half a second. `RedisStore` uses the timeouts of the client, so set them:
`redis.Redis(socket_timeout=0.5, socket_connect_timeout=0.5, retry=..)`.

`AsyncRedisStore` sends all claims of one iteration of the event loop together, over at most eight
connections. The client parses responses faster if the package `hiredis` is installed.

The command `SET key 1 NX PX milliseconds` claims a nonce. This command is atomic and uses a single key, so
it also works in a cluster. The server must be Redis 2.6.12 or later, or Valkey. The key is a hash that does
not reveal the nonce. The key's lifetime is computed with the verifier's clock. A margin is added, because
the hosts' clocks can differ slightly. The server's clock is not used.

The store checks the server when the service starts. The server must accept a trial claim. A warning is logged
if the clocks of the server and this host differ by more than a second. The `maxmemory-policy` of the server
must be `noeviction`, because a request whose nonce was evicted could be accepted again. `allow_eviction=True`
accepts this risk. `RedisStore` checks the server in its constructor and raises `ConfigError`.
`AsyncRedisStore` checks the server when the ASGI server sends the lifespan event, or before the first claim.

If the server does not respond, requests are rejected with 503. With `fall_back=True`, nonces are then claimed
in a table of this process. This table detects only replays to the same process. The attribute `fallbacks`
counts these claims. If the server responds with an error, such as a wrong password, a missing permission or a
read-only replica, requests are always rejected with 503, because an operator must fix the error.

The setting `metrics` is a `sealwire.metrics.Metrics`, which measures the duration of claims and counts
failures.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from inspect import iscoroutinefunction
from time import monotonic, perf_counter, time
from typing import TYPE_CHECKING, Any, Final, TypedDict, Unpack

from redis.exceptions import RedisError

from sealwire._documented import documented
from sealwire._errors import ConfigError
from sealwire._native import ReplayTable
from sealwire._redis_batches import Batches
from sealwire._redis_server import MAX_SKEW_S, evicting, fault_of, policies_of, skew_of
from sealwire._report import StoreMetrics
from sealwire._settings import check_settings

if TYPE_CHECKING:
    import redis
    import redis.asyncio

__all__ = ["AsyncRedisStore", "RedisStore"]

logger = logging.getLogger("sealwire")

PREFIX: Final = "sealwire:replay:"
TIMEOUT_S: Final = 0.5
# The client timeout, in seconds, from which a warning is logged. An unresponsive server would block all
# workers for this time.
PATIENT_S: Final = 5.0
# The additional lifetime of a claim, in milliseconds, for hosts whose clocks are behind.
MARGIN_MS: Final = 5 * 1000
# The interval, in seconds, at which a server that cannot store claims is checked again.
RECHECK_S: Final = 5.0


class StoreOptions(TypedDict, total=False):
    """The settings of `RedisStore` and `AsyncRedisStore`."""

    prefix: str
    """The prefix of all keys in the store. Value: a string. Default: `"sealwire:replay:"`."""
    near: ReplayTable | None
    """A local table that is checked before the server. Value: a ReplayTable. Default: a heap table."""
    fall_back: bool
    """Stores nonces only in the local table while the server does not respond. Error responses do not have this effect. Value: true or false. Default: `False`."""
    metrics: StoreMetrics | None
    """Measures claims and counts failures. Value: a Metrics object."""
    allow_eviction: bool
    """Allows a server whose `maxmemory-policy` evicts nonces. Value: true or false. Default: `False`."""


class AsyncStoreOptions(StoreOptions, total=False):
    """The settings of `AsyncRedisStore`."""

    timeout: float
    """The maximum time that a request waits for the store to record its nonce. Value: a number of seconds above 0. Default: `0.5`."""


class _Near:
    """The common part of both stores: counters, and a table of the claims that this process has made."""

    def __init__(self, options: StoreOptions) -> None:
        check_settings("redis_store", options)
        prefix, near = options.get("prefix", PREFIX), options.get("near")
        self._text_prefix = prefix
        self._prefix = prefix.encode()
        # The table accepts requests that were signed before it was created, because the server detects replays
        # of them.
        self._near = near if near is not None else ReplayTable.heap(accept_older=True)
        self._fall_back = options.get("fall_back", False)
        self._metrics = options.get("metrics")
        self._allow_eviction = options.get("allow_eviction", False)
        self._check_due = True
        self._unfit_since: float | None = None
        self._reported: str | None = None
        self.errors = 0
        """The number of claims to which the server either did not respond or responded with an error."""
        self.faults = 0
        """The number of claims to which the server responded with an error."""
        self.fallbacks = 0
        """The number of claims made in the table of this process because the server did not respond."""
        self.near_hits = 0
        """The number of replays detected by the table of this process, without a request to the server."""

    def _name(self, key: bytes) -> bytes:
        return self._prefix + key.hex().encode()

    def _is_known(self, key: bytes) -> bool:
        if not self._near.seen(key):
            return False
        self.near_hits += 1
        if self._metrics is not None:
            self._metrics.store_spared()
        return True

    def _answered(self, key: bytes, expires: int, first: bool, began: float) -> bool:
        if self._metrics is not None:
            self._metrics.store_responded(perf_counter() - began)
        if self._reported is not None:
            self._reported = None
            # The check is repeated, because the connection may now lead to a different server.
            self._check_due = True
            logger.warning("the replay store responds again", extra={"sealwire_event": "replay_store_up"})
        # The claim is also stored in the table of this process, which detects a replay without a round trip.
        self._near.claim(key, expires)
        return first

    def _failed(self, key: bytes, expires: int, error: Exception, began: float) -> bool | None:
        fault = fault_of(error, self._text_prefix)
        falls_back = self._fall_back and fault is None
        self.errors += 1
        if self._metrics is not None:
            self._metrics.store_failed(perf_counter() - began, fell_back=falls_back)
        if fault is not None:
            self.faults += 1
            self._report(
                f"the replay store {fault}: requests are rejected until it is fixed", "replay_store_fault"
            )
            return None
        then = "replays to other processes are not detected" if falls_back else "requests are rejected"
        name = type(error).__name__
        self._report(f"the replay store does not respond ({name}): {then} until it does", "replay_store_down")
        if not falls_back:
            return None
        self.fallbacks += 1
        return self._near.claim(key, expires)

    def _report(self, message: str, event: str) -> None:
        """Logs an error, unless the previous error was of the same type and the server has not responded
        since then."""
        if self._reported != event:
            self._reported = event
            logger.error("%s", message, extra={"sealwire_event": event})

    def _trial(self) -> dict[str, Any]:
        """Returns the arguments of a trial claim. With `xx`, the server stores a key only if it already
        exists. The trial key does not exist, so the trial stores no data."""
        name = self._prefix + b"trial:" + secrets.token_hex(16).encode()
        return {"name": name, "value": b"1", "xx": True, "px": 1}

    def _judge(self, times: object, before: float, after: float, infos: object) -> None:
        """Logs a warning if the clocks differ. Raises `ConfigError` if the server evicts keys."""
        if times is not None and abs(skew := skew_of(times, before, after)) > MAX_SKEW_S:
            logger.warning(
                "the clock of the replay store is %+.1f s from this host's: one of them is wrong, and hosts that differ by more "
                "than %d s can accept a request once each",
                skew,
                MARGIN_MS // 1000,
                extra={"sealwire_event": "replay_store_clock"},
            )
        policy = evicting(infos)
        if policy is not None and not self._allow_eviction:
            raise ConfigError(
                f"replay: the Redis server has maxmemory-policy {policy}, so it can evict nonces, which could then be accepted again; "
                "set noeviction, or allow_eviction=True to accept that"
            )
        if not policies_of(infos):
            logger.warning(
                "the replay store does not report its maxmemory-policy; make sure that it is noeviction"
            )

    def _unanswered(self, error: Exception) -> None:
        """Raises `ConfigError` if the trial claim failed with an error response. If the server did not
        respond, logs an error and checks the server later."""
        fault = fault_of(error, self._text_prefix)
        if fault is not None:
            raise ConfigError(f"replay: the Redis server {fault}") from error
        self._report(
            f"the replay store does not respond ({type(error).__name__}) at the start", "replay_store_down"
        )

    def _is_check_due(self) -> bool:
        since = self._unfit_since
        return self._check_due or (since is not None and monotonic() - since >= RECHECK_S)

    def _stop(self, error: ConfigError) -> None:
        self._unfit_since = monotonic()
        self._report(f"{error}; requests are rejected until then", "replay_store_fault")


class RedisStore(_Near):
    """A replay store for WSGI servers that uses a `redis.Redis` or a cluster client."""

    @documented("redis_store", "timeout")
    def __init__(
        self,
        client: redis.Redis | redis.RedisCluster,
        **options: Unpack[StoreOptions],
    ) -> None:
        """Checks the server, and raises `ConfigError` if it cannot store claims. A server that does not
        respond is checked again later. Configure the client with timeouts and without retries, as the
        module documentation describes, because a server that does not respond blocks requests."""
        require_client(client, waits=True)
        super().__init__(options)
        self._client = client
        warn_if_patient(client)
        self.check()

    def check(self) -> None:
        """Makes a trial claim, compares the clocks and checks the eviction policy. Raises `ConfigError`,
        whose message states the fix."""
        self._check_due = False
        try:
            self._client.set(**self._trial())
        except (RedisError, OSError) as error:
            self._unanswered(error)
            return
        before = time()
        times = self._asked("TIME")
        after = time()
        self._judge(times, before, after, self._asked("INFO", "memory"))
        self._unfit_since = None

    def _asked(self, *command: str) -> object:
        try:
            answer: object = self._client.execute_command(*command, **every_node(self._client))  # type: ignore[no-untyped-call]
        except (RedisError, OSError):
            return None  # the user has no permission, or a proxy does not support the command
        return answer

    def claim(self, key: bytes, expires: int) -> bool | None:
        """Returns True for a new key, False for a key that was claimed before, and None if the server
        cannot decide."""
        if self._is_check_due():
            try:
                self.check()
            except ConfigError as error:
                self._stop(error)
        if self._unfit_since is not None:
            return None
        if self._is_known(key):
            return False
        began = perf_counter()
        try:
            first = self._client.set(self._name(key), b"1", nx=True, px=kept_ms(expires))
        except (RedisError, OSError) as error:
            return self._failed(key, expires, error, began)
        return self._answered(key, expires, bool(first), began)


class AsyncRedisStore(_Near):
    """A replay store for ASGI servers that uses a `redis.asyncio.Redis` or a cluster client."""

    @documented("redis_store")
    def __init__(
        self,
        client: redis.asyncio.Redis | redis.asyncio.RedisCluster,
        **options: Unpack[AsyncStoreOptions],
    ) -> None:
        """Configure the client without retries, as the module documentation describes. `timeout` is the
        maximum time of a claim in seconds."""
        require_client(client, waits=False)
        super().__init__(options)
        self._client = client
        self._timeout = options.get("timeout", TIMEOUT_S)
        self._batches = Batches(client, self._timeout)

    async def check(self) -> None:
        """Makes a trial claim, compares the clocks and checks the eviction policy. Raises `ConfigError`,
        whose message states the fix."""
        self._check_due = False
        try:
            async with asyncio.timeout(self._timeout):
                await self._client.set(**self._trial())
        except (RedisError, OSError) as error:
            self._unanswered(error)
            return
        before = time()
        times = await self._asked("TIME")
        after = time()
        self._judge(times, before, after, await self._asked("INFO", "memory"))
        self._unfit_since = None

    async def _asked(self, *command: str) -> object:
        try:
            async with asyncio.timeout(self._timeout):
                answer: object = await self._client.execute_command(*command, **every_node(self._client))
        except (RedisError, OSError):
            return None
        return answer

    async def claim(self, key: bytes, expires: int) -> bool | None:
        """Returns True for a new key, False for a key that was claimed before, and None if the server
        cannot decide."""
        if self._is_check_due():
            try:
                await self.check()
            except ConfigError as error:
                self._stop(error)
        if self._unfit_since is not None:
            return None
        if self._is_known(key):
            return False
        began = perf_counter()
        try:
            first = await self._batches.claim(self._name(key), kept_ms(expires))
        except (RedisError, OSError) as error:
            return self._failed(key, expires, error, began)
        return self._answered(key, expires, first, began)


def kept_ms(expires: int) -> int:
    """Returns the lifetime of a claim in milliseconds. `expires` is in Unix seconds."""
    return max(1, int((expires - time()) * 1000)) + MARGIN_MS


def every_node(client: object) -> dict[str, object]:
    """Returns the option that makes a cluster client send a command to all primaries."""
    primaries = getattr(client, "PRIMARIES", None)
    return {} if primaries is None else {"target_nodes": primaries}


def warn_if_patient(client: redis.Redis | redis.RedisCluster) -> None:
    """Logs a warning if the timeout of the client is too long."""
    settings = client.get_connection_kwargs()
    if (settings.get("socket_timeout") or float("inf")) >= PATIENT_S:
        logger.warning(
            "the Redis client waits too long for the server, which delays every request; create it with socket_timeout=%s",
            TIMEOUT_S,
        )


def require_client(client: object, *, waits: bool) -> None:
    """Raises `ConfigError` for an object that is not a client. `waits` is true if the store needs a
    synchronous client."""
    execute = getattr(client, "execute_command", None)
    kind = type(client).__name__
    if isinstance(client, type) or not callable(execute):
        wanted = "redis.Redis" if waits else "redis.asyncio.Redis"
        raise ConfigError(f"client: pass a {wanted} or a cluster client, not {kind}")
    if iscoroutinefunction(execute) == waits:
        store = "AsyncRedisStore" if waits else "RedisStore"
        raise ConfigError(f"client: this {kind} is for the other kind of server; pass it to {store}")
