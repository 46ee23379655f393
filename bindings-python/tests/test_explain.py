"""Tests that `sealwire explain` finds the cause of a rejection for each kind of change."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from sealwire import KeyRing, Rejected, Signer
from sealwire._native import explain_rejection
from sealwire._report import Reporter
from sealwire.cli._app import app
from sealwire.cli._explain import text_of
from sealwire.cli._ring import ring_of, secrets_in

SERVICES = ("agent", "meals", "practices")
BODY = b'{"query": "{ practices { id } }", "variables": {"n": 1}}'
SCHEMES = ("message", "pairwise", "client")


@dataclass(frozen=True)
class Wire:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    def save(self, path: Path) -> Path:
        lines = [
            f"{self.method} {self.target} HTTP/1.1",
            *(f"{name}: {value}" for name, value in self.headers.items()),
        ]
        path.write_bytes("\r\n".join([*lines, "", ""]).encode() + self.body)
        return path

    def without(self, name: str) -> Wire:
        return replace(
            self,
            headers={held: value for held, value in self.headers.items() if held.lower() != name.lower()},
        )

    def with_headers(self, **headers: str) -> Wire:
        fresh = {name.replace("_", "-"): value for name, value in headers.items()}
        kept = {
            name: value
            for name, value in self.headers.items()
            if name.lower() not in {each.lower() for each in fresh}
        }
        return replace(self, headers={**kept, **fresh})


@pytest.fixture
def keys(tmp_path):
    path = tmp_path / "keys.toml"
    result = CliRunner().invoke(app, ["keys", "generate", *SERVICES, "--client", "agent", "-o", str(path)])
    assert result.exit_code == 0, result.output
    return path


@pytest.fixture
def sent(keys):
    """Returns a function that signs a request with a given scheme."""

    def make(
        scheme: str,
        *,
        name: str = "agent",
        receiver: str = "practices",
        target: str = "/api/v1/graphql?a=1",
        ago: int = 0,
    ) -> Wire:
        signer = Signer(name, ring_of(keys), schemes=[scheme])
        url = f"http://practices.internal:8000{target}"
        headers = signer.sign(
            "POST", url, body=BODY, receiver=receiver, now_ms=int((time.time() - ago) * 1000)
        )
        return Wire(
            "POST",
            target,
            {"Host": "practices.internal:8000", "Content-Type": "application/json", **headers},
            BODY,
        )

    return make


@pytest.fixture
def explain(keys, tmp_path):
    def run(wire: Wire, *options: str, service: str = "practices") -> dict[str, object]:
        capture = wire.save(tmp_path / "request.http")
        arguments = ["explain", str(capture), "--keys", str(keys), "--service", service, "--json", *options]
        result = CliRunner().invoke(app, arguments)
        found = json.loads(result.stdout)
        assert result.exit_code == (0 if found["culprit"] else 1), result.output
        assert not any(secret in result.output for secret in secrets_of(keys))
        return found

    return run


def secrets_of(keys: Path) -> list[str]:
    return [line.split('"')[1] for line in keys.read_text().splitlines() if "secret = " in line]


def differing(found: dict[str, object]) -> list[str]:
    return [each["component"].lstrip("@") for each in found["components"] if each["same"] is False]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    "arrived", ["/graphql?a=1", "/v1/graphql?a=1", "/gateway/api/v1/graphql?a=1", "/api/v1/graphql/?a=1"]
)
def test_a_rewritten_path(sent, explain, scheme, arrived):
    wire = replace(sent(scheme), target=arrived)
    found = explain(wire, "--prefix", "/api") if arrived.startswith("/v1") else explain(wire)
    assert found["culprit"] == "path", found
    assert differing(found) == ["path"]


def test_a_path_that_a_header_contains(sent, explain):
    wire = replace(sent("message"), target="/rewritten/beyond/guessing?x=2")
    assert explain(wire.with_headers(X_Original_URI="/api/v1/graphql?a=1"))["culprit"] == "path"


@pytest.mark.parametrize("scheme", ["message", "pairwise"])
@pytest.mark.parametrize(
    "style", [{"separators": (",", ":")}, {"indent": 2}, {"sort_keys": True, "indent": 4}]
)
def test_a_body_serialised_again(sent, explain, scheme, style):
    wire = replace(sent(scheme), body=json.dumps(json.loads(BODY), **style).encode())
    found = explain(wire)
    assert found["culprit"] == "body", found
    assert "serialised again" in found["explanation"]
    assert differing(found) == ["body"]


def test_an_arbitrary_change_of_the_body_is_detected_by_its_digest(sent, explain):
    assert explain(replace(sent("message"), body=b"something else"))["culprit"] == "body"


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("ago", "words"), [(4000, "behind"), (-4000, "ahead")])
def test_clock_skew(sent, explain, scheme, ago, words):
    found = explain(sent(scheme, ago=ago), "--at", str(int(time.time())))
    assert found["culprit"] == "clock", found
    assert words in found["explanation"]
    # All times are rounded to whole seconds, so the reported difference can be off by one second.
    assert any(f"{seconds} s" in found["explanation"] for seconds in (3999, 4000, 4001))
    assert differing(found) == []


@pytest.mark.parametrize("scheme", ["message", "pairwise"])
def test_a_request_for_another_pair(sent, explain, scheme):
    found = explain(sent(scheme, receiver="meals"))
    assert found["culprit"] == "pair", found
    assert "meals" in found["explanation"]


def test_the_right_names_with_the_secret_of_another_pair(keys, explain, sent):
    wrong = KeyRing({"agent/practices": secrets_in(keys)["pairs"]["agent/meals"]})
    headers = Signer("agent", wrong, schemes=["pairwise"]).sign(
        "POST", "http://practices.internal:8000/api/v1/graphql?a=1", body=BODY, receiver="practices"
    )
    found = explain(replace(sent("pairwise"), headers={"Host": "practices.internal:8000", **headers}))
    assert found["culprit"] == "pair", found
    assert "agent/meals" in found["explanation"]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_missing_header(sent, explain, scheme):
    wire = sent(scheme)
    own = [name for name in wire.headers if name.lower().startswith(("x-", "signature", "content-digest"))]
    for name in own:
        found = explain(wire.without(name))
        assert found["culprit"] == "missing header", (name, found)
        assert name.lower() in found["explanation"].lower(), (name, found)


def test_a_request_id_that_a_proxy_replaced(sent, explain):
    wire = sent("client")
    signed = wire.headers["X-Request-ID"]
    found = explain(
        wire.with_headers(X_Request_ID="3f2504e0-4f89-41d3-9a0c-0305e82c3301", X_Original_Request_ID=signed)
    )
    assert found["culprit"] == "request id", found
    assert "X-Request-ID" in found["explanation"]


def test_an_unknown_request_id_is_suspected(sent, explain):
    found = explain(sent("client").with_headers(X_Request_ID="3f2504e0-4f89-41d3-9a0c-0305e82c3301"))
    assert found["culprit"] is None
    assert any("X-Request-ID" in each for each in found["untested"])


def test_a_host_that_a_proxy_changed(sent, explain):
    wire = sent("message").with_headers(Host="10.0.0.7:3000", X_Forwarded_Host="practices.internal:8000")
    assert explain(wire)["culprit"] == "authority"


def test_a_doubled_header(sent, explain, tmp_path, keys):
    wire = sent("pairwise")
    wire.headers["x-service-name "] = "agent"
    assert explain(wire)["culprit"] == "doubled header"


def test_the_log_contains_the_path_that_the_verifier_received(sent, explain):
    line = "WARNING request rejected: signature_mismatch, from agent: POST /graphql"
    found = explain(sent("message"), "--log", line)
    assert found["culprit"] == "path"
    assert "/graphql" in found["explanation"]
    assert found["logged"] == "signature_mismatch"


def test_the_packages_own_log_lines_are_read(caplog, keys):
    rejected = Rejected("stale_timestamp", 31, 401, "", "message", sender="agent", age_ms=901_000)
    Reporter("practices", None).rejected(rejected, "POST", "/graphql", "10.0.0.7", 0.0)
    record = {name: value for name, value in vars(caplog.records[-1]).items() if name.startswith("sealwire_")}
    json_record = json.dumps(record | {"message": caplog.messages[-1]})
    for line in (f"12:00:00 WARNING {caplog.messages[-1]}", json_record):
        request = json.dumps({"capture": line, "service": "practices"})
        data, text, code = explain_rejection(ring_of(keys), request)
        found = json.loads(data)
        assert (found["outcome"], found["culprit"], code) == ("unexplained", None, 1), found
        assert (found["logged"], found["sender"]) == ("stale_timestamp", "agent"), found
        assert "too old on arrival" in text


def test_the_log_contains_the_time_of_arrival(sent, explain):
    line = json.dumps({"code": "stale_timestamp", "clientId": "agent", "ageMs": 901000})
    found = explain(sent("client"), "--log", line)
    assert found["culprit"] == "clock"
    assert "901 s" in found["explanation"]


def test_two_captures_are_compared(sent, explain, tmp_path):
    wire = sent("pairwise")
    before = wire.save(tmp_path / "sent.http")
    arrived = replace(wire, body=b"other", target="/other").with_headers(X_New="1")
    found = explain(arrived, "--sent", str(before))
    assert found["culprit"] == "path and body"
    assert differing(found) == ["path", "body"], "neither the query nor a header is signed"


def test_a_request_that_is_right_has_no_culprit(sent, explain):
    found = explain(sent("message"))
    assert found["culprit"] is None
    assert "the captured request is valid" in found["explanation"]


def test_har_and_json_are_read_too(sent, keys, tmp_path):
    wire = replace(sent("pairwise"), body=json.dumps(json.loads(BODY), separators=(",", ":")).encode())
    headers = [{"name": name, "value": value} for name, value in wire.headers.items()]
    request = {
        "method": "POST",
        "url": f"http://practices.internal:8000{wire.target}",
        "headers": headers,
        "postData": {"text": wire.body.decode()},
    }
    for data in ({"log": {"entries": [{"request": request}]}}, request | {"body": wire.body.decode()}):
        path = tmp_path / "capture"
        path.write_text(json.dumps(data))
        result = CliRunner().invoke(
            app, ["explain", str(path), "--keys", str(keys), "--service", "practices", "--json"]
        )
        assert json.loads(result.stdout)["culprit"] == "body", result.output


NOT_CAPTURES = [
    '10.0.0.7 - - [29/Nov/2026:18:00:00 +0000] "GET /x HTTP/1.1" 401 12\n',
    "curl http://practices.internal:8000/x",
    "curl -T file http://practices.internal:8000/x -H 'a: b'",
    'curl -H "a: b',
    "fetch(url)",
    "SELECT 1",
    "GET /x HTTP/1.1\r\n\r\n",
]


@pytest.mark.parametrize(
    "content",
    ["", "GET", "{}", '{"method": 1}', '{"method": "GET", "url": "/", "body": {}}', "\x00", *NOT_CAPTURES],
)
def test_an_invalid_capture_is_an_error(keys, tmp_path, content):
    path = tmp_path / "capture"
    path.write_text(content)
    result = CliRunner().invoke(app, ["explain", str(path), "--keys", str(keys), "--service", "practices"])
    assert result.exit_code == 2
    assert result.stderr.startswith("sealwire: "), result.output


def test_a_malformed_header_is_named(sent, explain):
    found = explain(sent("pairwise").with_headers(X_Service_Timestamp="soon"))
    assert found["culprit"] == "malformed header"
    assert "X-Service-Timestamp is malformed" in found["explanation"]


def test_if_two_captures_are_equal_the_sender_is_the_culprit(sent, explain, tmp_path):
    wire = sent("pairwise").with_headers(X_Service_Signature="0" * 64)
    before = wire.save(tmp_path / "sent.http")
    found = explain(wire, "--sent", str(before))
    assert found["culprit"] is None
    assert "the sender signs another request than it sends" in found["explanation"]


def test_bytes_of_a_log_line_that_are_not_utf8_are_replaced(tmp_path):
    log = tmp_path / "service.log"
    log.write_bytes(b"first\nGET /\xff")
    escaped = b"GET /\xff".decode("utf-8", "surrogateescape")
    assert text_of(escaped) == text_of(f"@{log}") == "GET /\ufffd"


def test_an_empty_capture_of_the_sender_is_refused(sent, keys, tmp_path):
    captured = sent("message").save(tmp_path / "captured")
    empty = tmp_path / "empty"
    empty.write_bytes(b"")
    words = ["explain", str(captured), "--keys", str(keys), "--service", "practices", "--sent", str(empty)]
    result = CliRunner().invoke(app, words)
    assert (result.exit_code, "sent" in result.output) == (2, True), result.output


def test_a_log_file_is_read_by_its_last_line_and_may_be_empty(sent, explain, tmp_path):
    log = tmp_path / "service.log"
    log.write_text(
        "WARNING request rejected: stale_timestamp, from agent: POST /other\n"
        "WARNING request rejected: signature_mismatch, from agent: POST /graphql\n"
    )
    found = explain(sent("message"), "--log", f"@{log}")
    assert (found["logged"], "/graphql" in found["explanation"]) == ("signature_mismatch", True)
    log.write_text("\n")
    assert explain(sent("message"), "--log", f"@{log}")["culprit"] is None


def test_an_unknown_change_of_a_pairwise_request_has_no_culprit(sent, explain):
    wire = sent("pairwise").with_headers(X_Service_Signature="0" * 64)
    assert explain(wire)["culprit"] is None


def test_a_port_that_a_proxy_removed(sent, explain):
    assert explain(sent("message").with_headers(Host="practices.internal"))["culprit"] == "authority"


def test_an_old_capture_without_a_time_of_arrival_is_not_blamed_on_the_clock(sent, explain):
    found = explain(sent("message", ago=86_400))
    assert (found["outcome"], found["culprit"]) == ("valid", None)
    assert next(each for each in found["checks"] if each["check"] == "time")["result"] == "not tested"


@pytest.mark.parametrize("name", ["X-Tenant", "Content-Type"])
def test_a_covered_header_that_was_dropped_is_named(keys, explain, name):
    signer = Signer("agent", ring_of(keys), cover=("x-tenant", "content-type"))
    given = [("Host", "practices.internal"), ("X-Tenant", "t1"), ("Content-Type", "application/json")]
    headers = signer.sign("POST", "/x", headers=given, body=BODY, receiver="practices")
    found = explain(Wire("POST", "/x", dict(given) | headers, BODY).without(name))
    assert found["culprit"] == "missing header", found
    assert found["explanation"].startswith(f"{name.lower()} is missing")


def test_if_the_sender_name_was_changed_the_culprit_is_the_sender(sent, explain):
    found = explain(sent("pairwise").with_headers(X_Service_Name="agnet"))
    assert found["culprit"] == "sender", found
    assert "signed as agent" in found["explanation"]


def test_a_sender_without_a_key_has_no_culprit(sent, explain):
    wire = sent("pairwise").with_headers(X_Service_Name="stranger", X_Service_Signature="0" * 64)
    found = explain(wire)
    assert (found["outcome"], found["reason"]) == ("unexplained", "unknown_client")


def test_an_option_with_the_value_zero_is_not_ignored(sent, keys, tmp_path):
    entry = {
        "method": "GET",
        "url": "http://practices.internal/x",
        "headers": [{"name": "Host", "value": "practices.internal"}],
    }
    wire = sent("pairwise")
    signed = {**entry, "headers": [{"name": name, "value": value} for name, value in wire.headers.items()]}
    path = tmp_path / "two.har"
    path.write_text(
        json.dumps(
            {
                "log": {
                    "entries": [
                        {"request": entry | {"headers": [*entry["headers"], {"name": "A", "value": "b"}]}},
                        {"request": signed},
                    ]
                }
            }
        )
    )

    def culprit(*options: str) -> str | None:
        arguments = ["explain", str(path), "--keys", str(keys), "--service", "practices", "--json", *options]
        return json.loads(CliRunner().invoke(app, arguments).stdout)["culprit"]

    assert culprit("--entry", "0") == "missing header"
    assert culprit() == culprit("--entry", "1") != "missing header"
    late = ["--at", str(int(time.time()) + 10)]
    wire = sent("pairwise").save(tmp_path / "late.http")
    arguments = [
        "explain",
        str(wire),
        "--keys",
        str(keys),
        "--service",
        "practices",
        "--past",
        "0",
        *late,
        "--json",
    ]
    assert json.loads(CliRunner().invoke(app, arguments).stdout)["culprit"] == "clock"
