"""Tests for the alerts, with several workers that share a port. Each scrape reaches only one worker."""

from pathlib import Path
from types import SimpleNamespace

from files import replace
from network import free_port, status_of, until
from processes import HERE, PYTHON, Program, sealwire
from sealwire import Signer
from sealwire.secrets import load
from test_monitoring import scraping

WORKERS = 3


def test_alerts_fire_for_workers_behind_one_port(tmp_path: Path, record_property):
    keys, modes, shared = tmp_path / "keys.toml", tmp_path / "modes.toml", tmp_path / "metrics"
    shared.mkdir()
    sealwire("keys", "generate", "agent", "practices", "-o", keys)
    modes.write_text('mode = "enforce"\n')
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    service = SimpleNamespace(address=f"127.0.0.1:{port}")
    command = [PYTHON, "-m", "uvicorn", "workers:app", "--workers", WORKERS, "--port", port]
    environment = {
        "KEYS": str(keys),
        "MODES": str(modes),
        "TABLE": str(tmp_path / "replay"),
        "PROMETHEUS_MULTIPROC_DIR": str(shared),
        "PYTHONPATH": str(HERE / "services"),
    }
    program = Program(command, tmp_path / "workers.log", **environment)
    try:
        until(lambda: status_of(f"{url}/health") == 200, "the workers listen")
        with scraping(tmp_path, SimpleNamespace(services=[service])) as prometheus:
            until(
                lambda: prometheus.ask('hmac_auth_mode{mode="enforce",sender=""} == 1'),
                "the mode is reported",
            )
            signer = Signer("agent", load(keys))
            sent = [
                status_of(f"{url}/items", signer.sign("GET", f"{url}/items", receiver="practices"))
                for _ in range(400)
            ]
            assert set(sent) == {200, 503}, "the table must be full"
            until(
                lambda: (
                    {"HmacAuthReplayTableFull", "HmacAuthReplayTableFilling", "HmacAuthReplayRefusals"}
                    <= prometheus.firing()
                ),
                "the alerts on the replay table",
            )
            used = 'time() - hmac_auth_key_last_accepted_seconds{name="agent/practices"} < 60'
            until(lambda: prometheus.ask(used), "the last use of the key is reported")
            sealwire("mode", modes, "--rollback")
            until(lambda: "HmacAuthEnforcementOff" in prometheus.firing(), "the alert on the rollback")
            replace(keys, "[pairs.broken]\n")
            until(lambda: "HmacAuthKeysNotReloaded" in prometheus.firing(), "the alert on rejected keys")
            replace(modes, 'mode = "obsrve"\n')
            until(lambda: "HmacAuthModesNotReloaded" in prometheus.firing(), "the alert on rejected modes")
    finally:
        program.stop()
    record_property(
        "figures", f"{WORKERS} workers, {sent.count(200)} requests accepted until the table was full"
    )
