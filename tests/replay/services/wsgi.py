"""A WSGI service that reloads its keys and writes their status to a file. Both start when the module is
imported, as in the README."""

import json
import os

from sealwire.secrets import Reloader, StatusFile, load
from sealwire.wsgi import HMACAuthMiddleware

KEYS = os.environ["KEYS"]
keys = load(KEYS)
Reloader(keys, lambda: load(KEYS), path=KEYS, look_every=0.1).start()
StatusFile(keys, os.environ["STATUS"], "orders").start(every=0.1)


def worker(environ, start_response):
    body = json.dumps({"worker": os.getpid()}).encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


app = HMACAuthMiddleware(worker, "orders", keys=keys, schemes=["client"])
