"""The lines that all runners must print, derived only from the vectors."""

import hashlib
import json
import pathlib

VECTORS = pathlib.Path(__file__).resolve().parent.parent / "vectors"
# The order of the table. rfc4231 is first, because all others depend on it.
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
    """Returns the expected line of each case, in the order of the files."""
    lines: dict[str, str] = {}
    for path in vector_paths():
        for case in json.loads(path.read_text())["cases"]:
            lines |= of_case(f"{path.stem}:{case['name']}", case)
    return lines


# Cases that the interface of a language does not support, with the reason.
BARE_PARTS = ("rfc4231:", "message:base-")  # single MACs and signature bases exist only in core
NO_RESPONSES = ("response:",)  # does not support signed responses yet
NO_PAST_TABLE = ("replay:replay-table-younger-than-request:",)  # the creation time of a table cannot be set
MAPPED_KEYS = ("keys:keys-client-twice", "keys:keys-set-version-twice")  # mappings cannot repeat a key
# The verifiers of C and Node.js accept a target in absolute form, so core never receives it.
ABSOLUTE_TARGET = ("client:client-target-absolute",)
# Node.js has a URL parser that converts such hosts, like fetch.
FOREIGN_HOST = ("url:url-a-host-that-is-not-ascii",)
# Only the larger build of the edge runtime explains rejections; tests/edge/explain.test.mjs runs the vectors with it.
EXPLANATIONS = ("explain:",)
NOT_OFFERED = {
    "rust": (),
    "c": BARE_PARTS + ABSOLUTE_TARGET,
    "python": BARE_PARTS + NO_PAST_TABLE + MAPPED_KEYS,
    "node": BARE_PARTS + NO_PAST_TABLE + MAPPED_KEYS + ABSOLUTE_TARGET + FOREIGN_HOST,
    "edge": BARE_PARTS + NO_PAST_TABLE + MAPPED_KEYS + ABSOLUTE_TARGET + FOREIGN_HOST + EXPLANATIONS,
}


def cases_of(language: str, lines: dict[str, str]) -> set[str]:
    """Returns the cases that a language must run."""
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
    """Returns the line of a case. Details after a tab are printed only by runners whose interface provides
    them."""
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
    """Returns whether a line is as expected. Details are compared if present, and required with
    `in_detail`."""
    if result is None:
        return False
    if line.startswith("invalid "):
        # A binding may add the source of the entry, such as the file or the variable, in front.
        return result.startswith("invalid ") and result.endswith(line.removeprefix("invalid "))
    return result == line or (not in_detail and result == line.partition("\t")[0])


def headers_digest(headers: list[list[str]]) -> str:
    """Hashes one line per header, in the order sent, with the name in lower case."""
    return hashlib.sha256(
        "".join(f"{name.lower()}: {value}\n" for name, value in headers).encode("latin-1")
    ).hexdigest()


def reasons_reached(lines: dict[str, str]) -> set[str]:
    rejected = {line.split()[1] for line in lines.values() if line.startswith("rejected ")}
    return rejected | {line.split()[2] for line in lines.values() if line.startswith("let-through ")}
