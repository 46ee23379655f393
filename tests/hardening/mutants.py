#!/usr/bin/env python3
"""Records what cargo-mutants found, and which survivors have no explanation here. Usage: mutants.py FOLDER RECORD"""

import json
import pathlib
import sys

SINCE = "killed since by core/tests/survivors.rs"
# By what a survivor's line holds: why it may live, or what else than core's own tests kills it.
EXPLAINED = {
    "class.rs: replace | with ^": "the bits are disjoint, so both operators give the same classes",
    "display_string.rs: delete match arm 0xf0": "killed since by core/tests/display_strings.rs",
    "read.rs: replace == with != in fault": "killed by the vectors, which name each rejection",
    "scheme.rs: replace Scheme::number": "killed by the C tests and vectors, which alone see the number",
    "client.rs: replace && with || in is_local_health_check": "killed by the vectors in bypass.json",
    "counter.rs: replace Counter::total": SINCE,
    "text.rs: replace <impl PartialEq<str> for QuotedString": SINCE,
    "sign.rs: replace match guard request.has(name)": SINCE,
    "received.rs: replace == with != in Input<'a>::is_labelled_once": SINCE,
    "pending.rs: replace / with * in Proven::accept": SINCE,
    "pipeline.rs: replace < with <= in Judge<'_, 'k, K>::timely": "killed by the vectors: the second an expiry names still passes",
    "rejected.rs: replace Rejected::http_status": "killed by the vectors, which state each status",
    "verify.rs: replace > with >= in Verifier<'p, '_, K>::check_body": "killed by the differential tests: a body as long as the cap passes",
    "window.rs: replace < with <= in Timestamp::check": "the same: an age of nothing is within either limit",
    "cold": "a hint to the compiler",
    "Debug": "what a debug output reads like is nobody's contract; that it holds no secret is tested",
}


def main() -> None:
    folder, record = map(pathlib.Path, sys.argv[1:])
    caught, missed, unviable, timeout = (
        (folder / f"{kind}.txt").read_text().splitlines()
        for kind in ("caught", "missed", "unviable", "timeout")
    )
    survivors = [{"mutant": mutant, "reason": reason(mutant)} for mutant in missed]
    said = {"caught": len(caught) + len(timeout), "unviable": len(unviable), "survived": survivors}
    record.write_text(json.dumps(said, indent=2) + "\n")
    unexplained = [it["mutant"] for it in survivors if not it["reason"]]
    print(
        f"    mutants: {said['caught']} caught, {len(missed)} survived, {len(unexplained)} of them unexplained"
    )
    for mutant in unexplained:
        print(f"    mutants: unexplained: {mutant}")


def reason(mutant: str) -> str | None:
    place, _, change = mutant.partition(": ")
    name = place.split(":")[0].rsplit("/")[-1]
    return next((why for part, why in EXPLAINED.items() if part in f"{name}: {change}"), None)


if __name__ == "__main__":
    main()
