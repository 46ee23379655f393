"""Signs and verifies a request with the installed package."""

import base64
import os

from sealwire import KeyRing, Rejected, Signer, Verifier

os.environ["HMAC_SECRET_AGENT_PRACTICES"] = base64.b64encode(os.urandom(32)).decode()

headers = Signer("agent", KeyRing.from_env("agent")).sign(
    "POST", "https://practices.test/items?page=2", body=b"{}", receiver="practices"
)
verifier = Verifier("practices", KeyRing.from_env("practices"), replay="heap")
received = {**headers, "Host": "practices.test"}
assert verifier.verify("POST", "/items?page=2", received, b"{}").sender == "agent"
try:
    verifier.verify("POST", "/items?page=2", received, b"{}")
except Rejected as rejected:
    assert rejected.reason == "replayed"
else:
    raise SystemExit("a replay was accepted")
print("signed and verified")
