"""Tests that the most common mistakes of proxies and clients are explained correctly. A request is sent
through nginx, an Express application or a client library that makes the mistake. The explanation of the
recorded request must report the right cause, which is called the culprit."""

from __future__ import annotations

import base64
import gzip
import http.client
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests
from recorder import Recorder
from sealwire import KeyRing, Signer
from sealwire._native import explain_rejection

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from network import free_port, running

HERE = Path(__file__).resolve().parent
TIMEOUT = 10
SECRETS = [base64.b64encode(bytes(range(at, at + 32))).decode() for at in (1, 50, 100)]
KEYS = KeyRing(
    {
        "agent/practices": {"versions": {1: SECRETS[0], 2: SECRETS[1]}, "primary": 2},
        "agent/meals": SECRETS[2],
    },
    {"gateway": SECRETS[0]},
)
BODY = b'{"name": "Zo\xc3\xab", "n": [1, 2]}'
TARGET = "/api/v1/visits?from=a%20b&to=c"
HOST = "practices.test:8443"
JSON = ("Content-Type", "application/json")

# The nginx server configuration that makes each mistake. UP is replaced with the address of the recorder.
NGINX = {
    "default-host": "location / { proxy_pass http://UP; }",
    "host-variable": "location / { proxy_pass http://UP; proxy_set_header Host $host; }",
    "server-name": "server_name practices.test; location / { proxy_pass http://UP; proxy_set_header Host $server_name; }",
    "kept": "location / { proxy_pass http://UP; KEEP }",
    "prefix-removed": "location /api/ { proxy_pass http://UP/; KEEP }",
    "prefix-added": "location / { proxy_pass http://UP/backend/; KEEP }",
    "prefix-replaced": "location /api/ { proxy_pass http://UP/v2/; KEEP }",
    "prefix-and-host": "location /api/ { proxy_pass http://UP/; proxy_set_header Host $host; }",
    "normalised": "location / { proxy_pass http://UP/; KEEP }",
    "uri-variable": "location / { proxy_pass http://UP$uri$is_args$args; KEEP }",
    "rewrite": "rewrite ^/api/(.*)$ /internal/$1; location / { proxy_pass http://UP; KEEP }",
    "request-id": "location / { proxy_pass http://UP; KEEP proxy_set_header X-Request-ID $request_id; "
    "proxy_set_header X-Original-Request-ID $http_x_request_id; }",
    "method": "location / { proxy_pass http://UP; KEEP proxy_method PUT; }",
    "no-body": "location / { proxy_pass http://UP; KEEP proxy_pass_request_body off; proxy_set_header Content-Length 0; }",
    "dropped-header": "location / { proxy_pass http://UP; KEEP proxy_set_header X-Service-Timestamp ''; }",
    "underscores": "location / { proxy_pass http://UP; KEEP }",
    "user-added": "location / { proxy_pass http://UP; KEEP proxy_set_header X-User-ID alice; }",
    "query-added": "location / { set $args $args&trace=1; proxy_pass http://UP; KEEP }",
    "content-type": "location / { proxy_pass http://UP; KEEP proxy_set_header Content-Type 'application/json; charset=utf-8'; }",
}
KEEP = "proxy_set_header Host $http_host;"


@pytest.fixture(scope="module")
def recorder() -> Iterator[Recorder]:
    recorder = Recorder()
    yield recorder
    recorder.close()


@pytest.fixture(scope="module")
def nginx(recorder: Recorder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, int]]:
    """Starts nginx. Returns the port for each mistake."""
    folder = tmp_path_factory.mktemp("nginx")
    ports = {name: free_port() for name in NGINX}
    up = f"127.0.0.1:{recorder.port}"
    servers = [
        f"server {{ listen 127.0.0.1:{ports[name]}; {text.replace('KEEP', KEEP).replace('UP', up, 1)} }}"
        for name, text in NGINX.items()
    ]
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    configuration = folder / "nginx.conf"
    configuration.write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log;\nevents {{}}\n"
        f"http {{ access_log off; {temporary}\n" + "\n".join(servers) + "\n}\n"
    )
    *_, last = ports.values()  # nginx opens the ports in the order of the configuration
    with running(["nginx", "-c", str(configuration), "-p", str(folder)], last):
        yield ports


@pytest.fixture(scope="module")
def express(recorder: Recorder) -> Iterator[dict[str, int]]:
    """Starts the Express applications. Returns the port for each mistake."""
    command = ["node", str(HERE / "forwarders.cjs"), str(recorder.port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


def signed(
    scheme: str = "message", method: str = "POST", target: str = TARGET, body: bytes = BODY, **more: Any
) -> dict[str, str]:
    """Returns the headers of a signed request."""
    given = dict(more.pop("given", [JSON]))
    signer = Signer(
        "gateway" if scheme == "client" else "agent",
        more.pop("keys", KEYS),
        schemes=[scheme],
        cover=more.pop("cover", ()),
    )
    host = more.pop("host", HOST)
    headers = signer.sign(
        method,
        f"https://{host}{target}",
        headers=list(given.items()),
        body=body,
        receiver="practices",
        **more,
    )
    return {"Host": host, **given, **headers}


def send(
    port: int, headers: dict[str, str], method: str = "POST", target: str = TARGET, body: bytes = BODY
) -> None:
    """Sends a request without additional headers, except for Content-Length."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name, value)
    if body:
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body)
    connection.getresponse().read()
    connection.close()


def explained(capture: bytes, **more: Any) -> dict[str, Any]:
    asked = {"captureBase64": base64.b64encode(capture).decode(), "service": "practices", **more}
    data, text, code = explain_rejection(KEYS, json.dumps(asked))
    found: dict[str, Any] = json.loads(data)
    assert code == (0 if found["culprit"] else 1)
    assert not any(secret in data + text for secret in SECRETS)
    return found


# Each entry contains the mistake, the scheme, the expected cause (`culprit` in the output) and the request target.
BY_NGINX = [
    ("default-host", "message", "authority", TARGET),
    ("host-variable", "message", "authority", TARGET),
    ("server-name", "message", "authority", TARGET),
    ("prefix-removed", "message", "path", TARGET),
    ("prefix-removed", "pairwise", "path", TARGET),
    ("prefix-removed", "client", "path", TARGET),
    ("prefix-added", "message", "path", TARGET),
    ("prefix-replaced", "message", "path", TARGET),
    ("prefix-and-host", "message", "path and authority", TARGET),
    ("normalised", "message", "path", "/a%2Fb/c?x=1"),
    ("normalised", "pairwise", "path", "/a//b"),
    ("normalised", "client", "path", "/users/x%40y.test"),
    ("normalised", "message", "path", "/caf%c3%a9/menu"),
    ("uri-variable", "message", "path", "/a%2Bb/c?x=a%20b"),
    ("rewrite", "message", "path", TARGET),
    ("request-id", "client", "request id", TARGET),
    ("method", "message", "method", TARGET),
    ("no-body", "message", "body", TARGET),
    ("no-body", "pairwise", None, TARGET),
    ("dropped-header", "pairwise", "missing header", TARGET),
    ("user-added", "message", "added header", TARGET),
    ("query-added", "message", "query", TARGET),
    ("query-added", "client", "query", TARGET),
    ("kept", "message", None, TARGET),
]


@pytest.mark.parametrize(("mistake", "scheme", "culprit", "target"), BY_NGINX)
def test_nginx(recorder, nginx, mistake, scheme, culprit, target):
    # For default-host, the sender signs the address of nginx as the authority, as in a development
    # environment. For all other mistakes, it signs the name of the service.
    host = f"127.0.0.1:{nginx[mistake]}" if mistake == "default-host" else HOST
    send(nginx[mistake], signed(scheme, target=target, host=host), target=target)
    found = explained(recorder.last())
    assert found["culprit"] == culprit, found


def test_nginx_drops_headers_with_underscores(recorder, nginx):
    headers = signed(given=[JSON, ("x_tenant", "t1")], cover=["x_tenant"])
    send(nginx["underscores"], headers)
    found = explained(recorder.last())
    assert (found["culprit"], "x_tenant is missing" in found["explanation"]) == ("missing header", True)


def test_nginx_replaces_a_covered_header(recorder, nginx):
    send(nginx["content-type"], signed(cover=["content-type"]))
    found = explained(recorder.last())
    assert (found["culprit"], "content-type" in found["explanation"]) == ("header", True)


def test_the_original_host_is_found_in_the_settings(recorder, nginx):
    send(nginx["default-host"], signed())
    capture = recorder.last()
    assert explained(capture)["culprit"] is None
    found = explained(capture, authorities=[HOST])
    assert (found["culprit"], found["reason"]) == ("authority", "authority_not_served")


BY_EXPRESS = [
    ("mount", "message", "path"),
    ("mount", "pairwise", "path"),
    ("mount", "client", "path"),
    ("json", "message", "body"),
    ("json", "pairwise", "body"),
    ("indented", "message", "body"),
    ("hostname", "message", "authority"),
    ("plus", "message", "query"),
    ("plus", "client", "query"),
    ("doubled", "pairwise", "doubled header"),
]


@pytest.mark.parametrize(("mistake", "scheme", "culprit"), BY_EXPRESS)
def test_express(recorder, express, mistake, scheme, culprit):
    send(express[mistake], signed(scheme))
    assert explained(recorder.last())["culprit"] == culprit


def test_express_trusts_the_forwarded_host(recorder, express):
    send(express["trust"], {**signed(), "X-Forwarded-Host": "practices.test"})
    assert explained(recorder.last())["culprit"] == "authority"


def test_express_sorts_the_query(recorder, express):
    target = "/x?to=c&from=a%20b&n=1"
    send(express["sorted"], signed(target=target), target=target)
    assert explained(recorder.last())["culprit"] == "query"


def test_express_decodes_the_path(recorder, express):
    target = "/users/x%40y.test"
    send(express["decoded"], signed(target=target), target=target)
    assert explained(recorder.last())["culprit"] == "path"


def test_express_removes_the_trailing_slash(recorder, express):
    target = "/visits/?a=1"
    send(express["slash"], signed(target=target), target=target)
    assert explained(recorder.last())["culprit"] == "path"


def test_express_decompresses_the_body(recorder, express):
    body = gzip.compress(BODY)
    headers = signed(body=body, given=[JSON, ("Content-Encoding", "gzip")])
    send(express["inflated"], headers, body=body)
    found = explained(recorder.last())
    assert (found["culprit"], "decompressed" in found["explanation"]) == ("body", True)


def test_express_serialises_a_form_again(recorder, express):
    body = b"name=Zo%C3%AB%20K&note=a%2Fb"
    headers = signed("pairwise", body=body, given=[("Content-Type", "application/x-www-form-urlencoded")])
    send(express["form"], headers, body=body)
    assert explained(recorder.last())["culprit"] == "body"


def test_express_trims_the_body(recorder, express):
    body = BODY + b"\n"
    send(express["trimmed"], signed(body=body), body=body)
    found = explained(recorder.last())
    assert (found["culprit"], "line break" in found["explanation"]) == ("body", True)


# Mistakes of clients. The client sends the request directly to the recorder.


def url_of(recorder: Recorder, target: str = TARGET) -> str:
    return f"http://127.0.0.1:{recorder.port}{target}"


def test_a_client_signs_different_json_than_it_sends(recorder):
    data = {"name": "Zoë", "n": [1, 2]}
    headers = signed(body=json.dumps(data, separators=(",", ":"), ensure_ascii=False).encode())
    requests.post(url_of(recorder), json=data, headers=headers, timeout=TIMEOUT)
    assert explained(recorder.last())["culprit"] == "body"
    httpx.post(url_of(recorder), json=data, headers=signed(body=json.dumps(data).encode()), timeout=TIMEOUT)
    assert explained(recorder.last())["culprit"] == "body"


def test_a_client_signs_before_it_adds_the_query(recorder):
    headers = signed("client", target="/visits")
    requests.post(url_of(recorder, "/visits"), params={"a": "1"}, headers=headers, data=BODY, timeout=TIMEOUT)
    assert explained(recorder.last())["culprit"] == "query"


def test_a_client_encodes_a_space_as_plus(recorder):
    headers = signed(target="/visits?q=a%20b%2Fc")
    requests.post(
        url_of(recorder, "/visits"), params={"q": "a b/c"}, headers=headers, data=BODY, timeout=TIMEOUT
    )
    assert explained(recorder.last())["culprit"] == "query"


def test_a_client_normalises_the_path(recorder):
    headers = signed(target="/%7Ezoe/x")
    requests.post(url_of(recorder, "/%7Ezoe/x"), headers=headers, data=BODY, timeout=TIMEOUT)
    assert explained(recorder.last())["culprit"] == "path"


def test_a_client_signs_a_different_path_than_it_calls(recorder):
    requests.post(url_of(recorder, "/visits/"), headers=signed(target="/visits"), data=BODY, timeout=TIMEOUT)
    assert explained(recorder.last())["culprit"] == "path"


def test_a_client_compresses_after_signing(recorder):
    headers = {**signed(), "Content-Encoding": "gzip"}
    requests.post(url_of(recorder), data=gzip.compress(BODY), headers=headers, timeout=TIMEOUT)
    found = explained(recorder.last())
    assert (found["culprit"], "compressed after" in found["explanation"]) == ("body", True)


def test_a_client_signs_the_name_and_calls_the_address(recorder):
    headers = signed(host=f"localhost:{recorder.port}")
    requests.post(url_of(recorder), data=BODY, headers={**headers, "Host": None}, timeout=TIMEOUT)
    assert explained(recorder.last())["culprit"] == "authority"


def test_a_client_signs_a_different_method(recorder):
    requests.put(url_of(recorder), data=BODY, headers=signed(), timeout=TIMEOUT)
    assert explained(recorder.last())["culprit"] == "method"


def test_curl_removes_the_line_breaks_of_a_file(recorder, tmp_path):
    body = b'{"a":\n1}\n'
    (tmp_path / "body").write_bytes(body)
    options = [word for name, value in signed(body=body).items() for word in ("-H", f"{name}: {value}")]
    subprocess.run(
        ["curl", "-s", "-d", f"@{tmp_path / 'body'}", *options, url_of(recorder)], check=True, timeout=TIMEOUT
    )
    found = explained(recorder.last())
    assert found["culprit"] == "body", found


@pytest.mark.parametrize("scheme", ["message", "pairwise", "client"])
def test_the_clock_of_the_client_is_wrong(recorder, scheme):
    """The capture is the output of curl -v, which also contains the date of the response."""
    headers = signed(scheme, "GET", body=b"", now_ms=int((time.time() - 4000) * 1000))
    options = [word for name, value in headers.items() for word in ("-H", f"{name}: {value}")]
    done = subprocess.run(
        ["curl", "-sv", *options, url_of(recorder)], capture_output=True, check=True, timeout=TIMEOUT
    )
    recorder.last()
    found = explained(done.stderr)
    assert (found["culprit"], "the Date of the response" in found["explanation"]) == ("clock", True), found


def test_a_client_writes_seconds_instead_of_milliseconds(recorder):
    send(recorder.port, signed("client", now_ms=int(time.time())))
    assert explained(recorder.last())["culprit"] == "timestamp"


@pytest.mark.parametrize(
    ("keys", "culprit"),
    [
        (KeyRing({"agent/practices": SECRETS[2]}), "pair"),
        (KeyRing({"agent/practices": {"versions": {2: SECRETS[0]}, "primary": 2}}), "key version"),
    ],
)
@pytest.mark.parametrize("scheme", ["message", "pairwise"])
def test_a_client_with_the_wrong_secret(recorder, keys, culprit, scheme):
    send(recorder.port, signed(scheme, keys=keys))
    # A pairwise request contains no key version, so a verifier tries all key versions of the pair.
    is_accepted = (scheme, culprit) == ("pairwise", "key version")
    assert explained(recorder.last())["culprit"] == (None if is_accepted else culprit)


@pytest.mark.parametrize("scheme", ["message", "pairwise"])
def test_a_client_signs_for_another_service(recorder, scheme):
    signer = Signer("agent", KEYS, schemes=[scheme])
    headers = signer.sign("POST", f"https://{HOST}{TARGET}", body=BODY, receiver="meals")
    send(recorder.port, {"Host": HOST, **headers})
    assert explained(recorder.last())["culprit"] == "pair"


def test_an_unknown_secret_has_no_culprit(recorder):
    other = KeyRing(
        {
            "agent/practices": {
                "versions": {2: base64.b64encode(bytes(range(200, 232))).decode()},
                "primary": 2,
            }
        }
    )
    send(recorder.port, signed(keys=other))
    found = explained(recorder.last())
    assert (found["culprit"], found["outcome"], found["reason"]) == (
        None,
        "unexplained",
        "signature_mismatch",
    )
