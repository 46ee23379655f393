"""Finds the target of a request that AWS Lambda received as an event, for adapters such as Mangum.

Such adapters do not provide the raw path. In version 1 events, Amazon API Gateway also decodes the query.
The signed bytes are therefore unknown, and each encoding used by common clients is tried. The application
receives the same parameters for each of these encodings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from itertools import islice
from typing import Any, Final
from urllib.parse import quote, quote_plus, unquote

from sealwire._errors import Rejected
from sealwire._native import SIGNATURE_MISMATCH, Pending

Scope = MutableMapping[str, Any]

EVENT: Final = "aws.event"
# The characters that are not encoded in a path, in addition to letters and digits (RFC 3986 section 3.3). `%`
# is included, because it begins a percent-encoded character.
PLAIN_IN_PATHS: Final = "/-._~!$&'()*+,;=:@%"
# The characters that `encodeURIComponent` in JavaScript does not encode.
PLAIN_IN_COMPONENTS: Final = "-._~!'()*"
# The characters that browsers and most clients do not encode in the query of a URL.
PLAIN_IN_URLS: Final = "-._~!$'()*,;:@/?[]"
MAX_TARGETS: Final = 4


def begin_in_lambda(begin: Callable[..., Pending | None], scope: Scope) -> Pending | None:
    """Begins the verification with the first possible target that matches the signature."""
    targets = list(targets_of(scope))
    for target in targets[:-1]:
        try:
            return begin(scope, target)
        except Rejected as rejected:
            if rejected.reason != SIGNATURE_MISMATCH:
                raise
    return begin(scope, targets[-1])


def targets_of(scope: Scope) -> Iterator[str]:
    """Returns at most `MAX_TARGETS` possible targets, the most probable one first."""
    event = scope[EVENT]
    path = path_of(scope, event)
    queries = dict.fromkeys(queries_of(scope, event))  # a dict removes repeated queries
    return (f"{path}?{query}" if query else path for query in islice(queries, MAX_TARGETS))


def path_of(scope: Scope, event: Mapping[str, Any]) -> str:
    """Returns the encoded path. REST APIs and load balancers report an encoded path, and HTTP APIs report a
    decoded path."""
    routed: str = scope["path"]
    reported = event.get("path") or event.get("rawPath") or ""
    # Path rules apply to the path used for routing, so a different path in the event is ignored.
    if not isinstance(reported, str) or unquote(reported) != routed:
        return quote(routed, safe=PLAIN_IN_PATHS.replace("%", ""))
    return quote(reported, safe=PLAIN_IN_PATHS)


def queries_of(scope: Scope, event: Mapping[str, Any]) -> Iterator[str]:
    reported: str = scope.get("query_string", b"").decode("latin-1")
    pairs = list(parameters(event))
    if "rawQueryString" in event or not pairs:
        yield reported
        return
    if "elb" in event.get("requestContext", {}):
        yield "&".join(f"{name}={value}" for name, value in pairs)  # a load balancer does not decode
    else:
        yield joined(pairs, lambda text: quote(text, safe=PLAIN_IN_COMPONENTS))
        yield joined(pairs, lambda text: quote(text, safe=PLAIN_IN_URLS))
        yield joined(pairs, quote_plus)
    yield reported


def joined(pairs: list[tuple[str, str]], encode: Callable[[str], str]) -> str:
    return "&".join(f"{encode(name)}={encode(value)}" for name, value in pairs)


def parameters(event: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Returns the parameters of the query, grouped by name."""
    several = event.get("multiValueQueryStringParameters")
    given = several or event.get("queryStringParameters") or {}
    for name, values in given.items():
        for value in values if isinstance(values, list | tuple) else [values]:
            yield str(name), str(value)
