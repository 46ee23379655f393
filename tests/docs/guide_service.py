"""The service that the guides describe. It reloads the files keys.toml and modes.toml, and exports metrics.

Usage: guide_service.py NAME PORT METRICS_PORT, in the folder with these files.
"""

import sys
from wsgiref.simple_server import WSGIRequestHandler, make_server

from prometheus_client import start_http_server
from sealwire.metrics import Metrics
from sealwire.secrets import Reloader, load, load_modes
from sealwire.wsgi import HMACAuthMiddleware


class Quiet(WSGIRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """Does not log requests."""


def application(_environ: dict, start_response) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"ok"]


def main(name: str, port: str, metrics_port: str) -> None:
    def read():
        return load("keys.toml", service=name)

    keys, modes, metrics = read(), load_modes("modes.toml"), Metrics()
    Reloader(keys, read, path="keys.toml").start()
    Reloader(modes, lambda: load_modes("modes.toml"), path="modes.toml").start()
    metrics.watch(keys=keys, modes=modes)
    settings = {"keys": keys, "modes": modes, "metrics": metrics, "replay": "heap", "authorities": "any"}
    app = HMACAuthMiddleware(application, service_name=name, **settings)
    start_http_server(int(metrics_port), "127.0.0.1")
    make_server("127.0.0.1", int(port), app, handler_class=Quiet).serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
