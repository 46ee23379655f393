"""A test service whose responses a cache may store. It runs behind a caching proxy."""

import itertools
import pathlib
import tempfile

import flask
from sealwire import KeyRing, ReplayTable
from sealwire.asgi import HMACAuthMiddleware
from sealwire.wsgi import HMACAuthMiddleware as WSGIMiddleware
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.responses import FileResponse, PlainTextResponse, StreamingResponse
from starlette.routing import Route

count = itertools.count(1)
FILE = pathlib.Path(tempfile.mkdtemp()) / "report.txt"
FILE.write_text("a report for verified callers")
# The headers that the application adds to the response, by path. Only the response of /own has a
# Cache-Control header from the application.
HEADERS = {
    "/plain": {},
    "/expires": {"Expires": "Fri, 01 Jan 2100 00:00:00 GMT"},
    "/etag": {"ETag": '"1"', "Last-Modified": "Fri, 01 Jan 2016 00:00:00 GMT"},
    "/vary": {"Vary": "Accept"},
    "/own": {"Cache-Control": "public, max-age=60"},
}


def settings():
    return {
        "service_name": "practices",
        "keys": KeyRing.from_env("practices"),
        "schemes": ["message", "pairwise"],
        "replay": ReplayTable.heap(accept_older=True),
    }


def text(sender, key="identity"):
    return f"{sender} {next(count)}"


async def plain(request):
    return PlainTextResponse(text(request.state.identity.sender), headers=HEADERS[request.url.path])


async def stream(request):
    return StreamingResponse(iter([text(request.state.identity.sender), "."]), media_type="text/plain")


async def failed(request):
    return PlainTextResponse(text(request.state.identity.sender), 404)


async def moved(request):
    return PlainTextResponse(text(request.state.identity.sender), 301, {"Location": "/plain"})


async def file(request):
    return FileResponse(FILE, background=BackgroundTask(lambda: next(count)))


_routes = [Route(path, plain, methods=["GET", "HEAD"]) for path in HEADERS]
_routes += [Route(f"/{view.__name__}", view) for view in (stream, failed, moved, file)]
asgi = HMACAuthMiddleware(Starlette(routes=_routes), **settings())

_app = flask.Flask("practices")


def sender():
    return flask.request.environ["sealwire.identity"].sender


for _path in HEADERS:
    _app.add_url_rule(_path, _path, lambda path=_path: (text(sender()), HEADERS[path]))
_app.add_url_rule("/stream", "stream", lambda: flask.Response(iter([text(sender()), "."])))
_app.add_url_rule("/failed", "failed", lambda: (text(sender()), 404))
_app.add_url_rule("/moved", "moved", lambda: (text(sender()), 301, {"Location": "/plain"}))
_app.add_url_rule("/file", "file", lambda: flask.send_file(FILE))
wsgi = WSGIMiddleware(_app.wsgi_app, **settings())
