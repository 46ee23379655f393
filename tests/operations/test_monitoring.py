"""Tests for the alerts and the dashboard. A real Prometheus server scrapes the services."""

import json
import shutil
import subprocess
import urllib.parse
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import promql_parser
import pytest
import yaml
from files import replace
from fleet import SCRIPTED, SERVICES, Fleet, Service
from network import free_port, status_of, until
from processes import ROOT, Program, page, sealwire
from redis_server import RedisServer
from sealwire import Signer
from sealwire.secrets import load

MONITORING = ROOT / "monitoring"
DASHBOARD = json.loads((MONITORING / "dashboard.json").read_text())
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
ALERTS = [
    rule
    for group in yaml.safe_load((MONITORING / "alerts.yml").read_text())["groups"]
    for rule in group["rules"]
]
SCRAPED_EVERY = "500ms"


class Prometheus:
    """A Prometheus server with the alert rules in monitoring/."""

    def __init__(self, directory: Path, fleet: Fleet) -> None:
        targets = [service.address for service in fleet.services]
        config = {
            "global": {"scrape_interval": SCRAPED_EVERY, "evaluation_interval": SCRAPED_EVERY},
            "rule_files": [str(MONITORING / "alerts.yml")],
            "scrape_configs": [{"job_name": "services", "static_configs": [{"targets": targets}]}],
        }
        (directory / "prometheus.yml").write_text(yaml.safe_dump(config))
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        program = shutil.which("prometheus")
        assert program, "install Debian's prometheus"
        flags = [f"--config.file={directory}/prometheus.yml", f"--storage.tsdb.path={directory}/tsdb"]
        self.program = Program(
            [program, *flags, f"--web.listen-address=127.0.0.1:{port}"], directory / "prometheus.log"
        )

    def ask(self, query: str) -> list[dict]:
        """Returns the result of an instant query."""
        encoded = urllib.parse.urlencode({"query": query})
        return json.loads(page(f"{self.url}/api/v1/query?{encoded}"))["data"]["result"]

    def firing(self) -> set[str]:
        """Returns the names of the pending and firing alerts."""
        return {labels["alertname"] for labels in self._alerts()}

    def instances(self, alert: str) -> set[str]:
        """Returns the addresses of the services for which this alert fires."""
        return {labels["instance"] for labels in self._alerts() if labels["alertname"] == alert}

    def _alerts(self) -> list[dict[str, str]]:
        return [each["labels"] for each in json.loads(page(f"{self.url}/api/v1/alerts"))["data"]["alerts"]]


@pytest.fixture
def prometheus(tmp_path: Path, fleet: Fleet) -> Iterator[Prometheus]:
    """Runs a Prometheus server that scrapes the services in a fleet."""
    with scraping(tmp_path, fleet) as server:
        yield server


@contextmanager
def scraping(directory: Path, fleet: Fleet) -> Iterator[Prometheus]:
    """Runs a Prometheus server that scrapes the services in a fleet, until the `with` block ends."""
    server = Prometheus(directory, fleet)
    try:
        until(lambda: status_of(f"{server.url}/-/ready") == 200, "Prometheus")
        yield server
    finally:
        server.program.stop()


@contextmanager
def sharing(directory: Path, names: Iterable[str], redis: RedisServer) -> Iterator[Fleet]:
    """Runs the services with these names, which claim nonces in Redis."""
    fleet = Fleet(directory, shared=dict.fromkeys(names, redis.url), names=SCRIPTED)
    try:
        fleet.wait()
        yield fleet
    finally:
        fleet.stop()


def test_every_alert_has_a_promtool_test_that_fires_and_one_that_does_not(record_property):
    tests = yaml.safe_load((MONITORING / "alerts_test.yml").read_text())["tests"]
    expected: dict[str, set[bool]] = {}
    for test in tests:
        for rule in test["alert_rule_test"]:
            expected.setdefault(rule["alertname"], set()).add(bool(rule["exp_alerts"]))
    assert expected == {rule["alert"]: {True, False} for rule in ALERTS}
    result = subprocess.run(
        ["promtool", "test", "rules", str(MONITORING / "alerts_test.yml")], capture_output=True, text=True
    )
    assert result.returncode == 0, result.stdout + result.stderr
    record_property("figures", f"{len(ALERTS)} alerts, {len(tests)} tests")


def test_the_manual_has_a_section_for_every_alert():
    manual = (ROOT / "docs/operations.md").read_text()
    for rule in ALERTS:
        assert f"\n### {rule['alert']}\n" in manual
        assert rule["annotations"]["runbook"] == f"docs/operations.md#{rule['alert'].lower()}"


def test_every_query_of_the_dashboard_has_data_on_a_live_prometheus(
    tmp_path: Path, redis_server: RedisServer, record_property
):
    queries = [(panel["title"], target["expr"]) for panel in PANELS for target in panel["targets"]]
    # One service has a replay store in Redis, so that the store metrics exist too.
    with (
        sharing(tmp_path, ["node-service"], redis_server) as fleet,
        scraping(tmp_path, fleet) as prometheus,
    ):
        use(fleet)
        for title, expression in queries:
            concrete = filled(expression)
            promql_parser.parse(concrete)
            until(lambda query=concrete: has_data(prometheus.ask(query)), f"{title}: {concrete}")
        for variable in DASHBOARD["templating"]["list"][1:]:
            assert prometheus.ask(f"count by ({variable['name']}) (hmac_auth_success_total)")
    promql_parser.parse(DASHBOARD["annotations"]["list"][0]["expr"])
    record_property("figures", f"{len(queries)} queries in {len(PANELS)} panels")


def test_the_rules_work_with_real_metrics_and_report_only_rejected_keys(fleet: Fleet, prometheus: Prometheus):
    fleet.send()
    until(lambda: len(prometheus.ask("up == 1")) == len(fleet.services), "Prometheus scrapes every service")
    assert prometheus.firing() == set()
    replace(fleet.keys, "[pairs.broken]\n")
    until(lambda: prometheus.firing() == {"HmacAuthKeysNotReloaded"}, "the alert on rejected keys")


def test_alerts_report_a_rollback_until_it_ends(fleet: Fleet, prometheus: Prometheus):
    seen, other, *_ = fleet.services
    until(lambda: len(prometheus.ask('hmac_auth_mode{mode="enforce"} == 1')) == len(SERVICES), "all enforce")
    sealwire("mode", seen.modes, "--rollback")
    until(
        lambda: prometheus.instances("HmacAuthEnforcementOff") == {seen.address}, "the alert on one service"
    )
    replace(other.modes, 'mode = "obsrve"')
    until(lambda: prometheus.instances("HmacAuthModesNotReloaded") == {other.address}, "the other alert")
    sealwire("mode", seen.modes, "--resume")
    sealwire("mode", other.modes, "enforce")
    until(lambda: prometheus.firing() == set(), "both are over")


def test_a_hanging_shared_store_is_reported_for_each_service_and_recovers(
    tmp_path: Path, redis_server: RedisServer, record_property
):
    with (
        sharing(tmp_path, SCRIPTED, redis_server) as fleet,
        scraping(tmp_path, fleet) as prometheus,
    ):
        fleet.send()
        until(lambda: all(answered(service) > 20 for service in fleet.services), "claims are answered")
        until(lambda: len(prometheus.ask("hmac_auth_replay_store_errors_total == 0")) == 2, "scraped")
        # The alert on slow claims may fire on a busy machine, but no other alert.
        assert prometheus.firing() <= {"HmacAuthReplayStoreSlow"}
        both = {service.address for service in fleet.services}
        redis_server.hang()
        try:
            for alert in ("HmacAuthReplayStoreErrors", "HmacAuthReplayStoreSlow", "HmacAuthReplayRefusals"):
                until(lambda alert=alert: prometheus.instances(alert) == both, alert)
        finally:
            redis_server.go_on()
        counts = [answered(service) for service in fleet.services]
        lost = [service.metric(ERRORS) for service in fleet.services]
        for service, before in zip(fleet.services, counts, strict=True):
            until(lambda service=service, before=before: answered(service) > before + 20, f"{service.name}")
        assert set(fleet.answers()) == {"200", "503"}
        for service in fleet.services:
            until(lambda service=service: service.metric(ERRORS) == refused(service), "each was rejected")
    record_property("figures", f"{lost} claims without a response")


def refused(service: Service) -> float:
    """Returns the number of requests that were rejected because the store did not respond."""
    return service.metric("hmac_auth_failure_total", reason="replay_store_unavailable")


ERRORS = "hmac_auth_replay_store_errors_total"


def answered(service: Service) -> float:
    """Returns the number of claims that the store responded to."""
    return service.metric("hmac_auth_replay_store_latency_seconds_count") - service.metric(ERRORS)


def test_a_key_used_by_an_exited_process_is_kept_because_of_prometheus_history(
    fleet: Fleet, prometheus: Prometheus
):
    entry = "python-client/python-service"
    call(fleet, entry)
    query = f'hmac_auth_key_last_accepted_seconds{{name="{entry}"}}'
    until(lambda: prometheus.ask(query), "Prometheus has scraped the last use of the key")
    sealwire("keys", "rotate", fleet.keys, entry)
    sealwire("keys", "promote", fleet.keys, entry)
    fleet.services[0].until_loaded({entry: {"1", "2*"}})
    until(
        lambda: prometheus.ask(f'hmac_auth_key_accepted{{name="{entry}",version="2"}}'),
        "Prometheus has scraped the new version",
    )
    fleet.services[0].program.stop()
    stays = sealwire("keys", "retire", fleet.keys, entry, "--prometheus", prometheus.url, check=False)
    assert stays.returncode == 1
    assert "accepted version 1" in stays.stderr, stays.stderr


def use(fleet: Fleet) -> None:
    """Performs all operations that the metrics measure, so that each metric has data."""
    fleet.send()
    sealwire("keys", "rotate", fleet.keys, "--all")
    sealwire("keys", "promote", fleet.keys, "--all", "--retire-after", 7)
    for service in fleet.services:
        assert status_of(f"{service.url}/items") == 401


def call(fleet: Fleet, entry: str) -> None:
    """Sends a signed request. `entry` contains the names of the client and the service."""
    client, receiver = entry.split("/")
    service = next(each for each in fleet.services if each.name == receiver)
    url = f"{service.url}/items"
    assert status_of(url, Signer(client, load(fleet.keys)).sign("GET", url, receiver=receiver)) == 200


def filled(expression: str) -> str:
    """Replaces the variables in a query in the same way as Grafana, with all jobs and services selected."""
    return expression.replace("$__rate_interval", "10s").replace("$job", ".+").replace("$instance", ".+")


def has_data(result: list[dict]) -> bool:
    """Returns whether the result of a query contains a value other than NaN."""
    return any(series["value"][1] != "NaN" for series in result)
