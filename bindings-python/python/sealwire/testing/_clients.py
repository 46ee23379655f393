"""Signs the requests that the test clients of web frameworks send."""

from __future__ import annotations

from io import BytesIO
from typing import Any, TypeVar, Unpack

from sealwire._errors import ConfigError
from sealwire._origins import Origin
from sealwire._signing import Receiver, Signing, SigningOptions
from sealwire._wsgi import Environ, headers_of, length_of, target_of
from sealwire.testing._signs import Check, Sign
from sealwire.testing._transports import for_tests
from sealwire.wsgi import HMACAuthMiddleware

Client = TypeVar("Client")


def signed(
    client: Client,
    name: str,
    receiver: Receiver = "",
    *,
    application: HMACAuthMiddleware | None = None,
    **options: Unpack[SigningOptions],
) -> Client:
    """Changes a test client so that it signs each request as `name`, and returns the client.

    `client` is the test client of Starlette, FastAPI, Flask, Werkzeug or Django, or any client of httpx or
    httpx2. The settings are the same as for all client integrations. Django's test client calls the views
    directly, without the WSGI application of the project. Pass the middleware of the project as
    `application`, so that each request goes through the middleware.
    """
    library = library_of(client)
    if application is not None and library != "django":
        raise ConfigError(
            "application: only the client of Django needs it; the others call the application they were made for"
        )
    if library == "httpx2":
        from sealwire.httpx2 import signed as signed_httpx2

        return for_tests(signed_httpx2(client, name, receiver, **options))  # type: ignore[type-var]
    if library == "httpx":
        from sealwire.httpx import signed as signed_httpx

        return for_tests(signed_httpx(client, name, receiver, **options))  # type: ignore[type-var]
    signing = Signing(name, receiver, **options)
    sign = signing_environ(signing)
    if library == "werkzeug":
        return signed_werkzeug(client, sign, signing.verifies_responses)
    from sealwire.testing._django import signed_django

    return signed_django(client, sign, application, signing.verifies_responses)


def library_of(client: object) -> str:
    """Returns the package that defines a client's class or one of its base classes."""
    packages = [base.__module__ for base in type(client).__mro__]
    for package in ("httpx2", "httpx", "werkzeug"):
        if any(module.partition(".")[0] == package for module in packages):
            return package
    if "django.test.client" in packages and hasattr(client, "handler") and not is_async(client):
        return "django"
    raise ConfigError(
        f"client: pass a test client of Starlette, FastAPI, Flask, Werkzeug or Django, or a client of httpx or httpx2, not "
        f"{type(client).__name__}. Django's AsyncClient and RequestFactory are not supported"
    )


def is_async(client: object) -> bool:
    """Returns whether a client is Django's `AsyncClient`."""
    return any(base.__name__ == "AsyncClient" for base in type(client).__mro__)


def signed_werkzeug(client: Client, sign: Sign, verifies: bool) -> Client:
    """Changes a Werkzeug test client so that it signs each request, including redirects, and optionally
    verifies responses."""
    inside: Any = client
    run = inside.run_wsgi_app

    def run_signed(environ: Environ, buffered: bool = False) -> object:
        check = sign(environ)
        if not verifies:
            return run(environ, buffered=buffered)
        pieces, status, headers = run(environ, buffered=True)
        body = b"".join(pieces)
        check(int(status.partition(" ")[0]), list(headers), body)
        return [body], status, headers

    inside.run_wsgi_app = run_signed
    return client


def signing_environ(signing: Signing) -> Sign:
    """Returns a function that signs a WSGI environment and returns a second function, which verifies the
    response."""

    earlier: dict[str, str] = {}

    def sign(environ: Environ) -> Check:
        for earlier_name, value in earlier.items():
            if environ.get(earlier_name) == value:
                del environ[earlier_name]  # the client copies the old signature to a redirect
        host = environ.setdefault("HTTP_HOST", host_of(environ))
        if signing.origins is not None:
            signing.check_origin(Origin.of_parts(environ["wsgi.url_scheme"], host))
        body = environ["wsgi.input"].read(length_of(environ))
        environ["wsgi.input"] = BytesIO(body)
        url = f"{environ['wsgi.url_scheme']}://{host}{target_of(environ)}"
        headers = list(headers_of(environ))
        method, name = environ["REQUEST_METHOD"], host.partition(":")[0]
        added = signing.headers(method, url, name, headers, body)
        variables = {variable(header): value for header, value in added.items()}
        earlier.update(variables)
        environ.update(variables)
        sent = [*headers, *added.items()]
        return lambda status, received, content: signing.check(
            method, url, name, sent, status, received, content
        )

    return sign


def variable(name: str) -> str:
    """Returns the name of the WSGI variable for a header."""
    return f"HTTP_{name.upper().replace('-', '_')}"


def host_of(environ: Environ) -> str:
    """Returns the host and port for a request without a `Host` header."""
    name, port = environ["SERVER_NAME"], str(environ["SERVER_PORT"])
    usual = "443" if environ["wsgi.url_scheme"] == "https" else "80"
    return name if port == usual else f"{name}:{port}"
