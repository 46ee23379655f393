"""Tests that all settings are in `help()` and in `inspect.signature`, with name, default and
documentation."""

import inspect
import pydoc
from ast import literal_eval

import pytest
import sealwire
import sealwire.aiohttp
import sealwire.asgi
import sealwire.compat
import sealwire.httpx
import sealwire.httpx2
import sealwire.redis
import sealwire.requests
import sealwire.wsgi
from sealwire._native import settings_of

TAKING = {
    "verifier": [sealwire.Verifier],
    "signer": [sealwire.Signer],
    "modes": [sealwire.Modes],
    "server": [sealwire.asgi.HMACAuthMiddleware, sealwire.wsgi.HMACAuthMiddleware],
    "compat_server": [sealwire.compat.HMACAuthMiddleware],
    "client": [
        sealwire.httpx.HMACAuth,
        sealwire.httpx.HMACTransport,
        sealwire.httpx.AsyncHMACTransport,
        sealwire.httpx.signed,
        sealwire.httpx2.HMACAuth,
        sealwire.httpx2.HMACTransport,
        sealwire.httpx2.signed,
        sealwire.requests.HMACAuth,
        sealwire.requests.HMACAdapter,
        sealwire.requests.signed,
        sealwire.aiohttp.HMACAuth,
    ],
    "replay_table": [sealwire.ReplayTable.heap],
    "replay_file": [sealwire.ReplayTable.mapped],
    "redis_store": [sealwire.redis.AsyncRedisStore],
}
CASES = [(group, each) for group, all_of in TAKING.items() for each in all_of]


@pytest.mark.parametrize(
    ("group", "made"), CASES, ids=[f"{each.__module__}.{each.__qualname__}" for _, each in CASES]
)
def test_every_setting_is_in_the_help(group, made):
    shown = " ".join(pydoc.render_doc(made, renderer=pydoc.plaintext).replace("|", " ").split())
    taken = inspect.signature(made).parameters
    assert not any(each.kind is each.VAR_KEYWORD for each in taken.values())
    for name, default, documentation in settings_of(group):
        assert f"- `{name}`: {' '.join(documentation.split())}" in shown
        assert name in taken
        given = taken[name].default
        if default is None or given in (None, ()):
            continue  # the default is derived, or an argument of the older middleware
        if default == "...":
            assert given is inspect.Parameter.empty
        else:
            assert given == literal_eval(default)


def test_a_store_for_synchronous_servers_lists_its_own_settings_only():
    shown = pydoc.render_doc(sealwire.redis.RedisStore, renderer=pydoc.plaintext)
    assert "- `fall_back`: " in shown
    assert "- `timeout`: " not in shown
