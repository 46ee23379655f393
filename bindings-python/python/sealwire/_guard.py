"""What every server adapter is made of: a verifier, the store it claims in, and the reports it makes."""

from __future__ import annotations

import logging
import os
import sys
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal, Protocol, TypedDict, Unpack

from sealwire._errors import ConfigError
from sealwire._native import DEFAULT_PAST_SECONDS, KeyRing, Modes, ReplayTable, Verifier, is_enabled
from sealwire._report import Metrics, Reporter

logger = logging.getLogger("sealwire")

ENABLED_VARIABLE: Final = "HMAC_AUTH_ENABLED"

Mode = Literal["off", "observe", "enforce"]


class SenderPolicy(TypedDict, total=False):
    """Rules for one sender, in place of the service's."""

    mode: Mode
    methods: Sequence[str]
    path_prefixes: Sequence[str]


class AsyncStore(Protocol):
    """Remembers nonces for several hosts: `sealwire.redis.AsyncRedisStore`, or one of your own."""

    async def claim(self, key: bytes, expires: int) -> bool | None:
        """True when `key` is new, False when it was claimed before, None when the store cannot tell."""
        ...


class Store(Protocol):
    """As `AsyncStore`, for servers that wait."""

    def claim(self, key: bytes, expires: int) -> bool | None:
        """True when `key` is new, False when it was claimed before, None when the store cannot tell."""
        ...


class VerifierOptions(TypedDict, total=False):
    """What a server adapter hands on to its verifier; what is left out has the safe default."""

    schemes: Sequence[str]
    past: int
    future: int
    max_body_bytes: int
    trust_unsigned_user_id: bool
    claim_pairwise: bool
    ignore_authority: bool
    require_fields: Sequence[str]
    listed_senders_only: bool
    senders: Mapping[str, SenderPolicy]


class Options(VerifierOptions, total=False):
    """What a server adapter takes beside the service's name, its keys and its replay table."""

    mode: Mode | None
    modes: Modes | None
    enforce: bool | None
    metrics: Metrics | None


@dataclass(frozen=True, slots=True)
class Guard:
    """A service's verification, ready for requests."""

    verifier: Verifier
    reporter: Reporter


def guard(
    service: str,
    keys: KeyRing | None,
    replay: ReplayTable | None,
    exempt_paths: Sequence[str],
    *,
    external_replay_store: bool,
    mode: Mode | None = None,
    modes: Modes | None = None,
    enforce: bool | None = None,
    metrics: Metrics | None = None,
    **options: Unpack[VerifierOptions],
) -> Guard:
    """Makes the verifier, and warns of what an operator should know before the first request."""
    schemes = tuple(options.get("schemes", ()))
    claims = claims_nonces(schemes, options.get("claim_pairwise", False))
    if replay is None and claims and not external_replay_store:
        replay = ReplayTable.heap(window=window_of(options))
    verifier = Verifier(
        service,
        keys if keys is not None else KeyRing.from_env(service),
        replay=replay,
        external_replay_store=external_replay_store,
        mode=asked_mode(mode, enforce),
        modes=modes,
        observe_only=not is_enabled(os.environ.get(ENABLED_VARIABLE)),
        exempt_paths=exempt_paths,
        **options,
    )
    warn_at_start(verifier, replay, exempt_paths)
    return Guard(verifier, Reporter(service, metrics))


def asked_mode(mode: Mode | None, enforce: bool | None) -> Mode | None:
    """`mode`, or `enforce` as the older middleware had it."""
    if enforce is None:
        return mode
    if mode is not None:
        raise ConfigError("mode: give either mode or enforce, not both")
    return "enforce" if enforce else "observe"


def claims_nonces(schemes: Sequence[str], claim_pairwise: bool) -> bool:
    """Whether any accepted scheme has something to claim."""
    return claim_pairwise or any(scheme != "pairwise" for scheme in schemes or ("message",))


def window_of(options: VerifierOptions) -> int | None:
    """How long a nonce is remembered at most, in seconds; None for the default."""
    if "past" not in options and "future" not in options and "client" not in options.get("schemes", ()):
        return None
    # `client` allows as much skew ahead as back, so its nonces live twice as long.
    past = options.get("past", DEFAULT_PAST_SECONDS)
    return past + options.get("future", past)


def warn_at_start(verifier: Verifier, replay: ReplayTable | None, exempt_paths: Sequence[str]) -> None:
    """What the formats cannot do, and what this configuration makes of them."""
    if "pairwise" in verifier.schemes:
        warn_of_pairwise()
    if any(path in ("/*", "*") for path in exempt_paths):
        warn("exempt_paths exempts every path: no request is verified. Name the public paths instead.")
    if replay is not None and replay.backend == "heap" and (count := workers()) > 1:
        warn(
            f"{count} workers each have a replay table of their own, so a request can pass once in each. "
            f'Share one: replay=ReplayTable.mapped(service="{verifier.service}"), or a Redis store.'
        )
    if verifier.mode != "enforce":
        logger.warning("%s does not turn requests away: its mode is %s", verifier.service, verifier.mode)


_warned_of_pairwise = False


def warn_of_pairwise() -> None:
    """The limits of `pairwise`, once per process."""
    global _warned_of_pairwise
    if _warned_of_pairwise:
        return
    _warned_of_pairwise = True
    logger.warning(
        "pairwise signatures leave the query and the user id unsigned, have no nonce, and do not tell where the path "
        "ends and the body begins; move senders to the message scheme when you can"
    )


def warn(text: str) -> None:
    """Once for the operator's log, once for the programmer's terminal."""
    logger.warning(text)
    warnings.warn(text, RuntimeWarning, stacklevel=2)


def workers() -> int:
    """How many worker processes the server was asked for, as far as can be told from inside one."""
    arguments = sys.argv[1:]
    for flag, value in pairwise([*arguments, ""]):
        name, _, joined = flag.partition("=")
        if name in ("--workers", "-w"):
            return number(joined or value)
    return number(os.environ.get("WEB_CONCURRENCY", ""))


def number(text: str) -> int:
    """A count, or 1 for what is none."""
    return int(text) if text.isascii() and text.isdigit() else 1
