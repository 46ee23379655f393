"""The client functions of the earlier implementation, which create headers and send GraphQL queries."""

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
    """An object that contains the user of a request."""

    @property
    def user_id(self) -> object:
        """The id of the user, which may be empty."""
        ...


class ServiceConfig(Protocol):
    """An object that describes the service to call. It can also have a `base_url`, which is required if the
    HTTP client has no base URL."""

    @property
    def service_name(self) -> str:
        """The name of the service."""
        ...


class GraphQLError(RuntimeError):
    """An error response of a GraphQL service. The attribute `errors` contains the errors."""

    def __init__(self, errors: object) -> None:
        """`errors` is the member `errors` of the response."""
        super().__init__(f"GraphQL errors: {errors}")
        self.errors = errors


def create_auth_headers_hmac(
    sender: str, receiver: str, method: str, path: str, body: str | bytes | None, auth: AuthContext
) -> dict[str, str]:
    """Signs a JSON request on behalf of the user in `auth`, and returns all request headers."""
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
    """Signs a GraphQL query as `sender_service`, sends it to a service, and returns the data of the
    response."""
    payload: dict[str, Any] = {"query": query}
    if variables:
        payload["variables"] = variables
    if operation_name:
        payload["operationName"] = operation_name
    base = str(getattr(config, "base_url", "") or "").rstrip("/")
    request = client.build_request("POST", f"{base}/graphql", content=json.dumps(payload))
    # The path is signed as it is sent, including the path of the base URL.
    path = request.url.raw_path.partition(b"?")[0].decode()
    request.headers.update(
        create_auth_headers_hmac(sender_service, config.service_name, "POST", path, request.content, auth)
    )
    # Redirects are not followed, because they would send the signature and the user id to another URL.
    response = await client.send(request, follow_redirects=False)
    response.raise_for_status()
    answer: dict[str, Any] = response.json()
    if answer.get("errors"):
        raise GraphQLError(answer["errors"])
    data: dict[str, Any] = answer["data"]
    return data
