"""Runs the FastAPI service on loopback, with one of the middleware implementations or without verification.
Usage: serve.py KIND PORT"""

import sys

import uvicorn
from apps import fastapi_app, sealwired, specced

KINDS = {"sealwire": sealwired, "BaseHTTPMiddleware": specced, "none": lambda app: app}


def main(kind: str, port: str) -> None:
    app = KINDS[kind](fastapi_app())
    uvicorn.run(app, port=int(port), loop="uvloop", http="httptools", access_log=False, log_level="error")


if __name__ == "__main__":
    main(*sys.argv[1:])
