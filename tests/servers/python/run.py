"""Sends all kinds of requests to each server in each scheme, and prints a table. If a test fails, the table
contains the error.

`--short` tests a few servers, `--only NAME` tests one server, and `--record FILE` writes the table as JSON.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import platform
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import apps
from hosts import Call, Host, LambdaHost, TestClientHost, in_process, over_sockets, shown
from sealwire import Signer

PYTHON = [sys.executable, "-m"]
GET, LARGE = "/x?a=1&a=2&b=c%20d", b"x" * 200_000
SHORT = ("uvicorn httptools", "hypercorn", "gunicorn, Flask", "uwsgi, Flask", "Mangum, version 1")


def uvicorn(parser: str = "httptools") -> list[str]:
    return [
        *PYTHON,
        "uvicorn",
        "service:application",
        "--http",
        parser,
        "--port",
        "{port}",
        "--log-level",
        "warning",
    ]


HYPERCORN = [*PYTHON, "hypercorn", "service:application", "--bind", "127.0.0.1:{port}"]


def granian(interface: str) -> list[str]:
    return [
        *PYTHON,
        "granian",
        "service:application",
        "--interface",
        interface,
        "--port",
        "{port}",
        "--log-level",
        "warning",
    ]


def gunicorn(*more: str) -> list[str]:
    return [
        *PYTHON,
        "gunicorn",
        "service:application",
        "--bind",
        "127.0.0.1:{port}",
        "--log-level",
        "warning",
        *more,
    ]


WAITRESS = [*PYTHON, "waitress", "--listen", "127.0.0.1:{port}", "service:application"]
UWSGI = [
    sys.executable,
    "-c",
    "import pyuwsgi, sys; pyuwsgi.run(sys.argv[1:])",
    "--http-socket",
    "127.0.0.1:{port}",
]
UWSGI += ["--wsgi", "service:application", "--master", "--need-app", "--disable-logging", "--enable-threads"]
DAPHNE = [*PYTHON, "daphne", "-b", "127.0.0.1", "-p", "{port}", "service:application"]

# daphne and waitress read the whole body before they call the application, so they have `responds_early=False`.
SERVERS: dict[str, Callable[[], AbstractContextManager[Host]]] = {
    "uvicorn h11": partial(over_sockets, "fastapi", uvicorn("h11")),
    "uvicorn httptools": partial(over_sockets, "fastapi", uvicorn()),
    "uvicorn, plain ASGI": partial(over_sockets, "plain", uvicorn()),
    "uvicorn, Litestar": partial(over_sockets, "litestar", uvicorn()),
    "uvicorn, Django": partial(over_sockets, "django_asgi", uvicorn()),
    "hypercorn": partial(over_sockets, "fastapi", HYPERCORN, http2=True),
    "hypercorn, Quart": partial(over_sockets, "quart", HYPERCORN, http2=True),
    "hypercorn, Django": partial(over_sockets, "django_asgi", HYPERCORN, http2=True),
    "daphne": partial(over_sockets, "fastapi", DAPHNE, responds_early=False),
    "granian": partial(over_sockets, "fastapi", granian("asgi"), http2=True),
    "granian, Litestar": partial(over_sockets, "litestar", granian("asgi"), http2=True),
    "granian, Flask": partial(over_sockets, "flask", granian("wsgi"), http2=True),
    "gunicorn, Flask": partial(over_sockets, "flask", gunicorn()),
    "gunicorn threads, Flask": partial(over_sockets, "flask", gunicorn("--threads", "2")),
    "gunicorn, Django": partial(over_sockets, "django_wsgi", gunicorn(), reads_chunks=False),
    "waitress, Flask": partial(over_sockets, "flask", WAITRESS, responds_early=False),
    "uwsgi, Flask": partial(over_sockets, "flask", UWSGI, reads_chunks=False),
    "Mangum, version 1": partial(in_process, partial(LambdaHost, "1.0")),
    "Mangum, version 2": partial(in_process, partial(LambdaHost, "2.0")),
    "Starlette TestClient": partial(in_process, TestClientHost),
}

Send = Callable[[Call], tuple[int | None, bytes]]


class Cells:
    """The tests for one server and one scheme. A test returns None, a description of the error, or `-` if the
    server does not support the request."""

    def __init__(self, host: Host, scheme: str) -> None:
        self._host = host
        self._scheme = scheme
        self._name = apps.CLIENT if scheme == "client" else apps.PAIR[0]
        self._signer = Signer(self._name, apps.KEYS, schemes=[scheme])

    def all(self) -> dict[str, Callable[[], str | None]]:
        send = self._host.send
        return {
            "GET": lambda: self._accepted(send, "GET"),
            "JSON": lambda: self._accepted(send, "POST", b'{"a":1}'),
            "upload 200 KB": lambda: self._accepted(send, "POST", LARGE),
            "chunked": self._chunked,
            "forged": self._forged,
            "no body read": self._no_body_read,
            "HTTP/2": self._http2,
            "WebSocket": self._websocket,
        }

    def _signed(self, method: str, target: str, body: bytes | None, *, framed: bool = True) -> Call:
        url = f"{self._host.origin}{target}"
        headers = self._signer.sign(method, url, body=body, receiver=apps.SERVICE, as_sent=True)
        if body is not None:
            headers = {**headers, "Content-Type": "application/json"}
        return Call(method, target, headers, body, framed)

    def _accepted(
        self, send: Send, method: str, body: bytes | None = None, *, framed: bool = True
    ) -> str | None:
        status, received = send(self._signed(method, GET if body is None else "/x", body, framed=framed))
        found = shown(received)
        expected = {"sender": self._name, "scheme": self._scheme, "length": len(body or b"")}
        return None if (status, found) == (200, expected) else f"status {status}: {found}"

    def _chunked(self) -> str | None:
        if self._scheme == "client" and not self._host.reads_chunks:
            return "-"
        return self._accepted(self._host.send, "POST", LARGE, framed=False)

    def _forged(self) -> str | None:
        call = self._signed("POST", "/y", b'{"a":1}')
        unsigned = Call("POST", "/x", {"Content-Type": "application/json"}, call.body)
        for forged in (Call("POST", "/x", call.headers, call.body), unsigned):
            status, _ = self._host.send(forged)
            if status != apps.UNAUTHORIZED:
                return f"status {status}, not {apps.UNAUTHORIZED}"
        return None

    def _no_body_read(self) -> str | None:
        return self._early(self._host.send_head) if self._host.send_head else "-"

    def _early(self, send_head: Callable[[Call], int | None]) -> str | None:
        # In pairwise, one MAC covers the path and the body, so a wrong path cannot be detected without the
        # body. The request is unsigned instead.
        call = self._signed("POST", "/y", LARGE)
        headers = {} if self._scheme == "pairwise" else call.headers
        status = send_head(Call("POST", "/x", headers, LARGE))
        if status != apps.UNAUTHORIZED:
            return f"status {status}, not {apps.UNAUTHORIZED}"
        return self._accepted(self._host.send, "GET")

    def _websocket(self) -> str | None:
        send = self._host.send_websocket
        if send is None:
            return "-"
        call = self._signed("GET", "/ws", None)
        status, received = send(Call("GET", "/ws", call.headers, b"hello"))
        expected = {"sender": self._name, "scheme": self._scheme, "length": 5}
        if (status, shown(received)) != (200, expected):
            return f"status {status}: {shown(received)}"
        # Some servers cannot send a custom response to a rejected handshake. They send 403.
        refused, _ = send(Call("GET", "/ws", self._signed("GET", "/other", None).headers, b"hello"))
        return None if refused in (apps.UNAUTHORIZED, 403) else f"status {refused} for a forged handshake"

    def _http2(self) -> str | None:
        send = self._host.send_two
        if send is None:
            return "-"
        return (
            self._accepted(send, "GET")
            or self._accepted(send, "POST", b'{"a":1}')
            or self._accepted(send, "POST", LARGE)
            or self._accepted(send, "POST", LARGE, framed=False)
            or (self._early(self._host.send_head_two) if self._host.send_head_two else None)
        )


def cell(run: Callable[[], str | None]) -> str:
    try:
        return run() or "ok"
    except TimeoutError:
        return "hangs"
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def main() -> int:
    arguments = parsed()
    logging.getLogger("sealwire").setLevel(logging.CRITICAL)
    chosen = [
        name for name in SERVERS if arguments.only in (None, name) and (not arguments.short or name in SHORT)
    ]
    width = max(map(len, chosen))
    rows: list[dict[str, str]] = []
    for name in chosen:
        with SERVERS[name]() as host:
            for scheme in apps.SCHEMES:
                cells = {column: cell(run) for column, run in Cells(host, scheme).all().items()}
                if not rows:
                    print(" | ".join(["server".ljust(width), "scheme  ", *cells]))
                rows.append({"server": name, "scheme": scheme, **cells})
                values = [value[: len(column)].ljust(len(column)) for column, value in cells.items()]
                print(" | ".join([name.ljust(width), scheme.ljust(8), *values]), flush=True)
    return finish(rows, arguments.record)


def finish(rows: list[dict[str, str]], record: Path | None) -> int:
    faults = [
        f"{row['server']}, {row['scheme']}, {column}: {value}"
        for row in rows
        for column, value in row.items()
        if column not in ("server", "scheme") and value not in ("ok", "-")
    ]
    for fault in faults:
        print(fault)
    print(f"{len(faults)} wrong of {sum(len(row) - 2 for row in rows)}")
    if record:
        record.write_text(json.dumps({"python": platform.python_version(), "rows": rows}, indent=1) + "\n")
    return 1 if faults else 0


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="a few servers")
    parser.add_argument("--only", choices=SERVERS, help="one server")
    parser.add_argument("--record", type=Path, help="the file to write")
    return parser.parse_args()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(main())
