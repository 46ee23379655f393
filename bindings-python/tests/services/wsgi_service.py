"""A WSGI service for tests with gunicorn. Environment variables configure it."""

import os

from flask import Flask, request
from sealwire import ReplayTable
from sealwire.wsgi import HMACAuthMiddleware

app = Flask("practices")


@app.route("/<path:path>", methods=["GET", "POST"])
def show(path):
    return {"sender": request.environ["sealwire.authenticated_service"], "worker": os.getpid()}


app.wsgi_app = HMACAuthMiddleware(
    app.wsgi_app, "practices", ["/health"], replay=ReplayTable.mapped(os.environ["REPLAY_TABLE"])
)
