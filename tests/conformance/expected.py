"""Computes the lines that the runners must print, using only the test vectors."""

import hashlib
import json
import pathlib

VECTORS = pathlib.Path(__file__).resolve().parent.parent / "vectors"
# The vector files in the order of the printed table. rfc4231 is first, because all other files depend on
# HMAC.
FILES = [
    "rfc4231",
    "pairwise",
    "client",
    "message",
    "response",
    "connection_string",
    "keys",
    "replay",
    "policy",
    "bypass",
    "multi",
    "url",
    "explain",
]


def vector_paths() -> list[pathlib.Path]:
    return [VECTORS / f"{name}.json" for name in FILES]


def expected_lines() -> dict[str, str]:
    """Returns a map from the name of each test case to its expected line. The files are in the order of
    FILES."""
    lines: dict[str, str] = {}
    for path in vector_paths():
        for case in json.loads(path.read_text())["cases"]:
            lines |= of_case(f"{path.stem}:{case['name']}", case)
    return lines


# Test cases that the API of a language does not support. Each entry is a prefix of test case names.
BARE_PARTS = (
    "rfc4231:",
    "message:base-",
)  # only the core crate can compute a MAC or a signature base by itself
NO_RESPONSES = ("response:",)  # the API does not support signed responses yet
NO_PAST_TABLE = (
    "replay:replay-table-younger-than-request:",
)  # the API cannot set the creation time of a table
MAPPED_KEYS = (
    "keys:keys-client-twice",
    "keys:keys-set-version-twice",
)  # the API takes a mapping, which cannot contain a key twice
# The C and Node.js verifiers convert targets in absolute form before they call the core crate.
ABSOLUTE_TARGET = ("client:client-target-absolute",)
# The URL parser of Node.js converts such hosts to ASCII.
FOREIGN_HOST = ("url:url-a-host-that-is-not-ascii",)
# The edge build under test cannot explain rejections. tests/edge/explain.test.mjs tests the build that can.
EXPLANATIONS = ("explain:",)
NOT_OFFERED = {
    "rust": (),
    "c": BARE_PARTS + ABSOLUTE_TARGET,
    "python": BARE_PARTS + NO_PAST_TABLE + MAPPED_KEYS,
    "node": BARE_PARTS + NO_PAST_TABLE + MAPPED_KEYS + ABSOLUTE_TARGET + FOREIGN_HOST,
    "edge": BARE_PARTS + NO_PAST_TABLE + MAPPED_KEYS + ABSOLUTE_TARGET + FOREIGN_HOST + EXPLANATIONS,
}


def cases_of(language: str, lines: dict[str, str]) -> set[str]:
    """Returns the names of the test cases that a language must run."""
    return {name for name in lines if not name.startswith(NOT_OFFERED[language])}


def of_case(name: str, case: dict) -> dict[str, str]:
    if "steps" in case:
        return {f"{name}:{at}": outcome(step["expect"]) for at, step in enumerate(case["steps"], 1)}
    if "headers" in case:
        return {name: f"signed {headers_digest(case['headers'])}"}
    if "algorithm" in case:
        return {name: f"mac {case['mac_hex']}"}
    if "url" in case.get("expect", {}):
        return {name: "url {scheme} {authority} {target}".format(**case["expect"]["url"])}
    if "explained" in case.get("expect", {}):
        return {name: explained(case["expect"]["explained"])}
    if "expect" in case:
        return {name: outcome(case["expect"])}
    mac = f" mac {case['mac_hex']}" if "mac_hex" in case else ""
    return {name: f"base {hashlib.sha256(bytes.fromhex(case['canonical_hex'])).hexdigest()}{mac}"}


def explained(it: dict) -> str:
    line = f"explained {it['outcome']} exit={it['exit_code']} reason={it['reason'] or '-'} culprit={it['culprit'] or '-'}"
    return f"{line} checks={','.join(it['checks']) or '-'}"


def outcome(expect: dict) -> str:
    """Returns the expected line of a test case. The details after the tab are optional, because some runners
    cannot print them."""
    if "accepted" in expect:
        it = expect["accepted"]
        line = f"accepted sender={it['sender']} version={it['key_version']} scheme={it['scheme']} user={it['user_id'] or '-'}"
        if it["scheme"] != "connection_string":
            line += f" as={it['name_as_sent']}"
        return f"{line}\tnonce={it['nonce'] or '-'}"
    if "rejected" in expect:
        it = expect["rejected"]
        return f"rejected {it['reason']} {it['status']} {it['text']}\tfield={it['field'] or '-'}"
    if "verified" in expect:
        return (
            f"verified version={expect['verified']['key_version']} time={expect['verified']['server_time_s']}"
        )
    if "let_through" in expect:
        return f"let-through {expect['let_through']['mode']} {expect['let_through']['reason']}"
    if "invalid" in expect:
        return f"invalid {expect['invalid']}"
    if "passes" in expect:
        return "passes" if expect["passes"] else "held"
    return "valid" if "valid" in expect else "refused"


def agree(result: str | None, line: str, *, in_detail: bool) -> bool:
    """Returns True if a printed line equals the expected line. Unless `in_detail` is true, the details may be
    missing."""
    if result is None:
        return False
    if line.startswith("invalid "):
        # A binding may start the message with the source of the entry, such as a file or an environment
        # variable.
        return result.startswith("invalid ") and result.endswith(line.removeprefix("invalid "))
    return result == line or (not in_detail and result == line.partition("\t")[0])


def headers_digest(headers: list[list[str]]) -> str:
    """Returns a hash of the headers in the given order, with names in lower case."""
    return hashlib.sha256(
        "".join(f"{name.lower()}: {value}\n" for name, value in headers).encode("latin-1")
    ).hexdigest()


def reasons_reached(lines: dict[str, str]) -> set[str]:
    rejected = {line.split()[1] for line in lines.values() if line.startswith("rejected ")}
    return rejected | {line.split()[2] for line in lines.values() if line.startswith("let-through ")}
