"""Functions with the names, arguments and results of earlier hand-written code, for the scheme `pairwise`.

    -from shared.hmac_auth import sign_service_request, verify_service_request
    -from shared.hmac_middleware import HMACAuthMiddleware
    +from sealwire.compat import HMACAuthMiddleware, sign_service_request, verify_service_request

The functions differ from the earlier code only where it had faults. Malformed input is rejected, or
the function returns False. It does not raise unexpected exceptions. A timestamp can be a few seconds in the
future, because the clocks of hosts differ. Names and methods that HTTP does not allow are rejected.
"""

from sealwire._compat_client import create_auth_headers_hmac, execute_graphql_query
from sealwire._compat_secrets import HMACSecretManager, generate_service_secrets, secret_manager
from sealwire._compat_server import HMACAuthMiddleware
from sealwire._compat_signing import ServiceAuthHeaders, sign_service_request, verify_service_request

__all__ = [
    "HMACAuthMiddleware",
    "HMACSecretManager",
    "ServiceAuthHeaders",
    "create_auth_headers_hmac",
    "execute_graphql_query",
    "generate_service_secrets",
    "secret_manager",
    "sign_service_request",
    "verify_service_request",
]
