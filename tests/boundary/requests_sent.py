"""Sends the requests of catalogue.json as raw bytes over HTTP/1.1, and checks the outcome."""

from __future__ import annotations

import json
import socket
import time
from dataclasses import dataclass
from typing import Any

from sealwire import KeyRing, Signer
from servers import SECRETS

PATIENCE_S = 10
LONG = "x" * 20_000
KEYS = KeyRing.from_env("practices", environ=SECRETS)

Case = dict[str, Any]


@dataclass
class Outcome:
    """The response of a server, or how the server failed."""

    status: int | None = None
    """The HTTP status, or None if the server closed the connection without a response."""
    served: dict[str, Any] | None = None
    hung: bool = False

    def __str__(self) -> str:
        if self.hung:
            return "no response"
        shown = f" {self.served['served']} {self.served['path']}" if self.served else ""
        return f"{self.status or 'closed'}{shown}"


def attempt(port: int, case: Case, prefix: str = "") -> Outcome:
    """Sends the request of a test case. `prefix` is the part of the signed path that a proxy has removed."""
    pieces = wire(port, case, prefix)
    if case.get("twice"):
        assert (first := exchange(port, pieces)).status == 200, f"the first of two: {first}"
    return exchange(port, pieces)


def wire(port: int, case: Case, prefix: str) -> list[bytes]:
    """Returns the bytes of the request in parts. `exchange` waits before it sends the next part."""
    host = f"127.0.0.1:{port}"
    if "raw" in case:
        head = "\r\n".join([*case["raw"], "", ""]).replace("{host}", host)
        return [head.encode()]
    method, target = case.get("method", "GET"), case["target"].replace("{long}", LONG)
    chunks = case.get("chunks")
    body = "".join(chunks) if chunks else case.get("body", "")
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}"]
    if "sign" in case:
        lines += signature(case["sign"], method, f"http://{host}{prefix}", target, body)
    lines += [f"{name}: {value}" for name, value in case.get("headers", ())]
    lines += [f"X-Filler-{at}: {at}" for at in range(case.get("many", 0))]
    if chunks:
        return chunked(lines, case)
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return (
        ["\r\n".join([*lines, "", body]).encode()]
        if not body
        else [("\r\n".join([*lines, "", ""]) + body).encode()]
    )


def signature(sign: Case, method: str, origin: str, target: str, body: str) -> list[str]:
    signed = Signer(sign["as"], KEYS).sign(
        sign.get("method", method),
        origin + sign.get("target", target),
        None,
        sign.get("body", body).encode(),
        "practices",
        user_id=sign.get("user_id"),
    )
    return [f"{name}: {value}" for name, value in signed.items()]


def chunked(lines: list[str], case: Case) -> list[bytes]:
    trailers = case.get("trailers", [])
    framing = ["Transfer-Encoding: chunked", *[f"Trailer: {name}" for name, _ in trailers]]
    head = "\r\n".join([*lines, *framing, "", ""])
    body = "".join(f"{len(chunk):x}\r\n{chunk}\r\n" for chunk in case["chunks"])
    end = "0\r\n" + "".join(f"{name}: {value}\r\n" for name, value in trailers) + "\r\n"
    pieces = [head + body, end] if case.get("late") else [head + body + end]
    return [piece.encode() for piece in pieces]


def exchange(port: int, pieces: list[bytes]) -> Outcome:
    """Sends the parts of a request and reads the response."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), PATIENCE_S) as connection:
        try:
            for at, piece in enumerate(pieces):
                if at:
                    time.sleep(0.2)
                connection.sendall(piece)
            while not complete(received):
                if not (part := connection.recv(65_536)):
                    break
                received += part
        except TimeoutError:
            return Outcome(hung=True)
        except OSError:  # the server reset the connection
            pass
    return outcome(received)


def outcome(received: bytes) -> Outcome:
    if not received.startswith(b"HTTP/"):
        return Outcome()
    return read(int(received.split(b" ", 2)[1]), received.partition(b"\r\n\r\n")[2])


def read(status: int | None, body: bytes) -> Outcome:
    """Parses the JSON in a response. The body may also contain the chunk sizes before and after the JSON."""
    begins, ends = body.find(b"{"), body.rfind(b"}")
    try:
        served = json.loads(body[begins : ends + 1])
    except ValueError:
        served = None
    return Outcome(status, served if isinstance(served, dict) and "served" in served else None)


def complete(received: bytes) -> bool:
    """Returns True if the response is complete."""
    head, separator, body = received.partition(b"\r\n\r\n")
    if not separator:
        return False
    fields = [line.lower() for line in head.split(b"\r\n")[1:]]
    if any(line.startswith(b"transfer-encoding:") and b"chunked" in line for line in fields):
        return body.endswith(b"0\r\n\r\n")
    lengths = [int(line.split(b":")[1]) for line in fields if line.startswith(b"content-length:")]
    return bool(lengths) and len(body) >= lengths[0]


def fault(case: Case, outcome: Outcome) -> str | None:
    """Returns None if the outcome is as expected, otherwise a description of it."""
    expect, served = case["expect"], outcome.served
    kind = served["served"] if served else None
    if outcome.hung or (outcome.status or 0) >= 500:
        return str(outcome)
    if expect in ("accepted", "public"):
        wanted = {"accepted": "protected", "public": "public"}[expect]
        right = kind == wanted and (kind == "public" or served["user"] == case.get("sign", {}).get("user_id"))
        return None if right else str(outcome)
    allowed = {
        "rejected": kind is None,
        "hidden": kind != "protected",
        "confined": kind is None or served["path"].startswith("/api/"),
        "unchanged": kind is None or served["user"] == case.get("sign", {}).get("user_id"),
    }
    return None if allowed[expect] else str(outcome)
