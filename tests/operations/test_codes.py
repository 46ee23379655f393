"""Tests for connection strings during a key rotation. A changed, unknown or missing key version must cause
the documented error code."""

import base64
import json
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from processes import ROOT
from sealwire import ConnectionString, KeyRing, TokenRejected

ACCOUNT = "11111111-2222-4333-8444-555555555555"
ONE, TWO, THREE = (f"the issuer's secret, of version {number}" for number in ("one", "two", "three"))
ACCEPTED = {1: ONE, 2: TWO}
NODE = """
const { ConnectionString, KeyRing } = require(process.argv[1]);
const { tokens, versions } = JSON.parse(process.argv[2]);
const keys = new KeyRing({ issuer: { primary: 2, versions } });
const judged = (token) => {
  try { return ConnectionString.verify(keys, token) && 'accepted'; } catch (error) { return error.nativeCode ?? error.code; }
};
console.log(JSON.stringify(tokens.map(judged)));
"""


def issued(version: int, secret: str) -> str:
    """Returns a token that is signed with this key version."""
    keys = KeyRing(issuer={version: secret})
    return ConnectionString.issue(
        keys, ACCOUNT, datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
    )


def rewritten(token: str, old: str, new: str) -> str:
    """Returns a token that an attacker has modified. The signature stays the same."""
    beans = base64.b64decode(token).decode()
    assert old in beans
    return base64.b64encode(beans.replace(old, new).encode()).decode()


CASES = {
    "old version, still accepted": (issued(1, ONE), "accepted"),
    "new version": (issued(2, TWO), "accepted"),
    "downgraded to the old version": (rewritten(issued(2, TWO), "kvr=2", "kvr=1"), "MYC00032"),
    "upgraded to the new version": (rewritten(issued(1, ONE), "kvr=1", "kvr=2"), "MYC00032"),
    "retired or never issued": (issued(3, THREE), "MYC00031"),
    "version taken out": (rewritten(issued(2, TWO), ";kvr=2", ""), "MYC00030"),
    "another key under a known version": (issued(2, THREE), "MYC00032"),
}


@pytest.mark.parametrize("name", CASES)
def test_python_returns(name):
    token, expected = CASES[name]
    keys = KeyRing(issuer={"versions": ACCEPTED, "primary": 2})
    try:
        found = ConnectionString.verify(token, keys) and "accepted"
    except TokenRejected as rejected:
        found = rejected.native_code
    assert found == expected


def test_node_returns_the_same():
    data = json.dumps({"tokens": [token for token, _ in CASES.values()], "versions": ACCEPTED})
    result = subprocess.run(
        ["node", "-e", NODE, str(ROOT / "bindings-node"), data], capture_output=True, text=True
    )
    assert json.loads(result.stdout or "null") == [expected for _, expected in CASES.values()], result.stderr
