"""A test double for Google Secret Manager, because Google provides no emulator.

The double stores secrets in memory and responds over gRPC without TLS, with the message types of the
published client. It does not support permissions, quotas or regions.
"""

from concurrent.futures import ThreadPoolExecutor

import grpc
from google.cloud import secretmanager_v1 as api
from google.cloud.secretmanager_v1.services.secret_manager_service.transports import (
    SecretManagerServiceGrpcTransport as Transport,
)

SERVICE = "google.cloud.secretmanager.v1.SecretManagerService"


class GoogleDouble:
    """A gRPC server that keeps secrets in memory. The first version of a secret has the number 1."""

    def __init__(self) -> None:
        self.versions: dict[str, list[bytes]] = {}
        self._server = grpc.server(ThreadPoolExecutor(2))
        calls = {
            "AccessSecretVersion": (
                self.access,
                api.AccessSecretVersionRequest,
                api.AccessSecretVersionResponse,
            ),
            "AddSecretVersion": (self.add, api.AddSecretVersionRequest, api.SecretVersion),
            "CreateSecret": (self.create, api.CreateSecretRequest, api.Secret),
        }
        handlers = {
            name: grpc.unary_unary_rpc_method_handler(call, request.deserialize, answer.serialize)
            for name, (call, request, answer) in calls.items()
        }
        self._server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, handlers),))
        self.address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        self._server.start()

    def client(self) -> api.SecretManagerServiceClient:
        """Returns Google's client, configured to call this server."""
        channel = grpc.insecure_channel(self.address)
        return api.SecretManagerServiceClient(transport=Transport(channel=channel))

    def access(self, request: api.AccessSecretVersionRequest, context: grpc.ServicerContext):
        """Returns the payload of a secret version."""
        secret, _, version = request.name.partition("/versions/")
        held = self.versions.get(secret, [])
        number = len(held) if version == "latest" else int(version)
        if not 0 < number <= len(held):
            context.abort(grpc.StatusCode.NOT_FOUND, f"{request.name} not found")
        payload = api.SecretPayload(data=held[number - 1])
        return api.AccessSecretVersionResponse(name=f"{secret}/versions/{number}", payload=payload)

    def create(self, request: api.CreateSecretRequest, context: grpc.ServicerContext):
        """Creates a secret without versions."""
        name = f"{request.parent}/secrets/{request.secret_id}"
        if name in self.versions:
            context.abort(grpc.StatusCode.ALREADY_EXISTS, f"{name} exists")
        self.versions[name] = []
        return api.Secret(name=name)

    def add(self, request: api.AddSecretVersionRequest, context: grpc.ServicerContext):
        """Adds a version to a secret."""
        held = self.versions[request.parent]
        held.append(request.payload.data)
        return api.SecretVersion(name=f"{request.parent}/versions/{len(held)}")

    def stop(self) -> None:
        """Stops the server."""
        self._server.stop(None).wait()
