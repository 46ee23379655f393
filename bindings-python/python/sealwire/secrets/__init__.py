"""Loads key rings from key files. The file contains the secrets, or references to them.

    keys = secrets.load("keys.toml", service="practices", sources=[Vault(hvac.Client()), Env()])
    Reloader(keys, lambda: secrets.load("keys.toml", service="practices", sources=...), path="keys.toml").start()

A key file (TOML, or JSON of the same shape) lists the versions of each key and the primary version, which signs:

    [pairs."agent/practices"]
    hmacPrimaryVersion = 2
    hmacSecrets = [
        { version = 1, secret = { env = "HMAC_SECRET_AGENT_PRACTICES" }, retireAfter = 2030-01-31 },
        { version = 2, secret = { vault = { path = "services/agent-practices", key = "v2" } } },
    ]

    [clients.billing-service]       # secrets of pairs are base64, of clients and of the issuer plain text
    [issuer]

A plain text secret that starts or ends with white space, a quote or a line break is rejected. `raw = true` beside the
secret uses it unchanged.

The same file, or another one, may contain the modes of a service, so that they can be changed while it runs:
`mode = "observe"`, and `senders = { agent = "enforce" }` for single senders. `load_modes` reads it:

    modes = load_modes("modes.toml")            # HMACAuthMiddleware(..., modes=modes)
    Reloader(modes, lambda: load_modes("modes.toml"), path="modes.toml").on_signal().start()

A secret that is unset or cannot be read raises `ConfigError`, which contains the entry and the reference, never the secret.
"""

from sealwire.secrets._file import load, load_dotenv
from sealwire.secrets._modes import load_modes
from sealwire.secrets._reload import Reloader
from sealwire.secrets._sources import Env, Google, Source, Vault
from sealwire.secrets._status import StatusFile

__all__ = ["Env", "Google", "Reloader", "Source", "StatusFile", "Vault", "load", "load_dotenv", "load_modes"]
