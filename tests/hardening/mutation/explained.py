"""Records the outcome of each mutation, and the reason why a survivor is acceptable."""

import json
import pathlib
import subprocess
from collections import Counter

EQUAL = "same results: "
SLOWER = "same results, slower: "
REWRITTEN = "canonical input is serialised again and gives the same bytes"
PARSED = "a single value takes the general path"
WIPING = "detected by tests/hardening/wipe.py, which finds the secret in memory"
# The keys are parts of the survivor's line.
EXPLAINED: dict[str, str] = {
    "class.rs: replace | with ^": EQUAL + "the bits are disjoint",
    "class.rs: replace match guard one.len() == other.len() with false": SLOWER
    + "names are compared byte by byte",
    "hex.rs: replace | with ^": EQUAL + "the bits are disjoint",
    "replay/bits.rs: replace | with ^": EQUAL + "the bits are disjoint",
    "replay/bucket.rs: replace | with ^": EQUAL + "the bits are disjoint",
    "connection_string/mod.rs: replace / with % in ConnectionString<'a>::read": SLOWER
    + "the larger buffer is used for every token",
    "connection_string/mod.rs: replace * with": SLOWER + "the larger buffer is used for more tokens",
    "connection_string/encoder.rs: replace / with *": EQUAL + "a buffer larger than necessary",
    "counter.rs: replace": SLOWER + "threads share a counter and still count correctly",
    "pipeline.rs: delete match arm [None, None]": SLOWER + "with one scheme, the search has the same result",
    "window.rs: replace < with <= in Timestamp::check": EQUAL + "an age of zero is within both limits",
    "keys/key.rs: replace < with <= in Usage::note": EQUAL + "the value that is written is already stored",
    "bytes/frames.rs": WIPING,
    "keys/ring.rs: replace <impl Drop for OwnedSet<M>>": WIPING,
    "request.rs: replace % with / in Request<'a>::found": SLOWER
    + "headers of other lengths are compared too",
    "request.rs: replace & with | in Request<'a>::found": SLOWER
    + "headers of other lengths are compared too",
    "cursor.rs: replace Cursor<'a>::is_next": SLOWER + REWRITTEN,
    "connection_string/timestamp.rs: replace < with <= in two": EQUAL + "no field accepts a hundred or more",
    "message/received.rs: replace += with *= in <impl Visitor": SLOWER
    + "labels are counted for a single signature too",
    "cursor.rs: replace Cursor<'a>::take_lower_case": SLOWER + "letters are read one by one",
    "list.rs: replace InnerList<'a>::canonical": SLOWER + REWRITTEN,
    "number.rs: replace || with && in parse_number": SLOWER + REWRITTEN,
    "number.rs: replace > with == in parse_number": SLOWER + REWRITTEN,
    "number.rs: replace > with >= in parse_number": EQUAL + "no sign is zero",
    "message/components.rs: replace | with ^": EQUAL + "the bits are disjoint",
    "message/components.rs: replace match guard self.of_request with true": SLOWER
    + "each component is compared",
    "message/digest.rs: replace only_digest -> Option<ContentDigest> with None": SLOWER + PARSED,
    "message/received.rs: replace only_mac -> Option<Mac> with None": SLOWER + PARSED,
    "signature_fields.rs: replace Field<'a>::only_line -> Option<&'a[u8]> with None": SLOWER + PARSED,
    "byte_sequence.rs: replace spelled_bytes -> Option<[u8; N]> with None": SLOWER + PARSED,
    "visit.rs: replace Visitor::": EQUAL + "the default implementation does nothing",
    "byte_sequence.rs: replace - with + in value": EQUAL + "only the lowest bits are used",
    "byte_sequence.rs: delete match arm b'+' in value": EQUAL
    + "the lowest bits of both digits are not all zero",
    "replay/claim.rs: replace < with <= in Claim<'t>::choose": EQUAL + "both buckets are equally full",
    "replay/claim.rs: replace > with < in Claim<'t>::outranks": EQUAL
    + "it does not matter which of two equal claims yields",
    "replay/claim.rs: replace > with >= in Claim<'t>::outranks": EQUAL + "no two claims have the same rank",
    "replay/claim.rs: replace Place<'_>::give_back": EQUAL
    + "but the slot of a claim that yielded stays in use until it expires",
    "replay/claim.rs: replace && with || in passed": "matters only in a race with a third claim, which is then rejected, never accepted",
    "replay/table.rs: replace / with % in Table<'a>::fill": "an estimate from other buckets, equally good for evenly spread claims",
    "replay/table.rs: replace < with <= in Table<'a>::note_forgotten": EQUAL
    + "the recorded value is recorded again",
    "replay/heap.rs: replace / with *": EQUAL + "about four kilobytes more are allocated for alignment",
    "replay/table.rs: replace < with <= in slots_for": EQUAL + "they differ only where both results are 1",
}


def record(every: list[str], outcomes: dict[str, str], file: pathlib.Path) -> None:
    """Writes the outcomes of the tested mutations."""
    tried = {name: outcomes[name] for name in every if name in outcomes}
    counted = Counter(tried.values())
    survived = [
        {"mutant": name, "reason": reason(name)} for name, outcome in tried.items() if outcome == "survived"
    ]
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True
    ).stdout.strip()
    said = {
        "commit": commit,
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
    """Finds the reason by file and change, because line numbers change often."""
    place, _, change = mutant.partition(": ")
    line = f"{place.split(':')[0].removeprefix('core/src/')}: {change}"
    return next((why for part, why in EXPLAINED.items() if part in line), None)
