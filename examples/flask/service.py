"""A Flask service that `agent` may call."""

from flask import Flask, request
from sealwire.wsgi import HMACAuthMiddleware

app = Flask(__name__)
app.wsgi_app = HMACAuthMiddleware(app.wsgi_app, service_name="practices")


@app.post("/items")
def items() -> str:
    """Returns the name of the caller."""
    return f"called by {request.environ['sealwire.identity'].sender}"
