"""The demo and end-to-end test. Services in Python, Node.js, C and Rust call each other, then the demo attacks them.

Prints a table with one row per check. Fails if a check or a build fails, or if a service does not start.
`make demo` runs this program after `make build`.
"""

import shutil
import sys
import time

from harness import build, honest, processes, progress, refusals, siege, table, tokens
from harness.cast import Keys
from harness.fleet import Fleet
from harness.places import REPLAY


def main() -> int:
    started = time.perf_counter()
    try:
        with processes.interruptible():
            right = play()
    except (build.BuildError, processes.NotStartedError) as failure:
        print(f"\n{failure}\n\n0 passed, 1 failed")
        return 1
    except KeyboardInterrupt as interrupt:
        print(f"\nStopped by {interrupt or 'Ctrl-C'}. All services were stopped.", file=sys.stderr)
        return 130
    progress.say("all services stopped, demo finished", (time.perf_counter() - started) * 1000)
    return 0 if right else 1


def play() -> bool:
    build.everything()
    fresh_replay_files()
    keys = Keys.drawn()
    fleet = Fleet.of(keys)
    issuer = tokens.Issuer()
    gateway = tokens.gateway(issuer)
    services = [*fleet.services(), gateway]
    with processes.running(services):
        processes.wait_until_ready(services)
        parts = {
            "Calls between all services": list(honest.rows(keys, fleet)),
            "Calls over HTTP/2": list(honest.over_http2(keys, fleet)),
            "Changed requests": list(siege.rows(keys, fleet)),
            "Replays to another process": list(siege.on_other_workers(keys, fleet)),
            "Tokens at the gateway": list(tokens.rows(issuer, gateway)),
            "After the attacks": list(siege.survivors(keys, fleet)),
            "Invalid keys": list(refusals.rows(keys)),
        }
    right = table.show(parts)
    if not right:
        tell_what_services_said(fleet)
    return right


def fresh_replay_files() -> None:
    """Removes the replay files of the previous run. Their nonces are useless, because each run generates new
    keys."""
    shutil.rmtree(REPLAY, ignore_errors=True)
    REPLAY.mkdir(parents=True, mode=0o700)


def tell_what_services_said(fleet: Fleet) -> None:
    for service in fleet.services():
        print(f"\nlast output of {service.name}:{service.last_words()}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
