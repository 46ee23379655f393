"""A FastAPI service and two kinds of middleware that verify its requests. One is Sealwire, and the other
implements the design document of the existing services."""

from fastapi import FastAPI
from samples import ring
from sealwire.asgi import HMACAuthMiddleware
from spec import SpecMiddleware


def fastapi_app() -> FastAPI:
    app = FastAPI()

    @app.post("/graphql")
    async def graphql(payload: dict) -> dict:
        return {"data": len(payload)}

    return app


def sealwired(app):
    return HMACAuthMiddleware(app, "practices", keys=ring(), schemes=["pairwise"])


def specced(app):
    return SpecMiddleware(app, "practices")
