"""A client that sends signed requests to all services until it is stopped. It writes the number of responses by status
to a file, and reloads its key file when the file changes."""

import collections
import itertools
import json
import os
import signal
import time
from pathlib import Path

import httpx
from sealwire import Signer
from sealwire.secrets import Reloader, load

KEYS = os.environ["KEYS"]
TARGETS = json.loads(os.environ["TARGETS"])
REPORT = Path(os.environ["REPORT"])
WRITE_EVERY_S = 0.1
PAUSE_S = 0.004  # the pause leaves processor time to the services

ended = False


def end(*_: object) -> None:
    global ended
    ended = True


def main() -> None:
    signal.signal(signal.SIGTERM, end)
    keys = load(KEYS)
    Reloader(keys, lambda: load(KEYS), path=KEYS, look_every=0.2).start()
    signers = [Signer(os.environ["NAME"], keys, schemes=[scheme]) for scheme in ("message", "pairwise")]
    answers: collections.Counter[str] = collections.Counter()
    written = 0.0
    with httpx.Client() as client:
        for number, (signer, (service, url)) in enumerate(
            itertools.cycle(itertools.product(signers, TARGETS.items()))
        ):
            if ended:
                break
            answers[send(client, signer, service, f"{url}/items?n={number}", b"%d" % number)] += 1
            time.sleep(PAUSE_S)
            if time.monotonic() - written > WRITE_EVERY_S:
                written = time.monotonic()
                write(answers)
    write(answers)


def send(client: httpx.Client, signer: Signer, service: str, url: str, body: bytes) -> str:
    headers = signer.sign("POST", url, body=body, receiver=service)
    return str(client.post(url, content=body, headers=headers).status_code)


def write(answers: dict[str, int]) -> None:
    fresh = REPORT.with_suffix(".new")
    fresh.write_text(json.dumps(answers))
    fresh.replace(REPORT)


main()
