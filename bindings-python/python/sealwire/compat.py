"""For services that signed by hand: the same names, arguments and results, on the `pairwise` scheme.

    -from shared.hmac_auth import sign_service_request, verify_service_request
    -from shared.hmac_middleware import HMACAuthMiddleware
    +from sealwire.compat import HMACAuthMiddleware, sign_service_request, verify_service_request

Only faults are corrected: malformed input gives False or a rejection, never an exception; a timestamp may be a
few seconds ahead, for clocks that differ; names and methods that HTTP cannot carry are refused.
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
