"""A FastAPI service in three variants: without verification, with Sealwire, and with the design in the
documents."""

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
