"""Functions that change a signed request."""

from dataclasses import replace

from .wire import Request


def with_body(request: Request, body: bytes) -> Request:
    return replace(request, body=body)


def with_target(request: Request, target: str) -> Request:
    return replace(request, target=target)


def with_method(request: Request, method: str) -> Request:
    return replace(request, method=method)


def with_header(request: Request, name: str, change) -> Request:
    """Changes the value of a header. Raises ValueError if the request does not have this header."""
    if name not in dict(request.headers):
        raise ValueError(f"{name} is not among the headers")
    headers = [(held, change(value) if held == name else value) for held, value in request.headers]
    return replace(request, headers=headers)


def with_line(request: Request, name: str, value: str) -> Request:
    return replace(request, headers=[*request.headers, (name, value)])


def doubled(request: Request, name: str) -> Request:
    """Repeats a header line with the same value."""
    return with_line(request, name, dict(request.headers)[name])


def without(request: Request, *names: str) -> Request:
    return replace(request, headers=[line for line in request.headers if line[0] not in names])


def joined(one: Request, other: Request) -> Request:
    """Returns the first request with the headers of both requests."""
    return replace(one, headers=[*one.headers, *other.headers])
