"""Measures the resident memory per live nonce in a cachetools cache. The measurement runs in a separate
process."""

import json
import os
from pathlib import Path

from cachetools import TTLCache

LIVE = 1_000_000


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    before = resident()
    cache = TTLCache(maxsize=LIVE, ttl=300)
    for number in range(LIVE):
        cache[f"550e8400-e29b-41d4-a716-{number:012x}"] = True
    print(json.dumps((resident() - before) / LIVE))


if __name__ == "__main__":
    main()
