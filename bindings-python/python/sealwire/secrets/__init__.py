"""Loads key rings from key files. A key file contains secrets or references to secrets.

    keys = secrets.load("keys.toml", service="practices", sources=[Vault(hvac.Client()), Env()])
    Reloader(keys, lambda: secrets.load("keys.toml", service="practices", sources=...), path="keys.toml").start()

A key file contains the versions of each key and the primary version, which signs. It is TOML, or JSON with
the same structure:

    [pairs."agent/practices"]
    hmacPrimaryVersion = 2
    hmacSecrets = [
        { version = 1, secret = { env = "HMAC_SECRET_AGENT_PRACTICES" }, retireAfter = 2030-01-31 },
        { version = 2, secret = { vault = { path = "services/agent-practices", key = "v2" } } },
    ]

    [clients.billing-service]       # client secrets and the issuer's secret are plain text, not base64
    [issuer]

A plain-text secret that starts or ends with white space, a quote or a line break is rejected, because it is
probably a mistake. To use such a secret unchanged, write `raw = true` beside `secret`.

A key file or a separate mode file can contain the mode of the service, such as `mode = "observe"`, and
`senders = { agent = "enforce" }` for individual senders. With `load_modes` and a `Reloader`, the modes can
be changed while the service runs:

    modes = load_modes("modes.toml")            # HMACAuthMiddleware(..., modes=modes)
    Reloader(modes, lambda: load_modes("modes.toml"), path="modes.toml").on_signal().start()

If a secret is missing or cannot be read, `load` raises `ConfigError`. The message contains the name of the
entry and the reference, but never a secret.
"""

from sealwire.secrets._file import load, load_dotenv
from sealwire.secrets._modes import load_modes
from sealwire.secrets._reload import Reloader
from sealwire.secrets._sources import Env, Google, Source, Vault
from sealwire.secrets._status import StatusFile

__all__ = ["Env", "Google", "Reloader", "Source", "StatusFile", "Vault", "load", "load_dotenv", "load_modes"]
