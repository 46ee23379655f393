"""Tests that explanations of randomly changed captures are never wrong. The reported culprit must be a part
of the request that was changed."""

from __future__ import annotations

import base64
import json
import random
import time
from dataclasses import dataclass

import pytest
from sealwire import KeyRing, Signer
from sealwire._native import explain_rejection

CAPTURES = 200
CHANGES = 3  # the maximum number of changes in a capture
SEED = 29
NOW_MS = 1_795_000_000_000
BODY = b'{"query": "{ practices { id } }", "variables": {"n": 1.0, "name": "caf\\u00e9"}}'


def secret(number: int) -> str:
    return base64.b64encode(random.Random(number).randbytes(32)).decode()


KEYS = KeyRing(
    {
        "agent/practices": {"versions": {1: secret(1), 2: secret(2)}, "primary": 2},
        "agent/meals": secret(3),
        "meals/practices": secret(4),
    },
    {"gateway": secret(5), "billing": secret(6)},
)


@dataclass
class Parts:
    """The parts of a capture, parsed independently of the code under test."""

    method: str
    path: str
    query: str
    headers: dict[str, list[str]]
    body: bytes

    @classmethod
    def of(cls, capture: bytes) -> Parts:
        head, _, body = capture.partition(b"\r\n\r\n")
        lead, *lines = head.decode("latin-1").split("\n")
        method, target, *_ = [*lead.split(" "), "", ""]
        path, _, query = target.partition("?")
        headers: dict[str, list[str]] = {}
        for line in lines:
            name, _, value = line.partition(":")
            headers.setdefault(name.strip(" \t\r").lower(), []).append(value.strip(" \t\r"))
        return cls(method, path, query, headers, body)

    def differing(self, other: Parts) -> set[str]:
        """Returns the names of the parts that differ between two captures."""
        names = {
            name for name in ("method", "path", "query", "body") if vars(self)[name] != vars(other)[name]
        }
        both = self.headers.keys() | other.headers.keys()
        return names | {name for name in both if self.headers.get(name) != other.headers.get(name)}


def signed(chance: random.Random) -> bytes:
    """Returns a valid request that is signed with a random scheme."""
    scheme = chance.choice(["message", "pairwise", "client"])
    name = "gateway" if scheme == "client" else "agent"
    target = chance.choice(
        ["/", "/graphql", "/api/v1/visits?from=a%20b&to=c", "/a%2Fb/c?x=1&x=2&y=", "/x/?q=1"]
    )
    method = chance.choice(["GET", "POST", "PUT"])
    given = [("Host", "practices.test:8443"), ("Content-Type", "application/json"), ("X-Trace", "t-1")]
    signer = Signer(name, KEYS, schemes=[scheme], cover=("content-type",) if scheme == "message" else ())
    url = f"https://practices.test:8443{target}"
    body = BODY if method != "GET" else b""
    headers = signer.sign(
        method,
        url,
        headers=given,
        body=body,
        receiver="practices",
        nonce=f"n-{chance.random()}",
        now_ms=NOW_MS,
    )
    lines = [
        f"{method} {target} HTTP/1.1",
        *(f"{name}: {value}" for name, value in [*given, *headers.items()]),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


def broken(capture: bytes, chance: random.Random) -> bytes:
    """Returns the capture with a random change."""
    at = chance.randrange(len(capture))
    head, mark, body = capture.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    line = chance.randrange(1, len(lines)) if len(lines) > 1 else 0
    changes = {
        "flip": lambda: capture[:at] + bytes([capture[at] ^ 1 << chance.randrange(7)]) + capture[at + 1 :],
        "insert": lambda: (
            capture[:at] + chance.choice([b"/", b" ", b"x", b"%20", b"\n", b"0"]) + capture[at:]
        ),
        "delete": lambda: capture[:at] + capture[at + 1 :],
        "cut": lambda: capture[:at],
        "drop line": lambda: b"\r\n".join(lines[:line] + lines[line + 1 :]) + mark + body,
        "double line": lambda: b"\r\n".join([*lines, lines[line]]) + mark + body,
        "swap lines": lambda: (
            b"\r\n".join([lines[0], *chance.sample(lines[1:], len(lines) - 1)]) + mark + body
        ),
        "digit": lambda: capture.replace(*(b"%d" % chance.randrange(10) for _ in range(2)), 1),
        "body": lambda: head + mark + bytes(chance.sample(list(body), len(body))),
        "compact": lambda: head + mark + body.replace(b" ", b""),
        "upper": lambda: capture[:at] + capture[at : at + 9].upper() + capture[at + 9 :],
    }
    return changes[chance.choice(sorted(changes))]()


# For each culprit, the parts that can cause it. At least one of them must have been changed.
SIGNERS = {"signature-input", "x-service-name", "x-client-id"}
TRUE_OF = {
    "path": {"path"},
    "query": {"query"},
    "method": {"method"},
    "body": {"body"},
    "authority": {"host"},
    "sender": SIGNERS,
    "key version": {"signature-input"},
    "request id": {"x-request-id"},
    "timestamp": {"x-timestamp", "x-service-timestamp"},
    "clock": {"x-timestamp", "x-service-timestamp", "signature-input"},
}
OF_HEADERS = {"missing header", "malformed header", "doubled header", "header", "added header", "coverage"}


def is_true(culprit: str, explanation: str, before: Parts, after: Parts) -> bool:
    """Returns whether the culprit is a part that was changed."""
    differing = before.differing(after)
    if culprit not in OF_HEADERS:
        return bool(TRUE_OF.get(culprit, set()) & differing)
    named = {name for name in differing if name in explanation.lower()}
    if culprit == "missing header" and not named:
        # If the name of the signature header was changed, the signature is reported as missing.
        named = (
            differing & {"signature", "signature-input"} if "it has no signature" in explanation else set()
        )
    if culprit == "missing header":
        return any(not after.headers.get(name, [""])[0] for name in named) or "no signature" in explanation
    if culprit == "doubled header":
        return any(len(after.headers.get(name, [])) > 1 for name in named)
    return bool(named) or ("@" in explanation and bool(differing & {"path", "method", "query"}))


def test_randomly_changed_captures_have_no_false_culprit():
    chance = random.Random(SEED)
    outcomes: dict[str, int] = {}
    slowest = 0.0
    for number in range(CAPTURES):
        before = capture = signed(chance)
        for _ in range(chance.randint(1, CHANGES)):
            capture = broken(capture, chance) or b"x"
        asked = {"captureBase64": base64.b64encode(capture).decode(), "service": "practices"}
        started = time.perf_counter()
        try:
            data, text, _ = explain_rejection(KEYS, json.dumps(asked))
        except ValueError:
            outcomes["refused"] = outcomes.get("refused", 0) + 1
            continue
        slowest = max(slowest, time.perf_counter() - started)
        found = json.loads(data)
        outcomes[found["outcome"]] = outcomes.get(found["outcome"], 0) + 1
        for change in found["changes"] if found["outcome"] == "proven" else []:
            told = is_true(change["culprit"], change["explanation"], Parts.of(before), Parts.of(capture))
            assert told, (number, before, capture, text)
    print(f"{outcomes}, slowest {slowest:.2f} s")
    # All outcomes must occur, because the test must fail if no cause is ever reported.
    assert outcomes["proven"] > CAPTURES / 5, outcomes
    assert outcomes.keys() == {"refused", "proven", "valid", "unexplained"}


@pytest.mark.parametrize("part", ["path", "body", "authority"])
def test_is_true_detects_a_false_culprit(part):
    before = Parts.of(signed(random.Random(1)))
    assert not is_true(part, "", before, before)
