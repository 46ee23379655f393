"""The client functions of the earlier implementation: headers and a GraphQL call."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Protocol

from sealwire._compat_signing import sign_service_request
from sealwire._native import (
    SERVICE_NAME_HEADER,
    SERVICE_SIGNATURE_HEADER,
    SERVICE_TIMESTAMP_HEADER,
    USER_ID_HEADER,
)

if TYPE_CHECKING:
    import httpx


class AuthContext(Protocol):
    """The user of a request."""

    @property
    def user_id(self) -> object:
        """The user id, which may be empty."""
        ...


class ServiceConfig(Protocol):
    """The called service. `base_url` is optional if the client has one."""

    @property
    def service_name(self) -> str:
        """The name of the service."""
        ...


class GraphQLError(RuntimeError):
    """The service responded with errors, which are in the attribute `errors`."""

    def __init__(self, errors: object) -> None:
        """`errors` are the errors in the response."""
        super().__init__(f"GraphQL errors: {errors}")
        self.errors = errors


def create_auth_headers_hmac(
    sender: str, receiver: str, method: str, path: str, body: str | bytes | None, auth: AuthContext
) -> dict[str, str]:
    """Returns the headers of a signed JSON request for the user of `auth`."""
    user_id = str(auth.user_id) if auth.user_id else None
    signed = sign_service_request(sender, receiver, method, path, body, user_id)
    headers = {
        "Content-Type": "application/json",
        SERVICE_NAME_HEADER: signed.service_name,
        SERVICE_TIMESTAMP_HEADER: str(signed.timestamp),
        SERVICE_SIGNATURE_HEADER: signed.signature,
    }
    if signed.user_id:
        headers[USER_ID_HEADER] = signed.user_id
    return headers


async def execute_graphql_query(
    client: httpx.AsyncClient,
    config: ServiceConfig,
    auth: AuthContext,
    query: str,
    variables: dict[str, Any] | None = None,
    operation_name: str | None = None,
    sender_service: str = "unknown",
) -> dict[str, Any]:
    """Sends a GraphQL query to a service, signed by `sender_service`, and returns the data of the response."""
    payload: dict[str, Any] = {"query": query}
    if variables:
        payload["variables"] = variables
    if operation_name:
        payload["operationName"] = operation_name
    base = str(getattr(config, "base_url", "") or "").rstrip("/")
    request = client.build_request("POST", f"{base}/graphql", content=json.dumps(payload))
    # The path as sent, which includes the path of the base URL.
    path = request.url.raw_path.partition(b"?")[0].decode()
    request.headers.update(
        create_auth_headers_hmac(sender_service, config.service_name, "POST", path, request.content, auth)
    )
    # A redirect would send the signature and the user id to another URL.
    response = await client.send(request, follow_redirects=False)
    response.raise_for_status()
    answer: dict[str, Any] = response.json()
    if answer.get("errors"):
        raise GraphQLError(answer["errors"])
    data: dict[str, Any] = answer["data"]
    return data
