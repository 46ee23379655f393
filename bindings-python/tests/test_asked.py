"""Tests for the commands that read the metrics of services: `readiness`, `keys status` and `keys retire`."""

from __future__ import annotations

import contextlib
import json
import subprocess
import threading
import time
import urllib.request
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from network import free_port
from prometheus_client import CollectorRegistry, make_wsgi_app
from sealwire import Rejected, Signer, Verifier
from sealwire.metrics import Metrics
from sealwire.secrets import StatusFile, load

from .test_cli import run


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


class Service:
    """A minimal service with the data that the commands read: keys, counters and a metrics page."""

    def __init__(self, keys):
        self.keys, self.registry = load(keys), CollectorRegistry()
        self.metrics = Metrics(self.registry)
        self.metrics.watch(keys=self.keys)

    def is_called(self, *, ago=0.0):
        """Counts a signed request that the service accepted `ago` seconds ago."""
        now_ms = int((time.time() - ago) * 1000)
        sent = Signer("agent", self.keys).sign(
            "GET", "http://practices/x", receiver="practices", now_ms=now_ms
        )
        verifier = Verifier("practices", self.keys, external_replay_store=True, authorities="any")
        identity = verifier.verify("GET", "/x", sent | {"Host": "practices"}, now_ms=now_ms)
        self.metrics.accepted(identity, 0.001)

    def counts_since(self, *, ago):
        """Sets the start time of the counters to `ago` seconds ago."""
        self.metrics._since.set(time.time() - ago)

    def refuses(self, sender="agent"):
        self.metrics.rejected(Rejected("missing_headers", 10, 401, "", None, sender=sender), 0.001)


@contextlib.contextmanager
def page(app):
    with make_server("127.0.0.1", 0, app, handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/metrics"
        server.shutdown()
        thread.join(20)


@pytest.fixture
def keys(tmp_path):
    path = tmp_path / "keys.toml"
    run("keys", "generate", "agent", "practices", "-o", path)
    return path


@pytest.fixture
def service(keys):
    return Service(keys)


@pytest.fixture
def url(service):
    with page(make_wsgi_app(service.registry)) as url:
        yield url


def test_a_sender_is_ready_once_it_signs_and_sends_nothing_unsigned(service, url):
    service.is_called()
    service.counts_since(ago=90_000)
    ready = run("readiness", "--metrics-url", url)
    assert "every sender is signed: enforce" in ready.stdout
    service.refuses()
    late = run("readiness", "--metrics-url", url, code=1)
    assert "NOT SIGNED" in late.stdout
    assert "1 missing_headers" in late.stdout
    assert "not yet: keep observing" in late.stdout
    assert (
        json.loads(run("readiness", "--metrics-url", url, "--quiet-for", 0, "--json").stdout)["ready"] is True
    )


def test_a_sender_without_recent_requests_is_ignored_and_not_reported_as_signed(service, url):
    service.refuses("legacy")
    service.is_called()
    (signed, gone) = json.loads(run("readiness", "--metrics-url", url, "--quiet-for", 0, "--json").stdout)[
        "senders"
    ]
    assert (gone["sender"], gone["ready"], gone["gone"]) == ("unknown", False, True)
    assert (signed["sender"], signed["ready"], signed["lastRefused"]) == ("agent", True, None)
    assert "gone" in run("readiness", "--metrics-url", url, "--quiet-for", 0).stdout


def test_services_without_requests_are_not_evidence(url):
    assert (
        "no service has counted requests by sender yet"
        in run("readiness", "--metrics-url", url, code=1).stderr
    )


@pytest.mark.parametrize("text", [b"<html>not metrics</html>", b'hmac_auth_key_accepted{name="x" 1'])
def test_a_page_that_is_not_metrics_ends_the_command(text):
    def app(_, start_response):
        start_response("200 OK", [("Content-Type", "text/html")])
        return [text]

    with page(app) as url:
        refused = run("readiness", "--metrics-url", url, code=1)
        assert f"{url} does not respond with metrics in Prometheus' text format" in refused.stderr
        server = url.removesuffix("/metrics")
        refused = run("readiness", "--prometheus", server, code=1)
        assert f"{server} does not respond like a Prometheus server" in refused.stderr


def test_the_status_without_a_file_is_read_from_services(service, url):
    service.is_called()
    (row,) = json.loads(run("keys", "status", "--metrics-url", url, "--json").stdout)
    assert (row["entry"], row["version"], row["primary"], row["accepted"]) == ("agent/practices", 1, True, 1)
    shown = run("keys", "status", "--metrics-url", url).stdout
    assert "agent/practices" in shown and "yes" in shown and " ago" in shown


def test_an_old_version_can_be_removed_after_services_stop_using_it(keys, service, url):
    service.is_called(ago=900)
    run("keys", "rotate", keys, "agent/practices")
    run("keys", "promote", keys, "agent/practices")
    refused = run("keys", "retire", keys, "agent/practices", "--metrics-url", url, code=1)
    assert "still signs with version 1; it has not loaded the new primary" in refused.stderr
    service.keys.replace(load(keys))
    status = run("keys", "status", keys, "--metrics-url", url).stdout
    assert "safe" in status
    refused = run(
        "keys", "retire", keys, "agent/practices", "--metrics-url", url, "--quiet-for", 3600, code=1
    )
    assert "accepted version 1" in refused.stderr and "wait another" in refused.stderr
    run("keys", "retire", keys, "agent/practices", "--metrics-url", url)
    assert [key.version for key in load(keys).status()] == [2]


def test_the_lifetime_of_tokens_is_required_to_retire_issuer_versions(tmp_path):
    path = tmp_path / "keys.toml"
    run("keys", "generate", "--issuer", "-o", path)
    run("keys", "rotate", path, "--all")
    rows = json.loads(run("keys", "status", path, "--json").stdout)
    assert "promote it first" in rows[1]["objections"][0]
    run("keys", "promote", path, "--all")
    rows = json.loads(run("keys", "status", path, "--json").stdout)
    assert ["--quiet-for" in " ".join(row["objections"]) for row in rows] == [True, False]


def test_missing_or_incomplete_status_files_are_errors(keys, tmp_path):
    folder = tmp_path / "status"
    refused = run("keys", "status", keys, "--status-dir", folder, code=1)
    assert f"{folder} is not a directory" in refused.stderr
    folder.mkdir()
    StatusFile(load(keys), folder, "practices").start().stop()
    rows = json.loads(run("keys", "status", keys, "--status-dir", folder, "--json").stdout)
    assert rows[0]["services"] == 1
    (folder / "other.json").write_text("{}")
    assert (
        "other.json is not a status file"
        in run("keys", "status", keys, "--status-dir", folder, code=1).stderr
    )


@pytest.fixture
def prometheus(url, tmp_path):
    """A real Prometheus server that scrapes the service."""
    port = free_port()
    target = url.removeprefix("http://").removesuffix("/metrics")
    settings = tmp_path / "prometheus.yml"
    settings.write_text(
        "global: {scrape_interval: 200ms, scrape_timeout: 200ms}\n"
        f"scrape_configs: [{{job_name: s, static_configs: [{{targets: ['{target}']}}]}}]\n"
    )
    command = [
        "prometheus",
        f"--config.file={settings}",
        f"--storage.tsdb.path={tmp_path / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()


def remembers(server, query):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"{server}/api/v1/query?query={query}", timeout=10) as answer,
        ):
            if json.load(answer)["data"]["result"]:
                return
        time.sleep(0.1)
    raise AssertionError(f"Prometheus has no {query}")


def test_a_prometheus_server_is_queried_instead(keys, service, prometheus):
    service.is_called()
    service.refuses()
    remembers(prometheus, "hmac_auth_sender_last_seconds")
    remembers(prometheus, "hmac_auth_key_last_accepted_seconds")
    late = json.loads(run("readiness", "--prometheus", prometheus, "--json", code=1).stdout)
    (agent,) = late["senders"]
    assert (agent["sender"], agent["accepted"], agent["refused"]) == ("agent", 1, {"missing_headers": 1})
    (row,) = json.loads(run("keys", "status", keys, "--prometheus", prometheus, "--json").stdout)
    assert (row["services"], row["accepted"], row["primary"]) == (1, 1, True)
    assert abs(row["lastAccepted"] - time.time()) < 120


def test_a_restarted_service_is_not_evidence_for_a_day(service, url):
    service.is_called()
    early = run("readiness", "--metrics-url", url, code=1)
    assert "has counted for" in early.stdout and "not yet: keep observing" in early.stdout
    found = json.loads(run("readiness", "--metrics-url", url, "--json", code=1).stdout)
    assert (found["ready"], len(found["withoutEvidence"])) == (False, 1)
    assert found["senders"][0]["ready"] is True


def test_readiness_requires_that_every_service_has_counted_requests(service, url, keys):
    service.is_called()
    service.counts_since(ago=90_000)
    idle = Service(keys)
    idle.counts_since(ago=90_000)
    with page(make_wsgi_app(idle.registry)) as other:
        found = run("readiness", "--metrics-url", url, "--metrics-url", other, code=1)
    assert "has counted no request by sender" in found.stdout


def test_a_page_without_a_start_time_is_not_evidence():
    text = (
        b'hmac_auth_sender_requests_total{sender="agent",verdict="accepted",reason=""} 1.0\n'
        b'hmac_auth_key_accepted{name="a/b",version="1",primary="false"} 1.0\n'
        b'hmac_auth_key_accepted{name="a/b",version="2",primary="true"} 1.0\n'
    )

    def app(_, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [text]

    with page(app) as url:
        found = run("readiness", "--metrics-url", url, code=1)
        assert "does not report the start of its counting" in found.stdout
        status = run("keys", "status", "--metrics-url", url).stdout
        assert "does not report the start of its counting" in status and "safe" not in status


def test_a_version_that_was_just_added_cannot_be_retired(keys, service, url):
    service.is_called(ago=900)
    run("keys", "rotate", keys, "agent/practices")
    service.keys.replace(load(keys))
    before = keys.read_bytes()
    refused = run("keys", "retire", keys, "agent/practices", "--metrics-url", url, code=1)
    assert "has 0 old versions" in refused.stderr
    refused = run("keys", "retire", keys, "agent/practices", "--version", 2, "--metrics-url", url, code=1)
    assert "newer than version 1, which signs" in refused.stderr
    assert "safe" not in run("keys", "status", keys, "--metrics-url", url).stdout
    assert keys.read_bytes() == before


def test_a_service_that_has_just_started_or_served_nothing_keeps_the_old_version(keys, service, url):
    run("keys", "rotate", keys, "agent/practices")
    run("keys", "promote", keys, "agent/practices")
    service.keys.replace(load(keys))
    idle = run("keys", "retire", keys, "agent/practices", "--metrics-url", url, code=1)
    assert "no service has accepted a request of agent/practices yet" in idle.stderr
    service.is_called()
    young = run("keys", "retire", keys, "agent/practices", "--metrics-url", url, code=1)
    assert "has counted for" in young.stderr and "wait another" in young.stderr
    service.counts_since(ago=700)
    run("keys", "retire", keys, "agent/practices", "--metrics-url", url)


def test_a_status_file_of_a_process_without_requests_is_not_evidence(keys, tmp_path):
    run("keys", "rotate", keys, "agent/practices")
    run("keys", "promote", keys, "agent/practices")
    folder = tmp_path / "status"
    folder.mkdir()
    StatusFile(load(keys), folder, "practices").start().stop()
    (path,) = folder.iterdir()
    status = json.loads(path.read_text()) | {"startedAt": time.time() - 9000}
    path.write_text(json.dumps(status))
    asked = ["--status-dir", folder]
    assert "no service has accepted" in run("keys", "retire", keys, "agent/practices", *asked, code=1).stderr
    status["keys"][1] |= {"accepted": 5, "lastAccepted": time.time()}
    path.write_text(json.dumps(status))
    run("keys", "retire", keys, "agent/practices", *asked)
