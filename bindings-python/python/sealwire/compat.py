"""Functions with the names, arguments and results of hand-written code, for the `pairwise` scheme.

    -from shared.hmac_auth import sign_service_request, verify_service_request
    -from shared.hmac_middleware import HMACAuthMiddleware
    +from sealwire.compat import HMACAuthMiddleware, sign_service_request, verify_service_request

The functions differ only where the earlier code had faults. Malformed input returns False or is rejected, and never
raises another exception. A timestamp may be a few seconds ahead, because clocks differ. Names and methods that HTTP
does not allow are rejected.
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
