"""Tests for values that only Python settings can have. The error must contain the name of the setting."""

from __future__ import annotations

import subprocess
import sys

import pytest
import redis
from sealwire import ConfigError, KeyRing
from sealwire.aiohttp import HMACAuth as AiohttpAuth
from sealwire.asgi import HMACAuthMiddleware
from sealwire.httpx import HMACTransport
from sealwire.redis import RedisStore
from sealwire.requests import HMACAdapter
from sealwire.secrets import load, load_modes
from sealwire.wsgi import HMACAuthMiddleware as WSGIMiddleware

from .conftest import PAIR_SECRET, call, serving
from .test_asgi import sign

SURROGATE = "/\ud800"
BOTH = pytest.mark.parametrize("middleware", [HMACAuthMiddleware, WSGIMiddleware])
CLIENTS = pytest.mark.parametrize("client", [HMACAdapter, HMACTransport, AiohttpAuth])


def server(middleware, keys, **settings):
    return middleware(None, **{"service_name": "practices", "keys": keys, "replay": "heap", **settings})


@BOTH
@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("service_name", {"service_name": SURROGATE}),
        ("service_name", {"service_name": "a\nb"}),
        ("service_name", {"service_name": "é"}),
        ("root_path", {"root_path": SURROGATE}),
        ("exempt_paths", {"exempt_paths": [SURROGATE]}),
        ("exempt_paths", {"exempt_paths": {SURROGATE}}),
        ("unsigned_response_paths", {"sign_responses": True, "unsigned_response_paths": [SURROGATE]}),
        ("authorities", {"authorities": [SURROGATE]}),
        ("require_fields", {"require_fields": [SURROGATE]}),
        ("senders", {"senders": {SURROGATE: {}}}),
        ("senders.agent.methods", {"senders": {"agent": {"methods": [SURROGATE]}}}),
        ("senders.agent.methods", {"senders": {"agent": {"methods": None}}}),
        ("senders.agent.path_prefixes", {"senders": {"agent": {"path_prefixes": None}}}),
        ("metrics", {"metrics": {1: 2}}),
        ("senders", {"senders": {1: {}}}),
    ],
    ids=str,
)
def test_a_value_that_native_code_cannot_represent_is_named(middleware, keys, name, settings):
    with pytest.raises(ConfigError, match=f"^{name}: "):
        server(middleware, keys, **settings)


@BOTH
@pytest.mark.parametrize("value", [0, 0.0, False, "", b"", {}])
def test_an_empty_value_of_another_type_is_not_an_empty_list_of_paths(middleware, keys, value):
    with pytest.raises(ConfigError, match=r"^exempt_paths: "):
        server(middleware, keys, exempt_paths=value)


@BOTH
def test_a_list_of_paths_can_be_omitted(middleware, keys):
    server(middleware, keys, exempt_paths=None, authorities="any")
    server(middleware, keys, exempt_paths=[], authorities="any")


@pytest.mark.parametrize("collection", [list, tuple, set, frozenset])
def test_every_collection_of_strings_is_accepted(keys, collection):
    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    senders = {"agent": {"methods": collection(["GET"]), "path_prefixes": collection(["/a"])}}
    settings = {"authorities": collection(["h"]), "senders": senders, "schemes": ["pairwise"]}
    middleware = HMACAuthMiddleware(app, "practices", keys=keys, replay="heap", **settings)
    with serving(middleware) as url:
        for method, path, status in (("GET", "/a", 200), ("POST", "/a", 401), ("GET", "/b", 401)):
            assert call(url, method, path, sign(keys, method, path)).status_code == status


def test_a_setting_that_contains_itself_does_not_end_the_process():
    program = (
        "from sealwire.asgi import HMACAuthMiddleware as M; a = []; a.append(a); M(None, 'practices', a)"
    )
    process = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert "sealwire.ConfigError: exempt_paths: the value is nested too deeply" in process.stderr


@CLIENTS
@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("name", {"name": "\ud800"}),
        ("receiver", {"receiver": "\ud800"}),
        ("user_id", {"user_id": "\ud800"}),
        ("origins", {"origins": None}),
        ("origins", {"origins": ["https://\ud800"]}),
        ("cover", {"cover": {1: 2}}),
    ],
)
def test_a_value_of_a_client_that_native_code_cannot_represent_is_named(client, name, settings):
    keys = KeyRing(pairs={"agent/practices": PAIR_SECRET})
    given = {"name": "agent", "receiver": "practices", "keys": keys, "origins": ["https://a"], **settings}
    with pytest.raises(ConfigError, match=f"^{name}: "):
        client(**given)


def test_a_string_of_the_other_settings_that_is_not_unicode_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"^prefix: "):
        RedisStore(redis.Redis(), prefix="\ud800")
    with pytest.raises(ConfigError, match=r"^table: "):
        load(tmp_path / "keys.toml", table="\ud800")
    with pytest.raises(ConfigError, match=r"^senders: "):
        load_modes(tmp_path / "modes.toml", senders={"\ud800": "off"})
