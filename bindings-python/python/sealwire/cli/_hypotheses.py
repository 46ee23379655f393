"""Hypotheses about changes to a request on its way. Each is a small change that is reverted before
verification.

If the signature is then valid, the hypothesis is proven, because this cannot happen by chance.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from sealwire._native import CLIENT_REQUEST_ID_HEADER, SERVICE_NAME_HEADER, KeyRing
from sealwire.cli._captured import Captured
from sealwire.cli._ring import names_in, rings_with_others_secrets

MOST: Final = 400  # per kind, to limit the time for a captured request

# Headers in which proxies store original values. None of them is part of a scheme.
ORIGINAL_TARGETS: Final = (
    "x-original-uri",
    "x-original-url",
    "x-rewrite-url",
    "x-envoy-original-path",
    "x-forwarded-uri",
)
FORWARDED_PREFIX: Final = "x-forwarded-prefix"
FORWARDED_HOST: Final = "x-forwarded-host"
PORTS: Final = (80, 443, 3000, 3001, 8000, 8001, 8080, 8081, 8443, 8888, 9000)
# An id within a header value, including the punctuation that some clients send.
REQUEST_IDS: Final = re.compile(r"[A-Za-z0-9._-]{8,128}"), re.compile(r"[!-9;-~]{8,128}")


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A single reverted change."""

    culprit: str
    sentence: str
    request: Captured
    service: str
    keys: KeyRing | None = None  # replace the original keys


@dataclass(frozen=True, slots=True)
class Case:
    """A request that does not verify, with the data for hypotheses."""

    request: Captured
    service: str
    sender: str
    secrets: dict[str, Any]
    logged_path: str | None
    prefix: str | None


def of(case: Case) -> Iterator[Hypothesis]:
    """Returns all hypotheses, the most frequent first."""
    for kind in (paths, queries, bodies, methods, hosts, request_ids, pairs, secrets):
        yield from islice(kind(case), MOST)


def paths(case: Case) -> Iterator[Hypothesis]:
    """A proxy that rewrites, strips or adds a path."""
    request = case.request
    for target in original_targets(case):
        yield changed(case, "path", "the path was rewritten on the way", replace(request, target=target))
    for prefix in prefixes(case):
        sentence = f"the prefix {prefix} was removed from the path on the way"
        yield changed(case, "path", sentence, replace(request, target=prefix + request.target))
    parts = request.path.split("/")
    for count in range(2, len(parts)):
        gone = "/".join(parts[:count])
        rest = "/" + "/".join(parts[count:])
        yield changed(
            case, "path", f"the prefix {gone} was added to the path on the way", request.with_path(rest)
        )
    for sentence, path in spellings(request.path):
        yield changed(case, "path", sentence, request.with_path(path))


def original_targets(case: Case) -> Iterator[str]:
    """Returns targets that are in a header or in the log."""
    for name in ORIGINAL_TARGETS:
        if value := case.request.header(name):
            parts = urlsplit(value)
            yield parts.path + (f"?{parts.query}" if parts.query else "")
    if case.logged_path:
        yield case.request.with_path(case.logged_path).target


def prefixes(case: Case) -> Iterable[str]:
    """Returns prefixes that a proxy may have stripped."""
    told = [case.prefix, case.request.header(FORWARDED_PREFIX), f"/{case.service}", "/api", "/v1", "/api/v1"]
    return [prefix.rstrip("/") for prefix in told if prefix]


def spellings(path: str) -> Iterator[tuple[str, str]]:
    """Returns equivalent paths with different spellings."""
    yield "the path was percent-decoded on the way", quote(path, safe="/:@!$&'()*+,;=~")
    yield "the path was percent-encoded on the way", unquote(path)
    yield "a slash was added to the end of the path on the way", path.rstrip("/")
    yield "the slash at the end of the path was removed on the way", path + "/"
    yield "repeated slashes in the path were merged on the way", path.replace("/", "//", 1)
    yield "the path's case was changed on the way", path.lower()


def queries(case: Case) -> Iterator[Hypothesis]:
    """Returns queries that were dropped, sorted or encoded again."""
    request, query = case.request, case.request.query
    fields = parse_qsl(query, keep_blank_values=True)
    spelt = {
        "a query was added on the way": "",
        "the query was encoded again on the way": urlencode(fields),
        "the query's spaces were encoded again on the way": urlencode(fields, quote_via=quote),
        "the query's fields were sorted or moved on the way": urlencode(fields[::-1]),
        "an empty query was dropped on the way": "?",
    }
    for sentence, other in spelt.items():
        target = request.path + (f"?{other}" if other not in ("", "?") else other)
        yield changed(case, "query", sentence, replace(request, target=target))


def bodies(case: Case) -> Iterator[Hypothesis]:
    """A body that was parsed and serialised again, truncated, or terminated differently."""
    for sentence, body in other_bodies(case.request.body):
        yield changed(case, "body", sentence, replace(case.request, body=body))


def other_bodies(body: bytes) -> Iterator[tuple[str, bytes]]:
    """Returns possible original bodies."""
    try:
        parsed = json.loads(body)
    except ValueError:
        parsed = None
    if parsed is not None:
        for text in dumps(parsed):
            yield "the body was parsed and serialised again, so its bytes differ from the signed bytes", text
    yield "the final line break of the body was removed", body + b"\n"
    yield "a line break was added to the end of the body", body.rstrip(b"\r\n")
    yield "the line breaks of the body were changed to CR LF", body.replace(b"\r\n", b"\n")
    yield "the line breaks of the body were changed to LF", body.replace(b"\n", b"\r\n")
    yield "the body was added on the way, or the sender signed without it", b""


def dumps(parsed: object) -> Iterator[bytes]:
    """Returns JSON as written by common serialisers: compact, spaced or indented, with original or sorted
    keys."""
    styles: list[dict[str, Any]] = [
        {"separators": (",", ":")},
        {},
        {"indent": 2},
        {"indent": 4},
        {"indent": "\t"},
    ]
    for style in styles:
        for ascii_only in (True, False):
            for sort in (False, True):
                text = json.dumps(parsed, ensure_ascii=ascii_only, sort_keys=sort, **style)
                yield text.encode()
                yield text.encode() + b"\n"


def methods(case: Case) -> Iterator[Hypothesis]:
    """A method that was changed."""
    for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"):
        if method != case.request.method:
            yield changed(
                case, "method", "the method was changed on the way", replace(case.request, method=method)
            )


def hosts(case: Case) -> Iterator[Hypothesis]:
    """A proxy that replaces the called host by its own."""
    host = case.request.header("host") or ""
    told = [
        case.request.header(FORWARDED_HOST),
        host.partition(":")[0],
        host.replace(host.partition(":")[0], case.service, 1),
        case.service,
    ]
    # nginx's `Host $host` removes the port.
    told += [f"{name}:{port}" for name in told if name and ":" not in name for port in PORTS]
    sentence = "the host was changed on the way; configure the proxy to preserve it, or exclude the authority on both sides"
    for other in told:
        if other and other != host:
            yield changed(case, "authority", sentence, case.request.with_header("host", other))


def request_ids(case: Case) -> Iterator[Hypothesis]:
    """A proxy that replaces the signed request id by its own."""
    current = case.request.header(CLIENT_REQUEST_ID_HEADER)
    if current is None:
        return
    sentence = (
        f"{CLIENT_REQUEST_ID_HEADER} was replaced on the way; configure the proxy to pass it on unchanged"
    )
    found = (
        word for _, value in case.request.headers for form in REQUEST_IDS for word in form.findall(value)
    )
    words = set(found) - {current}
    for word in sorted(words):
        yield changed(case, "request id", sentence, case.request.with_header(CLIENT_REQUEST_ID_HEADER, word))


def pairs(case: Case) -> Iterator[Hypothesis]:
    """Names of the wrong sender or receiver."""
    names = names_in(case.secrets)
    for name in names:
        yield Hypothesis("pair", meant_for(name, case.service), case.request, name)
    for name in names:
        if case.request.header(SERVICE_NAME_HEADER) not in (None, name):
            sentence = f"it was signed as {name}, but names the sender {case.sender}"
            renamed = case.request.with_header(SERVICE_NAME_HEADER, name)
            yield Hypothesis("pair", sentence, renamed, case.service)
            yield Hypothesis("pair", sentence, renamed, case.sender)


def meant_for(name: str, service: str) -> str:
    """Returns the message for a signature that another service would accept."""
    return f"it was signed for {name}, not for {service}: the sender has the wrong pair, or the wrong address"


def secrets(case: Case) -> Iterator[Hypothesis]:
    """The correct names with the secret of another entry."""
    pair = "/".join(sorted((case.sender, case.service)))
    for name in (pair, case.sender):
        for other, ring in rings_with_others_secrets(case.secrets, name):
            sentence = (
                f"it was signed with the secret of {other}: the sender's configuration has the wrong pair"
            )
            yield Hypothesis("pair", sentence, case.request, case.service, ring)


def changed(case: Case, culprit: str, sentence: str, request: Captured) -> Hypothesis:
    """Returns the request as it may have been sent."""
    return Hypothesis(culprit, sentence, request, case.service)
