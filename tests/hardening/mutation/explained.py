"""Records what became of the mutations, and why those that nobody noticed may live."""

import json
import pathlib
from collections import Counter

EQUAL = "the same results: "
SLOWER = "the same results, later: "
REWRITTEN = "what is canonical is written again, and comes out as it was sent"
PARSED = "what stands alone is parsed as what stands among others"
WIPING = "killed by tests/hardening/wipe.py, which finds the secret in memory"
# By what a survivor's line holds.
EXPLAINED: dict[str, str] = {
    "class.rs: replace | with ^": EQUAL + "the bits are disjoint",
    "class.rs: replace match guard one.len() == other.len() with false": SLOWER
    + "names are compared byte by byte",
    "hex.rs: replace | with ^": EQUAL + "the bits are disjoint",
    "replay/bits.rs: replace | with ^": EQUAL + "the bits are disjoint",
    "replay/bucket.rs: replace | with ^": EQUAL + "the bits are disjoint",
    "connection_string/mod.rs: replace / with % in ConnectionString<'a>::read": SLOWER
    + "the larger buffer serves every token",
    "connection_string/mod.rs: replace * with": SLOWER + "the larger buffer serves more tokens",
    "connection_string/encoder.rs: replace / with *": EQUAL + "a buffer larger than is needed",
    "counter.rs: replace": SLOWER + "threads share a counter, and still count right",
    "pipeline.rs: delete match arm [None, None]": SLOWER + "of one scheme, the search finds the same",
    "window.rs: replace < with <= in Timestamp::check": EQUAL + "an age of nothing is within either limit",
    "keys/key.rs: replace < with <= in Usage::note": EQUAL
    + "the second that is written is the one that was there",
    "keys/frames.rs": WIPING,
    "keys/ring.rs: replace <impl Drop for OwnedSet<M>>": WIPING,
    "mac/sha256.rs: replace <impl Drop": WIPING,
    "mac/sha256.rs: replace States::wipe": WIPING,
    "mac/sha256.rs: replace HmacSha256Stream<KEYS>::wipe": WIPING,
    "request.rs: replace % with / in Request<'a>::found": SLOWER
    + "headers of other lengths are compared, too",
    "request.rs: replace & with | in Request<'a>::found": SLOWER
    + "headers of other lengths are compared, too",
    "cursor.rs: replace Cursor<'a>::is_next": SLOWER + REWRITTEN,
    "mac/sha512.rs: replace <impl Drop": WIPING,
    "connection_string/timestamp.rs: replace < with <= in two": EQUAL
    + "a hundred and more is in the range of no field",
    "message/received.rs: replace += with *= in <impl Visitor": SLOWER
    + "labels are counted where one signature stands alone, too",
    "cursor.rs: replace Cursor<'a>::take_lower_case": SLOWER
    + "letters are taken one by one, as what follows them",
    "list.rs: replace InnerList<'a>::canonical": SLOWER + REWRITTEN,
    "number.rs: replace || with && in parse_number": SLOWER + REWRITTEN,
    "number.rs: replace > with == in parse_number": SLOWER + REWRITTEN,
    "number.rs: replace > with >= in parse_number": EQUAL + "no sign is zero",
    "message/components.rs: replace | with ^": EQUAL + "the bits are disjoint",
    "message/components.rs: replace match guard self.of_request with true": SLOWER
    + "components are told apart by comparing each",
    "message/digest.rs: replace only_digest -> Option<ContentDigest> with None": SLOWER + PARSED,
    "message/received.rs: replace only_mac -> Option<Mac> with None": SLOWER + PARSED,
    "signature_fields.rs: replace Field<'a>::only_line -> Option<&'a[u8]> with None": SLOWER + PARSED,
    "byte_sequence.rs: replace spelled_bytes -> Option<[u8; N]> with None": SLOWER + PARSED,
    "visit.rs: replace Visitor::": EQUAL + "the default does nothing with what it is shown",
    "byte_sequence.rs: replace - with + in value": EQUAL + "only the lowest bits are looked at",
    "byte_sequence.rs: delete match arm b'+' in value": EQUAL
    + "of either digit the lowest bits are not all zero",
    "replay/claim.rs: replace < with <= in Claim<'t>::choose": EQUAL
    + "of two buckets that are as full either serves",
    "replay/claim.rs: replace > with < in Claim<'t>::outranks": EQUAL
    + "which of two equal claims gives way is the same to both",
    "replay/claim.rs: replace > with >= in Claim<'t>::outranks": EQUAL + "no two claims have one rank",
    "replay/claim.rs: replace Place<'_>::give_back": EQUAL
    + "but that the slot of a claim that gave way is taken until it expires",
    "replay/claim.rs: replace && with || in passed": "matters in a race with a third claim only, and then turns away, never lets in",
    "replay/table.rs: replace / with % in Table<'a>::fill": "an estimate from other buckets, as good while claims spread evenly",
    "replay/table.rs: replace < with <= in Table<'a>::note_forgotten": EQUAL
    + "the second that is noted was noted before",
    "replay/heap.rs: replace / with *": EQUAL
    + "some four kilobytes more are set aside to begin at a cache line",
    "replay/table.rs: replace < with <= in slots_for": EQUAL + "where they differ both numbers are one",
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
