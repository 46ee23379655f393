"""The common parts of all server integrations: the verifier, its replay store, and the reports of
decisions."""

from __future__ import annotations

import logging
import os
import sys
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from inspect import iscoroutinefunction
from itertools import pairwise
from typing import Any, Final, Literal, Protocol, TypedDict, TypeVar, Unpack, runtime_checkable

from sealwire._environment import environment_variable
from sealwire._errors import ConfigError
from sealwire._hooks import HookOptions, Hooks
from sealwire._native import KeyRing, Modes, ReplayTable, Verifier, is_enabled
from sealwire._report import Metrics, Reporter, printable
from sealwire._settings import check_settings, with_lists
from sealwire._signed_responses import ResponseOptions, SignedResponses, signed_responses
from sealwire._words import Clock, Mode, Scheme, Strings

logger = logging.getLogger("sealwire")

ENABLED_VARIABLE: Final = "HMAC_AUTH_ENABLED"
BODY_TIMEOUT_SECONDS: Final = 60.0


class SenderPolicy(TypedDict, total=False):
    """Rules for one sender, which replace the rules of the service."""

    mode: Mode
    """The mode for this sender. Value: one of "off", "observe", "enforce". Default: the service's."""
    methods: Strings
    """The methods that this sender may use. Value: a list of HTTP methods. Default: all."""
    path_prefixes: Strings
    """The paths that this sender may call. Each entry includes all paths below it. Value: a list of paths that start with /. Default: all."""


class AsyncStore(Protocol):
    """A replay store that several hosts share. Use `sealwire.redis.AsyncRedisStore`, or write your own
    class."""

    async def claim(self, key: bytes, expires: int) -> bool | None:
        """Returns True for a new key, False for a key that was claimed before, and None if the store cannot
        decide."""
        ...


@runtime_checkable
class CheckedStore(Protocol):
    """A store that can check at server start whether it is able to store nonces."""

    async def check(self) -> None:
        """Raises `ConfigError` if the store cannot store nonces. The message states the fix."""
        ...


class Store(Protocol):
    """A replay store that several hosts share, for synchronous servers."""

    def claim(self, key: bytes, expires: int) -> bool | None:
        """Returns True for a new key, False for a key that was claimed before, and None if the store cannot
        decide."""
        ...


StoreLike = TypeVar("StoreLike", AsyncStore, Store)


class VerifierOptions(TypedDict, total=False):
    """The settings that a server integration passes to its verifier. All settings have safe defaults."""

    schemes: Sequence[Scheme]
    """The accepted schemes, in order of preference. Value: a list of "message", "pairwise", "client". Default: `["message"]`."""
    clock: Clock | None
    """The clock, which tests can replace. It cannot be used with a mapped or shared replay store. Value: a function that returns the Unix time in milliseconds. Default: the system clock."""
    past: int
    """The maximum age of a timestamp. Value: a whole number of seconds from 0 to 4147199. Default: `300`."""
    future: int
    """The maximum time by which a timestamp may be in the future. For the scheme `client`, the default is the maximum age. Value: a whole number of seconds from 0 to 4147199. Default: `5`."""
    max_body_bytes: int
    """The maximum size of a request body. Larger bodies are rejected with status 413. Value: a whole number of bytes from 0 to 1099511627776. Default: 1 MiB."""
    trust_unsigned_user_id: bool
    """Reports the user id of `pairwise` requests, although it is not signed. Value: true or false. Default: `False`."""
    claim_pairwise: bool
    """Accepts each `pairwise` signature only once. Value: true or false. Default: `False`."""
    ignore_authority: bool
    """Accepts `message` signatures that do not cover the authority. Set it if a proxy rewrites the authority. Value: true or false. Default: `False`."""
    require_fields: Strings
    """Header fields that a `message` signature must cover if the request contains them. Value: a list of header field names. Default: `[]`."""
    listed_senders_only: bool
    """Rejects senders without an entry in `senders`. Value: true or false. Default: `False`."""
    max_sender_share: float
    """The maximum share of the replay table that one sender may use. It applies if two or more senders have keys. Value: a number above 0 and at most 1. Default: `0.5`."""
    senders: Mapping[str, SenderPolicy]
    """The rules of each sender. Value: a mapping of names to settings. Default: `{}`."""
    authorities: Strings | Literal["any"]
    """The authorities of this service, such as `api.test` or `https://api.test`. Required if client keys are used with `message`. Value: a list of strings, or "any"."""
    scheme: Literal["http", "https"]
    """The URL scheme that callers use. Set it if a proxy terminates TLS. Value: one of "http", "https". Default: from the connection."""
    root_path: str
    """The path where the application is mounted. Value: a path that starts with /, or an empty string. Default: `""`."""


class Options(VerifierOptions, ResponseOptions, HookOptions, total=False):
    """The settings of a server integration that are passed as keyword arguments."""

    mode: Mode | None
    """The effect of a rejection. With `observe`, the request is accepted, and the rejection is counted and logged. With `off`, requests are not verified. Value: one of "off", "observe", "enforce". Default: `"enforce"`."""
    modes: Modes | None
    """Modes that can be changed at run time. Use it instead of `mode`. Value: a Modes object."""
    enforce: bool | None
    """The setting of the older middleware. The value false means `mode="observe"`. Value: true or false."""
    metrics: Metrics | None
    """Counts decisions for Prometheus. Value: a Metrics object."""
    body_timeout: float
    """The maximum time for receiving a request body. After this time, the response has status 408. Value: a number of seconds above 0. Default: `60`."""


@dataclass(slots=True)
class Guard:
    """The objects that a server integration needs to verify requests."""

    verifier: Verifier
    reporter: Reporter
    responses: SignedResponses
    hooks: Hooks
    body_timeout: float
    _warned_of_root: bool = False

    def warn_of_root(self, reported: str) -> None:
        """Logs a warning if the server's root path differs from the setting `root_path`. The warning is
        logged once."""
        known = self.verifier.root_path
        if self._warned_of_root or reported.rstrip("/") == known:
            return
        self._warned_of_root = True
        logger.warning(
            "the server reports the root path %s, but the setting root_path is %s. For such requests no path is exempt, and "
            "senders with path_prefixes are rejected. If the application is mounted there, set root_path",
            ascii(printable(reported)),
            ascii(known),
        )


Heap = Literal["heap"]


def table_and_store(
    replay: ReplayTable | Heap | StoreLike | None, *, waits: bool
) -> tuple[ReplayTable | Heap | None, StoreLike | None]:
    """Converts the setting `replay`. Returns a table for the verifier, or a store that the integration uses
    to claim nonces.

    `waits` is true for WSGI servers, which call `claim`, and false for ASGI servers, which await it.
    """
    if replay is None or isinstance(replay, ReplayTable | str):
        return replay, None
    claim = getattr(replay, "claim", None)
    if not callable(claim) or isinstance(replay, type):
        raise ConfigError(
            'replay: pass "heap", a ReplayTable, a store with claim(key, expires), or omit it for a file that all workers share'
        )
    if iscoroutinefunction(claim) == waits:
        kind = "RedisStore, or a store whose claim is an ordinary function"
        if not waits:
            kind = "AsyncRedisStore, or a store with async def claim"
        raise ConfigError(f"replay: {type(replay).__name__} is for the other kind of server; pass {kind}")
    return None, replay


def guard(
    service: str,
    keys: KeyRing | None,
    replay: ReplayTable | Heap | None,
    exempt_paths: Strings,
    *,
    external_replay_store: bool,
    sign_responses: bool,
    waits: bool,
    **options: Unpack[Options],
) -> Guard:
    """Creates the verifier and the other objects of a server integration. Logs warnings about risks in the
    configuration.

    `waits` is true for WSGI servers.
    """
    given = {
        "service_name": service,
        "exempt_paths": exempt_paths,
        "sign_responses": sign_responses,
        **options,
    }
    check_settings("server", given)
    settings = with_lists({name: value for name, value in options.items() if value is not None})
    responses = signed_responses(sign_responses, **taken(settings, ResponseOptions))
    hooks = Hooks(taken(settings, HookOptions), waits=waits)
    try:
        verifier = Verifier(
            service,
            ring_of(service, keys, hooks),
            replay=replay,
            external_replay_store=external_replay_store,
            mode=asked_mode(options.get("mode"), options.get("enforce")),
            modes=options.get("modes"),
            observe_only=not is_enabled(environment_variable(ENABLED_VARIABLE)),
            exempt_paths=exempt_paths,
            **taken(settings, VerifierOptions),
        )
    except ConfigError as error:
        raise renamed(error) from None
    warn_at_start(verifier, replay, exempt_paths)
    reporter = Reporter(service, options.get("metrics"))
    return Guard(verifier, reporter, responses, hooks, options.get("body_timeout") or BODY_TIMEOUT_SECONDS)


def renamed(error: ConfigError) -> ConfigError:
    """Returns the error of a verifier for an integration, where the setting `service` is `service_name`."""
    setting, separator, advice = str(error).partition(":")
    return ConfigError(f"service_name{separator}{advice}") if setting == "service" else error


def ring_of(service: str, keys: KeyRing | None, hooks: Hooks) -> KeyRing:
    """Returns the keys of the senders: the setting `keys`, the ring of `look_up_keys`, or the keys in the
    environment."""
    if hooks.lookup is None:
        return keys if keys is not None else KeyRing.from_env(service)
    if keys is not None:
        raise ConfigError("look_up_keys: omit keys, and return the keys of every sender from look_up_keys")
    return hooks.lookup.ring


def taken(settings: Mapping[str, object], kind: Any) -> Any:  # noqa: ANN401 - typed dictionaries have no common type
    """Returns the settings whose names are members of the typed dictionary `kind`."""
    return {name: value for name, value in settings.items() if name in kind.__annotations__}


def asked_mode(mode: Mode | None, enforce: bool | None) -> Mode | None:
    """Returns the mode from the setting `mode` or `enforce`. Only one of them may be set."""
    if enforce is None:
        return mode
    if mode is not None:
        raise ConfigError("mode: pass either mode or enforce, not both")
    return "enforce" if enforce else "observe"


def warn_at_start(verifier: Verifier, replay: ReplayTable | Heap | None, exempt_paths: Strings) -> None:
    """Logs warnings about the accepted schemes and the configuration."""
    if "pairwise" in verifier.schemes:
        warn_of_pairwise()
    if any(path in ("/*", "*") for path in exempt_paths):
        warn("exempt_paths exempts every path: no request is verified. Name the public paths instead.")
    for text in verifier.warnings:  # the verifier has already logged these
        warnings.warn(text, RuntimeWarning, stacklevel=2)
    if is_on_heap(replay) and (count := workers()) > 1:
        warn(
            f"{count} workers each have their own replay table, so a request can be accepted once in each. "
            'Omit replay="heap" to use a file that all workers share, or use a Redis store.'
        )
    if verifier.mode != "enforce":
        logger.warning("%s does not reject requests: its mode is %s", verifier.service, verifier.mode)


def is_on_heap(replay: object) -> bool:
    """Returns whether the setting `replay` selects a table in the memory of this process."""
    return replay == "heap" or (isinstance(replay, ReplayTable) and replay.backend == "heap")


_warned_of_pairwise = False


def warn_of_pairwise() -> None:
    """Logs a warning about the limits of `pairwise`, once per process."""
    global _warned_of_pairwise
    if _warned_of_pairwise:
        return
    _warned_of_pairwise = True
    logger.warning(
        "pairwise signatures do not cover the query and the user id, have no nonce, and do not separate the path "
        "from the body; move senders to the message scheme"
    )


def warn(text: str) -> None:
    """Logs a warning, and also issues a `RuntimeWarning`, which Python prints to the terminal."""
    logger.warning(text)
    warnings.warn(text, RuntimeWarning, stacklevel=2)


def workers() -> int:
    """Returns the number of worker processes from the command line or from `WEB_CONCURRENCY`. Returns 1 if
    neither contains a number."""
    arguments = sys.argv[1:]
    for flag, value in pairwise([*arguments, ""]):
        name, _, joined = flag.partition("=")
        if name in ("--workers", "-w"):
            return number(joined or value)
    return number(os.environ.get("WEB_CONCURRENCY", ""))


def number(text: str) -> int:
    """Parses a number. Returns 1 for an invalid value."""
    return int(text) if text.isascii() and text.isdigit() else 1
