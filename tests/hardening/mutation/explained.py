"""Records what became of the mutations, and why those that nobody noticed may live."""

import json
import pathlib
from collections import Counter

EQUAL = "the same results: "
WIPING = "killed by tests/hardening/wipe.py, which finds the secret in memory"
# By what a survivor's line holds.
EXPLAINED: dict[str, str] = {
    "class.rs: replace | with ^": EQUAL + "the bits are disjoint",
    "hex.rs: replace | with ^": EQUAL + "the bits are disjoint",
    "replay/bits.rs: replace | with ^": EQUAL + "the bits are disjoint",
    "replay/bucket.rs: replace | with ^": EQUAL + "the bits are disjoint",
}


def record(every: list[str], outcomes: dict[str, str], file: pathlib.Path) -> None:
    """Of every mutation, and those of them that were tried."""
    tried = {name: outcomes[name] for name in every if name in outcomes}
    counted = Counter(tried.values())
    survived = [
        {"mutant": name, "reason": reason(name)} for name, outcome in tried.items() if outcome == "survived"
    ]
    said = {
        "mutations": len(every),
        "tried": len(tried),
        "caught": counted["caught"],
        "unviable": counted["unviable"],
    }
    file.write_text(json.dumps({**said, "survived": survived}, indent=2) + "\n")
    unexplained = [each["mutant"] for each in survived if not each["reason"]]
    print(
        f"    mutants: {len(tried)} of {len(every)} tried: {counted['caught']} caught, {counted['unviable']} do not build, "
        f"{len(survived)} survived, {len(unexplained)} of them unexplained"
    )
    for name in unexplained:
        print(f"    mutants: unexplained: {name}")


def reason(mutant: str) -> str | None:
    """By file and change; the line's number moves too often to be of use."""
    place, _, change = mutant.partition(": ")
    line = f"{place.split(':')[0].removeprefix('core/src/')}: {change}"
    return next((why for part, why in EXPLAINED.items() if part in line), None)
