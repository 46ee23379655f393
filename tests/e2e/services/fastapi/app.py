"""The service `practices`: a FastAPI service with Sealwire's middleware. Its response contains the sender and the
received body."""

import os

from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse
from sealwire import ReplayTable
from sealwire.asgi import HMACAuthMiddleware

app = FastAPI()
app.add_middleware(
    HMACAuthMiddleware,
    service_name="practices",
    schemes=["message", "pairwise"],
    exempt_paths=["/health"],
    # All processes of the service share this table. pairwise has no nonce, so the middleware claims the
    # signature as the nonce.
    replay=ReplayTable.mapped(
        os.environ["REPLAY_FILE"], requests_per_second=int(os.environ.get("REQUESTS_PER_SECOND", "200"))
    ),
    claim_pairwise=True,
)


@app.get("/health")
async def health() -> PlainTextResponse:
    return PlainTextResponse("ok")


@app.api_route("/{path:path}", methods=["GET", "POST", "PUT", "DELETE"])
async def echo(request: Request) -> PlainTextResponse:
    identity = request.state.identity
    said = f"{identity.sender} {identity.scheme} {request.state.user_id or '-'}\n"
    return PlainTextResponse(said.encode() + await request.body())
