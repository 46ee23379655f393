#!/usr/bin/env python3
"""Searches the memory of processes that use the core crate, the Python package or the Node package for
secrets.

While a key ring exists, the search must find values that are derived from its secret, which proves that the
search works. After the process has dropped the key ring, it must not find them. The search ignores the secret
that the program itself passes to the package, because Python and JavaScript cannot wipe it.

Usage: wipe.py [released]. With `released`, it searches only the release builds of the Python and the Node package.
"""

import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target/secrets")) / "release/wipe"
MASK = 0xA5
NEEDLE = 16
# The maximum number of hash states that may remain in an interpreter. It is a known limitation that a few
# copies stay in stack frames or in the padding of heap objects.
STRAY = 4
STATES = {"inner-state-256", "outer-state-256", "inner-state-512", "outer-state-512"}

# Each program reads a line, uses a key ring, waits for another line, drops the key ring, and waits again.
PYTHON = """
import gc, sys, sealwire
def used(secret):
    ring = sealwire.KeyRing(pairs={("agent", "practices"): secret}, clients={"billing-service": secret}, issuer=secret)
    signer = sealwire.Signer("agent", ring)
    headers = signer.sign("POST", "https://practices/a", body=b"{}", receiver="practices")
    verifier = sealwire.Verifier("practices", ring, replay="heap", authorities="any")
    verifier.begin("POST", "/a", headers, "practices", "https").prove(b"{}").settle(True)
    return ring, signer, verifier
held = used(bytes(byte ^ 0xA5 for byte in bytes.fromhex(sys.stdin.readline())))
print("alive", flush=True); sys.stdin.readline()
del held; gc.collect()
print("after", flush=True); sys.stdin.readline()
"""
NODE = """
const { KeyRing, Signer, Verifier, ReplayTable } = require('./bindings-node');
const lines = require('node:readline').createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const line = async () => (await lines.next()).value;
function used(secret) {
  const keys = new KeyRing({ pairs: { 'agent/practices': secret }, clients: { 'billing-service': secret }, issuer: secret });
  const request = { method: 'POST', url: '/a', authority: 'practices', scheme: 'https', body: '{}' };
  const headers = new Signer({ name: 'agent', keys, receiver: 'practices' }).sign(request);
  const replay = ReplayTable.heap({ slots: 64, acceptOlder: true });
  new Verifier({ service: 'practices', keys, replay, authorities: 'any' }).verify({ ...request, headers });
  return keys;
}
(async () => {
  let held = used(Buffer.from(await line(), 'hex').map((byte) => byte ^ 0xa5));
  console.log('alive'); await line();
  held = undefined;
  for (let at = 0; at < 5; at += 1) { global.gc(); await new Promise((done) => setTimeout(done, 20)); }
  console.log('after'); await line();
  process.exit(0);
})();
"""


RELEASE = ROOT / ".cache/release"
RELEASED = {"PYTHONPATH": str(RELEASE / "site"), "SEALWIRE_ADDON": str(RELEASE / "node/addon.node")}


def main(build: str = "") -> None:
    if build == "released":
        if missing := [path for path in RELEASED.values() if not pathlib.Path(path).exists()]:
            sys.exit(f"wipe: {missing[0]} does not exist; run make .cache/release-secrets.stamp")
        os.environ.update(RELEASED)
    masked = subprocess.run([PROGRAM, "needles"], capture_output=True, text=True, check=True).stdout
    needles = {name: bytes.fromhex(digits) for name, digits in (line.split() for line in masked.splitlines())}
    unmasked = {name: bytes(byte ^ MASK for byte in text) for name, text in needles.items()}
    if build != "released":
        looked = subprocess.run(
            [PROGRAM, "look"], input=masked, capture_output=True, text=True, check=True
        ).stdout
        judge("core", core_places(looked, "alive"), core_places(looked, "after"), own=set())
    python = [ROOT / ".venv/bin/python", "-c", PYTHON]
    judge("Python", *foreign(python, needles["secret"], unmasked), own={"secret"}, most=STRAY)
    judge(
        "Node",
        *foreign(["node", "--expose-gc", "-e", NODE], needles["secret"], unmasked),
        own={"secret"},
        most=STRAY,
    )


def core_places(looked: str, when: str) -> list[str]:
    found = [line.split() for line in looked.splitlines() if line.startswith(when)]
    assert [when, "looked"] in found, "the search did not finish"
    return [name for _, name, *_ in found if name != "looked"]


def foreign(command: list, secret: bytes, needles: dict[str, bytes]) -> tuple[list[str], list[str]]:
    """Searches the memory of another process. Returns the matches while the key ring exists, and the matches
    after it is dropped."""
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        print(secret.hex(), file=process.stdin, flush=True)
        seen = []
        for when in ("alive", "after"):
            assert process.stdout.readline().strip() == when
            seen.append(places(process.pid, needles))
            print(file=process.stdin, flush=True)
    return seen[0], seen[1]


def places(pid: int, needles: dict[str, bytes]) -> list[str]:
    found = []
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for line in pathlib.Path(f"/proc/{pid}/maps").read_text().splitlines():
            bounds, rights, *_ = line.split()
            if not rights.startswith("rw"):
                continue
            start, end = (int(bound, 16) for bound in bounds.split("-"))
            try:
                memory.seek(start)
                held = memory.read(end - start)
            except OSError:
                continue
            found += [name for name, needle in needles.items() for _ in range(held.count(needle[:NEEDLE]))]
    return found


def judge(what: str, alive: list[str], after: list[str], own: set[str], most: int = 0) -> None:
    """Checks the matches, and exits with an error if they are wrong.

    `own` contains the names of values that may remain. `most` is the maximum number of other values that may remain.
    """
    unseen = STATES - set(alive)
    left = sorted(name for name in after if name not in own)
    if unseen or len(left) > most:
        print(f"wipe: {what}: not seen while alive: {sorted(unseen)}; left after: {left}", file=sys.stderr)
        sys.exit(1)
    kept = sum(1 for name in after if name in own)
    copies = f"; {kept} copies belong to the program itself" if kept else ""
    print(f"    wipe: {what}: {len(alive)} alive, {len(left)} after{copies}")


if __name__ == "__main__":
    main(*sys.argv[1:])
