"""The setting `clock`: a callable that returns the current Unix time in milliseconds, so that tests can
control the clock."""

from __future__ import annotations

import asyncio
import logging
import re
import time

import flask
import pytest
import redis.asyncio
import time_machine
from fastapi import FastAPI
from freezegun import freeze_time
from sealwire import ConfigError, Rejected, ReplayTable, Signer, SignError, Verifier, compat
from sealwire.asgi import HMACAuthMiddleware
from sealwire.fastapi import ServiceIdentity
from sealwire.httpx2 import signed
from sealwire.redis import AsyncRedisStore, RedisStore
from sealwire.wsgi import HMACAuthMiddleware as WSGIMiddleware
from starlette.testclient import TestClient

from .conftest import CLIENT_SECRET, PAIR_SECRET

BOTH = pytest.mark.parametrize("frozen", [freeze_time, lambda at: time_machine.travel(at, tick=False)])
SCHEMES = pytest.mark.parametrize("scheme", ["message", "pairwise", "client"])
URL = "http://testserver/"
BOTH_NAMED = re.compile("^clock: .*replay")


def python_clock() -> int:
    return time.time_ns() // 1_000_000


def raising():
    raise RuntimeError("no time")


WRONG = {
    "an exception": raising,
    "nothing": lambda: None,
    "a text": lambda: "1764446400000",
    "a boolean": lambda: True,
    "a float": lambda: time.time() * 1000,
    "not a number": lambda: float("nan"),
    "a negative time": lambda: -1,
    "seconds": lambda: int(time.time()),
    "microseconds": lambda: time.time_ns() // 1000,
    "nanoseconds": time.time_ns,
    "more than 64 bits": lambda: 2**70,
}
EACH_WRONG = pytest.mark.parametrize("clock", WRONG.values(), ids=WRONG)


def signer(keys, scheme="message", **settings):
    name = "billing-service" if scheme == "client" else "agent"
    return Signer(name, keys, schemes=[scheme], **settings)


def verifier(keys, scheme="message", **settings):
    settings = {"replay": "heap", "clock": python_clock, **settings}
    return Verifier("practices", keys, schemes=[scheme], claim_pairwise=True, authorities="any", **settings)


def sign(signer, **changes):
    return signer.sign("GET", URL, receiver="practices", **changes)


def verify(verifier, headers):
    return verifier.verify("GET", "/", {"Host": "testserver", **headers})


@SCHEMES
@BOTH
def test_frozen_time_is_the_time_of_signers_and_verifiers(keys, scheme, frozen):
    signs, verifies = signer(keys, scheme, clock=python_clock), verifier(keys, scheme)
    with frozen("2031-05-01 12:00:00"):
        headers, other = sign(signs), sign(signs)
        assert verify(verifies, headers).age_ms == 0
        with pytest.raises(Rejected) as replay:
            verify(verifies, headers)
    assert replay.value.reason == "replayed"
    with frozen("2031-05-01 12:05:01"), pytest.raises(Rejected) as old:
        verify(verifies, other)
    assert old.value.reason == "stale_timestamp"
    with pytest.raises(Rejected) as ahead:
        verify(verifies, other)
    assert ahead.value.reason == "future_timestamp"


@BOTH
@pytest.mark.parametrize("year", ["1970-01-01", "2001-01-01", "2090-01-01"])
def test_any_year_can_be_frozen_even_with_a_table_that_was_made_earlier(keys, frozen, year):
    verifies = verifier(keys, replay=ReplayTable.heap())
    with frozen(year):
        assert verify(verifies, sign(signer(keys, clock=python_clock))).sender == "agent"


@EACH_WRONG
@SCHEMES
def test_a_clock_that_fails_rejects_and_does_not_sign(keys, scheme, clock, caplog):
    headers = sign(signer(keys, scheme))
    verifies = verifier(keys, scheme, clock=clock)
    for target in ("/", "/other"):
        with pytest.raises(Rejected) as rejected:
            verifies.verify("GET", target, {"Host": "testserver", **headers})
        assert (rejected.value.reason, rejected.value.age_ms) == ("stale_timestamp", None)
    [record, _] = caplog.records
    assert record.levelno == logging.ERROR
    assert record.message.startswith("clock: ")
    assert record.sealwire_event == "clock_failed"
    with pytest.raises(SignError, match=r"^clock: "):
        sign(signer(keys, scheme, clock=clock))


@pytest.mark.parametrize("raised", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_an_interrupt_in_the_clock_is_raised(keys, raised, caplog):
    def interrupted():
        raise raised

    with pytest.raises(raised):
        sign(signer(keys, clock=interrupted))
    headers = sign(signer(keys))
    with pytest.raises(raised):
        verify(verifier(keys, clock=interrupted), headers)
    client = flask_app(keys, clock=interrupted).test_client()
    with pytest.raises(raised):
        client.post("/", headers=signer(keys).sign("POST", "http://localhost/", receiver="practices"))
    assert not caplog.records
    with pytest.raises(Rejected):
        verify(verifier(keys), {})


def test_the_exception_of_the_clock_is_the_cause_of_the_error(keys):
    with pytest.raises(SignError, match="raised RuntimeError") as error:
        sign(signer(keys, clock=raising))
    assert isinstance(error.value.__cause__, RuntimeError)


def test_a_clock_that_fails_after_the_head_rejects(keys):
    times = iter([python_clock(), None])
    verifies = verifier(keys, clock=lambda: next(times))
    pending = verifies.begin("GET", "/", {"Host": "testserver", **sign(signer(keys))})
    with pytest.raises(Rejected) as rejected:
        pending.finish()
    assert rejected.value.reason == "stale_timestamp"


def fastapi_app(keys, **settings):
    app = FastAPI()

    @app.post("/")
    async def show(caller: ServiceIdentity):
        return {"sender": caller.sender}

    @app.get("/health")
    async def health():
        return "ok"

    settings = {"replay": "heap", "keys": keys, "authorities": "any", "clock": python_clock, **settings}
    app.add_middleware(HMACAuthMiddleware, "practices", ["/health"], **settings)
    return app


def flask_app(keys, **settings):
    app = flask.Flask("practices")

    @app.post("/")
    def show():
        return {"sender": flask.request.environ["sealwire.authenticated_service"]}

    @app.get("/health")
    def health():
        return "ok"

    settings = {"replay": "heap", "keys": keys, "authorities": "any", "clock": python_clock, **settings}
    app.wsgi_app = WSGIMiddleware(app.wsgi_app, "practices", ["/health"], **settings)
    return app


@BOTH
def test_asgi_follows_frozen_time(keys, frozen):
    with TestClient(fastapi_app(keys, sign_responses=True), raise_server_exceptions=False) as client:
        options = {"keys": keys, "clock": python_clock, "verify_responses": True}
        signs = signed(client, "agent", "practices", **options)
        with frozen("2031-05-01"):
            answer = signs.post("/", json={})
            assert (answer.status_code, answer.json()) == (200, {"sender": "agent"})


@BOTH
def test_wsgi_follows_frozen_time(keys, frozen):
    client = flask_app(keys).test_client()
    with frozen("2031-05-01"):
        headers = signer(keys, clock=python_clock).sign("POST", "http://localhost/", receiver="practices")
        assert client.post("/", headers=headers).json == {"sender": "agent"}
    headers = signer(keys).sign("POST", "http://localhost/", receiver="practices")
    assert client.post("/", headers=headers).status_code == 200


@EACH_WRONG
def test_servers_respond_with_401_if_the_clock_fails(keys, clock):
    headers = signer(keys).sign("POST", URL, receiver="practices")
    with TestClient(fastapi_app(keys, clock=clock)) as client:
        assert client.post("/", headers=headers).status_code == 401
        assert client.get("/health").status_code == 200
    client = flask_app(keys, clock=clock).test_client()
    headers = signer(keys).sign("POST", "http://localhost/", receiver="practices")
    assert client.post("/", headers=headers).status_code == 401
    assert client.get("/health").status_code == 200


class AsyncStore:
    async def claim(self, key, expires):
        return True


class Store:
    def claim(self, key, expires):
        return True


def refused(tmp_path):
    yield {"replay": None}
    yield {"replay": ReplayTable.mapped(tmp_path / "table")}


def test_mapped_files_cannot_be_used_with_a_clock(keys, tmp_path, replay_directory):
    for replay in refused(tmp_path):
        with pytest.raises(ConfigError, match=BOTH_NAMED):
            verifier(keys, **replay)
        with pytest.raises(ConfigError, match=BOTH_NAMED):
            HMACAuthMiddleware(None, "practices", keys=keys, clock=python_clock, **replay)
        with pytest.raises(ConfigError, match=BOTH_NAMED):
            WSGIMiddleware(None, "practices", keys=keys, clock=python_clock, **replay)
    with pytest.raises(ConfigError, match=BOTH_NAMED):
        verifier(keys, replay=None, external_replay_store=True)
    assert not list(replay_directory.iterdir())


def test_stores_that_hosts_share_cannot_be_used_with_a_clock(keys):
    for store in (AsyncStore(), AsyncRedisStore(redis.asyncio.Redis())):
        with pytest.raises(ConfigError, match=BOTH_NAMED):
            HMACAuthMiddleware(None, "practices", keys=keys, clock=python_clock, replay=store)
    for store in (Store(), RedisStore(redis.Redis())):
        with pytest.raises(ConfigError, match=BOTH_NAMED):
            WSGIMiddleware(None, "practices", keys=keys, clock=python_clock, replay=store)


def test_schemes_without_nonces_need_no_table(keys):
    verifies = Verifier("practices", keys, schemes=["pairwise"], clock=python_clock)
    assert verify(verifies, sign(signer(keys, "pairwise"))).sender == "agent"


async def coroutine():
    return 1_764_446_400_000


@pytest.mark.parametrize("wrong", [coroutine, 1_764_446_400_000, "now", time, Store])
def test_a_clock_is_an_ordinary_function(keys, wrong):
    with pytest.raises(ConfigError, match=r"^clock: "):
        verifier(keys, clock=wrong)
    with pytest.raises(ConfigError, match=r"^clock: "):
        signer(keys, clock=wrong)


def test_an_awaitable_is_no_time(keys):
    loop = asyncio.new_event_loop()
    signs = signer(keys, clock=loop.create_future)
    with pytest.raises(SignError, match=r"^clock: it returned an object of type Future"):
        sign(signs)
    loop.close()


def test_a_given_time_replaces_the_clock(keys):
    headers = sign(signer(keys, clock=raising), now_ms=1_900_000_000_000)
    verifies = verifier(keys, clock=raising)
    identity = verifies.verify("GET", "/", {"Host": "testserver", **headers}, now_ms=1_900_000_000_000)
    assert identity.age_ms == 0


@BOTH
def test_the_middleware_of_compat_has_the_clock_of_its_functions(environment, frozen):
    app = FastAPI()

    @app.post("/graphql")
    async def show():
        return "ok"

    app.add_middleware(compat.HMACAuthMiddleware, "practices")

    def send(client, headers):
        return client.post("/graphql", headers=headers, content="{}").status_code

    with TestClient(app) as client:
        with frozen("2031-05-01 12:00:00"):
            made = compat.sign_service_request("agent", "practices", "POST", "/graphql", "{}")
            headers = {
                "X-Service-Name": "agent",
                "X-Service-Timestamp": str(made.timestamp),
                "X-Service-Signature": made.signature,
            }
            assert send(client, headers) == 200
        with frozen("2031-05-01 12:05:01"):
            assert send(client, headers) == 401
        assert send(client, headers) == 401


def test_the_middleware_of_compat_keeps_a_mapped_file_and_the_clock_of_the_system(environment, tmp_path):
    options = {"replay": ReplayTable.mapped(tmp_path / "table"), "claim_pairwise": True}
    compat.HMACAuthMiddleware(None, "practices", **options)
    compat.HMACAuthMiddleware(None, "practices", schemes=["message", "pairwise"])
    with pytest.raises(ConfigError, match=BOTH_NAMED):
        compat.HMACAuthMiddleware(None, "practices", clock=python_clock, **options)


@pytest.mark.parametrize("secret", [PAIR_SECRET, CLIENT_SECRET])
def test_a_table_of_this_process_can_be_cleared(keys, secret, tmp_path):
    table = ReplayTable.heap()
    verifies = verifier(keys, replay=table, clock=None)
    headers = sign(signer(keys))
    verify(verifies, headers)
    with pytest.raises(Rejected):
        verify(verifies, headers)
    table.clear()
    assert verify(verifies, headers).sender == "agent"
    with pytest.raises(ConfigError, match="cleared"):
        ReplayTable.mapped(tmp_path / "table").clear()


def test_a_response_is_sent_unsigned_if_the_clock_fails_while_it_is_made(keys):
    times = iter([python_clock(), python_clock()])
    headers = signer(keys).sign("POST", URL, receiver="practices")
    with TestClient(fastapi_app(keys, sign_responses=True, clock=lambda: next(times))) as client:
        answer = client.post("/", headers=headers)
    assert answer.status_code == 200
    assert "signature" not in answer.headers
