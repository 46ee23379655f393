"""One FastAPI service three times: unguarded, behind Sealwire, behind the documents' own design."""

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
