"""The demonstration, and the end-to-end test: services in Python, Node and C sign and verify with each other, then all
of them are attacked. Prints one table; fails when a cell is wrong, a build fails, or a service does not start.

Run by `make demo`, after `make build`.
"""

import shutil
import sys
import time

from harness import build, honest, processes, progress, siege, table
from harness.cast import Keys
from harness.fleet import Fleet
from harness.places import REPLAY


def main() -> int:
    started = time.perf_counter()
    try:
        right = play()
    except (build.BuildError, processes.NotStartedError) as failure:
        print(f"\n{failure}\n\n0 passed, 1 failed", file=sys.stderr)
        return 1
    except KeyboardInterrupt as interrupt:
        print(
            f"\nInterrupted{f' by {interrupt}' if str(interrupt) else ''}; all services stopped.",
            file=sys.stderr,
        )
        return 130
    progress.say("everything stopped; the whole demo", (time.perf_counter() - started) * 1000)
    return 0 if right else 1


def play() -> bool:
    build.everything()
    fresh_replay_files()
    keys = Keys.drawn()
    fleet = Fleet.of(keys)
    with processes.running(fleet.services()):
        parts = {
            "everyone calls everyone": list(honest.rows(keys, fleet)),
            "valid requests, tampered with": list(siege.rows(keys, fleet)),
            "replays across processes that share a mapped replay table": list(
                siege.on_other_workers(keys, fleet)
            ),
        }
    return table.show(parts)


def fresh_replay_files() -> None:
    """Last run's nonces are of no use: its keys are gone."""
    shutil.rmtree(REPLAY, ignore_errors=True)
    REPLAY.mkdir(parents=True, mode=0o700)


if __name__ == "__main__":
    sys.exit(main())
