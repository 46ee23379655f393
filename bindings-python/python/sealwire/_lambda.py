"""The target of a request that AWS Lambda received as an event, for hosts such as Mangum.

These hosts provide no raw path. Amazon API Gateway also decodes the query in events of version 1, so the bytes that were signed are
not known. Each form that common clients send is tried. All of them have the same parameters for the application.
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
# Unencoded in a path, besides letters, digits and percent codes (RFC 3986 section 3.3).
PLAIN_IN_PATHS: Final = "/-._~!$&'()*+,;=:@%"
# The characters that `encodeURIComponent` in JavaScript does not encode.
PLAIN_IN_COMPONENTS: Final = "-._~!'()*"
# The characters that browsers and most clients do not encode in the query of a URL.
PLAIN_IN_URLS: Final = "-._~!$'()*,;:@/?[]"
MAX_TARGETS: Final = 4


def begin_in_lambda(begin: Callable[..., Pending | None], scope: Scope) -> Pending | None:
    """Begins the verification with the first target whose signature is valid."""
    targets = list(targets_of(scope))
    for target in targets[:-1]:
        try:
            return begin(scope, target)
        except Rejected as rejected:
            if rejected.reason != SIGNATURE_MISMATCH:
                raise
    return begin(scope, targets[-1])


def targets_of(scope: Scope) -> Iterator[str]:
    """The possible targets, the most probable one first; at most `MAX_TARGETS`."""
    event = scope[EVENT]
    path = path_of(scope, event)
    queries = dict.fromkeys(queries_of(scope, event))  # without repetitions
    return (f"{path}?{query}" if query else path for query in islice(queries, MAX_TARGETS))


def path_of(scope: Scope, event: Mapping[str, Any]) -> str:
    """The path on the wire. REST APIs and load balancers report it encoded, HTTP APIs decoded."""
    routed: str = scope["path"]
    reported = event.get("path") or event.get("rawPath") or ""
    # The path rules apply to the path that the application routes, not to the path in the event.
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
    """The parameters of the query, grouped by name."""
    several = event.get("multiValueQueryStringParameters")
    given = several or event.get("queryStringParameters") or {}
    for name, values in given.items():
        for value in values if isinstance(values, list | tuple) else [values]:
            yield str(name), str(value)
